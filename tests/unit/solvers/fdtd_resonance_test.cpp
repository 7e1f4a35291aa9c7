// Frequency, quality and amplitude of decaying oscillations against those that a record was made
// of.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <random>

#include "domain/base/error.hpp"
#include "domain/base/random.hpp"
#include "solvers/fdtd/resonance.hpp"

namespace {

using namespace symwave;
using solvers::fdtd::FindResonances;
using solvers::fdtd::Resonance;
using Complex = std::complex<double>;

struct Tone {
  double frequency, quality, amplitude, phase;
};

std::vector<double> Ring(const std::vector<Tone>& tones, double dt, int count, double noise) {
  std::mt19937_64 generator(7);
  std::vector<double> record;
  for (int n = 0; n < count; ++n) {
    double value = noise * base::Gaussian(generator);
    for (const Tone& tone : tones) {
      const double t = n * dt, decay = M_PI * tone.frequency / tone.quality;
      value += tone.amplitude * std::exp(-decay * t) *
               std::cos(2 * M_PI * tone.frequency * t + tone.phase);
    }
    record.push_back(value);
  }
  return record;
}

void ExpectTones(const std::vector<Resonance>& found, const std::vector<Tone>& tones,
                 double tolerance) {
  ASSERT_EQ(found.size(), tones.size());
  for (size_t m = 0; m < tones.size(); ++m) {
    const Tone& tone = tones[m];
    EXPECT_NEAR(found[m].frequency, tone.frequency, tolerance * tone.frequency);
    EXPECT_NEAR(1 / found[m].quality, 1 / tone.quality, 5 * tolerance + 0.01 / tone.quality);
    // Re of 2 a exp(-i w t): the phase of a is opposite.
    const Complex expected = std::polar(0.5 * tone.amplitude, -tone.phase);
    EXPECT_LT(std::abs(found[m].amplitude - expected), 0.05 * std::abs(expected));
  }
}

TEST(FindResonances, OfThreeTonesOnAThinnedRecord) {
  const std::vector<Tone> tones{{0.118, 80, 1, 0.3}, {0.1447, 316, 0.5, -1}, {0.17525, 1677, 2, 2}};
  // 40 samples per period of the highest frequency, 70 periods of the lowest.
  const auto record = Ring(tones, 0.14, 4300, 0);
  // libharminv leaves out directions of its basis below 1e-5.
  ExpectTones(FindResonances(record, 0.14, 0.1, 0.2), tones, 2e-5);
  // With a strong tone outside of the band and noise.
  auto with_others = tones;
  with_others.push_back({1.3, 500, 5, 0});
  const auto noisy = Ring(with_others, 0.14, 4300, 1e-4);
  const auto found = FindResonances(noisy, 0.14, 0.1, 0.2, {1e-3, 5, 1e-2});
  ExpectTones(found, tones, 2e-5);
}

TEST(FindResonances, InPartsOfAWideBandOfALongRecord) {
  std::vector<Tone> tones;
  for (int m = 0; m < 12; ++m) tones.push_back({0.5 + 0.04 * m + 0.001 * m * m, 3000, 1, 0.1 * m});
  ExpectTones(FindResonances(Ring(tones, 0.02, 60000, 0), 0.02, 0.45, 1.2), tones, 2e-5);
}

// A box of quality 200: lines weaker than others by 20, two that overlap across the end of the
// band, others beyond. By harmonic inversion alone their qualities are off by up to 30 %, or they
// are not seen.
TEST(FindResonances, OfWeakLinesBesideStrongOnes) {
  std::vector<Tone> tones;
  for (const auto& [frequency, amplitude] : std::vector<std::array<double, 2>>{{0.3003, 0.02},
                                                                               {0.3332, 0.07},
                                                                               {0.3559, 0.07},
                                                                               {0.3748, 0.6},
                                                                               {0.4102, 0.45},
                                                                               {0.4165, 0.03},
                                                                               {0.4995, 0.42},
                                                                               {0.5016, 0.1},
                                                                               {0.5150, 0.09},
                                                                               {0.7, 2}}) {
    tones.push_back({frequency, 200, amplitude, 10 * frequency});
  }
  const std::vector<Tone> inside(tones.begin() + 2, tones.begin() + 7);
  for (const double noise : {0.0, 1e-6}) {
    const auto found = FindResonances(Ring(tones, 0.1, 13000, noise), 0.1, 0.334, 0.5);
    ASSERT_EQ(found.size(), inside.size());
    for (size_t m = 0; m < found.size(); ++m) {
      EXPECT_NEAR(found[m].frequency, inside[m].frequency, 1e-6);
      EXPECT_NEAR(found[m].quality, 200, 0.1);
      EXPECT_LT(found[m].quality_error, 0.05);
      EXPECT_TRUE(found[m].resolved);
    }
  }
}

// The error of the quality is that of the fit: noise of 1e-3 moves Q by as much as it says.
TEST(FindResonances, KnowsTheErrorOfTheQuality) {
  const auto found = FindResonances(Ring({{0.15, 300, 1, 0.4}}, 0.14, 8000, 1e-3), 0.14, 0.1, 0.2,
                                    {1e-3, 5, 1e-1});
  ASSERT_EQ(found.size(), 1U);
  const double off = std::abs(found[0].quality / 300 - 1);
  EXPECT_LT(off, 4 * found[0].quality_error);
  EXPECT_LT(found[0].quality_error, 0.01);
  EXPECT_GT(found[0].quality_error, 1e-5);
}

TEST(FindResonances, MarksWhatThreeQuartersOfTheRecordConfirm) {
  const std::vector<Tone> tones{{0.118, 80, 1, 0.3}, {0.1447, 316, 0.5, -1}, {0.17525, 1677, 2, 2}};
  for (const Resonance& mode : FindResonances(Ring(tones, 0.14, 4300, 0), 0.14, 0.1, 0.2)) {
    EXPECT_TRUE(mode.resolved) << mode.frequency;
  }
  // 60 um of a quality of 20,000, decay 3e-5 / um, in noise: the decay is not to be seen.
  const auto brief =
      FindResonances(Ring({{0.15, 20000, 1, 0}}, 0.14, 430, 1e-3), 0.14, 0.1, 0.2, {1, 0, 1e-6});
  ASSERT_FALSE(brief.empty());
  for (const Resonance& mode : brief) {
    EXPECT_FALSE(mode.resolved) << mode.frequency << " " << mode.quality;
    EXPECT_GT(mode.quality, 0);
  }
  // What grows has no quality factor, least of all a negative one.
  const auto growing = FindResonances(Ring({{0.15, -500, 1, 0}}, 0.14, 4300, 0), 0.14, 0.1, 0.2);
  ASSERT_EQ(growing.size(), 1U);
  EXPECT_FALSE(growing[0].resolved);
  EXPECT_TRUE(std::isinf(growing[0].quality) && growing[0].quality > 0);
}

TEST(FindResonances, SaysWhatIsWrongWithTheRecord) {
  const std::vector<double> record(100, 0.0);
  EXPECT_TRUE(FindResonances(record, 1.0, 0.1, 0.2).empty());
  EXPECT_THROW(FindResonances(record, 1.0, 0.2, 0.1), base::UserError);
  EXPECT_THROW(FindResonances(record, 1.0, 0.1, 0.6), base::UserError);
  EXPECT_THROW(FindResonances(record, 1.0, 0.01, 0.2), base::UserError);
}

}  // namespace
