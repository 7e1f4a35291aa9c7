// Media of the time domain: instantaneous permittivity, conductivity and poles, and their values on
// the points of a Yee lattice.
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <string>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::domain {

/// One pole of the susceptibility, in units of 1/um (c = 1):
///   chi(w) = strength / (frequency^2 - w^2 - i damping w).
/// Lorentz: strength = delta_eps * frequency^2. Drude: frequency = 0, strength = w_p^2.
struct Pole {
  double strength = 0;
  double frequency = 0;
  double damping = 0;
};

/// What central differences in steps dt [um] make of a frequency: omega^2 of the poles becomes w^2,
/// w = 2 sin(omega dt / 2) / dt, their damping acts by v = sin(omega dt) / dt, a conductivity by
/// the mean of two steps, cos(omega dt / 2). Primes are derivatives by omega. dt = 0: the
/// continuum.
struct SteppedFrequency {
  double w, w_prime, v, v_prime, mean, mean_prime;

  SteppedFrequency(double omega, double dt)
      : w(dt > 0 ? 2 * std::sin(omega * dt / 2) / dt : omega),
        w_prime(std::cos(omega * dt / 2)),
        v(dt > 0 ? std::sin(omega * dt) / dt : omega),
        v_prime(std::cos(omega * dt)),
        mean(w_prime),
        mean_prime(-dt / 2 * std::sin(omega * dt / 2)) {}
};

/// eps(w) = eps_inf + i conductivity / w + sum of the poles. An anisotropic medium, which has
/// neither conductivity nor poles, has eps_inf times `anisotropy` along x, y and z; eps_inf is its
/// smallest.
struct Medium {
  std::string name;
  double eps_inf = 1;
  double conductivity = 0;  ///< 1/um
  std::vector<Pole> poles;
  std::array<double, 3> anisotropy{1, 1, 1};

  bool Anisotropic() const { return anisotropy != std::array<double, 3>{1, 1, 1}; }
  /// Of an anisotropic medium the smallest.
  std::complex<double> Permittivity(double omega) const;
  /// As a leapfrog steps it.
  std::complex<double> Permittivity(const SteppedFrequency& frequency) const;
};

/// Effective values of one E component on a box of points (x fastest, IndexBox::Offset).
struct MediumBlock {
  /// A dispersive medium and the share of its susceptibility felt at each point (0..1).
  struct Dispersive {
    int medium = 0;  ///< number in the list of media
    std::vector<double> share;
  };
  IndexBox box;
  std::vector<double> eps;           ///< eps_inf, subpixel averaged
  std::vector<double> conductivity;  ///< empty: none anywhere in the box
  std::vector<Dispersive> dispersive;
};

/// Element (1/eps)_xy at a node of the lattice, where the four neighbouring points of Ex and Ey
/// meet:
///   E_x(i + 1/2, j) gains 1/2 [g_x(i, j) + g_x(i + 1, j)],   g_x = (1/eps)_xy <D_y>,
///   E_y(i, j + 1/2) gains 1/2 [g_y(i, j) + g_y(i, j + 1)],   g_y = (1/eps)_xy <D_x>,
/// <D_y>(i, j) = [h_{j-1} D_y(i, j - 1/2) + h_j D_y(i, j + 1/2)] / (h_{j-1} + h_j) with the cell
/// widths h, <D_x> likewise: symmetric in sum E D dV (Werner and Cary, J. Comput. Phys. 226, 1085
/// (2007)).
struct NodeCoupling {
  std::array<int, 3> node{0, 0, 0};
  double inverse_eps = 0;
};

/// What stands on a lattice. `sample` is called by every rank for the boxes it needs (any box,
/// points beyond walls included, where the last value continues) and must depend on the point
/// alone.
struct MediumMap {
  std::vector<Medium> media;
  std::function<MediumBlock(Component, const IndexBox&)> sample;
  /// The couplings that are not zero at the nodes of a box, x fastest; called as `sample` is. Null:
  /// none anywhere. Both components of the four points around such a node are lossless, without
  /// poles, and outside every PML and wall.
  std::function<std::vector<NodeCoupling>(const IndexBox&)> couple;
};

/// The same medium everywhere.
MediumMap UniformMedium(const Medium& medium);

}  // namespace symwave::domain
