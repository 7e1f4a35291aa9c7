// Compiled once per instruction set, into the namespace SYMWAVE_KERNEL_LEVEL, with vectors of
// SYMWAVE_VECTOR_BYTES. Includes nothing that
// could leave inline functions of a wider instruction set in the program.
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

/// A factor that varies along a row, or the same everywhere on the points asked for.
template <class V, bool Uniform, class Real>
inline V Factor(const Real* factor, long i, Real uniform) {
  if constexpr (Uniform) {
    return V{} + uniform;
  } else {
    return Load<V>(factor + i);
  }
}

/// Factors of a row that are the same on all points of a uniform one.
template <class Real, unsigned Content, bool Electric>
struct UniformFactors {
  Real dx = 0, cx = 1, cy = 1, cz = 1;

  UniformFactors(const Row<Real>& row, long at) {
    if constexpr ((Content & kUniform) != 0) {
      dx = row.dx[at];
      if constexpr (Electric) {
        if (row.ux != nullptr) cx = row.cx[at];
        if (row.uy != nullptr) cy = row.cy[at];
        if (row.uz != nullptr) cz = row.cz[at];
      }
    }
  }
};

/// psi <- b psi + a difference, at V's points from i on.
template <class V, class Real>
inline V Remember(Real* psi, long i, Real b, Real a, const V& difference) {
  const V value = b * Load<V>(psi + i) + a * difference;
  Store(psi + i, value);
  return value;
}

/// The pole of component A: P and dP from the old field u; returns dP.
template <class V, int A, class Real>
inline V AdvanceOnePole(const Row<Real>& row, long i, const V& u) {
  const V p = Load<V>(row.p[A] + i);
  const V dp = row.memory * Load<V>(row.dp[A] + i) - row.spring * p + row.drive[A] * u;
  Store(row.dp[A] + i, dp);
  Store(row.p[A] + i, p + dp);
  return dp;
}

/// u <- keep u + c (curl - dP) of component A.
template <class V, int A, unsigned Content, bool Electric, class Real>
inline void Advance(const Row<Real>& row, Real* u, const Real* c, const Real* keep, Real uniform,
                    long i, const V& curl) {
  if constexpr (Electric && (Content & kOnePole) != 0) {
    const V old = Load<V>(u + i);
    Store(u + i, old + uniform * (curl - AdvanceOnePole<V, A>(row, i, old)));
  } else if constexpr (!Electric) {
    Store(u + i, Load<V>(u + i) + curl);
  } else if constexpr ((Content & kLossy) != 0) {
    Store(u + i, Load<V>(keep + i) * Load<V>(u + i) + Load<V>(c + i) * curl);
  } else {
    constexpr bool uniform_row = (Content & kUniform) != 0;
    Store(u + i, Load<V>(u + i) + Factor<V, uniform_row>(c, i, uniform) * curl);
  }
}

// Differences are v - v(i - 1) for E and v - v(i + 1), the negative forward difference, for H, so
// that both follow one formula: u_a += c (d v_c/d b - d v_b/d c), a, b, c cyclic. Every point is
// loaded once: these loops are limited by loads.
template <class V, class Real, unsigned Content, bool Electric>
inline void Points3D(const Row<Real>& row, const UniformFactors<Real, Content, Electric>& uniform,
                     long i) {
  constexpr long step = Electric ? -1 : 1;
  const V dx = Factor<V, (Content & kUniform) != 0>(row.dx, i, uniform.dx);
  const V vx = Load<V>(row.vx + i);
  const V vy = Load<V>(row.vy + i);
  const V vz = Load<V>(row.vz + i);
  const V vz_dx = vz - Load<V>(row.vz + i + step);
  const V vy_dx = vy - Load<V>(row.vy + i + step);
  const V vz_dy = vz - Load<V>(row.vz_j1 + i);
  const V vx_dy = vx - Load<V>(row.vx_j1 + i);
  const V vy_dz = vy - Load<V>(row.vy_k1 + i);
  const V vx_dz = vx - Load<V>(row.vx_k1 + i);
  V curl_x = vz_dy * row.dy - vy_dz * row.dz;
  V curl_y = vx_dz * row.dz - vz_dx * dx;
  V curl_z = vy_dx * dx - vx_dy * row.dy;
  if constexpr ((Content & kPmlY) != 0) {
    curl_z -= Remember(row.psi_y[0], i, row.by, row.ay, vx_dy);
    curl_x += Remember(row.psi_y[1], i, row.by, row.ay, vz_dy);
  }
  if constexpr ((Content & kPmlZ) != 0) {
    curl_x -= Remember(row.psi_z[0], i, row.bz, row.az, vy_dz);
    curl_y += Remember(row.psi_z[1], i, row.bz, row.az, vx_dz);
  }
  Advance<V, 0, Content, Electric>(row, row.ux, row.cx, row.kx, uniform.cx, i, curl_x);
  Advance<V, 1, Content, Electric>(row, row.uy, row.cy, row.ky, uniform.cy, i, curl_y);
  Advance<V, 2, Content, Electric>(row, row.uz, row.cz, row.kz, uniform.cz, i, curl_z);
}

