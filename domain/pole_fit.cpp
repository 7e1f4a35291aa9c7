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

constexpr int kSamples = 41;  // of the band in the fit
constexpr int kFinerBy = 4;   // in the judgement of a fit, between the samples
constexpr int kMostPoles = 5;
constexpr size_t kStarts = 4;        // refined for each further pole
constexpr double kGoodIndex = 5e-5;  // error of n + i k that needs no further pole
constexpr double kGoodAbove = 2e-4;  // error that needs no pole but those above the band
constexpr double kWorthAPole = 0.7;  // of the error may be left where a further pole is taken
constexpr double kLowest = 0.02;     // frequency of a pole, over the middle of the band
constexpr double kHighest = 8;
constexpr std::array<double, 2> kDampings{0, 4};

struct Sample {
  double omega;  // over the middle of the band
  Complex epsilon;
  double weight;  // of an error of epsilon as one of the index, 1 / |2 n|
};
using Samples = std::vector<Sample>;

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
      const Sample& sample = (*samples)[s];
      const Complex error = sample.weight * (medium.Permittivity(sample.omega) - sample.epsilon);
      residual[s] = error.real();
      residual[count + s] = error.imag();
    }
    return 0;
  }
};

/// Largest error of the index.
double ErrorOf(const Medium& medium, const Samples& samples) {
  double worst = 0;
  for (const Sample& sample : samples) {
    worst = std::max(
        worst, std::abs(std::sqrt(medium.Permittivity(sample.omega)) - std::sqrt(sample.epsilon)));
  }
  return worst;
}

struct Trial {
  Eigen::VectorXd parameters;
  double error = std::numeric_limits<double>::infinity();
};

class Fitter {
 public:
  Fitter(const Samples& samples, const Samples& finer, const Range& range)
      : samples_(samples), finer_(finer), range_(range) {}

  /// The best with each number of poles, until further poles gain nothing.
  Trial Run() const {
    Trial best = Refined(FirstGuess());
    Trial last = best;
    for (int poles = range_.Extra() ? 2 : 1; poles <= kMostPoles && best.error > kGoodIndex;
         ++poles) {
      const Trial next = WithOneMore(last);
      if (!(next.error < std::numeric_limits<double>::infinity())) break;
      if (next.error < kWorthAPole * best.error) best = next;
      last = next;
    }
    return best;
  }

 private:
  /// A constant, with the first pole where there is one from the start.
  Eigen::VectorXd FirstGuess() const {
    double mean = 0, strength = 0;
    for (const Sample& s : samples_) {
      mean += s.epsilon.real() / static_cast<double>(samples_.size());
      strength += std::max(0.0, 1 - s.epsilon.real()) * s.omega * s.omega /
                  static_cast<double>(samples_.size());
    }
    Eigen::VectorXd guess = Eigen::VectorXd::Zero(range_.Extra() ? 5 : 2);
    guess[0] = std::sqrt(std::max(0.01, mean - 1));
    guess[1] = 1e-2;
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
    const double error = ErrorOf(FromParameters(x, range_), finer_);
    return {x, std::isfinite(error) ? error : std::numeric_limits<double>::infinity()};
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
      if (trial.error < best.error) best = trial;
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
      const Sample& sample = samples_[s];
      const Complex missing = sample.weight * (sample.epsilon - medium.Permittivity(sample.omega));
      const Complex term = sample.weight * single.Permittivity(sample.omega);
      wanted[row] = missing.real();
      wanted[row + 1] = missing.imag();
      terms.row(row) << sample.weight, term.real();
      terms.row(row + 1) << 0, term.imag();
    }
    const Eigen::VectorXd found = terms.colPivHouseholderQr().solve(wanted);
    return {found[0], found[1]};
  }

  const Samples& samples_;
  const Samples& finer_;
  Range range_;
};

Samples SamplesOf(const std::function<Complex(double)>& permittivity, std::array<double, 2> band,
                  int count) {
  Samples samples;
  const double middle = 0.5 * (band[0] + band[1]);
  for (int k = 0; k < count; ++k) {
    const double omega = band[0] + (band[1] - band[0]) * k / (count - 1.0);
    const Complex epsilon = permittivity(omega);
    // Where the index vanishes, its error is the root of that of epsilon.
    samples.push_back({omega / middle, epsilon, 0.5 / std::max(0.1, std::abs(std::sqrt(epsilon)))});
  }
  return samples;
}

}  // namespace

Medium FitPassivePoles(const std::string& name, const std::function<Complex(double)>& permittivity,
                       std::array<double, 2> omega_band) {
  base::Require(omega_band[0] > 0 && omega_band[0] < omega_band[1], "a band of frequencies > 0");
  const Samples samples = SamplesOf(permittivity, omega_band, kSamples);
  const Samples finer = SamplesOf(permittivity, omega_band, (kSamples - 1) * kFinerBy + 1);
  const double middle = 0.5 * (omega_band[0] + omega_band[1]);
  // Without loss a pole in the band would be a line that no sample shows.
  const bool lossless = std::all_of(finer.begin(), finer.end(),
                                    [](const Sample& s) { return s.epsilon.imag() == 0; });
  const Interval above{1.3 * omega_band[1] / middle, kHighest};
  const Interval below{kLowest, 0.7 * omega_band[0] / middle};
  const Interval others = lossless ? above : Interval{kLowest, kHighest};
  Trial best;
  Range range{};
  for (const Range& tried :
       {Range{above, above, lossless}, Range{lossless ? below : others, others, lossless},
        Range{kDrude, others, lossless}}) {
    if (best.error <= kGoodAbove) break;
    const Trial trial = Fitter(samples, finer, tried).Run();
    if (!(trial.error < kWorthAPole * best.error)) continue;
    best = trial;
    range = tried;
  }
  base::Require(best.parameters.size() > 0, "a fit of poles");
  Medium medium = FromParameters(best.parameters, range);
  medium.name = name;
  medium.conductivity *= middle;
  for (Pole& pole : medium.poles) {
    pole.strength *= middle * middle;
    pole.frequency *= middle;
    pole.damping *= middle;
  }
  return medium;
}

}  // namespace symwave::domain
