// Coherent detection and intensities: unbiased, with the variance of photons and electronics.
#include <gtest/gtest.h>

#include "tests/verification/diffraction_planes.hpp"
#include "training/bench/camera.hpp"
#include "training/bench/noise.hpp"

namespace symwave::training::bench {
namespace {

using solvers::diffraction::Fields;
using solvers::diffraction::PlaneShare;
using Complex = std::complex<double>;

constexpr int kRepeats = 3000;

/// Amplitudes from 0.2 to 2 over a plane.
Fields<double> Scene(const PlaneShare& share) {
  return tests::Light<double>(share, [](double x, double y) {
    return std::polar(1.1 + 0.9 * std::sin(0.9 * x + 0.4 * y), 0.7 * x - 0.3 * y);
  });
}

std::vector<std::uint64_t> Streams(int count, std::uint64_t name = 0) {
  std::vector<std::uint64_t> streams;
  for (int k = 0; k < count; ++k) {
    streams.push_back(NoiseStream(1, {name, static_cast<std::uint64_t>(k)}));
  }
  return streams;
}

/// Mean over pixels of the variance over its expectation, and the worst bias in standard errors.
struct Statistics {
  double variance_ratio = 0, worst_bias = 0;
};

Statistics FieldStatistics(const DetectionErrors& errors, double extra_electrons) {
  const PlaneShare share(MPI_COMM_SELF, {8, 8, 1});
  const Fields<double> scene = Scene(share);
  Fields<double> planes = scene.replicate(1, kRepeats);
  Camera(share, errors, 1).MeasureFields<double>(planes, Streams(kRepeats));
  const double scale = errors.photons / (scene.squaredNorm() / 64);  // photons per |y|^2
  const double q = errors.quantum_efficiency, reference = errors.reference_photons;
  Statistics statistics;
  for (int p = 0; p < 64; ++p) {
    const double photons = scale * std::norm(scene(p, 0));
    const double expected =
        (q * (photons + reference) + std::pow(errors.read_noise, 2) + extra_electrons) /
        (4 * q * q * reference) / scale;
    const Complex mean = planes.row(p).mean();
    const double variance = (planes.row(p).array() - mean).abs2().mean();
    statistics.variance_ratio += variance / expected / 64;
    const double bias = std::abs(mean - scene(p, 0)) / std::sqrt(expected / kRepeats);
    statistics.worst_bias = std::max(statistics.worst_bias, bias);
  }
  return statistics;
}

TEST(Camera, FieldsAreUnbiasedWithTheVarianceOfFourFrames) {
  for (const double photons : {0.1, 3.0, 1000.0}) {
    for (const double reference : {5.0, 1000.0}) {
      DetectionErrors errors;
      errors.photons = photons;
      errors.reference_photons = reference;
      const Statistics statistics = FieldStatistics(errors, 0);
      // 192,000 squares: 0.32 % (more for the skew counts of few photons); |mean| of 64 pixels is
      // Rayleigh distributed, above 3.9 once in 60,000.
      EXPECT_NEAR(statistics.variance_ratio, 1, 0.015) << photons << " " << reference;
      EXPECT_LT(statistics.worst_bias, 3.9) << photons << " " << reference;
    }
  }
}

TEST(Camera, ConverterAddsItsRounding) {
  DetectionErrors errors;
  errors.photons = 300;
  errors.bits = 8;
  const double full = 4 * errors.quantum_efficiency * 1300 + 4 * errors.read_noise;
  const double step = full / 255;
  const Statistics statistics = FieldStatistics(errors, step * step / 12);
  EXPECT_NEAR(statistics.variance_ratio, 1, 0.012);
  EXPECT_LT(statistics.worst_bias, 3.9);
  // A single bit leaves nothing but two codes per frame.
  errors.bits = 1;
  EXPECT_GT(FieldStatistics(errors, step * step / 12).worst_bias, 10);
}

TEST(Camera, FieldNoiseIsRelativeToTheFieldOfThePlane) {
  const PlaneShare share(MPI_COMM_WORLD, {64, 64, 1});
  const Fields<double> scene = 1e-3 * Scene(share);
  Fields<double> planes = scene;
  DetectionErrors errors;
  errors.field_noise = 0.1;
  Camera(share, errors, 1).MeasureFields<double>(planes, Streams(1));
  // 4096 complex numbers: 1 / sqrt(2 4096) of the rms.
  EXPECT_NEAR(tests::Difference(tests::Gathered(share, planes), tests::Gathered(share, scene)), 0.1,
              0.1 * 0.04);
}

TEST(Camera, IntensitiesHaveTheirMeanAndVariance) {
  const PlaneShare share(MPI_COMM_SELF, {8, 8, 1});
  const Fields<double> scene = Scene(share);
  DetectionErrors errors;
  errors.photons = 20;
  const Eigen::MatrixXd seen =
      Camera(share, errors, 1)
          .MeasureIntensities<double>(scene.replicate(1, kRepeats), Streams(kRepeats));
  const double scale = errors.quantum_efficiency * 20 / (scene.squaredNorm() / 64);
  double ratio = 0;
  for (int p = 0; p < 64; ++p) {
    const double intensity = std::norm(scene(p, 0));
    const double expected = (scale * intensity + 2.47 * 2.47) / (scale * scale);
    const double mean = seen.row(p).mean();
    EXPECT_NEAR(mean, intensity, 4 * std::sqrt(expected / kRepeats));
    ratio += (seen.row(p).array() - mean).square().mean() / expected / 64;
  }
  EXPECT_NEAR(ratio, 1, 0.012);
}

template <class Real>
void ExpectSameBits(int bits) {
  const solvers::diffraction::PlaneGrid grid{19, 23, 1};
  const PlaneShare whole(MPI_COMM_SELF, grid), spread(MPI_COMM_WORLD, grid);
  DetectionErrors errors;
  errors.photons = 2;
  errors.reference_photons = 30;
  errors.field_noise = 0.05;
  errors.bits = bits;
  Fields<Real> here = tests::RandomLight<Real>(whole, 3, 1), threaded = here;
  Fields<Real> shared = tests::RandomLight<Real>(spread, 3, 1);
  const Eigen::Matrix<Real, -1, -1> seen =
      Camera(whole, errors, 1).MeasureIntensities<Real>(here, Streams(3, 1));
  const Fields<Real> seen_shared = Camera(spread, errors, 1)
                                       .MeasureIntensities<Real>(shared, Streams(3, 1))
                                       .template cast<std::complex<Real>>();
  EXPECT_TRUE(tests::Gathered(spread, seen_shared).real() == seen);
  Camera(whole, errors, 1).MeasureFields<Real>(here, Streams(3));
  Camera(whole, errors, 2).MeasureFields<Real>(threaded, Streams(3));
  Camera(spread, errors, 1).MeasureFields<Real>(shared, Streams(3));
  EXPECT_TRUE(threaded == here);
  EXPECT_TRUE(tests::Gathered(spread, shared) == here);
}

TEST(Camera, NoiseIsTheSameOnAnyRanksAndThreads) {
  ExpectSameBits<double>(0);
  ExpectSameBits<float>(8);
}

TEST(Camera, DarkPlanesStayDark) {
  const PlaneShare share(MPI_COMM_SELF, {8, 8, 1});
  Fields<float> dark = Fields<float>::Zero(64, 1);
  DetectionErrors errors;
  errors.photons = 1;
  errors.field_noise = 1;
  Camera(share, errors, 1).MeasureFields<float>(dark, Streams(1));
  EXPECT_EQ(dark.norm(), 0);
}

}  // namespace
}  // namespace symwave::training::bench
