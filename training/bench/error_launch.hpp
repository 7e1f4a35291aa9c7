// The error field on its way through a mask: what it takes to launch it where forward mode may.
#pragma once

#include "training/bench/pixel_range.hpp"

namespace symwave::training::bench {

/// Transmission m of a mask as measured, and 1 / m where it is bright enough.
template <class Real>
struct MeasuredMask {
  Eigen::Array<std::complex<Real>, Eigen::Dynamic, 1> transmission, inverse;
};

/// Launches even light `launches` times and takes the mean of what arrives behind the mask, which
/// stands in the input plane. Collective on the ranks that share the planes.
template <class Real>
MeasuredMask<Real> MeasureMask(const BenchSystem<Real>& bench, int launches,
                               const MeasurementKey& key);

/// e = G^T g at the mask, and dL/dx = F^T M e behind the bench.
template <class Real>
struct ReturnedError {
  Planes<Real> at_mask, behind;
};

/// Launches the error g = dL/dy into `bench`: at the output side, or, where F^T = G, at the input
/// side. With the mask in the input plane (F = 1, G = G^T) the light of the input side passes the
/// mask first: then `mask` is its measurement, by which g is divided, in place; else null.
/// `differential`: see ErrorLaunchOptions.
/// Collective on the ranks that share the planes.
template <class Real>
ReturnedError<Real> LaunchError(const BenchSystem<Real>& bench, Side side,
                                const MeasuredMask<Real>* mask, Planes<Real>& g, bool differential,
                                const MeasurementKey& key);

/// a^T b of the first few planes.
template <class Real>
Eigen::MatrixXcd Products(const Planes<Real>& a, const Planes<Real>& b);

/// Where the error returns through symmetric optics, e^T v of the mask equals g^T y of the output:
/// the square of their difference, and that of g^T y. Collective on the ranks of `layout`.
Eigen::Array2d SquaredDefect(const PixelRange& layout, const Eigen::MatrixXcd& from_outputs,
                             const Eigen::MatrixXcd& from_mask);

/// norm(C - D) / norm(C) with C = g_s^T y_t and D = e_s^T v_t of launches x_t of random phases and
/// of error fields g_s that are small spots in the dark, through an even mask or what is in: 0 for
/// exact launches and measurements on symmetric optics. `step`: of MeasurementKey. Collective on
/// the ranks that share the planes.
template <class Real>
double SymmetryDefect(const BenchSystem<Real>& bench, bool differential, std::uint64_t step);

/// gradient -= 2 Im(e v), summed over the planes.
template <class Real>
void AddPhaseGradient(const Planes<Real>& e, const Planes<Real>& v, double* gradient);

}  // namespace symwave::training::bench
