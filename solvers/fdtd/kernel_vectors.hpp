// Vectors of the row loops.
// Part of row_kernels.cpp, compiled once per instruction set into SYMWAVE_KERNEL_LEVEL.
#pragma once

#include "solvers/fdtd/row_kernels.hpp"

namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL {

namespace {

/// Vectors of N numbers on every instruction set.
template <class Real, int N>
struct Vector {
  typedef Real Type __attribute__((vector_size(N * sizeof(Real))));
};

template <class V, class Real>
inline V Load(const Real* from) {
  V value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

template <class V, class Real>
inline void Store(Real* to, const V& value) {
  __builtin_memcpy(to, &value, sizeof value);
}

}  // namespace

}  // namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL
