#include "solvers/fdfd/coefficients.hpp"

namespace symwave::solvers::fdfd {

using domain::Component;
using domain::IndexBox;

namespace {

/// Values of a box, x fastest, as columns.
std::vector<Complex> AsColumns(const std::vector<Complex>& values, const IndexBox& box) {
  std::vector<Complex> columns;
  columns.reserve(values.size());
  for (int i = box.lo[0]; i < box.hi[0]; ++i) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      columns.push_back(values[static_cast<size_t>(box.Offset(i, j, 0))]);
    }
  }
  return columns;
}

}  // namespace

Coefficients::Coefficients(const PlanePoints& points, const domain::PermittivityMap& media,
                           ColumnRange columns)
    : columns_(columns), ny_(points.Ny()), ez_(points.Ez()) {
  if (columns.Count() == 0) return;
  if (!ez_) {
    SampleFaces(points, media);
    if (media.couple) SampleNodes(points, media);
    return;
  }
  const int x = points.First(0), y = points.First(1);
  const IndexBox box{{x + columns.begin, y, 0}, {x + columns.end, y + ny_, 1}};
  point_ = AsColumns(media.sample(Component::Ez, box), box);
}

void Coefficients::SampleFaces(const PlanePoints&, const domain::PermittivityMap& media) {
  const IndexBox ey{{columns_.begin, 0, 0}, {columns_.end + 1, ny_, 1}};
  const IndexBox ex{{columns_.begin, 0, 0}, {columns_.end, ny_ + 1, 1}};
  face_x_ = AsColumns(media.sample(Component::Ey, ey), ey);
  face_y_ = AsColumns(media.sample(Component::Ex, ex), ex);
  for (Complex& value : face_x_) value = 1.0 / value;
  for (Complex& value : face_y_) value = 1.0 / value;
}

void Coefficients::SampleNodes(const PlanePoints&, const domain::PermittivityMap& media) {
  const IndexBox box{{columns_.begin, 0, 0}, {columns_.end + 1, ny_ + 1, 1}};
  const std::vector<domain::ComplexCoupling> couplings = media.couple(box);
  if (couplings.empty()) return;
  node_.assign(static_cast<size_t>(columns_.Count() + 1) * static_cast<size_t>(ny_ + 1), 0.0);
  for (const domain::ComplexCoupling& coupling : couplings) {
    const auto [i, j, k] = coupling.node;
    node_[Point(i, j) + static_cast<size_t>(i - columns_.begin)] = coupling.inverse_eps;
  }
}

Complex Coefficients::MeanEps(int i, int j) const {
  if (ez_) return point_[Point(i, j)];
  return 0.25 * (1.0 / AlphaX(i, j) + 1.0 / AlphaX(i + 1, j) + 1.0 / AlphaY(i, j) +
                 1.0 / AlphaY(i, j + 1));
}

void Coefficients::Change(const PlanePoints& points, const domain::PointChange& change) {
  const int i = change.point[0] - points.First(0), j = change.point[1] - points.First(1);
  const auto add = [&](std::vector<Complex>& alpha, size_t at) {
    alpha[at] = 1.0 / (1.0 / alpha[at] + change.eps);
  };
  if (i < columns_.begin || i > columns_.end) return;
  switch (change.component) {
    case Component::Ez:
      if (ez_ && i < columns_.end) point_[Point(i, j)] += change.eps;
      return;
    case Component::Ex:
      if (!ez_ && i < columns_.end) {
        add(face_y_, Point(i, j) + static_cast<size_t>(i - columns_.begin));
      }
      return;
    default:
      if (!ez_) add(face_x_, Point(i, j));
  }
}

}  // namespace symwave::solvers::fdfd
