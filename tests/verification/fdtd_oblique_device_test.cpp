// Programmable devices in time domain with oblique walls and with metals, in two and three
// dimensions: the frequency domain's answers, and gradients that equal differences.
#include <gtest/gtest.h>

#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "tests/verification/time_devices.hpp"

namespace symwave::verification {
namespace {

using domain::kI;
using solvers::Response;
using solvers::fdtd::TimeDomainDevice;

/// A guide of Hz that turns aside and back between two oblique walls, with changeable points of
/// E on the walls and beside.
FixedOptics ObliqueGuide(bool lossy) {
  FixedOptics optics;
  optics.lattice = std::make_shared<const domain::Lattice>(
      domain::UniformLattice(GridOf(Polarization::Hz, 0.05, 3.2, 3.2, 1.5)));
  const domain::FreePolygon guide{{{-20, -0.4},
                                   {-0.5, -0.4},
                                   {0.5, 0},
                                   {20, 0},
                                   {20, 0.45},
                                   {0.4, 0.45},
                                   {-0.6, 0.05},
                                   {-20, 0.05}}};
  optics.media = domain::MakePermittivityMap(
      *optics.lattice,
      MediaOf({domain::Shape{guide, "core", "test"}}, {{"core", 6.25}, {"clad", 2.085}}));
  optics.omega = kOmega;
  optics.ports = {PortAt("in", -0.9, -0.175, Direction::PlusX, 2.4),
                  PortAt("out", 0.9, 0.225, Direction::MinusX, 2.4)};
  for (const auto c : {domain::Component::Ex, domain::Component::Ey}) {
    for (const double x : {-0.12, 0.03}) {
      // On the upper wall, in the core, and on the lower wall.
      for (const double y : {0.25 + 0.4 * x, 0.02, -0.2 + 0.4 * x}) {
        optics.points.push_back(
            {c, {optics.lattice->NearestNode(0, x), optics.lattice->NearestNode(1, y), 0}, lossy});
      }
    }
  }
  return optics;
}

std::vector<Complex> SomeChanges(const FixedOptics& optics) {
  std::vector<Complex> changes;
  for (size_t p = 0; p < optics.points.size(); ++p) {
    changes.emplace_back(0.1 + 0.02 * static_cast<double>(p), optics.points[p].lossy ? 0.05 : 0.0);
  }
  return changes;
}

// The couplings (1/eps)_xy of oblique walls are those of the frequency domain, also beside changed
// points. Without them S is off by as much as the walls are misplaced.
TEST(TimeDomainDeviceOfHz, TakesObliqueWallsAsTheFrequencyDomainDoes) {
  const FixedOptics optics = ObliqueGuide(false);
  FixedOptics diagonal = optics;
  diagonal.media.couple = nullptr;
  solvers::fdfd::DeviceDescription description;
  static_cast<FixedOptics&>(description) = optics;
  solvers::fdfd::MonolithicDevice reference(description);
  TimeDomainDevice device(optics, {}), without(diagonal, {});
  const Eigen::MatrixXcd both = Eigen::MatrixXcd::Identity(2, 2);
  for (auto* programmed :
       std::initializer_list<solvers::ProgrammableDevice*>{&reference, &device, &without}) {
    programmed->Program(SomeChanges(optics));
  }
  const Response expected = reference.Launch(both), actual = device.Launch(both);
  const double off = Relative(actual.outgoing, expected.outgoing);
  const double field = Relative(actual.points, expected.points);
  const double uncoupled = Relative(without.Launch(both).outgoing, expected.outgoing);
  std::printf("oblique: |S21| %.4f, S differs by %.1e, E by %.1e; without couplings S by %.1e\n",
              std::abs(expected.outgoing(1, 0)), off, field, uncoupled);
  EXPECT_LT(off, 2e-4);
  EXPECT_LT(field, 2e-4);
  EXPECT_GT(uncoupled, 20 * off);
  EXPECT_LT(Relative(actual.outgoing.transpose(), actual.outgoing), 1e-6);
}

// A metal beside the guide, as the plasma that has its eps at this wavelength, and a strong
// absorber.
TEST(TimeDomainDeviceOfHz, TakesMetalsAsTheFrequencyDomainDoes) {
  for (const Complex gold : {Complex(-95, 11), Complex(-95, 0), Complex(-2, 30), Complex(20, 40)}) {
    FixedOptics optics = GuideOfHz(false, 2.4);
    optics.media = domain::MakePermittivityMap(
        *optics.lattice,
        MediaOf({BoxShape(-20, 20, -0.225, 0.225, "core"), BoxShape(-0.2, 0.35, 0.4, 0.6, "gold")},
                {{"core", 6.25}, {"gold", gold}, {"clad", 2.085}}));
    const BothAnswers answers = AnswersOf(optics);
    std::printf("metal %g%+gi: |S21| %.4f, S and E differ by %.1e\n", gold.real(), gold.imag(),
                std::abs(answers.frequency.outgoing(1, 0)), answers.off);
    EXPECT_LT(answers.off, 5e-4);
  }
}

/// How far the derivative of S21 by a common change at all points, from the fields, is from
/// differences, relative to the sum of the shares of the points.
double GradientError(const FixedOptics& optics, TimeDomainDevice& device) {
  const Eigen::MatrixXcd both = Eigen::MatrixXcd::Identity(2, 2);
  const std::vector<Complex> middle = SomeChanges(optics);
  device.Program(middle);
  const Response response = device.Launch(both);
  Complex gradient = 0;
  double size = 0;
  for (size_t p = 0; p < optics.points.size(); ++p) {
    const auto row = static_cast<Eigen::Index>(p);
    const Complex share = optics.AmplitudeSign() * 0.25 * kI * kOmega *
                          optics.VolumeOf(optics.points[p]) * response.points(row, 0) *
                          response.points(row, 1);
    gradient += share;
    size += std::abs(share);
  }
  const auto moved = [&](double by) {
    std::vector<Complex> change = middle;
    for (Complex& value : change) value += by;
    device.Program(change);
    return device.Launch(both.leftCols(1)).outgoing(1, 0);
  };
  const double step = 0.02;
  return std::abs(gradient - (moved(step) - moved(-step)) / (2 * step)) / size;
}

// Where changes may be lossy the couplings beside are left out at all values of them, so that the
// gradient stays that of S.
TEST(TimeDomainDeviceOfHz, HasTheGradientOfItsDifferencesOnObliqueWalls) {
  for (const bool lossy : {false, true}) {
    const FixedOptics optics = ObliqueGuide(lossy);
    TimeDomainDevice device(optics, {});
    const double off = GradientError(optics, device);
    std::printf("oblique, %s: gradient off by %.1e of the sum of its shares\n",
                lossy ? "lossy" : "lossless", off);
    EXPECT_LT(off, 1e-5);
  }
}

// In three dimensions the curl of H beside couplings has a part along z, too.
TEST(TimeDomainDeviceOfStrips, HasTheGradientOfItsDifferencesOnObliqueWalls) {
  FixedOptics optics = Strip(MPI_COMM_WORLD, 0);
  const domain::Lattice& lattice = *optics.lattice;
  domain::ExtrudedShape core;
  core.shape.geometry = domain::FreePolygon{{{-20, -0.3},
                                             {-0.3, -0.3},
                                             {0.3, -0.1},
                                             {20, -0.1},
                                             {20, 0.5},
                                             {0.3, 0.5},
                                             {-0.3, 0.3},
                                             {-20, 0.3}}};
  core.shape.material = "core";
  core.bottom = -0.2;
  core.top = 0.2;
  domain::FrequencyMedia media;
  media.structure = std::make_shared<const domain::Structure>(
      "clad", std::vector<domain::LayerSlab>{}, std::vector<domain::ExtrudedShape>{core});
  media.materials = {{"core", 6.25}, {"clad", 2.085}};
  media.background = "clad";
  optics.media = domain::MakePermittivityMap(lattice, media);
  optics.ports[1].at[1] = 0.2;
  optics.points.clear();
  for (const auto c : {domain::Component::Ex, domain::Component::Ey, domain::Component::Ez}) {
    for (const double z : {-0.15, 0.05, 0.12}) {
      optics.points.push_back(
          {c,
           {lattice.NearestNode(0, 0.03), lattice.NearestNode(1, 0.4), lattice.NearestNode(2, z)}});
    }
  }
  TimeDomainDevice device(optics, {});
  const double off = GradientError(optics, device);
  std::printf("oblique strip: gradient off by %.1e of the sum of its shares\n", off);
  EXPECT_LT(off, 1e-5);
}

}  // namespace
}  // namespace symwave::verification
