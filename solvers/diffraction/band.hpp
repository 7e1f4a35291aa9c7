// Frequencies of a padded axis that are kept.
#pragma once

#include <complex>
#include <functional>
#include <vector>

namespace symwave::solvers::diffraction {

/// H(fx, fy); frequencies in 1/um.
using Transfer = std::function<std::complex<double>(double fx, double fy)>;

/// Smallest length from `at_least` on without prime factors above 7.
int FastLength(int at_least);

/// Length of the padded axis of n pixels; an axis of one pixel is not transformed.
int PaddedLength(int n, double padding);

/// The frequencies |f| <= limit of a padded axis: m / (length pitch) for m = 0, 1, -1, 2, -2 ...
struct Band {
  /// `length` samples of `pitch` um; `limit` [1/um] is at most 1 / (2 pitch).
  Band(int length, double pitch, double limit);

  int length = 1;          ///< of the padded axis
  int half = 0;            ///< largest m
  std::vector<int> index;  ///< of each frequency in the transform, 0 <= index < length
  double step = 0;         ///< 1 / (length pitch) [1/um]; 0 on an axis of one pixel

  int Count() const { return static_cast<int>(index.size()); }
  /// m of an index.
  int Order(int i) const { return i <= half ? i : i - length; }
  /// Both signs of the highest frequency share one sample.
  bool IsNyquist(int i) const { return 2 * i == length; }
};

}  // namespace symwave::solvers::diffraction
