// Sums of running transforms as products of matrices.
// Part of row_kernels.cpp, compiled once per instruction set into SYMWAVE_KERNEL_LEVEL.
#pragma once

#include "solvers/fdtd/kernel_vectors.hpp"
#include "solvers/fdtd/row_kernels.hpp"

namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL {

namespace {

/// Factors of a matrix product: left(m, s) at left[s * left_stride + m], right(s, n) likewise.
struct Factors {
  const double* left;
  long left_stride;
  const double* right;
  long right_stride;
  long count;
};

/// out(m, n) += sum_s left(m, s) right(s, n) for M x N sums that stay in registers.
template <int M, int N>
void AddTile(const Factors& f, double* out, long stride) {
  using V = typename Vector<double, N>::Type;
  V sum[M];
  for (int m = 0; m < M; ++m) __builtin_memcpy(&sum[m], out + m * stride, sizeof(V));
  const double* left = f.left;
  const double* right = f.right;
  for (long s = 0; s < f.count; ++s) {
    V value;
    __builtin_memcpy(&value, right, sizeof(V));
    for (int m = 0; m < M; ++m) sum[m] += left[m] * value;
    left += f.left_stride;
    right += f.right_stride;
  }
  for (int m = 0; m < M; ++m) __builtin_memcpy(out + m * stride, &sum[m], sizeof(V));
}

template <int M>
void AddTileRow(Factors f, double* out, long stride, long columns) {
  const auto advance = [&f, &out, &columns](int n) {
    f.right += n;
    out += n;
    columns -= n;
  };
  for (; columns >= 8; advance(8)) AddTile<M, 8>(f, out, stride);
  for (; columns >= 4; advance(4)) AddTile<M, 4>(f, out, stride);
  for (; columns >= 2; advance(2)) AddTile<M, 2>(f, out, stride);
  for (; columns >= 1; advance(1)) AddTile<M, 1>(f, out, stride);
}

void AddProduct(Factors f, double* out, long stride, long rows, long columns) {
  const auto advance = [&f, &out, &rows, stride](int m) {
    f.left += m;
    out += m * stride;
    rows -= m;
  };
  for (; rows >= 6; advance(6)) AddTileRow<6>(f, out, stride, columns);
  for (; rows >= 2; advance(2)) AddTileRow<2>(f, out, stride, columns);
  for (; rows >= 1; advance(1)) AddTileRow<1>(f, out, stride, columns);
}

template <class Real>
void AddSamples(const SampleBatch<Real>& batch, const TransformSums& sums, long begin, long end) {
  constexpr long kSamples = 32;
  constexpr long kPoints = 48;
  alignas(64) double panel[kSamples * kPoints];
  for (long point = begin; point < end; point += kPoints) {
    const long points = end - point < kPoints ? end - point : kPoints;
    for (long first = 0; first < batch.count; first += kSamples) {
      const long count = batch.count - first < kSamples ? batch.count - first : kSamples;
      for (long s = 0; s < count; ++s) {
        const Real* __restrict from = batch.samples + (first + s) * batch.stride + point;
        double* __restrict to = panel + s * kPoints;
        for (long p = 0; p < points; ++p) to[p] = static_cast<double>(from[p]);
      }
      const double* factors = batch.factors + first * batch.columns;
      if (sums.by_point) {
        AddProduct({panel, kPoints, factors, batch.columns, count},
                   sums.values + point * sums.stride, sums.stride, points, batch.columns);
      } else {
        AddProduct({factors, batch.columns, panel, kPoints, count}, sums.values + point,
                   sums.stride, batch.columns, points);
      }
    }
  }
}

}  // namespace

}  // namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL
