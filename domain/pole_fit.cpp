#include "domain/pole_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <unsupported/Eigen/NonLinearOptimization>
#include <unsupported/Eigen/NumericalDiff>
#include <vector>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

using Complex = std::complex<double>;

constexpr int kFitSamples = 41;  // of the band in the fit
constexpr int kFinerBy = 4;      // in the judgement of a fit, between the samples
constexpr int kMostPoles = 5;
constexpr size_t kStarts = 4;           // refined for each further pole
constexpr double kGoodIndex = 5e-5;     // error of n + i k that needs no further pole
constexpr double kGoodLoss = 1e-3;      // relative error of Im eps that does not, either
constexpr double kGoodAbove = 2e-4;     // error that needs no pole but those above the band
constexpr double kPoorIndex = 1e-3;     // error for which the loss counts no more than the index
constexpr double kLeastIndex = 2.8e-8;  // k of 1e-4 dB per 100 um at 1.55 um: right enough as 0
constexpr double kLeastShare = 0.01;    // of the strongest loss in the band, as such
constexpr double kWorthAPole = 0.7;     // of the error may be left where a further pole is taken
constexpr double kWorthAtGood = 0.35;   // the same where the error is below kGoodAbove
constexpr double kLowest = 0.02;        // frequency of a pole, over the middle of the band
constexpr double kHighest = 8;
constexpr std::array<double, 2> kDampings{0, 4};

struct BandSample {
  double omega;  // over the middle of the band
  Complex epsilon;
  double weight;       // of an error of epsilon as one of the index, 1 / |2 n|
  double loss_weight;  // of an error of Im eps, as an error of the index that is as bad
};
using Samples = std::vector<BandSample>;

const std::vector<double> kDampingStarts{0.003, 0.1, 0.5, 2.0};

using Interval = std::array<double, 2>;

/// Where poles may lie, in frequencies over the middle of the band: the first one, and the others.
struct Range {
  Interval first;
  Interval others;
  bool lossless;

  const Interval& Of(Eigen::Index pole) const { return pole == 0 ? first : others; }
  /// The first pole is there from the start: free charges, or a resonance below the band.
  bool Extra() const { return first != others; }
};
constexpr Interval kDrude{0, 0};

/// Fit parameters without bounds: every bounded one is middle + half range * sin(parameter), every
/// positive one a square.
double Bounded(double parameter, const Interval& bounds) {
  return 0.5 * (bounds[0] + bounds[1]) + 0.5 * (bounds[1] - bounds[0]) * std::sin(parameter);
}

double Unbounded(double value, const Interval& bounds) {
  const double width = bounds[1] - bounds[0];
  if (width == 0) return 0;
  return std::asin(std::clamp((2 * value - bounds[0] - bounds[1]) / width, -0.98, 0.98));
}

/// Parameters: root of eps_inf - 1, root of the conductivity, and of every pole root of its
/// strength, frequency (bounded), damping (bounded).
Medium FromParameters(const Eigen::VectorXd& x, const Range& range) {
  Medium medium;
  medium.eps_inf = 1 + x[0] * x[0];
  medium.conductivity = range.lossless ? 0 : x[1] * x[1];
  for (Eigen::Index p = 2; p < x.size(); p += 3) {
    medium.poles.push_back({x[p] * x[p], Bounded(x[p + 1], range.Of(p / 3)),
                            range.lossless ? 0 : Bounded(x[p + 2], kDampings)});
  }
  return medium;
}

double LossWeight(const BandSample& sample) {
  return std::max(sample.weight, sample.loss_weight);
}

/// Weighted residuals, real parts before imaginary ones.
struct Residuals {
  using Scalar = double;
  using InputType = Eigen::VectorXd;
  using ValueType = Eigen::VectorXd;
  using JacobianType = Eigen::MatrixXd;
  enum { InputsAtCompileTime = Eigen::Dynamic, ValuesAtCompileTime = Eigen::Dynamic };

  const Samples* samples;
  Range range;
  int parameters;