// In-plane pair (u_x, u_y) driven by the out-of-plane v_z.
template <class V, class Real, unsigned Content, bool Electric>
inline void PointsInPlane(const Row<Real>& row,
                          const UniformFactors<Real, Content, Electric>& uniform, long i) {
  constexpr long step = Electric ? -1 : 1;
  const V dx = Factor<V, (Content & kUniform) != 0>(row.dx, i, uniform.dx);
  const V vz = Load<V>(row.vz + i);
  const V vz_dx = vz - Load<V>(row.vz + i + step);
  const V vz_dy = vz - Load<V>(row.vz_j1 + i);
  V curl_x = vz_dy * row.dy;
  const V curl_y = -(vz_dx * dx);
  if constexpr ((Content & kPmlY) != 0) {
    curl_x += Remember(row.psi_y[1], i, row.by, row.ay, vz_dy);
  }
  Advance<V, 0, Content, Electric>(row, row.ux, row.cx, row.kx, uniform.cx, i, curl_x);
  Advance<V, 1, Content, Electric>(row, row.uy, row.cy, row.ky, uniform.cy, i, curl_y);
}

// Out-of-plane u_z driven by the in-plane pair (v_x, v_y).
template <class V, class Real, unsigned Content, bool Electric>
inline void PointsOutOfPlane(const Row<Real>& row,
                             const UniformFactors<Real, Content, Electric>& uniform, long i) {
  constexpr long step = Electric ? -1 : 1;
  const V dx = Factor<V, (Content & kUniform) != 0>(row.dx, i, uniform.dx);
  const V vy_dx = Load<V>(row.vy + i) - Load<V>(row.vy + i + step);
  const V vx_dy = Load<V>(row.vx + i) - Load<V>(row.vx_j1 + i);
  V curl_z = vy_dx * dx - vx_dy * row.dy;
  if constexpr ((Content & kPmlY) != 0) {
    curl_z -= Remember(row.psi_y[0], i, row.by, row.ay, vx_dy);
  }
  Advance<V, 2, Content, Electric>(row, row.uz, row.cz, row.kz, uniform.cz, i, curl_z);
}

enum class Fields { All, InPlane, OutOfPlane };

template <class V, class Real, Fields Updated, unsigned Content, bool Electric>
inline void Points(const Row<Real>& row, const UniformFactors<Real, Content, Electric>& uniform,
                   long i) {
  if constexpr (Updated == Fields::All) Points3D<V>(row, uniform, i);
  if constexpr (Updated == Fields::InPlane) PointsInPlane<V>(row, uniform, i);
  if constexpr (Updated == Fields::OutOfPlane) PointsOutOfPlane<V>(row, uniform, i);
}

/// Whole vectors, then single points, with the same operations on each.
template <class Real, Fields Updated, unsigned Content, bool Electric>
void Update(const Row<Real>& given, long begin, long end) {
  constexpr long lanes = SYMWAVE_VECTOR_BYTES / sizeof(Real);
  using V = typename Vector<Real, lanes>::Type;
  if (begin >= end) return;
  const Row<Real> row = given;  // not in memory that the loop writes
  const UniformFactors<Real, Content, Electric> uniform(row, begin);
  long i = begin;
  for (; i + lanes <= end; i += lanes) {
    Points<V, Real, Updated, Content, Electric>(row, uniform, i);
  }
  for (; i < end; ++i) Points<Real, Real, Updated, Content, Electric>(row, uniform, i);
}

