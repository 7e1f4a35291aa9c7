// Loops over the poles of dispersive media that stand outside of the update of E.
// Part of row_kernels.cpp, compiled once per instruction set into SYMWAVE_KERNEL_LEVEL.
#pragma once

#include "solvers/fdtd/kernel_vectors.hpp"
#include "solvers/fdtd/row_kernels.hpp"

namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL {

namespace {

/// P and dP of one term at V's points; returns dP.
template <class V, class Real>
inline V AdvancePole(const PoleTerm<Real>& term, Real* p, long length, const V& driven) {
  const V old = Load<V>(p);
  const V dp = term.memory * Load<V>(p + length) - term.spring * old + driven;
  Store(p, old + dp);
  Store(p + length, dp);
  return dp;
}

template <class V, class Real, bool Subtract, bool Shared>
inline void PolarizeAt(const PolarizedPoints<Real>& points, const PoleTerm<Real>* terms, long count,
                       long i) {
  const V e = Load<V>(points.e + i);
  V sum{};
  Real* p = points.state + i;
  for (long t = 0; t < count; ++t, p += 2 * points.length) {
    V driven = terms[t].drive * e;
    if constexpr (Shared) {
      if (terms[t].share != nullptr) driven *= Load<V>(terms[t].share + i);
    }
    sum += AdvancePole<V>(terms[t], p, points.length, driven);
  }
  if constexpr (Subtract) Store(points.e + i, e - Load<V>(points.c + i) * sum);
}

template <class Real, bool Subtract, bool Shared, long Count>
void PolarizeSpan(const PolarizedPoints<Real>& points, long begin, long end) {
  constexpr long lanes = SYMWAVE_VECTOR_BYTES / sizeof(Real);
  using V = typename Vector<Real, lanes>::Type;
  const long count = Count > 0 ? Count : points.count;
  PoleTerm<Real> kept[Count > 0 ? Count : 1];  // in registers
  for (long t = 0; t < Count; ++t) kept[t] = points.terms[t];
  const PoleTerm<Real>* terms = Count > 0 ? kept : points.terms;
  long i = begin;
  for (; i + lanes <= end; i += lanes) {
    PolarizeAt<V, Real, Subtract, Shared>(points, terms, count, i);
  }
  for (; i < end; ++i) PolarizeAt<Real, Real, Subtract, Shared>(points, terms, count, i);
}

template <class Real, bool Subtract>
void Polarize(const PolarizedPoints<Real>& given, long begin, long end) {
  const PolarizedPoints<Real> points = given;
  for (long t = 0; t < points.count; ++t) {
    if (points.terms[t].share != nullptr) {
      return PolarizeSpan<Real, Subtract, true, 0>(points, begin, end);
    }
  }
  if (points.count == 1) return PolarizeSpan<Real, Subtract, false, 1>(points, begin, end);
  if (points.count == 2) return PolarizeSpan<Real, Subtract, false, 2>(points, begin, end);
  PolarizeSpan<Real, Subtract, false, 0>(points, begin, end);
}

/// E <- E - c sum dP.
template <class V, class Real>
inline void DepolarizeAt(const PolarizedPoints<Real>& points, long i) {
  V sum{};
  for (long t = 0; t < points.count; ++t) {
    sum += Load<V>(points.state + (2 * t + 1) * points.length + i);
  }
  Store(points.e + i, Load<V>(points.e + i) - Load<V>(points.c + i) * sum);
}

template <class Real>
void Depolarize(const PolarizedPoints<Real>& given, long begin, long end) {
  constexpr long lanes = SYMWAVE_VECTOR_BYTES / sizeof(Real);
  using V = typename Vector<Real, lanes>::Type;
  const PolarizedPoints<Real> points = given;
  long i = begin;
  for (; i + lanes <= end; i += lanes) DepolarizeAt<V, Real>(points, i);
  for (; i < end; ++i) DepolarizeAt<Real, Real>(points, i);
}

}  // namespace

}  // namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL
