// Compiled once per instruction set, into the namespace SYMWAVE_KERNEL_LEVEL, with vectors of
// SYMWAVE_VECTOR_BYTES. Includes nothing that
// could leave inline functions of a wider instruction set in the program.
#include "solvers/fdtd/row_kernels.hpp"

#include "solvers/fdtd/kernel_poles.hpp"
#include "solvers/fdtd/kernel_transform.hpp"
#include "solvers/fdtd/kernel_vectors.hpp"

namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL {

namespace {

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
