// Random phases of scattering screens and media.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "solvers/diffraction/plane.hpp"
#include "training/bench/bench_options.hpp"

namespace symwave::training::bench {

/// Gaussian random numbers of unit variance with the correlation exp(-(distance / correlation)^2)
/// on the pixels of this rank: white noise, numbered by pixel, filtered by exp(-2 r^2 /
/// correlation^2) and divided by the exact rms of the sum. Correlation 0: every pixel on its own.
/// Not collective: what lies beyond the pixels of this rank is drawn again.
Eigen::ArrayXd RandomScreen(const solvers::diffraction::PlaneShare& share, double correlation,
                            std::uint64_t stream);

/// Random and Zernike parts together [rad].
Eigen::ArrayXd ScreenPhase(const solvers::diffraction::PlaneShare& share,
                           const ScreenOptions& options);

/// Phase of each slice of a medium [rad], front to back: k times the integral over the slice of
/// index fluctuations with the correlation exp(-(distance / correlation)^2) in all directions,
/// mirror-symmetric about the middle. The statistics at the middle and beyond do not depend on the
/// number of slices. Slice s is the same array as slice (slices - 1 - s); only the first
/// (slices + 1) / 2 are returned. UserError as CheckMedium.
std::vector<Eigen::ArrayXd> MediumPhases(const solvers::diffraction::PlaneShare& share,
                                         double wavelength, const ThickMediumOptions& options);

/// UserError for options that make no medium.
void CheckMedium(const ThickMediumOptions& options);

/// Covariances of the integrals of MediumPhases over the slices, for unit index_rms [um^2]; slices
/// from front to middle.
Eigen::MatrixXd SliceCovariance(const ThickMediumOptions& options);

}  // namespace symwave::training::bench
