#include "solvers/fdtd/interpolation.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

/// Samples of a range on which a polynomial's growth is looked for.
constexpr int kSamples = 100;

double LebesgueConstant(const std::vector<double>& points, const std::array<double, 2>& range) {
  double largest = 0;
  for (int s = 0; s <= kSamples; ++s) {
    double sum = 0;
    const double x = range[0] + (range[1] - range[0]) * s / kSamples;
    for (const double weight : InterpolationWeights(points, x)) sum += std::abs(weight);
    largest = std::max(largest, sum);
  }
  return largest;
}

/// The next of Leja's points.
size_t FarthestFrom(const std::vector<double>& chosen, const std::vector<double>& points,
                    double middle) {
  size_t best = 0;
  double largest = -1;
  for (size_t k = 0; k < points.size(); ++k) {
    // The first one stands next to the middle.
    double product = chosen.empty() ? 1 / (1e-12 + std::abs(points[k] - middle)) : 1;
    for (const double x : chosen) product *= std::abs(points[k] - x);
    if (product <= largest) continue;
    largest = product;
    best = k;
  }
  return best;
}

}  // namespace

std::vector<double> InterpolationWeights(const std::vector<double>& points, double x) {
  std::vector<double> weights(points.size(), 1.0);
  for (size_t k = 0; k < points.size(); ++k) {
    for (size_t j = 0; j < points.size(); ++j) {
      if (j != k) weights[k] *= (x - points[j]) / (points[k] - points[j]);
    }
  }
  return weights;
}

std::vector<size_t> StablePoints(const std::vector<double>& points,
                                 const std::array<double, 2>& range, double growth) {
  base::Require(!points.empty(), "a polynomial goes through one point at least");
  std::vector<size_t> numbers;
  std::vector<double> chosen;
  while (numbers.size() < points.size()) {
    const size_t next = FarthestFrom(chosen, points, 0.5 * (range[0] + range[1]));
    chosen.push_back(points[next]);
    if (chosen.size() > 1 && LebesgueConstant(chosen, range) > growth) break;
    numbers.push_back(next);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace symwave::solvers::fdtd
