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
  /// E of rows with one pole: P and dP of each component, the factors of their recursion
  /// (PoleTerm), of which the drive differs between components.
  Real* p[3];
  Real* dp[3];
  Real memory;
  Real spring;
  Real drive[3];
};

/// What the points of a row contain beside plain lossless dielectric. Uniform: dx and, for E, the
/// factors c are the same on all points asked for; never together with lossy. One pole: the same
/// term on all points asked for; only together with uniform.
enum RowContent : unsigned { kPmlY = 1, kPmlZ = 2, kUniform = 4, kLossy = 8, kOnePole = 16 };
constexpr unsigned kMagneticContents = 8, kElectricContents = 24;

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

/// One pole of a dispersive medium with its share at the points:
///   dP <- memory dP - spring P + drive share E,   P <- P + dP.
template <class Real>
struct PoleTerm {
  Real memory = 0;
  Real spring = 0;
  Real drive = 0;
  const Real* share = nullptr;  ///< by point; null: already in `drive`, the same everywhere
};

/// Points of one component on which the same terms act, from the row's first held point on.
template <class Real>
struct PolarizedPoints {
  Real* e = nullptr;
  const Real* c = nullptr;  ///< factor of the curl
  Real* state = nullptr;    ///< per term `length` P, then as many dP
  long length = 0;
  const PoleTerm<Real>* terms = nullptr;
  long count = 0;  ///< of the terms
};
template <class Real>
using PolarizationUpdate = void (*)(const PolarizedPoints<Real>& points, long begin, long end);

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
  /// P and dP of all terms from E, and E <- E - c sum dP: before the update of a lossless row.
  PolarizationUpdate<Real> polarize;
  /// The same in two parts, for lossy rows: P and dP before the update, E after it.
  PolarizationUpdate<Real> polarize_only;
  PolarizationUpdate<Real> depolarize;
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
