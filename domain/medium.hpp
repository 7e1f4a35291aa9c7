// Media of the time domain: instantaneous permittivity, conductivity and poles, and their values on
// the points of a Yee lattice.
#pragma once

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

/// eps(w) = eps_inf + i conductivity / w + sum of the poles.
struct Medium {
  std::string name;
  double eps_inf = 1;
  double conductivity = 0;  ///< 1/um
  std::vector<Pole> poles;

  std::complex<double> Permittivity(double omega) const;
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

/// What stands on a lattice. `sample` is called by every rank for the boxes it needs (any box,
/// points beyond walls included, where the last value continues) and must depend on the point
/// alone.
struct MediumMap {
  std::vector<Medium> media;
  std::function<MediumBlock(Component, const IndexBox&)> sample;
};

/// The same medium everywhere.
MediumMap UniformMedium(const Medium& medium);

}  // namespace symwave::domain