  int inputs() const { return parameters; }
  int values() const { return std::max(parameters, 2 * static_cast<int>(samples->size())); }
  int operator()(const Eigen::VectorXd& x, Eigen::VectorXd& residual) const {
    const Medium medium = FromParameters(x, range);
    const auto count = static_cast<Eigen::Index>(samples->size());
    residual.setZero(values());
    for (Eigen::Index s = 0; s < count; ++s) {
      const BandSample& sample = (*samples)[s];
      const Complex error = medium.Permittivity(sample.omega) - sample.epsilon;
      residual[s] = sample.weight * error.real();
      residual[count + s] = LossWeight(sample) * error.imag();
    }
    return 0;
  }
};

struct Error {
  double index = std::numeric_limits<double>::infinity();  ///< largest of n + i k
  double both = std::numeric_limits<double>::infinity();   ///< or that of the loss, where worse
};

Error ErrorOf(const Medium& medium, const Samples& samples) {
  Error worst{0, 0};
  for (const BandSample& sample : samples) {
    const Complex eps = medium.Permittivity(sample.omega);
    const double index = std::abs(std::sqrt(eps) - std::sqrt(sample.epsilon));
    const double loss = sample.loss_weight * std::abs(eps.imag() - sample.epsilon.imag());
    if (!std::isfinite(index + loss)) return {};
    worst = {std::max(worst.index, index), std::max({worst.both, index, loss})};
  }
  return worst;
}

struct Trial {
  Eigen::VectorXd parameters;
  Range range{};
  Error error;
};

class Fitter {
 public:
  Fitter(const Samples& samples, const Samples& finer, const Range& range)
      : samples_(samples), finer_(finer), range_(range) {}

  /// The best with each number of poles, until further poles gain nothing.
  Trial Run() const {
    Trial best = Refined(FirstGuess());
    Trial last = best;
    for (int poles = range_.Extra() ? 2 : 1; poles <= kMostPoles && best.error.both > kGoodIndex;
         ++poles) {
      const Trial next = WithOneMore(last);
      if (!(next.error.both < std::numeric_limits<double>::infinity())) break;
      if (Earned(next.error.both, best.error.both)) best = next;
      last = next;
    }
    return Pruned(best);
  }

 private:
  /// A constant, with the first pole where there is one from the start.
  Eigen::VectorXd FirstGuess() const {
    double mean = 0, strength = 0, conductivity = 0;
    for (const BandSample& s : samples_) {
      const double share = 1 / static_cast<double>(samples_.size());
      mean += share * s.epsilon.real();
      strength += share * std::max(0.0, 1 - s.epsilon.real()) * s.omega * s.omega;
      conductivity += share * std::max(0.0, s.epsilon.imag()) * s.omega;
    }
    Eigen::VectorXd guess = Eigen::VectorXd::Zero(range_.Extra() ? 5 : 2);
    guess[0] = std::sqrt(std::max(0.01, mean - 1));
    // Free charges make the loss where there are any.
    guess[1] = range_.Extra() ? 1e-2 : std::sqrt(std::max(1e-8, conductivity));
    if (range_.Extra()) {
      guess[2] = std::sqrt(std::max(0.1, strength));
      guess[4] = Unbounded(0.05, kDampings);
    }
    return guess;
  }

  Trial Refined(Eigen::VectorXd x) const {
    Eigen::NumericalDiff<Residuals, Eigen::Central> residuals(
        Residuals{&samples_, range_, static_cast<int>(x.size())});
    Eigen::LevenbergMarquardt<Eigen::NumericalDiff<Residuals, Eigen::Central>> solver(residuals);
    solver.parameters.maxfev = 400 * static_cast<int>(x.size() + 1);
    solver.parameters.xtol = solver.parameters.ftol = 1e-12;
    solver.minimize(x);
    return {x, range_, ErrorOf(FromParameters(x, range_), finer_)};
  }

