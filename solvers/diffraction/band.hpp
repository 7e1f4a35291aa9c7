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

/// The frequencies |f| <= limit of an axis of `pixels` padded with zeros to `length` samples:
/// m / (length pitch). Where half the length holds the pixels, the transform is split into that of
/// the even and that of the odd frequencies, each of half the length and without zeros:
///   X[2 a] = F_half(x)[a],   X[2 a + 1] = F_half(x_k exp(-2 pi i k / length))[a]
struct Band {
  /// Neighbouring samples of one part that are kept.
  struct Run {
    int part = 0, first = 0, count = 0;  ///< samples first ... first + count - 1 of the part
    int position = 0;                    ///< of the first one among all frequencies kept
  };

  /// `limit` [1/um] is at most 1 / (2 pitch).
  Band(int pixels, int length, double pitch, double limit);

  int length = 1;          ///< of the padded axis
  int parts = 1;           ///< 1 or 2
  int part_length = 1;     ///< length / parts
  double step = 0;         ///< 1 / (length pitch) [1/um]; 0 on an axis of one pixel
  int half = 0;            ///< largest m
  std::vector<int> order;  ///< m of each frequency kept
  std::vector<Run> runs;   ///< the same, in the same order

  int Count() const { return static_cast<int>(order.size()); }
  /// Both signs of the highest frequency share one sample.
  bool IsNyquist(int m) const { return 2 * m == length; }
};

}  // namespace symwave::solvers::diffraction
