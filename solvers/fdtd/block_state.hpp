// What one rank keeps of the fields: their values, the memory of the PML and the polarisations.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/storage.hpp"

namespace symwave::solvers::fdtd {

/// Vectors along x that a PML layer touches, as values from the first held point: what its memory
/// covers of a row.
struct LayerSpan {
  int begin = 0;
  int length = 0;
};
LayerSpan SpanOf(const domain::IndexBox& layer, const domain::IndexBox& held);

/// CPML memory of one layer on the points that a rank holds of it: two values for E and two for H
/// per point, for the components across the axis in cyclic order. Layers across y and z have memory
/// of their own, those across x lie beside the rows of the fields.
template <class Real>
class PmlMemory {
 public:
  static constexpr int kValuesPerPoint = 4;

  PmlMemory(int axis, const domain::IndexBox& box, const domain::IndexBox& held);
  /// Beside the rows of `fields`, `first` values after the start of that space.
  PmlMemory(int axis, const domain::IndexBox& box, const domain::IndexBox& held,
            const FieldStore<Real>& fields, int first);

  int Axis() const { return axis_; }
  const domain::IndexBox& Box() const { return box_; }
  bool HasRow(int j, int k) const {
    return j >= box_.lo[1] && j < box_.hi[1] && k >= box_.lo[2] && k < box_.hi[2];
  }
  /// Pointer such that [i - held.lo[0]] is point i of the box; `component` 0 or 1.
  Real* E(int component, int j, int k) const { return At(component, j, k); }
  Real* H(int component, int j, int k) const { return At(2 + component, j, k); }
  /// All values of a row, one after the other.
  Real* RowBase(int j, int k) const { return At(0, j, k) + span_.begin; }
  long ValuesPerRow() const { return static_cast<long>(kValuesPerPoint) * span_.length; }
  long BytesPerRow() const { return ValuesPerRow() * static_cast<long>(sizeof(Real)); }
  void Clear() { values_.Clear(); }
  double Bytes() const { return values_.Bytes(); }

 private:
  Real* At(int component, int j, int k) const {
    return first_ + (k - box_.lo[2]) * stride_z_ + (j - box_.lo[1]) * stride_y_ +
           static_cast<long>(component) * span_.length - span_.begin;
  }
  int axis_;
  domain::IndexBox box_;
  LayerSpan span_;
  long stride_y_ = 0;
  long stride_z_ = 0;
  Buffer<Real> values_;
  Real* first_ = nullptr;
};

/// State of one part (real, or imaginary under Bloch walls) of the fields.
template <class Real>
struct BlockState {
  BlockState(const domain::Lattice& lattice, const domain::IndexBox& held, size_t polarizations);
  FieldStore<Real> fields;
  std::vector<PmlMemory<Real>> pml;
  std::array<std::array<int, 2>, 3> layer{};  ///< number in pml of (axis, side), -1: none
  Buffer<Real> polarization;
  void Clear();
  double Bytes() const;
};

}  // namespace symwave::solvers::fdtd