  /// `last` and a pole whose frequency and damping reduce the residual most, refined together.
  Trial WithOneMore(const Trial& last) const {
    std::vector<std::pair<double, Eigen::VectorXd>> starts;
    constexpr int kFrequencies = 24;
    for (int f = 0; f < kFrequencies; ++f) {
      const auto [low, high] = range_.others;
      const double frequency = low * std::pow(high / low, (f + 0.5) / kFrequencies);
      for (const double damping : range_.lossless ? std::vector<double>{0} : kDampingStarts) {
        const auto [constant, strength] = Projection(last.parameters, frequency, damping);
        if (strength <= 0) continue;
        Eigen::VectorXd start(last.parameters.size() + 3);
        start << last.parameters, std::sqrt(strength), Unbounded(frequency, range_.others),
            Unbounded(damping, kDampings);
        start[0] = std::sqrt(std::max(1e-4, start[0] * start[0] + constant));
        Eigen::VectorXd residual;
        Residuals{&samples_, range_, static_cast<int>(start.size())}(start, residual);
        starts.emplace_back(residual.squaredNorm(), start);
      }
    }
    std::sort(starts.begin(), starts.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    Trial best;
    // The best starts are neighbours; a step over some of them gives different ones.
    const size_t step = 1 + starts.size() / (4 * kStarts);
    for (size_t s = 0; s < std::min(starts.size(), kStarts * step); s += step) {
      const Trial trial = Refined(starts[s].second);
      if (trial.error.both < best.error.both) best = trial;
    }
    return best;
  }

  /// Whether a pole that brings the error from `before` down to `now` is worth its time.
  static bool Earned(double now, double before) {
    return now < (before <= kGoodAbove ? kWorthAtGood : kWorthAPole) * before;
  }

  /// Without the poles that are not worth it beside the others.
  Trial Pruned(Trial best) const {
    for (Eigen::Index p = best.parameters.size() - 3; p >= (range_.Extra() ? 5 : 2); p -= 3) {
      Eigen::VectorXd without(best.parameters.size() - 3);
      without << best.parameters.head(p), best.parameters.tail(without.size() - p);
      const Trial trial = Refined(without);
      if (trial.error.both <= kGoodIndex || !Earned(best.error.both, trial.error.both))
        best = trial;
    }
    return best;
  }

  /// Change of eps_inf, and strength of a pole, with which they take most of the residual.
  std::array<double, 2> Projection(const Eigen::VectorXd& x, double frequency,
                                   double damping) const {
    const Medium medium = FromParameters(x, range_);
    Medium single;
    single.eps_inf = 0;
    single.poles = {{1, frequency, damping}};
    Eigen::MatrixXd terms(2 * static_cast<Eigen::Index>(samples_.size()), 2);
    Eigen::VectorXd wanted(terms.rows());
    for (size_t s = 0; s < samples_.size(); ++s) {
      const auto row = static_cast<Eigen::Index>(2 * s);
      const BandSample& sample = samples_[s];
      const Complex missing = sample.epsilon - medium.Permittivity(sample.omega);
      const Complex term = single.Permittivity(sample.omega);
      const double loss_weight = LossWeight(sample);
      wanted[row] = sample.weight * missing.real();
      wanted[row + 1] = loss_weight * missing.imag();
      terms.row(row) << sample.weight, sample.weight * term.real();
      terms.row(row + 1) << 0, loss_weight * term.imag();
    }
    const Eigen::VectorXd found = terms.colPivHouseholderQr().solve(wanted);
    return {found[0], found[1]};
  }

  const Samples& samples_;
  const Samples& finer_;
  Range range_;
};

struct Given {
  const std::function<Complex(double)>& permittivity;
  std::array<double, 2> band;

