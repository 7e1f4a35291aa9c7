// Transfer function of free space on the grid of a padded plane.
#pragma once

#include <complex>

#include "solvers/diffraction/propagation.hpp"

namespace symwave::solvers::diffraction {

/// Largest frequency kept along an axis of `padded` samples [1/um], at most 1 / (2 pitch).
double BandLimit(int padded, double pitch, const PropagationOptions& options);

/// H(fx, fy), even in both.
std::complex<double> TransferFunction(const PropagationOptions& options, double fx, double fy);

}  // namespace symwave::solvers::diffraction
