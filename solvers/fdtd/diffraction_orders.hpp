// Plane waves into which the field on a plane across a periodic lattice falls: diffraction orders
// with amplitude and phase, for both senses along the normal.
//
// With the normal a, q along the wave vector across, s = a x q and the wave numbers of the lattice
// K = 2 sin(k h / 2) / h, W = 2 sin(w dt / 2) / dt, K_a^2 = eps W^2 - K_q^2, the Fourier
// coefficients of E and H on the plane are
//   s waves: E_s = A + B,                     H_q = -C K_a / W (A - B),
//   p waves: E_q = K_a / (n W) (A - B),       H_s = C n (A + B),
// A towards larger coordinates, B towards smaller ones; C = cos(k_a h / 2) is what interpolating H
// to the plane makes of a wave. Both pairs carry the power C K_a / (2 W) (|A|^2 - |B|^2) per area,
// as flux monitors count it.
#pragma once

#include <array>
#include <complex>
#include <vector>

#include "domain/medium.hpp"
#include "solvers/fdtd/face_fields.hpp"

namespace symwave::solvers::fdtd {

/// One order at one omega, carried from the face to the plane by exp(+-i k_a d) of the lattice;
/// index 0 towards smaller coordinates, 1 towards larger ones.
struct OrderWaves {
  double angle = 0;    ///< to the normal [rad]; not a number where the order does not propagate
  double azimuth = 0;  ///< around the normal, from the first axis across [rad]; 0 or pi in 2D
  std::array<std::complex<double>, 2> s{};  ///< E along s at the plane, phase from coordinates 0
  std::array<std::complex<double>, 2> p{};  ///< E along s x k / |k|, so that H is along s
  std::array<double, 2> power{0, 0};        ///< through one period, both polarizations
};

/// Its permittivities. UserError where it absorbs: orders in it die away.
std::vector<double> TransparentEps(const domain::Medium& medium, const std::vector<double>& omegas);

/// Place before the run. Must not outlive the engine.
class DiffractionOrders {
 public:
  /// Collective. `face` fills its periodic axes; `medium` is what the lattice holds there and
  /// between it and `plane`, the coordinate that the amplitudes belong to. In 2D s is along z; at
  /// normal incidence q is the first axis across. UserError as TransparentEps.
  DiffractionOrders(yee::Transforms& fields, const Face& face, double plane,
                    std::vector<double> omegas, const domain::Medium& medium, int every = 1,
                    long first = 0);

  const std::vector<double>& Omegas() const { return omegas_; }
  const std::vector<FaceFields>& Faces() const { return faces_; }
  /// Numbers along the axes across (in 2D the second is 0) of the orders that propagate at any
  /// omega; order m of an axis has the wave number (phase + 2 pi m) / period along it.
  const std::vector<std::array<int, 2>>& Orders() const { return orders_; }
  /// Coordinate of the plane [um].
  double Plane() const { return plane_; }
  /// Axes across the normal; in 2D the second is z.
  const std::array<int, 2>& Across() const { return across_; }
  /// Collective, the same on every rank: [omega * Orders().size() + order].
  std::vector<OrderWaves> Waves() const;
  /// Collective: power through the plane towards larger coordinates, per omega.
  std::vector<double> Flux() const;

 private:
  struct Coefficients;

  std::array<double, 2> WaveVector(const std::array<int, 2>& order) const;
  /// 2 sin(k h / 2) / h where the cells of the axis are equal, k elsewhere.
  double OnLattice(int axis, double k) const;
  OrderWaves Separate(const Coefficients& of, double omega, double eps,
                      const std::array<double, 2>& k) const;

  yee::Transforms& fields_;
  double plane_;
  std::vector<double> omegas_;
  std::vector<double> eps_;
  std::array<int, 2> across_{0, 0};  ///< in 2D the second is z
  std::vector<FaceFields> faces_;
  std::vector<std::array<int, 2>> orders_;
};

}  // namespace symwave::solvers::fdtd
