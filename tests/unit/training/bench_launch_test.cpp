// Launched fields against what modulators make of wanted ones.
#include <gtest/gtest.h>

#include "tests/verification/diffraction_planes.hpp"
#include "training/bench/bench_system.hpp"
#include "training/bench/launcher.hpp"

namespace symwave::training::bench {
namespace {

using Eigen::ArrayXd;
using solvers::diffraction::PlaneGrid;
using solvers::diffraction::PlaneShare;

PlaneShare Alone() {
  return {MPI_COMM_SELF, {120, 100, 8}};
}

ArrayXd Levels() {
  return ArrayXd::LinSpaced(Alone().Pixels(), 0, 1);
}

/// Random phases under an amplitude from 0.2 at one edge to 3 at the other.
template <class Real>
Planes<Real> Uneven(const PlaneShare& share, int planes) {
  Planes<Real> light = tests::RandomLight<Real>(share, planes, 4);
  for (long p = 0; p < share.Pixels(); ++p) {
    const long column = (share.FirstPixel() + p) % share.Grid().nx;
    light.row(p) *=
        static_cast<Real>(0.2 + 2.8 * static_cast<double>(column) / (share.Grid().nx - 1));
  }
  return light;
}

LaunchErrors EveryError() {
  LaunchErrors errors;
  errors.amplitude = {8, 0.03, 0.05, 0.02, 3};
  errors.phase = {8, 0.05, 0.05, 0.3, 0.1, 6, 4};
  return errors;
}

template <class Real>
Planes<Real> Launched(const PlaneShare& share, const LaunchErrors& errors, Planes<Real> wanted) {
  Launcher(share, errors).Launch<Real>(wanted);
  return wanted;
}

TEST(AmplitudeModulator, LevelsAreEvenAndRounded) {
  AmplitudeErrors errors;
  errors.bits = 4;
  const ArrayXd error = AmplitudeModulator(Alone(), errors).Amplitude(Levels()) - Levels();
  EXPECT_LE(error.abs().maxCoeff(), 0.5 / 15 + 1e-12);
  // Uniform in +- 1 / 30 over fifteen periods of the rounding.
  EXPECT_NEAR(error.square().mean(), 1.0 / (15 * 15 * 12), 0.01 / (15 * 15 * 12));
}

TEST(AmplitudeModulator, ErrorsHaveTheirSize) {
  AmplitudeErrors dark, gain, lookup;
  dark.dark_level = 0.1;
  gain.gain_sigma = 0.05;
  lookup.lookup_error = 0.02;
  const ArrayXd expected = Levels().max(0.1);
  EXPECT_TRUE((AmplitudeModulator(Alone(), dark).Amplitude(Levels()) == expected).all());
  const ArrayXd bright =
      AmplitudeModulator(Alone(), gain).Amplitude(ArrayXd::Constant(Alone().Pixels(), 0.8));
  // Three standard errors of 12000 numbers.
  EXPECT_NEAR(bright.mean(), 0.8, 3 * 0.04 / std::sqrt(12000));
  EXPECT_NEAR(std::sqrt((bright - bright.mean()).square().mean()), 0.04,
              3 * 0.04 / std::sqrt(24e3));
  const ArrayXd quarter =
      AmplitudeModulator(Alone(), lookup).Amplitude(ArrayXd::Constant(Alone().Pixels(), 0.25));
  EXPECT_NEAR(quarter.maxCoeff(), 0.27, 1e-12);
  EXPECT_NEAR(quarter.minCoeff(), 0.27, 1e-12);
}

TEST(Launcher, WithoutErrorsLaunchesWhatIsWanted) {
  const Planes<float> wanted = Uneven<float>(Alone(), 2);
  EXPECT_TRUE(Launched<float>(Alone(), {}, wanted) == wanted);
}

TEST(Launcher, IsAmplitudeOverThePeakTimesPhase) {
  const LaunchErrors errors = EveryError();
  const Planes<double> wanted = Uneven<double>(Alone(), 1);
  const Planes<double> launched = Launched<double>(Alone(), errors, wanted);
  const double peak = wanted.cwiseAbs().maxCoeff();
  const ArrayXd amplitude =
      AmplitudeModulator(Alone(), errors.amplitude).Amplitude(wanted.array().abs() / peak);
  const Eigen::ArrayXcd phase =
      PhaseModulator(Alone(), errors.phase).Transmission(wanted.array().arg());
  EXPECT_LT((launched.col(0).array() - peak * amplitude * phase).abs().maxCoeff(), 1e-13 * peak);
  EXPECT_GT((launched - wanted).norm(), 0.05 * wanted.norm());
}

// The electronics scale every plane to its brightest pixel: only the shape of a field matters.
TEST(Launcher, CommutesWithPowersOfTwo) {
  const Planes<double> wanted = Uneven<double>(Alone(), 3);
  const Planes<double> launched = Launched<double>(Alone(), EveryError(), wanted);
  const Planes<double> brighter = Launched<double>(Alone(), EveryError(), 1024 * wanted);
  EXPECT_TRUE(brighter == 1024 * launched);
}

TEST(Launcher, DarkPlanesStayDark) {
  Planes<double> wanted = Uneven<double>(Alone(), 2);
  wanted.col(0).setZero();
  const Planes<double> launched = Launched<double>(Alone(), EveryError(), wanted);
  EXPECT_EQ(launched.col(0).norm(), 0);
  EXPECT_GT(launched.col(1).norm(), 0);
}

TEST(Launcher, DoesNotDependOnRanks) {
  const PlaneGrid grid{30, 21, 8};
  const PlaneShare whole(MPI_COMM_SELF, grid), spread(MPI_COMM_WORLD, grid);
  const Planes<double> here = Launched<double>(whole, EveryError(), Uneven<double>(whole, 2));
  const Planes<double> shared = Launched<double>(spread, EveryError(), Uneven<double>(spread, 2));
  EXPECT_TRUE(tests::Gathered(spread, shared) == here);
}

/// A bench with nothing but free space between its planes.
struct Bench {
  explicit Bench(const LaunchErrors& launch) {
    geometry.pixels_x = 36;
    geometry.pixels_y = 30;
    geometry.distance = 2500;
    errors.launch = launch;
  }
  Planes<double> Light(Side side, int kind) const {
    const PlaneShare share(MPI_COMM_WORLD, {36, 30, 8});
    BenchSystem<double> bench(MPI_COMM_WORLD, geometry, errors, {});
    return bench
        .Transmit(Uneven<double>(share, 1), side, Measure::OutputsAndMask, {0, 0, kind, nullptr})
        .outputs;
  }
  BenchGeometry geometry;
  BenchErrors errors;
};

TEST(Launcher, ServesTheKindsOfLightItIsToldTo) {
  LaunchErrors of_data = EveryError(), of_errors = EveryError();
  of_data.error = false;
  of_errors.data = false;
  const Planes<double> exact = Bench({}).Light(Side::Input, kData);
  const Planes<double> launched = Bench(EveryError()).Light(Side::Input, kData);
  EXPECT_GT((launched - exact).norm(), 0.05 * exact.norm());
  for (const int kind : {kData, kTest, kError, kCalibration}) {
    const bool data = kind == kData || kind == kTest;
    EXPECT_TRUE(Bench(of_data).Light(Side::Input, kind) == (data ? launched : exact)) << kind;
    EXPECT_TRUE(Bench(of_errors).Light(Side::Input, kind) == (data ? exact : launched)) << kind;
  }
}

// Reciprocity needs the same light at both sides; the modulators there are different ones.
TEST(Launcher, BothSidesHaveModulatorsOfTheirOwn) {
  const Planes<double> input = Bench(EveryError()).Light(Side::Input, kData);
  const Planes<double> output = Bench(EveryError()).Light(Side::Output, kData);
  EXPECT_GT((input - output).norm(), 0.01 * input.norm());
  EXPECT_LT((Bench({}).Light(Side::Input, kData) - Bench({}).Light(Side::Output, kData)).norm(),
            1e-13 * input.norm());
}

}  // namespace
}  // namespace symwave::training::bench
