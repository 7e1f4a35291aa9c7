// Polynomials through values at given points.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace symwave::solvers::fdtd {

/// Weights of the values at `points` in the polynomial through them at `x` (Lagrange).
std::vector<double> InterpolationWeights(const std::vector<double>& points, double x);

/// Numbers, increasing, of as many `points` as a polynomial over `range` may go through without
/// making errors of the values more than `growth` times larger (its Lebesgue constant): points in
/// Leja's order, each where the product of its distances to those before is largest.
std::vector<size_t> StablePoints(const std::vector<double>& points,
                                 const std::array<double, 2>& range, double growth);

}  // namespace symwave::solvers::fdtd
