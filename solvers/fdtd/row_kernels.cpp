// Compiled once per instruction set, into the namespace SYMWAVE_KERNEL_LEVEL. Includes nothing that
// could leave inline functions of a wider instruction set in the program.
#include "solvers/fdtd/row_kernels.hpp"

namespace symwave::solvers::fdtd::SYMWAVE_KERNEL_LEVEL {

namespace {

// Differences are v - v(i - 1) for E and v - v(i + 1), the negative forward difference, for H, so
// that both follow one formula: u_a += c (d v_c/d b - d v_b/d c), a, b, c cyclic.
template <class Real, unsigned Content, bool Electric>
void Update3D(const Row<Real>& row, long begin, long end) {
  constexpr bool py = (Content & kPmlY) != 0;
  constexpr bool pz = (Content & kPmlZ) != 0;
  constexpr bool lossy = (Content & kLossy) != 0;
  constexpr long step = Electric ? -1 : 1;
  Real* __restrict ux = row.ux;
  Real* __restrict uy = row.uy;
  Real* __restrict uz = row.uz;
  const Real* __restrict vx = row.vx;
  const Real* __restrict vy = row.vy;
  const Real* __restrict vz = row.vz;
  const Real* __restrict vx_j = row.vx_j1;
  const Real* __restrict vz_j = row.vz_j1;
  const Real* __restrict vx_k = row.vx_k1;
  const Real* __restrict vy_k = row.vy_k1;
  const Real* __restrict cx = row.cx;
  const Real* __restrict cy = row.cy;
  const Real* __restrict cz = row.cz;
  const Real* __restrict kx = row.kx;
  const Real* __restrict ky = row.ky;
  const Real* __restrict kz = row.kz;
  const Real* __restrict dx = row.dx;
  Real* __restrict psi_yz = row.psi_y[0];
  Real* __restrict psi_yx = row.psi_y[1];
  Real* __restrict psi_zx = row.psi_z[0];
  Real* __restrict psi_zy = row.psi_z[1];
  const Real dy = row.dy, dz = row.dz, ay = row.ay, by = row.by, az = row.az, bz = row.bz;
#pragma GCC ivdep
  for (long i = begin; i < end; ++i) {
    const Real vz_dx = vz[i] - vz[i + step];
    const Real vy_dx = vy[i] - vy[i + step];
    const Real vz_dy = vz[i] - vz_j[i];
    const Real vx_dy = vx[i] - vx_j[i];
    const Real vy_dz = vy[i] - vy_k[i];
    const Real vx_dz = vx[i] - vx_k[i];
    Real curl_x = vz_dy * dy - vy_dz * dz;
    Real curl_y = vx_dz * dz - vz_dx * dx[i];
    Real curl_z = vy_dx * dx[i] - vx_dy * dy;
    if constexpr (py) {
      psi_yz[i] = by * psi_yz[i] + ay * vx_dy;
      psi_yx[i] = by * psi_yx[i] + ay * vz_dy;
      curl_z -= psi_yz[i];
      curl_x += psi_yx[i];
    }
    if constexpr (pz) {
      psi_zx[i] = bz * psi_zx[i] + az * vy_dz;
      psi_zy[i] = bz * psi_zy[i] + az * vx_dz;
      curl_x -= psi_zx[i];
      curl_y += psi_zy[i];
    }
    if constexpr (!Electric) {
      ux[i] += curl_x;
      uy[i] += curl_y;
      uz[i] += curl_z;
    } else if constexpr (lossy) {
      ux[i] = kx[i] * ux[i] + cx[i] * curl_x;
      uy[i] = ky[i] * uy[i] + cy[i] * curl_y;
      uz[i] = kz[i] * uz[i] + cz[i] * curl_z;
    } else {
      ux[i] += cx[i] * curl_x;
      uy[i] += cy[i] * curl_y;
      uz[i] += cz[i] * curl_z;
    }
  }
}

// In-plane pair (u_x, u_y) driven by the out-of-plane v_z.
template <class Real, unsigned Content, bool Electric>
void UpdateInPlane(const Row<Real>& row, long begin, long end) {
  constexpr bool py = (Content & kPmlY) != 0;
  constexpr bool lossy = (Content & kLossy) != 0;
  constexpr long step = Electric ? -1 : 1;
  Real* __restrict ux = row.ux;
  Real* __restrict uy = row.uy;
  const Real* __restrict vz = row.vz;
  const Real* __restrict vz_j = row.vz_j1;
  const Real* __restrict cx = row.cx;
  const Real* __restrict cy = row.cy;
  const Real* __restrict kx = row.kx;
  const Real* __restrict ky = row.ky;
  const Real* __restrict dx = row.dx;
  Real* __restrict psi_yx = row.psi_y[1];
  const Real dy = row.dy, ay = row.ay, by = row.by;
#pragma GCC ivdep
  for (long i = begin; i < end; ++i) {
    const Real vz_dx = vz[i] - vz[i + step];
    const Real vz_dy = vz[i] - vz_j[i];
    Real curl_x = vz_dy * dy;
    Real curl_y = -(vz_dx * dx[i]);
    if constexpr (py) {
      psi_yx[i] = by * psi_yx[i] + ay * vz_dy;
      curl_x += psi_yx[i];
    }
    if constexpr (!Electric) {
      ux[i] += curl_x;
      uy[i] += curl_y;
    } else if constexpr (lossy) {
      ux[i] = kx[i] * ux[i] + cx[i] * curl_x;
      uy[i] = ky[i] * uy[i] + cy[i] * curl_y;
    } else {
      ux[i] += cx[i] * curl_x;
      uy[i] += cy[i] * curl_y;
    }
  }
}

// Out-of-plane u_z driven by the in-plane pair (v_x, v_y).
template <class Real, unsigned Content, bool Electric>
void UpdateOutOfPlane(const Row<Real>& row, long begin, long end) {
  constexpr bool py = (Content & kPmlY) != 0;
  constexpr bool lossy = (Content & kLossy) != 0;
  constexpr long step = Electric ? -1 : 1;
  Real* __restrict uz = row.uz;
  const Real* __restrict vx = row.vx;
  const Real* __restrict vy = row.vy;
  const Real* __restrict vx_j = row.vx_j1;
  const Real* __restrict cz = row.cz;
  const Real* __restrict kz = row.kz;
  const Real* __restrict dx = row.dx;
  Real* __restrict psi_yz = row.psi_y[0];
  const Real dy = row.dy, ay = row.ay, by = row.by;
#pragma GCC ivdep
  for (long i = begin; i < end; ++i) {
    const Real vy_dx = vy[i] - vy[i + step];
    const Real vx_dy = vx[i] - vx_j[i];
    Real curl_z = vy_dx * dx[i] - vx_dy * dy;
    if constexpr (py) {
      psi_yz[i] = by * psi_yz[i] + ay * vx_dy;
      curl_z -= psi_yz[i];
    }
    if constexpr (!Electric) {
      uz[i] += curl_z;
    } else if constexpr (lossy) {
      uz[i] = kz[i] * uz[i] + cz[i] * curl_z;
    } else {
      uz[i] += cz[i] * curl_z;
    }
  }
}

template <class Real, bool Electric, bool HasY, bool HasZ>
void AddLayer(const LayerAlongX<Real>& layer, long begin, long end) {
  constexpr long step = Electric ? -1 : 1;
  Real* __restrict uy = layer.uy;
  Real* __restrict uz = layer.uz;
  const Real* __restrict vy = layer.vy;
  const Real* __restrict vz = layer.vz;
  const Real* __restrict cy = layer.cy;
  const Real* __restrict cz = layer.cz;
  Real* __restrict psi_y = layer.psi_y;
  Real* __restrict psi_z = layer.psi_z;
  const Real* __restrict a = layer.a;
  const Real* __restrict b = layer.b;
#pragma GCC ivdep
  for (long i = begin; i < end; ++i) {
    if constexpr (HasY) {
      psi_y[i] = b[i] * psi_y[i] + a[i] * (vz[i] - vz[i + step]);
      uy[i] -= Electric ? cy[i] * psi_y[i] : psi_y[i];
    }
    if constexpr (HasZ) {
      psi_z[i] = b[i] * psi_z[i] + a[i] * (vy[i] - vy[i + step]);
      uz[i] += Electric ? cz[i] * psi_z[i] : psi_z[i];
    }
  }
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

/// Vectors of N doubles on every instruction set.
template <int N>
struct Vector {
  typedef double Type __attribute__((vector_size(N * sizeof(double))));
};

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
  using V = typename Vector<N>::Type;
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
    sets[0].e[Content] = Update3D<Real, Content, true>;
    sets[1].e[Content] = UpdateOutOfPlane<Real, Content, true>;
    sets[2].e[Content] = UpdateInPlane<Real, Content, true>;
    if constexpr (Content < 4) {
      sets[0].h[Content] = Update3D<Real, Content, false>;
      sets[1].h[Content] = UpdateInPlane<Real, Content, false>;
      sets[2].h[Content] = UpdateOutOfPlane<Real, Content, false>;
    }
    if constexpr (Content > 0) Fill<Real, Content - 1>::All(sets);
  }
};

template <class Real>
void FillAll(RowKernels<Real> (&sets)[kFieldSets]) {
  Fill<Real, 7>::All(sets);
  sets[0].h_layer = AddLayer<Real, false, true, true>;
  sets[0].e_layer = AddLayer<Real, true, true, true>;
  sets[1].h_layer = AddLayer<Real, false, true, false>;
  sets[1].e_layer = AddLayer<Real, true, false, true>;
  sets[2].h_layer = AddLayer<Real, false, false, true>;
  sets[2].e_layer = AddLayer<Real, true, true, false>;
  for (auto& set : sets) {
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
