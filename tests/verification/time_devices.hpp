// Programmable devices that the tests of the time domain share.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "tests/verification/devices.hpp"
#include "tests/verification/waveguide_media.hpp"

namespace symwave::verification {

using solvers::FixedOptics;

constexpr double kOmega = 2 * M_PI / 1.55;

inline double Relative(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& b) {
  return (a - b).norm() / b.norm();
}

/// A guide along an axis with a denser block on it: walls along the axes, so that 1/eps is
/// diagonal.
inline FixedOptics GuideOfHz(bool vertical, double span) {
  FixedOptics optics;
  optics.lattice = std::make_shared<const domain::Lattice>(
      domain::UniformLattice(GridOf(Polarization::Hz, 0.05, 3.2, 3.2, 1.5)));
  const auto box = [vertical](double u0, double u1, double v0, double v1, const char* material) {
    return vertical ? BoxShape(v0, v1, u0, u1, material) : BoxShape(u0, u1, v0, v1, material);
  };
  optics.media = domain::MakePermittivityMap(
      *optics.lattice,
      MediaOf({box(-20, 20, -0.225, 0.225, "core"), box(-0.2, 0.35, -0.4, 0.225, "block")},
              {{"core", 6.25}, {"block", 9.0}, {"clad", 2.085}}));
  optics.omega = kOmega;
  optics.ports = {PortAt("in", vertical ? 0 : -0.9, vertical ? -0.9 : 0,
                         vertical ? Direction::PlusY : Direction::PlusX, span),
                  PortAt("out", vertical ? 0 : 0.9, vertical ? 0.9 : 0,
                         vertical ? Direction::MinusY : Direction::MinusX, span)};
  for (const auto c : {domain::Component::Ex, domain::Component::Ey}) {
    for (const double at : {0.05, 0.12, -0.3}) {
      optics.points.push_back(
          {c, {optics.lattice->NearestNode(0, at), optics.lattice->NearestNode(1, at), 0}});
    }
  }
  return optics;
}

/// What both solvers answer to a launch into each of two ports.
struct BothAnswers {
  solvers::Response frequency, time;
  double off = 0;  ///< of S or of E at the points, whichever is further
};

inline BothAnswers AnswersOf(const FixedOptics& optics) {
  solvers::fdfd::DeviceDescription description;
  static_cast<FixedOptics&>(description) = optics;
  solvers::fdfd::MonolithicDevice reference(description);
  solvers::fdtd::TimeDomainDevice device(optics, {});
  const std::vector<solvers::Complex> change(optics.points.size(), solvers::Complex(0.3, 0.1));
  reference.Program(change);
  device.Program(change);
  const Eigen::MatrixXcd both = Eigen::MatrixXcd::Identity(2, 2);
  BothAnswers answers{reference.Launch(both), device.Launch(both)};
  answers.off = std::max(Relative(answers.time.outgoing, answers.frequency.outgoing),
                         Relative(answers.time.points, answers.frequency.points));
  return answers;
}

/// A strip of 0.6 x 0.4 um along an axis.
inline FixedOptics Strip(MPI_Comm comm, int along) {
  constexpr double kCell = 0.1;
  const auto cells = [](int count) {
    std::vector<double> nodes;
    for (int i = 0; i <= count; ++i) nodes.push_back((i - 0.5 * count) * kCell);
    return domain::Axis(nodes);
  };
  const std::array<int, 3> count{40, 40, 38};
  Volume beam{std::pair(-0.2, 0.2), std::pair(-0.2, 0.2), std::pair(-0.2, 0.2)};
  const int wide = along == 1 ? 0 : 1;
  beam[static_cast<size_t>(wide)] = {-0.3, 0.3};
  beam[static_cast<size_t>(along)] = {-1e3, 1e3};
  const std::array<domain::AxisEnd, 2> open{domain::AxisEnd{domain::Wall::Pec, 10},
                                            domain::AxisEnd{domain::Wall::Pec, 10}};
  FixedOptics optics;
  optics.comm = comm;
  optics.lattice = std::make_shared<const domain::Lattice>(
      std::array<domain::Axis, 3>{cells(count[0]), cells(count[1]), cells(count[2])},
      std::array<std::array<domain::AxisEnd, 2>, 3>{open, open, open});
  const domain::MediumMap media = GuideMedia(*optics.lattice, {"core", 2.5 * 2.5, 0, {}},
                                             {"clad", 1.444 * 1.444, 0, {}}, Beam(beam));
  optics.media = domain::PermittivityAt(media, domain::SteppedFrequency(kOmega, 0));
  optics.omega = kOmega;
  for (const bool forward : {true, false}) {
    domain::PlanePort port;
    port.name = forward ? "in" : "out";
    port.at[static_cast<size_t>(along)] = forward ? -0.6 : 0.6;
    port.faces = domain::DirectionAlong(along, forward);
    port.span = {1.8, 1.6};
    optics.ports.push_back(port);
  }
  const domain::Lattice& lattice = *optics.lattice;
  for (const auto c : {domain::Component::Ex, domain::Component::Ey, domain::Component::Ez}) {
    // Off the planes of symmetry, where two of them vanish.
    optics.points.push_back({c,
                             {lattice.NearestNode(0, 0.03), lattice.NearestNode(1, 0.17),
                              lattice.NearestNode(2, 0.12)}});
  }
  return optics;
}

}  // namespace symwave::verification