template <class V, class Real, bool Electric, bool HasY, bool HasZ>
inline void PointsOfLayer(const LayerAlongX<Real>& layer, long i) {
  constexpr long step = Electric ? -1 : 1;
  const V a = Load<V>(layer.a + i), b = Load<V>(layer.b + i);
  const auto add = [i](Real* u, const Real* c, const V& psi) {
    Store(u + i, Load<V>(u + i) + (Electric ? Load<V>(c + i) * psi : psi));
  };
  const auto remember = [&](Real* memory, const Real* v) {
    const V psi = b * Load<V>(memory + i) + a * (Load<V>(v + i) - Load<V>(v + i + step));
    Store(memory + i, psi);
    return psi;
  };
  if constexpr (HasY) add(layer.uy, layer.cy, -remember(layer.psi_y, layer.vz));
  if constexpr (HasZ) add(layer.uz, layer.cz, remember(layer.psi_z, layer.vy));
}

template <class Real, bool Electric, bool HasY, bool HasZ>
void AddLayer(const LayerAlongX<Real>& given, long begin, long end) {
  constexpr long lanes = SYMWAVE_VECTOR_BYTES / sizeof(Real);
  using V = typename Vector<Real, lanes>::Type;
  const LayerAlongX<Real> layer = given;
  long i = begin;
  for (; i + lanes <= end; i += lanes) PointsOfLayer<V, Real, Electric, HasY, HasZ>(layer, i);
  for (; i < end; ++i) PointsOfLayer<Real, Real, Electric, HasY, HasZ>(layer, i);
}

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

template <class Real>
double Energy(const Real* __restrict field, const Real* __restrict curl,
              const double* __restrict width, long count) {
  double sum = 0;
  if (curl == nullptr) {
#pragma omp simd reduction(+ : sum)
    for (long i = 0; i < count; ++i) {
      const double value = static_cast<double>(field[i]);
      sum += width[i] * value * value;
    }
    return sum;
  }
#pragma omp simd reduction(+ : sum)
  for (long i = 0; i < count; ++i) {
    const double value = static_cast<double>(field[i]);
    const double factor = static_cast<double>(curl[i]);
    sum += factor != 0 ? width[i] * value * value / factor : 0.0;
  }
  return sum;
}

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

/// Enters the loops of contents 0 ... Content.
template <class Real, unsigned Content>
struct Fill {
  static void All(RowKernels<Real> (&sets)[kFieldSets]) {
    if constexpr ((Content & kOnePole) == 0 || (Content & (kUniform | kLossy)) == kUniform) {
      sets[0].e[Content] = Update<Real, Fields::All, Content, true>;
      sets[1].e[Content] = Update<Real, Fields::OutOfPlane, Content, true>;
      sets[2].e[Content] = Update<Real, Fields::InPlane, Content, true>;
    }
    if constexpr (Content < kMagneticContents) {
      sets[0].h[Content] = Update<Real, Fields::All, Content, false>;
      sets[1].h[Content] = Update<Real, Fields::InPlane, Content, false>;
      sets[2].h[Content] = Update<Real, Fields::OutOfPlane, Content, false>;
    }
    if constexpr (Content > 0) Fill<Real, Content - 1>::All(sets);
  }
};

template <class Real>
void FillAll(RowKernels<Real> (&sets)[kFieldSets]) {
  Fill<Real, kElectricContents - 1>::All(sets);
  sets[0].h_layer = AddLayer<Real, false, true, true>;
  sets[0].e_layer = AddLayer<Real, true, true, true>;
  sets[1].h_layer = AddLayer<Real, false, true, false>;
  sets[1].e_layer = AddLayer<Real, true, false, true>;
  sets[2].h_layer = AddLayer<Real, false, false, true>;
  sets[2].e_layer = AddLayer<Real, true, true, false>;
  for (auto& set : sets) {
    set.polarize = Polarize<Real, true>;
    set.polarize_only = Polarize<Real, false>;
    set.depolarize = Depolarize<Real>;
    set.energy = Energy<Real>;
    set.add_samples = AddSamples<Real>;
  }
}

}  // namespace

void FillKernels(RowKernels<float> (&sets)[kFieldSets]) {
  FillAll(sets);
}
void FillKernels(RowKernels<double> (&sets)[kFieldSets]) {
  FillAll(sets);
}

}  // namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL
