#include "domain/permittivity.hpp"

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

/// A mean of parts of opposite sign may vanish. Both limits, from above and from below, mean the
/// same (no D along the surface for <eps> = 0, no E across it for <1/eps> = 0) but cannot be
/// written into a matrix: such a mean keeps at least this share of the mean of its moduli, which
/// changes the fields as little as that share of eps would.
constexpr double kLeastMean = 1e-3;

Complex AwayFromZero(Complex mean, double modulus) {
  const double least = kLeastMean * modulus;
  if (std::abs(mean) >= least) return mean;
  return mean == 0.0 ? Complex(least) : mean * (least / std::abs(mean));
}

/// Means of eps over control cells, with the interface normal.
struct Means {
  std::vector<Complex> eps;
  std::vector<Complex> inverse;
  std::vector<double> modulus, inverse_modulus;  ///< of |eps| and of 1 / |eps|
  std::vector<double> normal_x, normal_y;
};

/// Holes of the background material have no index error, as the background has none.
Complex WithIndexError(const Layout& layout, const Region& region, Complex eps, double x,
                       double y) {
  if (!layout.index_error || region.material == layout.background) return eps;
  const Complex n = std::sqrt(eps) + layout.index_error(x, y);
  return n * n;
}

Means MeansOver(const Layout& layout, const std::vector<double>& x, const std::vector<double>& y) {
  const int nx = static_cast<int>(x.size()) - 1;
  const int ny = static_cast<int>(y.size()) - 1;
  const size_t count = static_cast<size_t>(nx) * ny;
  const Complex background = layout.materials.at(layout.background);
  Means means;
  means.eps.assign(count, background);
  means.inverse.assign(count, 1.0 / background);
  means.normal_x.assign(count, 0.0);
  means.normal_y.assign(count, 0.0);
  means.modulus.assign(count, std::abs(background));
  means.inverse_modulus.assign(count, 1 / std::abs(background));
  for (const Region& region : layout.regions) {
    const Complex eps = layout.materials.at(region.material);
    const Coverage cover = CoverCells(region.contours, x, y);
    for (int i = 0; i < nx; ++i) {
      for (int j = 0; j < ny; ++j) {
        const size_t c = static_cast<size_t>(i) * ny + j;
        if (cover.fraction[c] == 0) continue;
        const Complex local =
            WithIndexError(layout, region, eps, 0.5 * (x[i] + x[i + 1]), 0.5 * (y[j] + y[j + 1]));
        means.eps[c] += cover.fraction[c] * (local - background);
        means.inverse[c] += cover.fraction[c] * (1.0 / local - 1.0 / background);
        means.modulus[c] += cover.fraction[c] * (std::abs(local) - std::abs(background));
        means.inverse_modulus[c] +=
            cover.fraction[c] * (1 / std::abs(local) - 1 / std::abs(background));
        if (cover.fraction[c] < 1) {
          means.normal_x[c] = cover.normal_x[c];
          means.normal_y[c] = cover.normal_y[c];
        }
      }
    }
  }
  return means;
}

Complex InverseAlong(const Means& means, size_t c, double normal_part) {
  const double n2 = normal_part * normal_part;
  return n2 * AwayFromZero(means.inverse[c], means.inverse_modulus[c]) +
         (1 - n2) / AwayFromZero(means.eps[c], means.modulus[c]);
}

/// Borders of the control cells around faces begin..end of an axis: the cell centres, closed by the
/// mirror images of the outermost cells.
std::vector<double> FaceCellBorders(const Axis& axis, int begin, int end) {
  std::vector<double> borders;
  for (int i = begin - 1; i <= end; ++i) {
    if (i < 0) {
      borders.push_back(axis.Face(0) - 0.5 * axis.Width(0));
    } else if (i >= axis.Cells()) {
      borders.push_back(axis.Faces().back() + 0.5 * axis.Width(axis.Cells() - 1));
    } else {
      borders.push_back(axis.Centre(i));
    }
  }
  return borders;
}

Permittivity EvaluateOneWay(const Grid& grid, const Layout& layout, ColumnRange columns) {
  Permittivity result(columns, grid.Ny(), grid.Pol());
  const auto& fx = grid.X().Faces();
  const std::vector<double> x(fx.begin() + columns.begin, fx.begin() + columns.end + 1);
  const std::vector<double>& y = grid.Y().Faces();
  result.Cells() = MeansOver(layout, x, y).eps;
  if (grid.Pol() == Polarization::Ez) return result;

  const Means at_x = MeansOver(layout, FaceCellBorders(grid.X(), columns.begin, columns.end), y);
  const Means at_y = MeansOver(layout, x, FaceCellBorders(grid.Y(), 0, grid.Ny()));
  for (size_t c = 0; c < at_x.eps.size(); ++c) {
    result.FacesX()[c] = InverseAlong(at_x, c, at_x.normal_y[c]);
  }
  for (size_t c = 0; c < at_y.eps.size(); ++c) {
    result.FacesY()[c] = InverseAlong(at_y, c, at_y.normal_x[c]);
  }
  return result;
}

/// values(row) <- mean of values(row) and mirror(last row - row), rows of length `length`.
void AverageMirrored(std::vector<Complex>& values, const std::vector<Complex>& mirror,
                     size_t length) {
  const size_t rows = values.size() / length;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t j = 0; j < length; ++j) {
      Complex& value = values[row * length + j];
      value = 0.5 * (value + mirror[(rows - 1 - row) * length + j]);
    }
  }
}

/// Averages with the mirror image about x = 0.
void Symmetrise(const Grid& grid, const Layout& layout, Permittivity& result) {
  const ColumnRange columns = result.Columns();
  Permittivity mirror =
      EvaluateOneWay(grid, layout, {grid.Nx() - columns.end, grid.Nx() - columns.begin});
  AverageMirrored(result.Cells(), mirror.Cells(), grid.Ny());
  if (grid.Pol() == Polarization::Ez) return;
  AverageMirrored(result.FacesX(), mirror.FacesX(), grid.Ny());
  AverageMirrored(result.FacesY(), mirror.FacesY(), grid.Ny() + 1);
}

}  // namespace

Permittivity::Permittivity(ColumnRange columns, int ny, Polarization polarization)
    : columns_(columns),
      ny_(ny),
      polarization_(polarization),
      ez_(polarization == Polarization::Ez),
      cell_(static_cast<size_t>(columns.Count()) * ny) {
  if (ez_) return;
  face_x_.resize(static_cast<size_t>(columns.Count() + 1) * ny);
  face_y_.resize(static_cast<size_t>(columns.Count()) * (ny + 1));
}

Permittivity EvaluatePermittivity(const Grid& grid, const Layout& layout, ColumnRange columns) {
  Permittivity result = EvaluateOneWay(grid, layout, columns);
  if (layout.mirror_symmetric) Symmetrise(grid, layout, result);
  for (const CellChange& change : layout.changes) {
    if (change.i < columns.begin || change.i >= columns.end) continue;
    const size_t row = static_cast<size_t>(change.i - columns.begin);
    result.Cells()[row * grid.Ny() + change.j] += change.eps;
  }
  return result;
}

}  // namespace symwave::domain
