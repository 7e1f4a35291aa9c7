// Lattices, planes and overlaps that the tests of the cross-section mode solver share.
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "solvers/modes/waveguide.hpp"
#include "tests/verification/waveguide_media.hpp"

namespace symwave::verification {

using domain::Axis;
using domain::AxisEnd;
using domain::FieldSet;
using domain::Medium;
using domain::MediumMap;
using domain::Wall;
using solvers::modes::AxesOfPlane;
using solvers::modes::SolveWaveguide;
using solvers::modes::WaveguideMode;
using solvers::modes::WaveguidePlane;
using Complex = std::complex<double>;
using Ends = std::array<AxisEnd, 2>;

constexpr double kOmega = 2 * M_PI / 1.55;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr Ends kPec{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}};
/// As kPec, but with a PML before the wall, which makes the end an open one.
constexpr Ends kOpen{AxisEnd{Wall::Pec, 1}, AxisEnd{Wall::Pec, 1}};
/// A symmetry plane at the low end.
constexpr Ends kPecOpen{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 1}};
constexpr Ends kPmcOpen{AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 1}};
constexpr Ends kPeriodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};
const Medium kSilicon{"Si", 3.473 * 3.473, 0, {}};
const Medium kOxide{"SiO2", 1.444 * 1.444, 0, {}};
const Volume kStrip{std::pair(-kInf, kInf), std::pair(-0.25, 0.25), std::pair(-0.11, 0.11)};

/// The whole cross-section of a lattice at a node of an axis.
inline WaveguidePlane PlaneOf(const Lattice& lattice, int axis, int node) {
  WaveguidePlane plane{axis, node, lattice.AllPoints()};
  plane.box.lo[axis] = node;
  plane.box.hi[axis] = node + 1;
  return plane;
}

/// `count` equal cells from `lo` on.
inline Axis Cells(double lo, double cell, int count) {
  std::vector<double> faces(count + 1);
  for (int i = 0; i <= count; ++i) faces[i] = lo + i * cell;
  return Axis(faces);
}

/// 1/2 sum n . (e_a x h_b) dA with h averaged from both half planes of b.
inline Complex Overlap(const Lattice& lattice, const WaveguideMode& a, const WaveguideMode& b) {
  const auto axes = AxesOfPlane(a.plane.axis);
  const IndexBox& box = a.plane.box;
  Complex sum = 0;
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        const std::array<int, 3> at{i, j, k};
        const auto p = static_cast<size_t>(box.Offset(i, j, k));
        const auto area = [&](int direction) {
          const auto c = static_cast<Component>(direction);
          return lattice.Weight(c, axes.u, at[axes.u]) * lattice.Weight(c, axes.v, at[axes.v]);
        };
        if (a.e_u[p] != 0.0) sum += a.e_u[p] * b.h_v[p] * area(axes.u);
        if (a.e_v[p] != 0.0) sum -= a.e_v[p] * b.h_u[p] * area(axes.v);
      }
    }
  }
  return 0.5 * axes.orientation * sum * std::cos(0.5 * b.cell * b.beta);
}

/// Cubic cells, the strip's axis along x, `extent` [um] across.
inline Lattice StripLattice(double cell, double extent = 3.0) {
  const int count = static_cast<int>(std::lround(extent / cell));
  return Lattice({Cells(0, cell, 4), Axis::Uniform(cell, count), Axis::Uniform(cell, count)},
                 {kPec, kOpen, kOpen});
}

/// Of the silicon strip kStrip.
inline std::vector<WaveguideMode> StripModes(const Lattice& lattice, double omega, double dt,
                                             int count, MPI_Comm comm = MPI_COMM_WORLD) {
  return SolveWaveguide(comm, lattice, GuideMedia(lattice, kSilicon, kOxide, Beam(kStrip)),
                        PlaneOf(lattice, 0, 2), omega, dt, count);
}

/// Effective index of HE11 of a step-index fibre (Snyder and Love, Optical Waveguide Theory,
/// 12-11).
inline double FibreIndex(double radius, double n_core, double n_clad) {
  const auto mismatch = [&](double n) {
    const double u = kOmega * radius * std::sqrt(n_core * n_core - n * n);
    const double w = kOmega * radius * std::sqrt(n * n - n_clad * n_clad);
    const double j = std::cyl_bessel_j(1, u);
    const double k = std::cyl_bessel_k(1, w);
    const double dj = std::cyl_bessel_j(0, u) - j / u;
    const double dk = -std::cyl_bessel_k(0, w) - k / w;
    const double a = dj / (u * j);
    const double b = dk / (w * k);
    const double v2 = 1 / (u * u) + 1 / (w * w);
    return (a + b) * (n_core * n_core * a + n_clad * n_clad * b) - n * n * v2 * v2;
  };
  // HE11 has the largest index, u between 0 and 2.405; the mismatch changes sign once there.
  const double cut = 2.4048 / (kOmega * radius);
  double lo = std::max(n_clad, std::sqrt(std::max(0.0, n_core * n_core - cut * cut))) + 1e-9;
  double hi = n_core - 1e-6;
  const bool sign = mismatch(lo) > 0;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (lo + hi);
    ((mismatch(middle) > 0) == sign ? lo : hi) = middle;
  }
  return lo;
}

}  // namespace symwave::verification
