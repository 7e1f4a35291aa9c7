// Profiles that change with frequency as few signals in time.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "solvers/fdtd/band_expansion.hpp"
#include "solvers/fdtd/delayed_signals.hpp"

namespace symwave::solvers::fdtd {
namespace {

/// Delays of up to 2 um either way that grow weaker towards the ends of the band.
Eigen::VectorXcd DelaysAt(double omega) {
  Eigen::VectorXcd profile(41);
  for (int p = 0; p <= 40; ++p) {
    profile(p) = std::polar(1 - 0.1 * std::pow(omega - 6, 2), omega * 0.1 * (p - 20));
  }
  return profile;
}

BandExpansion ExpandDelays() {
  BandExpansion::Options options;
  options.fitted = {5, 7};
  options.judged = {5.1, 6.9};
  options.longest_delay = 2;
  return BandExpansion(options, DelaysAt);
}

TEST(BandExpansion, FollowsAProfileOverItsBandByFewTerms) {
  const BandExpansion expansion = ExpandDelays();
  EXPECT_LE(expansion.Error(), 3e-4);
  EXPECT_LE(expansion.Terms(), 8);
  Eigen::MatrixXcd profiles(41, expansion.Frequencies().size());
  for (Eigen::Index q = 0; q < profiles.cols(); ++q) {
    profiles.col(q) = DelaysAt(expansion.Frequencies()[q]);
  }
  const Eigen::MatrixXcd coefficients = expansion.Projection() * profiles.transpose();
  const auto at = [&](double omega) -> Eigen::VectorXcd {
    Eigen::RowVectorXcd turns(expansion.Delays().size());
    for (Eigen::Index m = 0; m < turns.cols(); ++m) {
      turns(m) = std::polar(1.0, omega * expansion.Delays()[m]);
    }
    return (turns * expansion.Mix() * coefficients).transpose();
  };
  for (const double omega : {5.1, 5.77, 6.9}) {
    EXPECT_LT((at(omega) - DelaysAt(omega)).norm(), 5e-4 * DelaysAt(omega).norm());
  }
  // Outside of the band it stays of the size of the profile.
  for (const double omega : {2.0, 3.5, 9.0}) EXPECT_LT(at(omega).norm(), 3 * DelaysAt(6).norm());
}

TEST(DelayedSignals, HaveTheTransformOfTheirDelays) {
  const BandExpansion expansion = ExpandDelays();
  const double dt = 0.02, lead = 1.5, omega = 6.3;
  const Waveform pulse = Waveform::Pulse(6, 0.1).Delayed(lead + expansion.LongestDelay());
  DelayedSignals signals(pulse, dt, lead, expansion);
  std::vector<double> values(signals.Count());
  std::vector<Complex> transform(signals.Count(), 0);
  for (long n = 0; n < signals.EndStep(); ++n) {
    signals.Evaluate(n, values.data());
    for (int s = 0; s < signals.Count(); ++s) {
      const double shift = s < signals.First(CurrentKind::Magnetic) ? 0.5 : 0.0;
      transform[s] += dt * values[s] * std::polar(1.0, omega * (n + shift) * dt);
    }
  }
  for (const CurrentKind kind : {CurrentKind::Electric, CurrentKind::Magnetic}) {
    for (int k = 0; k < expansion.Terms(); ++k) {
      Complex right = 0;
      for (size_t m = 0; m < expansion.Delays().size(); ++m) {
        right += expansion.Mix()(static_cast<Eigen::Index>(m), k) *
                 std::polar(1.0, omega * (expansion.Delays()[m] - lead));
      }
      right *= pulse.Spectrum(omega, dt);
      EXPECT_LT(std::abs(transform[signals.First(kind) + 2 * k] - right), 1e-6);
    }
  }
}

}  // namespace
}  // namespace symwave::solvers::fdtd
