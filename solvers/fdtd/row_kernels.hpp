// The innermost loops: one row of points along x of all E or all H components. The same source is
// compiled for several instruction sets; the widest one that the processor has is chosen at run
// time.
#pragma once

namespace symwave::solvers::fdtd {

/// What one row (j, k) needs. Pointers start at the rank's first held point; a_j1, a_k1 mean the
/// neighbouring row: j + 1 and k + 1 for H, j - 1 and k - 1 for E. In 2D the z neighbours and the
/// absent components are null. What the row's content does not need
/// stays unset. The fields that are updated are written `u`, those read `v`.
template <class Real>
struct Row {
  Real* ux;
  Real* uy;
  Real* uz;
  const Real* vx;
  const Real* vy;
  const Real* vz;
  const Real* vx_j1;
  const Real* vz_j1;
  const Real* vx_k1;
  const Real* vy_k1;
  /// E only: factor 1/eps of the curl and, in lossy rows, of the old field.
  const Real* cx;
  const Real* cy;
  const Real* cz;
  const Real* kx;
  const Real* ky;
  const Real* kz;
  /// dt / (kappa width) along each axis.
  const Real* dx;
  Real dy;
  Real dz;
  /// CPML: psi <- b psi + a (difference), per axis the two components across it in cyclic order:
  /// y: (uz, ux), z: (ux, uy).
  Real* psi_y[2];
  Real* psi_z[2];
  Real ay;
  Real by;
  Real az;
  Real bz;
};

/// What the points of a row contain beside plain lossless dielectric. Uniform: dx and, for E, the
/// factors c are the same on all points asked for; never together with lossy.
enum RowContent : unsigned { kPmlY = 1, kPmlZ = 2, kUniform = 4, kLossy = 8 };
constexpr unsigned kMagneticContents = 8, kElectricContents = 12;

/// Updates points [begin, end) of a row.
template <class Real>
using RowUpdate = void (*)(const Row<Real>& row, long begin, long end);

/// The CPML across x, which few points of a row have, is added after the plain update:
///   psi <- b psi + a (v(i) - v(i -+ 1)),   u <- u -+ c psi   (c = 1 for H),
/// for the pair u = u_y, v = v_z with the minus sign and for u = u_z, v = v_y with the plus sign.
template <class Real>
struct LayerAlongX {
  Real* uy = nullptr;
  Real* uz = nullptr;
  const Real* vy = nullptr;
  const Real* vz = nullptr;
  const Real* cy = nullptr;
  const Real* cz = nullptr;
  Real* psi_y = nullptr;
  Real* psi_z = nullptr;
  const Real* a = nullptr;
  const Real* b = nullptr;
};
template <class Real>
using LayerUpdate = void (*)(const LayerAlongX<Real>& layer, long begin, long end);

/// Samples of a field, and the factors with which the columns of a transform (real and imaginary
/// parts of all frequencies) take them:
///   sum(point, column) += sum_s factors[s * columns + column] samples[s * stride + point],
/// s = 0 ... count - 1 in this order, in double precision.
template <class Real>
struct SampleBatch {
  const Real* samples = nullptr;
  long stride = 0;
  long count = 0;
  const double* factors = nullptr;
  long columns = 0;
};
/// Sum of a point and column at values[point * stride + column] (by_point), else at
/// values[column * stride + point].
struct TransformSums {
  double* values = nullptr;
  long stride = 0;
  bool by_point = true;
};

/// Loops by content; those of H have no kLossy.
template <class Real>
struct RowKernels {
  RowUpdate<Real> h[kMagneticContents];
  RowUpdate<Real> e[kElectricContents];
  LayerUpdate<Real> h_layer;
  LayerUpdate<Real> e_layer;
  /// sum of width field^2 / curl over a row, points with curl = 0 left out; curl null: 1
  /// everywhere.
  double (*energy)(const Real* field, const Real* curl, const double* width, long count);
  /// Adds a batch at points [begin, end).
  void (*add_samples)(const SampleBatch<Real>& batch, const TransformSums& sums, long begin,
                      long end);
  const char* instruction_set;
};

/// The kinds of fields that have loops of their own, in the order of domain::FieldSet.
constexpr int kFieldSets = 3;

/// Loops for the processor this runs on.
template <class Real>
const RowKernels<Real>& KernelsFor(int field_set);

}  // namespace symwave::solvers::fdtd
