#include "training/bench/bench_metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/communicator.hpp"
#include "training/bench/image_similarity.hpp"

namespace symwave::training::bench {
namespace {

Eigen::ArrayXXd Picture(int rows, int columns, double k) {
  Eigen::ArrayXXd picture(rows, columns);
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      picture(j, i) = 0.5 + 0.3 * std::sin(0.7 * i + k) * std::cos(0.4 * j - 0.3 * k) +
                      0.2 * std::cos(0.05 * i * j + k);
    }
  }
  return picture;
}

// The number of a NumPy script that takes every window of 11 x 11 weights from the picture; both
// sum in double precision.
TEST(StructuralSimilarity, IsThatOfAScript) {
  EXPECT_NEAR(StructuralSimilarity(Picture(20, 17, 0), Picture(20, 17, 0.5), 1), 0.8211695077549099,
              1e-12);
}

TEST(StructuralSimilarity, OneForEqualPicturesAndSymmetric) {
  const Eigen::ArrayXXd a = Picture(16, 16, 0), b = Picture(16, 16, 2);
  EXPECT_NEAR(StructuralSimilarity(a, a, 1), 1, 1e-12);
  EXPECT_NEAR(StructuralSimilarity(a, b, 1), StructuralSimilarity(b, a, 1), 1e-12);
  EXPECT_LT(StructuralSimilarity(a, b, 1), 0.9);
  EXPECT_LT(StructuralSimilarity(a, 1 - a, 1), 0);  // a negative has a negative covariance
}

// Two flat pictures differ in their means alone: (2 a b + C1) / (a^2 + b^2 + C1).
TEST(StructuralSimilarity, OfFlatPicturesInClosedForm) {
  const double a = 0.3, b = 0.7, c1 = 1e-4;
  const Eigen::ArrayXXd first = Eigen::ArrayXXd::Constant(12, 14, a);
  const Eigen::ArrayXXd second = Eigen::ArrayXXd::Constant(12, 14, b);
  EXPECT_NEAR(StructuralSimilarity(first, second, 1), (2 * a * b + c1) / (a * a + b * b + c1),
              1e-9);  // rounding of variances over C2 = 9e-4
}

// Planes of one row and planes smaller than the window have a window of their own size.
TEST(StructuralSimilarity, OfLinesAndSmallPlanes) {
  for (const auto& [rows, columns] : {std::pair(1, 40), std::pair(4, 6), std::pair(1, 1)}) {
    const Eigen::ArrayXXd a = Picture(rows, columns, 0), b = Picture(rows, columns, 1);
    EXPECT_NEAR(StructuralSimilarity(a, a, 1), 1, 1e-12);
    EXPECT_LT(StructuralSimilarity(a, b, 1), 1);
  }
}

TEST(IntensitySimilarity, DoesNotDependOnPower) {
  const Eigen::ArrayXXd a = Picture(16, 16, 0).square(), b = Picture(16, 16, 1).square();
  const double expected = StructuralSimilarity(a / a.mean(), b / b.mean(), b.maxCoeff() / b.mean());
  EXPECT_NEAR(IntensitySimilarity(a, b), expected, 1e-12);
  EXPECT_NEAR(IntensitySimilarity(1e-7 * a, 40 * b), expected, 1e-9);
  EXPECT_EQ(IntensitySimilarity(0 * a, b), 0);
}

// A photon of 1.239841984 um has 1 eV. Two images through 3 layers of 8 pixels are 2 * 3 * 8^2 =
// 384 operations. 4 fields take 16 frames and 2 intensities one each: 18 frames of 8 pixels with 10
// signal photons are 1440; the reference adds 1000 in 8 pixels of 16 frames, 128 000.
TEST(EnergyPerOperation, OfHandCountedPhotons) {
  BenchGeometry geometry;
  geometry.wavelength = 1.239841984;
  geometry.pixels_x = 4;
  geometry.pixels_y = 2;
  DetectionErrors detection;
  detection.photons = 10;
  detection.reference_photons = 1000;
  const BenchEffort effort{6, 4, 2};
  const double electron_volt = 1.602176634e-19;
  const OperationEnergy energy = EnergyPerOperation(effort, geometry, detection, 2, 3);
  EXPECT_NEAR(energy.signal / electron_volt / (1440.0 / 384), 1, 1e-9);
  EXPECT_NEAR(energy.with_reference / electron_volt / (129440.0 / 384), 1, 1e-9);
  // The camera alone needs no reference wave.
  const OperationEnergy camera = EnergyPerOperation({6, 0, 6}, geometry, detection, 2, 3);
  EXPECT_NEAR(camera.signal / electron_volt / (480.0 / 384), 1, 1e-9);
  EXPECT_EQ(camera.with_reference, camera.signal);
  detection.photons = 0;
  EXPECT_EQ(EnergyPerOperation(effort, geometry, detection, 2, 3).with_reference, 0);
}

// (1, 2) and (2, 1) on every rank: cosine 4/5 on any number of ranks.
TEST(CosineOver, SumsOverRanks) {
  const Eigen::VectorXd a = Eigen::Vector2d(1, 2), b = Eigen::Vector2d(2, 1);
  EXPECT_NEAR(CosineOver(MPI_COMM_WORLD, a, b), 0.8, 1e-15);
  EXPECT_NEAR(CosineOver(MPI_COMM_WORLD, a, -3 * a), -1, 1e-15);
  EXPECT_EQ(CosineOver(MPI_COMM_WORLD, a, 0 * b), 0);
}

}  // namespace
}  // namespace symwave::training::bench
