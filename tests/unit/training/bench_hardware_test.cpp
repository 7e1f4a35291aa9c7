// Screens, modulator and random numbers of the bench against their definitions and statistics.
#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "tests/verification/diffraction_planes.hpp"
#include "training/bench/modulator.hpp"
#include "training/bench/noise.hpp"
#include "training/bench/screens.hpp"

namespace symwave::training::bench {
namespace {

using Eigen::ArrayXd;
using solvers::diffraction::PlaneShare;

double Mean(const ArrayXd& values) {
  return values.mean();
}
double Variance(const ArrayXd& values) {
  return (values - values.mean()).square().mean();
}

/// Values per pixel of the whole plane, on every rank.
ArrayXd Whole(const PlaneShare& share, const ArrayXd& values) {
  const solvers::diffraction::Fields<double> fields = values.cast<std::complex<double>>().matrix();
  return tests::Gathered(share, fields).real().array();
}

TEST(Noise, PoissonHasItsMeanVarianceAndSkewness) {
  const int n = 200000;
  for (const double mean : {0.03, 0.7, 5.0, 9.9, 10.1, 37.0, 640.0, 1e6}) {
    ArrayXd counts(n);
    for (int i = 0; i < n; ++i) counts[i] = Poisson(mean, NoiseStream(3, {7}), i);
    // Five standard errors: of the mean sqrt(mean / n), of the variance
    // sqrt((2 mean^2 + mean) / n), of the third moment below sqrt((15 mean^3 + 25 mean^2 + mean) /
    // n).
    EXPECT_NEAR(Mean(counts), mean, 5 * std::sqrt(mean / n)) << mean;
    EXPECT_NEAR(Variance(counts), mean, 5 * std::sqrt((2 * mean * mean + mean) / n)) << mean;
    const double third = (counts - mean).cube().mean();
    EXPECT_NEAR(third, mean, 5 * std::sqrt((15 * std::pow(mean, 3) + 25 * mean * mean + mean) / n))
        << mean;
  }
  EXPECT_EQ(Poisson(0, 1, 1), 0);
}

TEST(Noise, ManyElectronsHaveTheCumulantsOfPoissonAndReadNoise) {
  const int n = 400000;
  ArrayXd a(n), b(n);
  GaussianPairs(NoiseStream(3, {1}), 17, 3, n, a.data(), b.data());
  // Five standard errors of mean, variance, covariance and fourth moment of normal numbers.
  EXPECT_NEAR(Mean(a), 0, 5 / std::sqrt(n));
  EXPECT_NEAR(Variance(b), 1, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR((a * b).mean(), 0, 5 / std::sqrt(n));
  EXPECT_NEAR(a.square().square().mean(), 3, 5 * std::sqrt(96.0 / n));
  double one = 0, pair = 0;
  GaussianPairs(NoiseStream(3, {1}), 17 + 3 * 777, 3, 1, &one, &pair);
  EXPECT_EQ(one, a[777]);
  for (const double mean : {kManyElectrons, 640.0}) {
    const ArrayXd electrons =
        a.unaryExpr([&](double z) { return ElectronsFromGaussian(mean, 2.47, z); });
    const double variance = mean + 2.47 * 2.47;
    EXPECT_NEAR(Mean(electrons), mean, 5 * std::sqrt(variance / n));
    EXPECT_NEAR(Variance(electrons), variance, 5 * variance * std::sqrt(2.1 / n));
    EXPECT_NEAR((electrons - mean).cube().mean(), mean,
                5 * std::sqrt(15 * std::pow(variance, 3) / n));
  }
}

TEST(Noise, SmallCountsHaveTheirProbabilities) {
  const int n = 400000;
  for (const double mean : {2.0, 12.0}) {
    std::vector<double> seen(60, 0.0);
    for (int i = 0; i < n; ++i) {
      seen[std::min(59, static_cast<int>(Poisson(mean, NoiseStream(9, {1}), i)))] += 1.0 / n;
    }
    for (int k = 0; k < 40; ++k) {
      const double p = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
      EXPECT_NEAR(seen[k], p, 5 * std::sqrt(p / n) + 1.0 / n) << mean << " " << k;
    }
  }
}

TEST(Screens, HaveTheirVarianceAndGaussianCorrelation) {
  const PlaneShare share(MPI_COMM_WORLD, {256, 256, 8});
  const double correlation = 40;
  const ArrayXd screen = Whole(share, RandomScreen(share, correlation, 5));
  const auto product = [&](int dx, int dy) {
    double sum = 0;
    for (int j = 0; j < 256 - dy; ++j) {
      for (int i = 0; i < 256 - dx; ++i)
        sum += screen[j * 256 + i] * screen[(j + dy) * 256 + i + dx];
    }
    return sum / ((256 - dx) * (256 - dy));
  };
  // A patch of pi 40^2 / 2 um^2 is one independent number: 1700 in the plane, 3.4 % per product;
  // three standard errors.
  for (const int d : {0, 2, 4, 6}) {
    const double expected = std::exp(-std::pow(d * 8 / correlation, 2));
    EXPECT_NEAR(product(d, 0), expected, 0.1) << d;
    EXPECT_NEAR(product(0, d), expected, 0.1) << d;
    EXPECT_NEAR(product(d, d), expected * expected, 0.1) << d;
  }
}

TEST(Screens, RmsIsThatOfTheEnsemble) {
  double sum = 0;
  const PlaneShare share(MPI_COMM_SELF, {16, 12, 8});
  const int count = 400;
  for (int k = 0; k < count; ++k) {
    ScreenOptions options;
    options.rms = 0.7;
    options.correlation = 24;
    options.seed = k;
    sum += ScreenPhase(share, options).square().mean() / count;
  }
  // Some ten independent patches in each of 400 planes.
  EXPECT_NEAR(std::sqrt(sum), 0.7, 0.7 * 0.04);
}

TEST(Screens, DoNotDependOnRanks) {
  const PlaneShare whole(MPI_COMM_SELF, {30, 21, 8}), spread(MPI_COMM_WORLD, {30, 21, 8});
  ScreenOptions options{0.7, 50, 0.3, 0.2, 0.1, 4};
  EXPECT_TRUE((Whole(spread, ScreenPhase(spread, options)) == ScreenPhase(whole, options)).all());
  const ThickMediumOptions medium{3000, 6, 1e-4, 60, 2};
  const auto here = MediumPhases(whole, 0.532, medium),
             shared = MediumPhases(spread, 0.532, medium);
  ASSERT_EQ(here.size(), 3u);
  for (int s = 0; s < 3; ++s) EXPECT_TRUE((Whole(spread, shared[s]) == here[s]).all());
}

TEST(Screens, MediumHasTheSamePhaseInAnyNumberOfSlices) {
  // Total phase through a medium of the correlation length l that is its own mirror image: twice
  // that of the half T / 2, whose variance is sqrt(pi) l (T/2) erf(T / 2l) - l^2 (1 -
  // exp(-(T/2l)^2)).
  const double l = 60, half = 200;
  const double variance = 4 * (std::sqrt(M_PI) * l * half * std::erf(half / l) -
                               l * l * (1 - std::exp(-std::pow(half / l, 2))));
  for (const int slices : {1, 2, 5, 8, 40}) {
    const ThickMediumOptions medium{2 * half, slices, 1e-4, l, 2};
    const Eigen::MatrixXd covariance = SliceCovariance(medium);
    Eigen::VectorXd times = Eigen::VectorXd::Constant(covariance.rows(), 2);
    if (slices % 2 == 1) times[times.size() - 1] = 1;
    EXPECT_NEAR(times.dot(covariance * times), variance, 1e-9 * variance) << slices;
  }
  const PlaneShare share(MPI_COMM_SELF, {200, 200, 60});
  const ThickMediumOptions medium{2 * half, 5, 1e-4, l, 2};
  const auto phases = MediumPhases(share, 0.532, medium);
  const ArrayXd total = 2 * phases[0] + 2 * phases[1] + phases[2];
  const double k = 2 * M_PI / 0.532;
  EXPECT_NEAR(total.square().mean(), std::pow(k * 1e-4, 2) * variance,
              0.05 * std::pow(k * 1e-4, 2) * variance);
  EXPECT_THROW(MediumPhases(share, 0.532, {400, 5, 1e-4, 0, 2}), base::UserError);
  EXPECT_THROW(MediumPhases(share, 0.532, {400, 0, 1e-4, 5, 2}), base::UserError);
}

ArrayXd Commands(const PlaneShare& share) {
  const auto light = tests::RandomLight<double>(share, 1, 9);
  return light.col(0)
      .array()
      .unaryExpr([](std::complex<double> z) { return 3 * std::arg(z); })
      .real();
}

/// Phase of the modulator against its command, turned into [-pi, pi).
ArrayXd PhaseError(const PlaneShare& share, const ModulatorErrors& errors,
                   const ArrayXd& commands) {
  const Eigen::ArrayXcd m = PhaseModulator(share, errors).Transmission(commands);
  const Eigen::ArrayXcd ideal = PhaseModulator(share, {}).Transmission(commands);
  return Whole(share, (m * ideal.conjugate()).arg());
}

TEST(Modulator, IdealIsThePhaseFactor) {
  const PlaneShare share(MPI_COMM_WORLD, {40, 30, 8});
  const ArrayXd commands = Commands(share);
  const Eigen::ArrayXcd m = PhaseModulator(share, {}).Transmission(commands);
  for (long p = 0; p < m.size(); ++p) {
    EXPECT_LT(std::abs(m[p] - std::polar(1.0, commands[p])), 1e-14);
  }
}

TEST(Modulator, BitsRoundUniformly) {
  const PlaneShare share(MPI_COMM_WORLD, {120, 100, 8});
  ModulatorErrors errors;
  errors.bits = 4;
  const ArrayXd error = PhaseError(share, errors, Commands(share));
  const double step = 2 * M_PI / 16;
  EXPECT_LE(error.abs().maxCoeff(), 0.5 * step + 1e-12);
  // Uniform in +- step / 2; three standard errors of 12000 squares.
  EXPECT_NEAR(Variance(error), step * step / 12, 0.03 * step * step / 12);
}

TEST(Modulator, StaticErrorsHaveTheirSize) {
  const PlaneShare share(MPI_COMM_WORLD, {120, 100, 8});
  ModulatorErrors gain, offset, lookup, leak;
  gain.gain_sigma = 0.05;
  offset.offset_range = 0.6;
  lookup.lookup_error = 0.2;
  leak.zero_order = 0.1;
  const ArrayXd two = ArrayXd::Constant(share.Pixels(), 2.0);
  const ArrayXd gain_error = PhaseError(share, gain, two);
  EXPECT_NEAR(std::sqrt(Variance(gain_error)), 0.1, 3e-3);
  EXPECT_NEAR(Mean(gain_error), 0, 4e-3);
  const ArrayXd offset_error = PhaseError(share, offset, two);
  EXPECT_LE(offset_error.abs().maxCoeff(), 0.6);
  EXPECT_NEAR(Variance(offset_error), 0.6 * 0.6 / 3, 5e-3);
  const ArrayXd lookup_error = PhaseError(share, lookup, two);
  EXPECT_NEAR(lookup_error.minCoeff(), 0.2 * std::sin(4.0), 1e-12);
  EXPECT_NEAR(lookup_error.maxCoeff(), 0.2 * std::sin(4.0), 1e-12);
  const Eigen::ArrayXcd m = PhaseModulator(share, leak).Transmission(two);
  for (long p = 0; p < m.size(); ++p) {
    EXPECT_LT(std::abs(m[p] - (0.1 + 0.9 * std::polar(1.0, 2.0))), 1e-14);
  }
  offset.seed = 2;
  EXPECT_GT((PhaseError(share, offset, two) - offset_error).abs().maxCoeff(), 0.1);
}

TEST(Modulator, CrosstalkIsANormalisedGaussianMeanAcrossRanks) {
  const solvers::diffraction::PlaneGrid grid{17, 13, 8};
  const PlaneShare whole(MPI_COMM_SELF, grid), spread(MPI_COMM_WORLD, grid);
  ModulatorErrors errors;
  errors.crosstalk = 10;
  const auto command = [](long p) { return 0.4 * std::sin(1.7 * p) + 0.1; };
  const auto on = [&](const PlaneShare& share) {
    ArrayXd commands(share.Pixels());
    for (long p = 0; p < commands.size(); ++p) commands[p] = command(share.FirstPixel() + p);
    return Whole(share, PhaseModulator(share, errors).Transmission(commands).arg());
  };
  const ArrayXd here = on(whole);
  EXPECT_TRUE((on(spread) == here).all());
  for (int j = 0; j < grid.ny; ++j) {
    for (int i = 0; i < grid.nx; ++i) {
      double sum = 0, weights = 0;
      for (long q = 0; q < grid.Pixels(); ++q) {
        const double dx = (q % grid.nx - i) * 8.0,
                     dy = (static_cast<double>(q / grid.nx) - j) * 8.0;
        if (std::max(std::abs(dx), std::abs(dy)) > 40) continue;
        const double w = std::exp(-(dx * dx + dy * dy) / 100);
        sum += w * command(q);
        weights += w;
      }
      EXPECT_NEAR(here[j * grid.nx + i], sum / weights, 1e-12);
    }
  }
}

}  // namespace
}  // namespace symwave::training::bench
