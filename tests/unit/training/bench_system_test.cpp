// The bench as a whole: which errors keep it symmetric, reciprocity with all of them, what is
// measured where, and noise that depends on its key only.
#include "training/bench/bench_system.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "domain/base/error.hpp"
#include "tests/verification/diffraction_planes.hpp"

namespace symwave::training::bench {
namespace {

using solvers::diffraction::PlaneShare;
using Change = std::function<void(BenchGeometry&, BenchErrors&)>;

BenchGeometry SmallBench() {
  BenchGeometry geometry;
  geometry.pixels_x = 36;
  geometry.pixels_y = 30;
  geometry.distance = 2500;
  return geometry;
}

PlaneShare ShareOf(MPI_Comm comm, const BenchGeometry& geometry) {
  return {comm, {geometry.pixels_x, geometry.pixels_y, geometry.pitch}};
}

template <class Real>
Eigen::VectorXd Commands(const BenchSystem<Real>& bench) {
  Eigen::VectorXd commands(bench.Pixels());
  for (long p = 0; p < commands.size(); ++p) {
    commands[p] = 3 * std::sin(0.7 * static_cast<double>(bench.FirstPixel() + p));
  }
  return commands;
}

ComputeOptions Tile(int tile) {
  ComputeOptions compute;
  compute.tile = tile;
  return compute;
}

void AllErrors(BenchGeometry&, BenchErrors& errors) {
  errors.scatter.screen = {0.7, 40, 0.5, 0.3, 0.4, 3};
  errors.scatter.screen_shift = 300;
  errors.scatter.medium = {900, 5, 2e-4, 40, 4};
  errors.modulator = {6, 0.1, 0.05, 3, 0.2, 6, 5};
  errors.alignment = {5, -3, 0.05, 0.4};
}

struct Asymmetry {
  double of_path = 0;      ///< |a^T W b - b^T W a|, both launched at the input side
  double of_backward = 0;  ///< |a^T W b - b^T W^T a|, the other one from the output side
};

template <class Real>
Asymmetry Measured(const Change& change, bool programmed) {
  BenchGeometry geometry = SmallBench();
  BenchErrors errors;
  change(geometry, errors);
  BenchSystem<Real> bench(MPI_COMM_WORLD, geometry, errors, {});
  if (programmed) bench.Program(Commands(bench));
  const PlaneShare share = ShareOf(MPI_COMM_WORLD, geometry);
  const auto a = tests::RandomLight<Real>(share, 1, 1), b = tests::RandomLight<Real>(share, 1, 2);
  const auto sent = [&](const Planes<Real>& light, Side side) {
    return bench.Transmit(light, side, Measure::Outputs, {}).outputs;
  };
  const Planes<Real> wb = sent(b, Side::Input);
  const double size = tests::Gathered(share, a).norm() * tests::Gathered(share, wb).norm();
  const auto there = tests::Bilinear(share, a, wb);
  return {std::abs(there - tests::Bilinear(share, b, sent(a, Side::Input))) / size,
          std::abs(there - tests::Bilinear(share, b, sent(a, Side::Output))) / size};
}

TEST(BenchSystem, EvenErrorsKeepThePathSymmetric) {
  const std::vector<std::pair<const char*, Change>> even{
      {"ideal", [](BenchGeometry&, BenchErrors&) {}},
      {"screen", [](BenchGeometry&, BenchErrors& e) { e.scatter.screen.rms = 0.7; }},
      {"smooth", [](BenchGeometry&, BenchErrors& e) { e.scatter.screen = {0.7, 60, 1, 1, 1, 2}; }},
      {"aperture", [](BenchGeometry&, BenchErrors& e) { e.scatter.aperture = 150; }},
      {"even medium",
       [](BenchGeometry&, BenchErrors& e) {
         e.scatter.medium = {900, 6, 2e-4, 40, 1};
       }},
      {"odd medium",
       [](BenchGeometry&, BenchErrors& e) {
         e.scatter.medium = {900, 5, 2e-4, 40, 1};
       }},
  };
  for (const auto& [name, change] : even) {
    // Rounding of ten transforms per number.
    EXPECT_LT(Measured<double>(change, false).of_path, 1e-14) << name;
    const auto centred = [&, &change = change](BenchGeometry& g, BenchErrors& e) {
      change(g, e);
      g.mask = MaskPlace::Centre;
      e.modulator = {6, 0.1, 0.05, 3, 0.2, 6, 5};
    };
    EXPECT_LT(Measured<double>(centred, true).of_path, 1e-14) << name << ", mask in the centre";
  }
}

TEST(BenchSystem, OddErrorsBreakTheSymmetry) {
  const std::vector<std::pair<const char*, Change>> odd{
      {"off centre",
       [](BenchGeometry&, BenchErrors& e) {
         e.scatter.screen.rms = 0.7;
         e.scatter.screen_shift = 400;
       }},
      {"shift x", [](BenchGeometry&, BenchErrors& e) { e.alignment.shift_x = 4; }},
      {"shift y", [](BenchGeometry&, BenchErrors& e) { e.alignment.shift_y = 4; }},
      {"rotation", [](BenchGeometry&, BenchErrors& e) { e.alignment.rotation = 0.03; }},
      {"coma", [](BenchGeometry&, BenchErrors& e) { e.alignment.coma = 0.5; }},
      {"mask at the input", [](BenchGeometry&, BenchErrors& e) { e.modulator.offset_range = 1; }},
  };
  for (const auto& [name, change] : odd) {
    // Two random numbers of size 1 / sqrt(1080) differ by some 0.04.
    EXPECT_GT(Measured<double>(change, false).of_path, 1e-3) << name;
  }
}

TEST(BenchSystem, IsReciprocalWithEveryError) {
  for (const MaskPlace place : {MaskPlace::Input, MaskPlace::Centre}) {
    const auto change = [&](BenchGeometry& g, BenchErrors& e) {
      g.mask = place;
      AllErrors(g, e);
    };
    EXPECT_LT(Measured<double>(change, true).of_backward, 2e-14);
    EXPECT_LT(Measured<float>(change, true).of_backward, 1e-5);
    EXPECT_GT(Measured<double>(change, true).of_path, 1e-3);
  }
}

TEST(BenchSystem, MeasuresInFrontOfAndBehindTheMask) {
  BenchGeometry geometry = SmallBench();
  geometry.mask = MaskPlace::Centre;
  BenchErrors errors;
  AllErrors(geometry, errors);
  BenchSystem<double> bench(MPI_COMM_WORLD, geometry, errors, {});
  bench.Program(Commands(bench));
  const auto x = tests::RandomLight<double>(ShareOf(MPI_COMM_WORLD, geometry), 2, 1);
  const auto behind = bench.Transmit(x, Side::Input, Measure::OutputsAndMask, {});
  const auto before = bench.Transmit(x, Side::Input, Measure::OutputsAndUnmasked, {});
  const Planes<double> masked = before.at_mask.array().colwise() * bench.MaskTransmission().array();
  EXPECT_TRUE(masked.isApprox(behind.at_mask, 1e-14));
  EXPECT_TRUE(before.outputs == behind.outputs);
  EXPECT_EQ(bench.Transmit(x, Side::Input, Measure::Outputs, {}).at_mask.size(), 0);
  const auto back = bench.Transmit(x, Side::Output, Measure::OutputsAndMask, {});
  EXPECT_TRUE(back.at_mask ==
              bench.Transmit(x, Side::Output, Measure::OutputsAndUnmasked, {}).at_mask);
  EXPECT_TRUE(bench.Observe(x, {}).isApprox(behind.outputs.cwiseAbs2(), 1e-14));
}

// Of an even wave a stop passes its share of the area.
TEST(BenchSystem, ApertureStopsWhatIsBesideIt) {
  const BenchGeometry geometry = SmallBench();
  const auto through = [&](double diameter) {
    BenchErrors errors;
    errors.scatter.aperture = diameter;
    const BenchSystem<double> bench(MPI_COMM_WORLD, geometry, errors, {});
    const auto even =
        tests::Light<double>(ShareOf(MPI_COMM_WORLD, geometry), [](double, double) { return 1.0; });
    const Planes<double> y = bench.Transmit(even, Side::Input, Measure::Outputs, {}).outputs;
    double power = y.squaredNorm();
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &power, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
    return power / static_cast<double>(geometry.pixels_x * geometry.pixels_y);
  };
  const double area = M_PI * 100 * 100 / 4, plane = 36 * 30 * 64.0;
  // Edges of the plane disturb the wave a little.
  EXPECT_LT(through(100), 1.2 * area / plane);
  EXPECT_GT(through(100), 0.6 * area / plane);
  // The central plane itself is as wide as the others.
  EXPECT_NEAR(through(1e4), through(0), 5e-3);
}

struct Noisy {
  BenchGeometry geometry = SmallBench();
  BenchErrors errors;

