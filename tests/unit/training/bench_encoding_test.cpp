#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "tests/unit/training/bench_setup.hpp"

namespace symwave::training::bench {
namespace {

PixelRange Whole(int nx, int ny) {
  return {nx, ny, 0, static_cast<Eigen::Index>(nx) * ny, MPI_COMM_SELF};
}

/// One image, 3 rows of 2, pixel values 10, 20 ... 60.
ImageDataset Ladder() {
  ImageDataset images;
  images.rows = 3;
  images.columns = 2;
  images.classes = 2;
  images.labels = {0};
  images.pixels = {10, 20, 30, 40, 50, 60};
  return images;
}

PlaneNetworkOptions Share(double share) {
  PlaneNetworkOptions options;
  options.image_share = share;
  return options;
}

// A window of 6 x 6 pixels on 10 x 12: every image pixel fills 3 x 2 of it.
TEST(PlaneEncoder, AmplitudeFillsTheWindow) {
  const PlaneEncoder<double> encoder(Share(0.6), Whole(10, 12), 3, 2);
  ASSERT_EQ(encoder.WindowX(), 6);
  ASSERT_EQ(encoder.WindowY(), 6);
  const ImageDataset images = Ladder();
  const int sample = 0;
  Planes<double> plane;
  encoder.Encode(images, &sample, 1, plane);
  double power = 0;
  for (const int value : images.pixels) power += 6.0 * value * value;
  for (int j = 0; j < 12; ++j) {
    for (int i = 0; i < 10; ++i) {
      const bool inside = i >= 2 && i < 8 && j >= 3 && j < 9;
      const int value =
          inside ? images.pixels[static_cast<std::size_t>((j - 3) / 2 * 2 + (i - 2) / 3)] : 0;
      EXPECT_NEAR(std::abs(plane(10 * j + i, 0) - value / std::sqrt(power)), 0, 1e-15);
    }
  }
}

// Fewer pixels than the image: means of its parts.
TEST(PlaneEncoder, ReducesByMeans) {
  const PlaneEncoder<double> encoder(Share(1), Whole(1, 1), 3, 2);
  const PlaneEncoder<double> line(Share(1), Whole(3, 1), 3, 2);
  const ImageDataset images = Ladder();
  const int sample = 0;
  Planes<double> plane;
  encoder.Encode(images, &sample, 1, plane);
  EXPECT_NEAR(plane(0).real(), 1, 1e-15);
  line.Encode(images, &sample, 1, plane);  // a line gets 10 20 | 30 40 | 50 60
  const Eigen::Vector3d expected = Eigen::Vector3d(15, 35, 55).normalized();
  EXPECT_LT((plane.real() - expected).norm(), 1e-15);
}

TEST(PlaneEncoder, PhaseHasEvenLightInTheWindow) {
  PlaneNetworkOptions options = Share(0.5);
  options.encoding = ImageEncoding::Phase;
  options.phase_range = 2;
  const PlaneEncoder<double> encoder(options, Whole(12, 12), 3, 2);
  const ImageDataset images = Ladder();
  const int sample = 0;
  Planes<double> plane;
  encoder.Encode(images, &sample, 1, plane);
  EXPECT_NEAR(plane.norm(), 1, 1e-14);
  EXPECT_NEAR(std::abs(plane(12 * 3 + 3) - std::polar(1 / 6.0, 2 * 10 / 255.0)), 0, 1e-15);
  EXPECT_NEAR(std::abs(plane(12 * 8 + 8) - std::polar(1 / 6.0, 2 * 60 / 255.0)), 0, 1e-15);
  EXPECT_EQ(std::abs(plane(12 * 2 + 3)), 0);
}

// A black image carries no light and no trouble.
TEST(PlaneEncoder, BlackImageIsDark) {
  ImageDataset images = Ladder();
  images.pixels.assign(6, 0);
  const int sample = 0;
  Planes<float> plane;
  PlaneEncoder<float>(Share(0.6), Whole(10, 12), 3, 2).Encode(images, &sample, 1, plane);
  EXPECT_EQ(plane.norm(), 0);
}

TEST(PlaneEncoder, SharesMakeUpThePlane) {
  const ImageDataset images = testing::RandomImages(3, 2);
  const int samples[] = {2, 0};
  Planes<double> whole, part;
  PlaneEncoder<double>(Share(0.7), Whole(9, 8), 6, 6).Encode(images, samples, 2, whole);
  for (const auto& [first, count] : {std::pair(0, 27), std::pair(27, 45)}) {
    const PixelRange layout{9, 8, first, count, MPI_COMM_SELF};
    PlaneEncoder<double>(Share(0.7), layout, 6, 6).Encode(images, samples, 2, part);
    EXPECT_EQ((part - whole.middleRows(first, count)).norm(), 0);
  }
}

// Ten classes stand in rows of 3, 3 and 4 on a grid of 4 x 3 cells of 12 x 16 pixels; squares of 6.
TEST(DetectorRegions, TenSquares) {
  PlaneNetworkOptions options;
  options.detector_width = 0.75;
  options.detector_share = 0.5;
  const DetectorRegions regions(options, Whole(64, 64), 10);
  ASSERT_EQ(regions.Classes(), 10);
  std::vector<int> owner(64 * 64, -1);
  for (int c = 0; c < 10; ++c) {
    EXPECT_EQ(regions.Pixels(c).size(), 36u);
    for (const Eigen::Index pixel : regions.Pixels(c)) {
      EXPECT_EQ(owner[static_cast<std::size_t>(pixel)], -1);
      owner[static_cast<std::size_t>(pixel)] = c;
    }
  }
  EXPECT_EQ(owner[64 * 16 + 20], 0);  // row of three: centres at 20, 32, 44
  EXPECT_EQ(owner[64 * 32 + 32], 4);
  EXPECT_EQ(owner[64 * 48 + 14], 6);  // row of four: centres at 14, 26, 38, 50
  EXPECT_EQ(owner[64 * 48 + 50], 9);
}

TEST(DetectorRegions, LightAndItsError) {
  const DetectorRegions regions({}, Whole(20, 1), 3);
  std::srand(2);
  const Planes<double> fields = Planes<double>::Random(20, 2);
  const Eigen::ArrayXXd light = regions.Collect<double>(fields);
  EXPECT_LT((light - regions.CollectIntensities<double>(fields.cwiseAbs2())).abs().maxCoeff(),
            1e-15);
  const Eigen::ArrayXXd slope = Eigen::ArrayXXd::Random(2, 3);
  Planes<double> error;
  regions.ErrorField<double>(slope, fields, error);
  const Planes<double> step = Planes<double>::Random(20, 2);
  const auto loss = [&](double h) {
    return (slope * regions.Collect<double>(fields + h * step)).sum();
  };
  // The loss is quadratic in the field: central differences are exact.
  EXPECT_NEAR((loss(1) - loss(-1)) / 2, 2 * error.cwiseProduct(step).sum().real(), 1e-13);
}

TEST(DetectorRegions, RefusesMoreClassesThanPixels) {
  try {
    DetectorRegions({}, Whole(8, 1), 10);
    FAIL();
  } catch (const base::UserError& error) {
    EXPECT_NE(std::string(error.what()).find("raise these or bench.pixels"), std::string::npos);
  }
}

TEST(BenchRanks, RefusesGroupsThatDoNotDivide) {
  EXPECT_THROW(BenchRanks(MPI_COMM_SELF, 2), base::UserError);
  const BenchRanks ranks(MPI_COMM_SELF, 1);
  EXPECT_EQ(ranks.Groups(), 1);
  EXPECT_EQ(ranks.Group(), 0);
}

}  // namespace
}  // namespace symwave::training::bench
