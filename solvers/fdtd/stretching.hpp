// Difference factors along the axes: cell sizes, walls and the stretching of the PML.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/yee/pml_depth.hpp"

namespace symwave::solvers::fdtd {

/// Factors at points lo - 1 ... hi of one axis; index with i - lo. For nodes (E across the axis)
/// and halves (H across the axis):
///   d = dt / (kappa width),   psi <- b psi + a (difference),   a = dt / width * (sigma-term),
/// with the CPML recursion b = exp(-(sigma/kappa + alpha) dt), sigma-term = sigma (b - 1) /
/// (sigma kappa + kappa^2 alpha). A magnetic wall doubles the difference at its node, where the
/// mirrored field is the negative one; halves beyond the last cell have d = 0.
template <class Real>
struct AxisFactors {
  std::vector<Real> d, a, b;
  const Real* D() const { return d.data() + 1; }
  const Real* A() const { return a.data() + 1; }
  const Real* B() const { return b.data() + 1; }
};

template <class Real>
struct Stretching {
  AxisFactors<Real> node[3];
  AxisFactors<Real> half[3];
};

/// Factors for the points of `held`.
template <class Real>
Stretching<Real> MakeStretching(const domain::Lattice& lattice, const domain::IndexBox& held,
                                const PmlOptions& pml, double dt);

/// sigma at the wall [1/um]; before it sigma falls as depth^order.
double LargestSigma(const PmlOptions& pml, double thickness);

/// Points of an axis that lie in the PML of one side: [lo, hi), empty without PML.
std::array<int, 2> PmlRange(const domain::Lattice& lattice, int axis, int side);

}  // namespace symwave::solvers::fdtd
