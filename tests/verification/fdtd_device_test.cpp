// Programmable devices in time domain beyond chips of Ez: Hz against the frequency domain, and
// three dimensions against the mode of the guide and differences of S.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "solvers/modes/waveguide.hpp"
#include "tests/verification/devices.hpp"
#include "tests/verification/waveguide_media.hpp"

namespace symwave::verification {
namespace {

using domain::kI;
using solvers::FixedOptics;
using solvers::Response;
using solvers::fdtd::TimeDomainDevice;

constexpr double kOmega = 2 * M_PI / 1.55;

double Relative(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& b) {
  return (a - b).norm() / b.norm();
}

/// A guide along an axis with a denser block on it: walls along the axes, so that 1/eps is
/// diagonal.
FixedOptics GuideOfHz(bool vertical, double span) {
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

// Windows of ports go on a little further in frequency domain, and PMLs absorb otherwise.
TEST(TimeDomainDeviceOfHz, EqualsTheFrequencyDomainUpToTheWindowsOfPorts) {
  for (const bool vertical : {false, true}) {
    double last = 1;
    for (const double span : {1.6, 2.2, 2.8}) {
      const FixedOptics optics = GuideOfHz(vertical, span);
      solvers::fdfd::DeviceDescription description;
      static_cast<FixedOptics&>(description) = optics;
      solvers::fdfd::MonolithicDevice reference(description);
      TimeDomainDevice device(optics, {});
      const std::vector<Complex> change(optics.points.size(), Complex(0.3, 0.1));
      reference.Program(change);
      device.Program(change);
      const Eigen::MatrixXcd both = Eigen::MatrixXcd::Identity(2, 2);
      const Response expected = reference.Launch(both), actual = device.Launch(both);
      const double off = std::max(Relative(actual.outgoing, expected.outgoing),
                                  Relative(actual.points, expected.points));
      std::printf("Hz, along %c, span of %.1f um: S and E differ by %.1e\n", vertical ? 'y' : 'x',
                  span, off);
      EXPECT_LT(off, 0.7 * last);
      EXPECT_LT(Relative(actual.outgoing.transpose(), actual.outgoing), 1e-6);
      last = off;
    }
    EXPECT_LT(last, 1e-4);
  }
}

/// A strip of 0.6 x 0.4 um along an axis.
FixedOptics Strip(MPI_Comm comm, int along) {
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
    port.faces = static_cast<Direction>(2 * along + (forward ? 0 : 1));
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

TEST(TimeDomainDeviceOfStrips, CarriesTheModeOfTheStripBothWays) {
  for (const int along : {0, 1, 2}) {
    const FixedOptics optics = Strip(MPI_COMM_WORLD, along);
    TimeDomainDevice device(optics, {});
    const Eigen::MatrixXcd s = device.Launch(Eigen::MatrixXcd::Identity(2, 2)).outgoing;
    const domain::PortPlane at = domain::LocatePort(*optics.lattice, optics.ports[0]);
    const auto mode = solvers::modes::SolveWaveguide(MPI_COMM_WORLD, *optics.lattice, optics.media,
                                                     {at.axis, at.node, at.box, {}, {}}, kOmega, 1)
                          .at(0);
    const Complex expected = std::exp(kI * mode.beta * 1.2);
    std::printf("strip along %c: S11 %.1e, S21 off by %.1e, S - S^T %.1e\n", "xyz"[along],
                std::abs(s(0, 0)), std::abs(s(1, 0) - expected), std::abs(s(1, 0) - s(0, 1)));
    EXPECT_LT(std::abs(s(0, 0)), 2e-3);
    EXPECT_LT(std::abs(s(1, 0) - expected), 5e-3);
    EXPECT_LT(std::abs(s(1, 0) - s(0, 1)), 1e-7);
  }
}

// dS_ba / d eps = (i w / 4) V E_b E_a at points of every component.
TEST(TimeDomainDeviceOfStrips, HasTheGradientOfItsDifferences) {
  const FixedOptics optics = Strip(MPI_COMM_WORLD, 0);
  TimeDomainDevice device(optics, {});
  const Eigen::MatrixXcd both = Eigen::MatrixXcd::Identity(2, 2);
  const auto respond = [&](size_t changed, Complex by) {
    std::vector<Complex> change(optics.points.size(), 0.1);
    if (changed < change.size()) change[changed] += by;
    device.Program(change);
    return device.Launch(both);
  };
  const Response middle = respond(optics.points.size(), 0);
  for (size_t p = 0; p < optics.points.size(); ++p) {
    const auto row = static_cast<Eigen::Index>(p);
    const Eigen::MatrixXcd gradient = 0.25 * kI * kOmega * optics.VolumeOf(optics.points[p]) *
                                      middle.points.row(row).transpose() * middle.points.row(row);
    const double step = 0.05;
    const Eigen::MatrixXcd difference =
        (respond(p, step).outgoing - respond(p, -step).outgoing) / (2 * step);
    EXPECT_GT(gradient.norm(), 1e-8) << p;
    EXPECT_LT((difference - gradient).norm(), 1e-4 * gradient.norm()) << p;
  }
}

TEST(TimeDomainDeviceOfStrips, DoesNotDependOnRanks) {
  const FixedOptics together = Strip(MPI_COMM_WORLD, 0), alone = Strip(MPI_COMM_SELF, 0);
  const Eigen::MatrixXcd first = Eigen::MatrixXcd::Identity(2, 1);
  TimeDomainDevice many(together, {}), one(alone, {});
  const Response a = many.Launch(first), b = one.Launch(first);
  EXPECT_LT(Relative(a.outgoing, b.outgoing), 1e-10);
  EXPECT_LT(Relative(a.points, b.points), 1e-10);
}

}  // namespace
}  // namespace symwave::verification
