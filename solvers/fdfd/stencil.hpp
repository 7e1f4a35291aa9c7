// The discrete wave operator of a 2D lattice, symmetric by construction (flux form, integrated over
// what belongs to each point; u = Ez at nodes or Hz at the centres of cells):
//   -[F(i+1/2) - F(i-1/2)] wy - [G(j+1/2) - G(j-1/2)] wx - w^2 beta s_x s_y wx wy u = right-hand
//   side F = alpha (s_y / s_x) du/dx,   G = alpha (s_x / s_y) du/dy
// and of Hz for every node with gamma = (1/eps)_xy, V its volume and < > means over the two faces
// of each direction that meet there, the symmetric form -gamma V (<du/dy> <dv/dx> + <du/dx>
// <dv/dy>).
#pragma once

#include <array>
#include <vector>

#include "solvers/fdfd/coefficients.hpp"
#include "solvers/fdfd/plane_points.hpp"

namespace symwave::solvers::fdfd {

/// Of the columns that its coefficients cover. Keeps references: points and coefficients outlive
/// it.
class Stencil {
 public:
  Stencil(const PlanePoints& points, const Coefficients& coefficients, double omega);

  const PlanePoints& Points() const { return points_; }
  double Omega() const { return omega_; }
  /// alpha (s_y / s_x) wy / dx on the face between points (i-1, j) and (i, j), with the wall's
  /// factor at the ends of the lattice.
  Complex FluxX(int i, int j) const;
  Complex FluxY(int i, int j) const;
  /// w^2 s_x s_y wx wy: what multiplies -beta u.
  Complex Mass(int i, int j) const;
  /// Without the nodes' part.
  Complex Diagonal(int i, int j) const {
    return FluxX(i, j) + FluxX(i + 1, j) + FluxY(i, j) + FluxY(i, j + 1) -
           Mass(i, j) * coefficients_.Beta(i, j);
  }
  const Coefficients& Media() const { return coefficients_; }

  /// Of node (i, j) the 4 x 4 form between the points (i-1, j-1), (i, j-1), (i-1, j), (i, j).
  using NodeForm = std::array<std::array<Complex, 4>, 4>;
  NodeForm FormOfNode(int i, int j) const;

 private:
  const PlanePoints& points_;
  const Coefficients& coefficients_;
  double omega_;
  std::array<std::vector<Complex>, 2> point_, face_;  ///< stretch per axis
};

}  // namespace symwave::solvers::fdfd
