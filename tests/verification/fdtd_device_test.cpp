// Programmable devices in time domain beyond chips of Ez: Hz against the frequency domain, and
// three dimensions against the mode of the guide and differences of S.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "solvers/modes/waveguide.hpp"
#include "tests/verification/time_devices.hpp"

namespace symwave::verification {
namespace {

using domain::kI;
using solvers::Response;
using solvers::fdtd::TimeDomainDevice;

// Windows of ports go on a little further in frequency domain, and PMLs absorb otherwise.
TEST(TimeDomainDeviceOfHz, EqualsTheFrequencyDomainUpToTheWindowsOfPorts) {
  for (const bool vertical : {false, true}) {
    double last = 1;
    for (const double span : {1.6, 2.2, 2.8}) {
      const BothAnswers answers = AnswersOf(GuideOfHz(vertical, span));
      std::printf("Hz, along %c, span of %.1f um: S and E differ by %.1e\n", vertical ? 'y' : 'x',
                  span, answers.off);
      EXPECT_LT(answers.off, 0.7 * last);
      EXPECT_LT(Relative(answers.time.outgoing.transpose(), answers.time.outgoing), 1e-6);
      last = answers.off;
    }
    EXPECT_LT(last, 1e-4);
  }
}

/// A slab guide with a block on it, both dispersive, at three wavelengths.
struct Dispersive {
  std::vector<FixedOptics> band;
  domain::MediumMap media;

  explicit Dispersive(Polarization polarization) {
    const auto lattice = std::make_shared<const domain::Lattice>(
        domain::UniformLattice(GridOf(polarization, 0.05, 3.2, 3.2, 1.5)));
    const domain::Pole pole{18, 6, 0.02};  // a resonance at 1.05 um
    const auto far = std::pair(-1e3, 1e3);
    const auto guide = Beam({far, std::pair(-0.225, 0.225), far});
    const auto block = Beam({std::pair(-0.2, 0.3), std::pair(-0.5, 0.225), far});
    media = GuideMedia(*lattice, {"core", 5.5, 0.003, {pole}}, {"clad", 1.444 * 1.444, 0, {}},
                       [=](const Volume& volume) {
                         const Filling a = guide(volume), b = block(volume);
                         return a.share >= b.share ? a : b;
                       });
    for (const double wavelength : {1.5, 1.555, 1.56}) {
      FixedOptics optics;
      optics.lattice = lattice;
      optics.omega = 2 * M_PI / wavelength;
      optics.ports = {PortAt("in", -0.9, 0, Direction::PlusX, 2.8),
                      PortAt("out", 0.9, 0, Direction::MinusX, 2.8)};
      for (const auto c : {domain::Component::Ex, domain::Component::Ey, domain::Component::Ez}) {
        if (!lattice->Has(c)) continue;
        for (const double at : {0.05, 0.12, -0.3}) {
          optics.points.push_back(
              {c, {lattice->NearestNode(0, at), lattice->NearestNode(1, at), 0}});
        }
      }
      band.push_back(optics);
    }
  }
};

TEST(TimeDomainDevices, AnswerAtSeveralWavelengthsByOneRunPerPort) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    const Dispersive of(polarization);
    const auto devices = solvers::fdtd::MakeTimeDomainDevices(of.band, of.media, {});
    const auto& runs = dynamic_cast<const TimeDomainDevice&>(*devices[0]).Runs();
    const Eigen::MatrixXcd both = Eigen::MatrixXcd::Identity(2, 2);
    for (const auto& device : devices)
      device->Program(std::vector<Complex>(of.band[0].points.size(), 0.3));
    for (size_t k = 0; k < devices.size(); ++k) {
      const Response actual = devices[k]->Launch(both);
      solvers::fdfd::DeviceDescription description;
      static_cast<FixedOptics&>(description) = of.band[k];
      description.media = domain::PermittivityAt(
          of.media, domain::SteppedFrequency(runs.TransformFrequencies()[k], runs.TimeStep()));
      solvers::fdfd::MonolithicDevice reference(description);
      reference.Program(std::vector<Complex>(of.band[0].points.size(), 0.3));
      const Response expected = reference.Launch(both);
      const double off = std::max(Relative(actual.outgoing, expected.outgoing),
                                  Relative(actual.points, expected.points));
      std::printf("%s at %.3f um: |S21| = %.4f, S and E differ by %.1e from frequency domain\n",
                  polarization == Polarization::Ez ? "Ez" : "Hz", 2 * M_PI / of.band[k].omega,
                  std::abs(expected.outgoing(1, 0)), off);
      EXPECT_LT(off, polarization == Polarization::Ez ? 1e-5 : 2e-4);
      EXPECT_LT(Relative(actual.outgoing.transpose(), actual.outgoing), 1e-6);
    }
    EXPECT_EQ(devices[0]->Statistics().solves, 2);
    EXPECT_EQ(devices[1]->Statistics().solves, 0);
  }
}

TEST(TimeDomainDevices, RefuseChangesThatNoMediumHas) {
  const Dispersive of(Polarization::Ez);
  const auto devices = solvers::fdtd::MakeTimeDomainDevices(of.band, of.media, {});
  for (size_t k = 0; k < devices.size(); ++k) {
    devices[k]->Program(std::vector<Complex>(of.band[0].points.size(), 0.1 * (k + 1.0)));
  }
  EXPECT_THROW(devices[0]->Launch(Eigen::MatrixXcd::Identity(2, 1)), base::UserError);
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
    change[changed] += by;
    device.Program(change);
    return device.Launch(both.leftCols(1)).outgoing;
  };
  device.Program(std::vector<Complex>(optics.points.size(), 0.1));
  const Response middle = device.Launch(both);
  for (size_t p = 0; p < optics.points.size(); ++p) {
    const auto row = static_cast<Eigen::Index>(p);
    const Eigen::MatrixXcd gradient = 0.25 * kI * kOmega * optics.VolumeOf(optics.points[p]) *
                                      middle.points.row(row).transpose() * middle.points(row, 0);
    const double step = 0.05;
    const Eigen::MatrixXcd difference = (respond(p, step) - respond(p, -step)) / (2 * step);
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
