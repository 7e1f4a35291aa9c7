#include "solvers/fdfd/stencil.hpp"

namespace symwave::solvers::fdfd {

Stencil::Stencil(const PlanePoints& points, const Coefficients& coefficients, double omega)
    : points_(points), coefficients_(coefficients), omega_(omega) {
  for (int axis = 0; axis < 2; ++axis) {
    const auto d = static_cast<size_t>(axis);
    for (int i = 0; i < points.Count(axis); ++i) {
      point_[d].push_back(points.StretchAtPoint(axis, i, omega));
    }
    for (int f = 0; f <= points.Count(axis); ++f) {
      face_[d].push_back(points.StretchAtFace(axis, f, omega));
    }
  }
}

Complex Stencil::FluxX(int i, int j) const {
  return points_.FaceFactor(0, i) * coefficients_.AlphaX(i, j) *
         (point_[1][static_cast<size_t>(j)] / face_[0][static_cast<size_t>(i)]) *
         (points_.Width(1, j) / points_.Spacing(0, i));
}

Complex Stencil::FluxY(int i, int j) const {
  return points_.FaceFactor(1, j) * coefficients_.AlphaY(i, j) *
         (point_[0][static_cast<size_t>(i)] / face_[1][static_cast<size_t>(j)]) *
         (points_.Width(0, i) / points_.Spacing(1, j));
}

Complex Stencil::Mass(int i, int j) const {
  return omega_ * omega_ * point_[0][static_cast<size_t>(i)] * point_[1][static_cast<size_t>(j)] *
         (points_.Width(0, i) * points_.Width(1, j));
}

Stencil::NodeForm Stencil::FormOfNode(int i, int j) const {
  const domain::Lattice& lattice = points_.Lattice();
  const std::array<double, 2> hx{lattice.CellWidth(0, i - 1), lattice.CellWidth(0, i)};
  const std::array<double, 2> hy{lattice.CellWidth(1, j - 1), lattice.CellWidth(1, j)};
  const double sx = hx[0] + hx[1], sy = hy[0] + hy[1];
  std::array<double, 4> dx{}, dy{};  // <d/dx> and <d/dy> of the values at the points
  for (size_t p = 0; p < 4; ++p) {
    const size_t a = p % 2, b = p / 2;
    dx[p] = (a == 1 ? 2 : -2) * hy[b] / (sx * sy);
    dy[p] = (b == 1 ? 2 : -2) * hx[a] / (sx * sy);
  }
  const Complex scale = -coefficients_.Gamma(i, j) * (0.25 * sx * sy);
  NodeForm form;
  for (size_t p = 0; p < 4; ++p) {
    for (size_t q = 0; q < 4; ++q) form[p][q] = scale * (dy[p] * dx[q] + dx[p] * dy[q]);
  }
  return form;
}

}  // namespace symwave::solvers::fdfd
