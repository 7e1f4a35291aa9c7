#include "solvers/fdfd/stencil.hpp"

namespace symwave::solvers::fdfd {

using domain::AxisName;

double WallFactor(const domain::Grid& grid, AxisName name) {
  return grid.WallIsDirichlet(name) ? 2.0 : 0.0;
}

Stencil::Stencil(const domain::Grid& grid, const domain::Permittivity& permittivity, double omega)
    : grid_(grid),
      permittivity_(permittivity),
      omega_(omega),
      sx_(domain::PmlStretch(grid, AxisName::X, omega)),
      sy_(domain::PmlStretch(grid, AxisName::Y, omega)),
      wall_x_(WallFactor(grid, AxisName::X)),
      wall_y_(WallFactor(grid, AxisName::Y)) {}

Complex Stencil::FluxX(int i, int j) const {
  const double wall = i == 0 || i == grid_.Nx() ? wall_x_ : 1.0;
  return wall * permittivity_.AlphaX(i, j) * (sy_.centre[j] / sx_.face[i]) *
         (grid_.Y().Width(j) / grid_.X().Spacing(i));
}

Complex Stencil::FluxY(int i, int j) const {
  const double wall = j == 0 || j == grid_.Ny() ? wall_y_ : 1.0;
  return wall * permittivity_.AlphaY(i, j) * (sx_.centre[i] / sy_.face[j]) *
         (grid_.X().Width(i) / grid_.Y().Spacing(j));
}

Complex Stencil::Mass(int i, int j) const {
  return omega_ * omega_ * sx_.centre[i] * sy_.centre[j] *
         (grid_.X().Width(i) * grid_.Y().Width(j));
}

}  // namespace symwave::solvers::fdfd