  double Middle() const { return 0.5 * (band[0] + band[1]); }
};

Samples SamplesOf(const Given& given, int count) {
  Samples samples;
  double most = 0;
  for (int k = 0; k < count; ++k) {
    const double omega = given.band[0] + (given.band[1] - given.band[0]) * k / (count - 1.0);
    const Complex epsilon = given.permittivity(omega);
    // Where the index vanishes, its error is the root of that of epsilon.
    const double weight = 0.5 / std::max(0.1, std::abs(std::sqrt(epsilon)));
    samples.push_back({omega / given.Middle(), epsilon, weight, 0});
    most = std::max(most, epsilon.imag());
  }
  for (BandSample& sample : samples) {
    const double least = std::max(kLeastIndex / kGoodLoss / sample.weight, kLeastShare * most);
    sample.loss_weight = kGoodIndex / kGoodLoss / std::max(sample.epsilon.imag(), least);
  }
  return samples;
}

Samples WithoutLossWeights(Samples samples) {
  for (BandSample& sample : samples) sample.loss_weight = 0;
  return samples;
}

/// The best of fits with poles above the band alone, with one below it, and with free charges.
Trial BestOf(const Samples& samples, const Samples& finer, const Given& given, double highest) {
  // Without loss a pole in the band would be a line that no sample shows.
  const bool lossless = std::all_of(finer.begin(), finer.end(),
                                    [](const BandSample& s) { return s.epsilon.imag() == 0; });
  const double lowest_above = 1.3 * given.band[1] / given.Middle();
  const double top = std::max(1.01 * lowest_above, std::min(kHighest, highest / given.Middle()));
  const Interval above{lowest_above, top};
  const Interval below{kLowest, 0.7 * given.band[0] / given.Middle()};
  const Interval others = lossless ? above : Interval{kLowest, top};
  Trial best;
  for (const Range& tried :
       {Range{above, above, lossless}, Range{lossless ? below : others, others, lossless},
        Range{kDrude, others, lossless}}) {
    if (best.error.both <= kGoodAbove) break;
    const Trial trial = Fitter(samples, finer, tried).Run();
    if (trial.error.both < kWorthAPole * best.error.both) best = trial;
  }
  base::Require(best.parameters.size() > 0, "a fit of poles");
  return best;
}

Samples FinerSamplesOf(const Given& given) {
  return SamplesOf(given, (kFitSamples - 1) * kFinerBy + 1);
}

}  // namespace

Medium FitPassivePoles(const std::string& name, const std::function<Complex(double)>& permittivity,
                       std::array<double, 2> omega_band, double highest) {
  base::Require(omega_band[0] > 0 && omega_band[0] < omega_band[1], "a band of frequencies > 0");
  const Given given{permittivity, omega_band};
  const Samples samples = SamplesOf(given, kFitSamples);
  const Samples finer = FinerSamplesOf(given);
  Trial best = BestOf(samples, finer, given, highest);
  if (best.error.index > kPoorIndex) {
    // A loss that no poles follow must not cost the index, too.
    const Trial plain =
        BestOf(WithoutLossWeights(samples), WithoutLossWeights(finer), given, highest);
    if (plain.error.index < 0.5 * best.error.index) best = plain;
  }
  Medium medium = FromParameters(best.parameters, best.range);
  medium.name = name;
  medium.conductivity *= given.Middle();
  for (Pole& pole : medium.poles) {
    pole.strength *= given.Middle() * given.Middle();
    pole.frequency *= given.Middle();
    pole.damping *= given.Middle();
  }
  return medium;
}

FitError ErrorOfFit(const Medium& medium, const std::function<Complex(double)>& permittivity,
                    std::array<double, 2> omega_band) {
  const Given given{permittivity, omega_band};
  FitError worst;
  for (const BandSample& sample : FinerSamplesOf(given)) {
    const Complex eps = medium.Permittivity(sample.omega * given.Middle());
    const double loss = std::abs(eps.imag() - sample.epsilon.imag());
    worst.index = std::max(worst.index, std::abs(std::sqrt(eps) - std::sqrt(sample.epsilon)));
    worst.loss = std::max(worst.loss, loss * sample.loss_weight * kGoodLoss / kGoodIndex);
  }
  return worst;
}

}  // namespace symwave::domain