  Noisy() {
    AllErrors(geometry, errors);
    errors.detection.photons = 5;
    errors.detection.bits = 10;
    errors.detection.field_noise = 0.02;
  }
};

TEST(BenchSystem, NoiseDependsOnItsKeyOnly) {
  Noisy set;
  set.geometry.mask = MaskPlace::Centre;
  BenchSystem<float> whole(MPI_COMM_SELF, set.geometry, set.errors, Tile(8));
  BenchSystem<float> spread(MPI_COMM_WORLD, set.geometry, set.errors, Tile(2));
  whole.Program(Commands(whole));
  spread.Program(Commands(spread));
  const PlaneShare all = ShareOf(MPI_COMM_SELF, set.geometry);
  const PlaneShare part = ShareOf(MPI_COMM_WORLD, set.geometry);
  const std::vector<int> samples{4, 0, 7};
  const MeasurementKey key{3, 1, 0, samples.data()};
  const auto light = tests::RandomLight<float>(all, 3, 1);
  const auto here = whole.Transmit(light, Side::Input, Measure::OutputsAndMask, key);
  const auto shared = spread.Transmit(tests::RandomLight<float>(part, 3, 1), Side::Input,
                                      Measure::OutputsAndMask, key);
  EXPECT_TRUE(tests::Gathered(part, shared.outputs) == here.outputs);
  EXPECT_TRUE(tests::Gathered(part, shared.at_mask) == here.at_mask);
  // One sample on its own, in another place of the batch.
  const int seven = 7;
  const auto alone = whole.Transmit(light.col(2), Side::Input, Measure::Outputs, {3, 1, 0, &seven});
  EXPECT_TRUE(alone.outputs == here.outputs.col(2));
  const std::vector<MeasurementKey> others{
      {4, 1, 0, &seven}, {3, 2, 0, &seven}, {3, 1, 2, &seven}, {3, 1, 0, samples.data()}};
  for (const MeasurementKey& other : others) {
    const auto fresh = whole.Transmit(light.col(2), Side::Input, Measure::Outputs, other);
    EXPECT_GT(tests::Difference(fresh.outputs, alone.outputs), 0.01);
  }
}

TEST(BenchSystem, NoiseOfOutputsAndMaskIsIndependent) {
  // Without propagation errors both planes are measured with the same statistics; the noise of one
  // must not be found in the other.
  BenchGeometry geometry = SmallBench();
  BenchErrors quiet, noisy;
  noisy.detection.field_noise = 0.5;
  BenchSystem<double> clean(MPI_COMM_SELF, geometry, quiet, {});
  BenchSystem<double> measured(MPI_COMM_SELF, geometry, noisy, {});
  const auto x = tests::RandomLight<double>(ShareOf(MPI_COMM_SELF, geometry), 1, 1);
  const auto a = clean.Transmit(x, Side::Input, Measure::OutputsAndMask, {});
  const auto b = measured.Transmit(x, Side::Input, Measure::OutputsAndMask, {});
  const Planes<double> output = b.outputs - a.outputs, mask = b.at_mask - a.at_mask;
  EXPECT_GT(mask.norm(), 0.3 * x.norm());
  // 1080 independent pairs: 1 / sqrt(1080) = 0.03.
  EXPECT_LT(std::abs(output.col(0).dot(mask.col(0))), 0.1 * output.norm() * mask.norm());
}

TEST(BenchSystem, ErrorPassesHaveAPhaseReferenceOfTheirOwn) {
  BenchGeometry geometry = SmallBench();
  BenchErrors errors;
  errors.detection.phase_reference = 0.8;
  BenchSystem<double> bench(MPI_COMM_SELF, geometry, errors, {});
  const auto x = tests::RandomLight<double>(ShareOf(MPI_COMM_SELF, geometry), 1, 1);
  const auto data = bench.Transmit(x, Side::Input, Measure::OutputsAndMask, {0, 0, 0, nullptr});
  const auto error = bench.Transmit(x, Side::Input, Measure::OutputsAndMask, {0, 0, 1, nullptr});
  EXPECT_TRUE(error.outputs.isApprox(std::polar(1.0, 0.8) * data.outputs, 1e-14));
  EXPECT_TRUE(error.at_mask.isApprox(std::polar(1.0, 0.8) * data.at_mask, 1e-14));
}

TEST(BenchSystem, FloatIsDoubleToItsRounding) {
  BenchGeometry geometry = SmallBench();
  BenchErrors errors;
  AllErrors(geometry, errors);
  BenchSystem<double> exact(MPI_COMM_SELF, geometry, errors, {});
  BenchSystem<float> rounded(MPI_COMM_SELF, geometry, errors, {});
  const PlaneShare share = ShareOf(MPI_COMM_SELF, geometry);
  const auto a =
      exact.Transmit(tests::RandomLight<double>(share, 2, 1), Side::Input, Measure::Outputs, {});
  const auto b =
      rounded.Transmit(tests::RandomLight<float>(share, 2, 1), Side::Input, Measure::Outputs, {});
  // Some twenty transforms of 2^7 points in float32.
  EXPECT_LT(tests::Difference(b.outputs, a.outputs), 3e-6);
  EXPECT_GT(rounded.Bytes(), 8.0 * rounded.Pixels());
  EXPECT_GT(exact.Bytes(), 1.5 * rounded.Bytes());
  EXPECT_GE(rounded.PropagatedPlanes(), 2);
  EXPECT_GE(rounded.PropagationSeconds(), rounded.FftSeconds());
}

TEST(BenchSystem, RefusesScattererOutsideThePath) {
  BenchGeometry geometry = SmallBench();
  BenchErrors screen, medium;
  screen.scatter.screen.rms = 1;
  screen.scatter.screen_shift = 1300;
  medium.scatter.medium = {3000, 4, 1e-4, 40, 1};
  EXPECT_THROW((BenchSystem<float>(MPI_COMM_WORLD, geometry, screen, {})), base::UserError);
  EXPECT_THROW((BenchSystem<float>(MPI_COMM_WORLD, geometry, medium, {})), base::UserError);
  BenchErrors pinhole;
  pinhole.scatter.aperture = 8;
  EXPECT_THROW((BenchSystem<float>(MPI_COMM_WORLD, geometry, pinhole, {})), base::UserError);
}

}  // namespace
}  // namespace symwave::training::bench
