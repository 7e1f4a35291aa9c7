// The discrete wave operator of a 2D grid, symmetric by construction (flux form, integrated over
// cells; u = Ez or Hz at cell centres):
//   -[F(i+1/2) - F(i-1/2)] wy - [G(j+1/2) - G(j-1/2)] wx - w^2 beta s_x s_y wx wy u = right-hand
//   side F = alpha (s_y / s_x) du/dx,   G = alpha (s_x / s_y) du/dy
#pragma once

#include <memory>
#include <vector>

#include "domain/grid.hpp"
#include "domain/permittivity.hpp"

namespace symwave::solvers::fdfd {

using domain::Complex;

/// Coefficients for the columns that its permittivity covers. Keeps references: the grid and the
/// permittivity outlive it.
class Stencil {
 public:
  Stencil(const domain::Grid& grid, const domain::Permittivity& permittivity, double omega);

  const domain::Grid& Grid() const { return grid_; }
  double Omega() const { return omega_; }
  /// alpha (s_y / s_x) wy / dx on the face between cells (i-1, j) and (i, j), with the wall's
  /// factor at the ends of the grid.
  Complex FluxX(int i, int j) const;
  Complex FluxY(int i, int j) const;
  /// w^2 s_x s_y wx wy: what multiplies -beta u.
  Complex Mass(int i, int j) const;
  Complex Diagonal(int i, int j) const {
    return FluxX(i, j) + FluxX(i + 1, j) + FluxY(i, j) + FluxY(i, j + 1) -
           Mass(i, j) * permittivity_.Beta(i, j);
  }
  const domain::Permittivity& Eps() const { return permittivity_; }

 private:
  const domain::Grid& grid_;
  const domain::Permittivity& permittivity_;
  double omega_;
  domain::Stretch sx_, sy_;
  double wall_x_, wall_y_;  ///< flux factor at the ends: 2 Dirichlet on the face, 0 no flux
};

/// Flux factor of the wall that ends an axis.
double WallFactor(const domain::Grid& grid, domain::AxisName name);

}  // namespace symwave::solvers::fdfd
