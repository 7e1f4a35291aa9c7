#include "solvers/fdtd/stretching.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::fdtd {

using domain::Lattice;
using domain::Stagger;
using domain::Wall;
using yee::DepthInPml;
using yee::PmlDepth;

namespace {

struct Factors {
  double d = 0, a = 0, b = 0;
};

Factors FactorsAt(const Lattice& lattice, int axis, Stagger stagger, int i, const PmlOptions& pml,
                  double dt) {
  const int cells = lattice.Cells(axis);
  const bool half = stagger == Stagger::Centre;
  // A point that is its own neighbour has no difference.
  if (lattice.Periodic(axis) && cells == 1) return {};
  // The image of a point gets the very same factors.
  if (lattice.Periodic(axis)) i = ((i % cells) + cells) % cells;
  if (!lattice.Periodic(axis) && (i < 0 || i > cells || (half && i == cells))) return {};
  const double width = half ? lattice.CellWidth(axis, i) : lattice.NodeSpacing(axis, i);
  const double position = half ? lattice.HalfNode(axis, i) : lattice.Node(axis, i);
  double scale = dt / width;
  if (!half && ((i == 0 && lattice.End(axis, 0).wall == Wall::Pmc) ||
                (i == cells && lattice.End(axis, 1).wall == Wall::Pmc))) {
    scale *= 2;
  }
  const PmlDepth depth = DepthInPml(lattice, axis, position);
  if (depth.share < 1e-12) return {scale, 0, 0};
  const double graded = std::pow(depth.share, pml.order);
  const double sigma = LargestSigma(pml, depth.thickness) * graded;
  const double kappa = 1 + (pml.kappa_max - 1) * graded;
  const double alpha = pml.alpha_max * (1 - depth.share);
  const double b = std::exp(-(sigma / kappa + alpha) * dt);
  const double a = sigma * (b - 1) / (sigma * kappa + kappa * kappa * alpha);
  return {scale / kappa, scale * a, b};
}

template <class Real>
AxisFactors<Real> FactorsAlong(const Lattice& lattice, int axis, Stagger stagger,
                               const domain::IndexBox& held, const PmlOptions& pml, double dt) {
  AxisFactors<Real> factors;
  // The loops run in whole vectors, so that they may read a few factors beyond the last point.
  const int end = held.lo[axis] + held.Extent(axis) + 2 * 16;
  for (int i = held.lo[axis] - 1; i < end; ++i) {
    const Factors f =
        i <= held.hi[axis] ? FactorsAt(lattice, axis, stagger, i, pml, dt) : Factors{};
    factors.d.push_back(static_cast<Real>(f.d));
    factors.a.push_back(static_cast<Real>(f.a));
    factors.b.push_back(static_cast<Real>(f.b));
  }
  return factors;
}

}  // namespace

template <class Real>
Stretching<Real> MakeStretching(const Lattice& lattice, const domain::IndexBox& held,
                                const PmlOptions& pml, double dt) {
  Stretching<Real> stretching;
  for (int axis = 0; axis < 3; ++axis) {
    stretching.node[axis] = FactorsAlong<Real>(lattice, axis, Stagger::Face, held, pml, dt);
    stretching.half[axis] = FactorsAlong<Real>(lattice, axis, Stagger::Centre, held, pml, dt);
  }
  return stretching;
}

template Stretching<float> MakeStretching<float>(const Lattice&, const domain::IndexBox&,
                                                 const PmlOptions&, double);
template Stretching<double> MakeStretching<double>(const Lattice&, const domain::IndexBox&,
                                                   const PmlOptions&, double);

double LargestSigma(const PmlOptions& pml, double thickness) {
  return -(pml.order + 1) * std::log(pml.reflection) / (2 * pml.index * thickness);
}

std::array<int, 2> PmlRange(const Lattice& lattice, int axis, int side) {
  const int cells = lattice.End(axis, side).pml_cells;
  if (cells == 0) return {0, 0};
  if (side == 0) return {0, cells};
  return {lattice.Cells(axis) - cells, lattice.Cells(axis) + 1};
}

}  // namespace symwave::solvers::fdtd
