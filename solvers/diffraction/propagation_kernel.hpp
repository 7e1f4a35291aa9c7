// Transfer function of free space on the grid of a padded plane.
#pragma once

#include <complex>
#include <vector>

#include "solvers/diffraction/propagation.hpp"

namespace symwave::solvers::diffraction {

/// Length of the padded axis of n pixels; an axis of one pixel is not transformed.
int PaddedLength(int n, double padding);

/// Largest frequency kept along an axis of `padded` samples [1/um], at most 1 / (2 pitch).
double BandLimit(int padded, double pitch, const PropagationOptions& options);

/// The frequencies kept along an axis: m / (length pitch) for m = 0, 1, -1, 2, -2 ..., so that
/// neighbours share |m|.
struct Band {
  Band(int pixels, double pitch, const PropagationOptions& options);

  int length = 1;          ///< of the padded axis
  int half = 0;            ///< largest m
  std::vector<int> index;  ///< of each frequency in the transform, 0 <= index < length
  int Count() const { return static_cast<int>(index.size()); }
  double step = 0;  ///< 1 / (length pitch) [1/um]; 0 on an axis of one pixel
};

/// H(fx, fy), even in both.
std::complex<double> TransferFunction(const PropagationOptions& options, double fx, double fy);

}  // namespace symwave::solvers::diffraction
