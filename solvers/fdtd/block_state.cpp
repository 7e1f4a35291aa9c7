#include "solvers/fdtd/block_state.hpp"

#include <algorithm>

#include "solvers/fdtd/stretching.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;

LayerSpan SpanOf(const IndexBox& layer, const IndexBox& held) {
  const int begin = (layer.lo[0] - held.lo[0]) / kRowUnit * kRowUnit;
  return {begin, RoundUp(layer.hi[0] - held.lo[0], kRowUnit) - begin};
}

template <class Real>
PmlMemory<Real>::PmlMemory(int axis, const IndexBox& box, const IndexBox& held)
    : axis_(axis), box_(box), span_(SpanOf(box, held)) {
  stride_y_ = static_cast<long>(kValuesPerPoint) * span_.length;
  stride_z_ = stride_y_ * box_.Extent(1);
  values_ = Buffer<Real>(static_cast<size_t>(stride_z_) * box_.Extent(2));
  first_ = values_.Data();
}

template <class Real>
PmlMemory<Real>::PmlMemory(int axis, const IndexBox& box, const IndexBox& held,
                           const FieldStore<Real>& fields, int first)
    : axis_(axis),
      box_(box),
      span_(SpanOf(box, held)),
      stride_y_(fields.StrideY()),
      stride_z_(fields.StrideZ()),
      first_(fields.Beside(box.lo[1], box.lo[2]) + first) {}

namespace {

/// Held points of a PML layer; empty where the rank holds none.
IndexBox LayerBox(const domain::Lattice& lattice, const IndexBox& held, int axis, int side) {
  const std::array<int, 2> range = PmlRange(lattice, axis, side);
  IndexBox layer = held;
  layer.lo[axis] = std::max(held.lo[axis], range[0]);
  layer.hi[axis] = std::max(layer.lo[axis], std::min(held.hi[axis], range[1]));
  return layer;
}

/// Values beside every row for the layers across x.
template <class Real>
int BesideRow(const domain::Lattice& lattice, const IndexBox& held) {
  int beside = 0;
  for (int side = 0; side < 2; ++side) {
    const IndexBox layer = LayerBox(lattice, held, 0, side);
    if (layer.Empty()) continue;
    beside += PmlMemory<Real>::kValuesPerPoint * SpanOf(layer, held).length;
  }
  return beside;
}

}  // namespace

template <class Real>
BlockState<Real>::BlockState(const domain::Lattice& lattice, const IndexBox& held,
                             size_t polarizations)
    : fields(lattice, held, BesideRow<Real>(lattice, held)), polarization(polarizations) {
  int beside = 0;
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      layer[axis][side] = -1;
      const IndexBox box = LayerBox(lattice, held, axis, side);
      if (box.Empty()) continue;
      layer[axis][side] = static_cast<int>(pml.size());
      if (axis > 0) {
        pml.emplace_back(axis, box, held);
        continue;
      }
      pml.emplace_back(axis, box, held, fields, beside);
      beside += PmlMemory<Real>::kValuesPerPoint * SpanOf(box, held).length;
    }
  }
}

template <class Real>
void BlockState<Real>::Clear() {
  fields.Clear();
  polarization.Clear();
  for (auto& memory : pml) memory.Clear();
}

template <class Real>
double BlockState<Real>::Bytes() const {
  double bytes = fields.Bytes() + polarization.Bytes();
  for (const auto& memory : pml) bytes += memory.Bytes();
  return bytes;
}

template class PmlMemory<float>;
template class PmlMemory<double>;
template struct BlockState<float>;
template struct BlockState<double>;

}  // namespace symwave::solvers::fdtd
