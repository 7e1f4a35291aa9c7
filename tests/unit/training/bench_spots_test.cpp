#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/error.hpp"
#include "training/bench/image_similarity.hpp"
#include "training/bench/spot_metrics.hpp"
#include "training/bench/spots.hpp"

namespace symwave::training::bench {
namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;

double Sinc(double x) {
  return std::abs(x) < 1e-12 ? 1 : std::sin(M_PI * x) / (M_PI * x);
}

// The focus of a square aperture is sinc^2(x / w), with the width 0.885893 w at one half, also
// where the peak lies between samples. 4096 samples keep what the ends cut off below 1e-3.
TEST(FullWidthHalfMaximum, OfASquareAperture) {
  for (const double w : {2.56, 5.0, 9.7}) {
    for (const double centre : {2000.0, 2000.31, 2000.5}) {
      ArrayXd line(4096);
      for (int i = 0; i < line.size(); ++i) line(i) = std::pow(Sinc((i - centre) / w), 2);
      EXPECT_NEAR(FullWidthHalfMaximum(line, 2000), 0.885893 * w, 2e-3 * w);
    }
  }
}

TEST(FullWidthHalfMaximum, OfAGaussianOnOddAndEvenLines) {
  for (const int samples : {60, 61}) {
    ArrayXd line(samples);
    for (int i = 0; i < samples; ++i) line(i) = std::exp(-std::pow((i - 30.3) / 3.0, 2));
    EXPECT_NEAR(FullWidthHalfMaximum(line, 30), 2 * 3.0 * std::sqrt(std::log(2.0)), 1e-3 * 3);
  }
}

TEST(FullWidthHalfMaximum, OfAPeakAtTheEndIsInfinite) {
  const ArrayXd line = ArrayXd::LinSpaced(40, 1, 2);
  EXPECT_TRUE(std::isinf(FullWidthHalfMaximum(line, 38)));
}

TEST(JudgeSpot, KnownFrame) {
  Frame frame{41, 31, 8, ArrayXd::Constant(41 * 31, 0.01)};
  const auto pixel = [&](int i, int j) -> double& { return frame.intensity(j * 41 + i); };
  pixel(20, 15) = 4;
  pixel(21, 15) = 2;
  const Spot spot{0, 0, 16};  // 13 pixels
  const SpotQuality quality = JudgeSpot(frame, spot);
  EXPECT_EQ(quality.peak, 4);
  EXPECT_TRUE(quality.brightest);
  EXPECT_NEAR(quality.background, 0.01, 1e-15);
  EXPECT_NEAR(quality.psnr, 20 * std::log10(400), 1e-9);
  EXPECT_NEAR(quality.share, (6 + 11 * 0.01) / (6 + (41 * 31 - 2) * 0.01), 1e-12);
  pixel(5, 5) = 5;
  EXPECT_FALSE(JudgeSpot(frame, spot).brightest);
}

// The row of TARGETS: 3.2 mm, 0.388 m, 532 nm.
TEST(DiffractionLimit, OfTheLargeBench) {
  BenchGeometry geometry;
  geometry.pixels_x = geometry.pixels_y = 400;
  EXPECT_NEAR(DiffractionLimit(geometry), 57, 0.5);
  // A stop of 1 mm halfway: 1.029 wavelengths times 0.194 m over its diameter.
  EXPECT_NEAR(DiffractionLimit(geometry, 1000), 106.2, 0.1);
  EXPECT_EQ(DiffractionLimit(geometry, 4000), DiffractionLimit(geometry));
}

TEST(SpotGrid, PlacesAndPixels) {
  const std::vector<Spot> grid = SpotGrid(3, 2, 100, 40, 9);
  ASSERT_EQ(grid.size(), 6u);
  EXPECT_EQ(grid[0].x, -50);
  EXPECT_EQ(grid[4].x, 0);
  EXPECT_EQ(grid[4].y, 20);
  EXPECT_EQ(SpotGrid(1, 1, 100, 100, 9)[0].x, 0);
  const PixelRange layout{20, 20, 0, 400, MPI_COMM_SELF};
  // Centres of pixels lie at odd multiples of 4 um: 4 of them within 6 um of the origin.
  const DetectorRegions regions = SpotRegions(layout, 8, {{0, 0, 6}, {36, 4, 4}}, "spots");
  EXPECT_EQ(regions.Pixels(0).size(), 4u);
  ASSERT_EQ(regions.Pixels(1).size(), 1u);
  EXPECT_EQ(regions.Pixels(1)[0], 10 * 20 + 14);
}

std::string Sentence(const std::vector<Spot>& spots) {
  const PixelRange layout{20, 20, 0, 400, MPI_COMM_SELF};
  try {
    SpotRegions(layout, 8, spots, "focus.positions");
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(SpotRegions, RefusesWhatIsNoSpot) {
  EXPECT_NE(Sentence({{0, 0, 3}}).find("finer than the pixels of the camera"), std::string::npos);
  EXPECT_NE(Sentence({{0, 0, 4}}).find("no pixel of 8 um lies in the spot"), std::string::npos);
  EXPECT_NE(Sentence({{75, 0, 10}}).find("leaves the plane"), std::string::npos);
  EXPECT_NE(Sentence({{0, 0, 16}, {16, 0, 16}}).find("share pixels"), std::string::npos);
  EXPECT_EQ(Sentence({{0, 0, 16}, {48, 0, 16}}), "");
}

// sum_k exp(i (k r^2 / 2z + phase)) is in phase for the paraxial lens: the phase differs from a
// parabola by the next order alone, k r^4 / 8 z^3.
TEST(LensPhase, IsParabolicNearTheAxis) {
  BenchGeometry geometry;
  geometry.pixels_x = geometry.pixels_y = 32;
  geometry.distance = 20000;
  const PixelRange layout{32, 32, 0, 1024, MPI_COMM_SELF};
  const Eigen::VectorXd phase = LensPhase(layout, geometry, 12, -4);
  const double k = 2 * M_PI / geometry.wavelength;
  for (const int pixel : {0, 33, 500, 1023}) {
    const double x = (pixel % 32 - 15.5) * 8 - 12, y = (pixel / 32 - 15.5) * 8 + 4;
    const double parabola = -k * (x * x + y * y) / (2 * geometry.distance);
    EXPECT_NEAR(std::remainder(phase(pixel) - parabola, 2 * M_PI), 0,
                k * std::pow(x * x + y * y, 2) / (8 * std::pow(geometry.distance, 3)) + 1e-9);
  }
}

TEST(StructuralSimilarity, OfClosedForms) {
  ArrayXXd stripes(12, 12);
  for (int i = 0; i < 144; ++i) stripes(i % 12, i / 12) = (i % 12) % 2;
  EXPECT_DOUBLE_EQ(StructuralSimilarity(stripes, stripes, 1, kEvenWindow), 1);
  // Windows of 4 x 4 hold half of each: means 1/2, variances 1/4, covariance -1/4.
  EXPECT_NEAR(StructuralSimilarity(stripes, 1 - stripes, 1, {4, 0}), (9e-4 - 0.5) / (9e-4 + 0.5),
              1e-12);
  // Even images: only the means count.
  const ArrayXXd dark = ArrayXXd::Constant(5, 5, 0.2), light = ArrayXXd::Constant(5, 5, 0.8);
  EXPECT_NEAR(StructuralSimilarity(dark, light, 1, kEvenWindow), (0.32 + 1e-4) / (0.68 + 1e-4),
              1e-12);
}

TEST(PeakSignalToNoise, OfAKnownDifference) {
  const ArrayXXd a = ArrayXXd::Constant(4, 4, 0.3);
  EXPECT_NEAR(PeakSignalToNoise(a, a + 0.1), 20, 1e-9);
  EXPECT_NEAR(Stretched(ArrayXXd::Constant(2, 2, 0.3)).maxCoeff(), 0, 0);
  ArrayXXd ramp(1, 3);
  ramp << 2, 3, 6;
  EXPECT_NEAR(Stretched(ramp)(0, 1), 0.25, 1e-15);
}

}  // namespace
}  // namespace symwave::training::bench
