// Memory of the fields of one rank.
#pragma once

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "domain/lattice.hpp"

namespace symwave::solvers::fdtd {

/// Zeroed array, aligned to a cache line, in huge pages where it is large and the system has them.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(size_t count) : count_(count) {
    if (count == 0) return;
    constexpr size_t kHugePage = size_t{1} << 21;
    const size_t bytes = count * sizeof(T);
    const size_t alignment = bytes >= 4 * kHugePage ? kHugePage : 64;
    const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, rounded);
    if (memory == nullptr) throw std::bad_alloc();
    if (alignment == kHugePage) madvise(memory, rounded, MADV_HUGEPAGE);
    std::memset(memory, 0, rounded);
    data_.reset(static_cast<T*>(memory));
  }

  void Clear() {
    if (count_ > 0) std::memset(data_.get(), 0, count_ * sizeof(T));
  }
  T* Data() const { return data_.get(); }
  size_t Count() const { return count_; }
  double Bytes() const { return static_cast<double>(count_ * sizeof(T)); }

 private:
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };
  std::unique_ptr<T, Free> data_;
  size_t count_ = 0;
};

/// Rows are padded to this many values, so that every row starts on a cache line.
constexpr int kRowUnit = 16;

inline int RoundUp(int count, int unit) {
  return (count + unit - 1) / unit * unit;
}

/// The field components of one rank on its held box, with one more layer of points around it that
/// stays zero. The rows (j, k) of all components lie next to each other, followed by `beside`
/// values for whatever else belongs to the row, so that the rows of a tile are one piece of memory.
template <class Real>
class FieldStore {
 public:
  FieldStore(const domain::Lattice& lattice, const domain::IndexBox& held, int beside)
      : origin_{held.lo[0], held.lo[1] - 1, lattice.TwoDimensional() ? 0 : held.lo[2] - 1} {
    for (int c = 0; c < 6; ++c) {
      offset_[c] = lattice.Has(static_cast<domain::Component>(c)) ? slots_++ : -1;
    }
    row_ = RoundUp(held.Extent(0) + 1, kRowUnit) + kRowUnit;
    for (long& offset : offset_) offset *= offset > 0 ? row_ : 1;
    stride_y_ = static_cast<long>(slots_) * row_ + beside;
    rows_y_ = held.Extent(1) + 2;
    const int rows_z = lattice.TwoDimensional() ? 1 : held.Extent(2) + 2;
    values_ = Buffer<Real>(static_cast<size_t>(stride_y_) * rows_y_ * rows_z);
  }

  /// Value of the first stored component at held point `held.lo[0]` of row (j, k); the row goes on
  /// from there, and the value before it is readable.
  Real* Base(int j, int k) const {
    const long row = static_cast<long>(k - origin_[2]) * rows_y_ + (j - origin_[1]);
    return values_.Data() + row * stride_y_ + kRowUnit;
  }
  bool Has(domain::Component c) const { return offset_[static_cast<int>(c)] >= 0; }
  /// From the base of a row to a component that exists.
  long Offset(domain::Component c) const { return offset_[static_cast<int>(c)]; }
  /// From a row to that at j + 1 and k + 1.
  long StrideY() const { return stride_y_; }
  long StrideZ() const { return StrideY() * rows_y_; }
  /// Row (j, k) of a component, null for absent ones.
  Real* RowAt(domain::Component c, int j, int k) const {
    return Has(c) ? Base(j, k) + Offset(c) : nullptr;
  }
  /// The values beside row (j, k).
  Real* Beside(int j, int k) const {
    return Base(j, k) - kRowUnit + static_cast<long>(slots_) * row_;
  }
  /// Bytes from a row to the same row at j + 1.
  long BytesPerRow() const { return stride_y_ * static_cast<long>(sizeof(Real)); }
  void Clear() { values_.Clear(); }
  double Bytes() const { return values_.Bytes(); }

 private:
  std::array<int, 3> origin_;
  std::array<long, 6> offset_{};  ///< -1: absent
  int slots_ = 0;
  int row_ = 0;
  long stride_y_ = 0;
  int rows_y_ = 0;
  Buffer<Real> values_;
};

}  // namespace symwave::solvers::fdtd
