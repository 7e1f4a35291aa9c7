#include <algorithm>

#include "solvers/fdtd/local_block.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;

namespace {

/// Increments of D_x and D_y at the points of a row of E, outside the PML.
template <class Real>
struct RowIncrements {
  Row<Real> row;
  Real X(int i) const {
    const Real across_y = (row.vz[i] - row.vz_j1[i]) * row.dy;
    return row.vy == nullptr ? across_y : across_y - (row.vy[i] - row.vy_k1[i]) * row.dz;
  }
  Real Y(int i) const {
    const Real across_x = (row.vz[i - 1] - row.vz[i]) * row.dx[i];
    return row.vx == nullptr ? across_x : across_x + (row.vx[i] - row.vx_k1[i]) * row.dz;
  }
  /// What a node of this row passes on to Ey, given the Ex beside it.
  Real ForY(const CoupledNode<Real>& node) const {
    return node.before_x * X(node.i - 1) + node.behind_x * X(node.i);
  }
};

}  // namespace

template <class Real>
void LocalBlock<Real>::CoupleOwnNodes(int j, int k, int first, int last) {
  RowIncrements<Real> here[2], below[2];
  Real* ex[2] = {nullptr, nullptr};
  Real* ey[2] = {nullptr, nullptr};
  for (int part = 0; part < Parts(); ++part) {
    SetFields(states_[part], true, j, k, here[part].row);
    SetFields(states_[part], true, j - 1, k, below[part].row);
    ex[part] = here[part].row.ux;
    ey[part] = here[part].row.uy;
  }
  Real for_last[2] = {0, 0};  // Ex before the first point, whose image is the last one
  for (const auto* node = couplings_.Begin(j, k); node != couplings_.End(j, k); ++node) {
    const int i = node->i;
    if (i < first || i > last) continue;
    Real for_x[2] = {0, 0};
    for (int part = 0; part < Parts(); ++part) {
      for_x[part] = node->before_y * below[part].Y(i) + node->behind_y * here[part].Y(i);
      if (i > first) ex[part][i - 1] += for_x[part];
      if (i == last) continue;
      ex[part][i] += for_x[part];
      ey[part][i] += here[part].ForY(*node);
    }
    if (i == 0) std::copy(for_x, for_x + 2, for_last);
  }
  if (!wraps_) return;
  const int image = held_.Extent(0) - 1;
  ex[0][image] += wrap_cosine_ * for_last[0] - wrap_sine_ * for_last[1];
  if (Parts() == 2) ex[1][image] += wrap_sine_ * for_last[0] + wrap_cosine_ * for_last[1];
}

template <class Real>
void LocalBlock<Real>::CoupleNodesAbove(int j, int k, int first, int last) {
  for (const BlockState<Real>& state : states_) {
    RowIncrements<Real> above;
    SetFields(state, true, j + 1, k, above.row);
    Real* ey = state.fields.RowAt(Component::Ey, j, k);
    for (const auto* node = couplings_.Begin(j + 1, k); node != couplings_.End(j + 1, k); ++node) {
      if (node->i >= first && node->i < last) ey[node->i] += above.ForY(*node);
    }
  }
}

template <class Real>
void LocalBlock<Real>::Couple(int j, int k, int begin, int end) {
  if (begin >= end) return;
  const int first = begin - held_.lo[0], last = end - held_.lo[0];
  if (couplings_.Begin(j, k) != couplings_.End(j, k)) CoupleOwnNodes(j, k, first, last);
  if (couplings_.Begin(j + 1, k) != couplings_.End(j + 1, k)) CoupleNodesAbove(j, k, first, last);
}

template void LocalBlock<float>::Couple(int, int, int, int);
template void LocalBlock<double>::Couple(int, int, int, int);

}  // namespace symwave::solvers::fdtd
