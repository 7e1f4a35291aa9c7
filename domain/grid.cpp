#include "domain/grid.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

Axis::Axis(std::vector<double> faces) : faces_(std::move(faces)) {
  if (faces_.size() < 2) base::Fail("an axis of the grid needs at least one cell");
  for (size_t i = 1; i < faces_.size(); ++i) {
    if (!(faces_[i] > faces_[i - 1])) base::Fail("the faces of a grid axis must increase");
  }
}

Axis Axis::Uniform(double cell, int count) {
  std::vector<double> faces(count + 1);
  for (int i = 0; i <= count; ++i) faces[i] = (i - 0.5 * count) * cell;
  return Axis(std::move(faces));
}

double Axis::Position(Stagger stagger, int i) const {
  return stagger == Stagger::Centre ? Centre(i) : Face(i);
}

double Axis::Spacing(int i) const {
  if (i == 0) return Width(0);
  if (i == Cells()) return Width(Cells() - 1);
  return 0.5 * (Width(i - 1) + Width(i));
}

int Axis::CellAt(double position) const {
  if (position < faces_.front() || position >= faces_.back()) return -1;
  const auto above = std::upper_bound(faces_.begin(), faces_.end(), position);
  return static_cast<int>(above - faces_.begin()) - 1;
}

namespace {

constexpr double kMaxUnknowns = 2.0e9;  // PetscInt has 32 bits

constexpr double kCellRounding = 1e-6;  // of a cell

/// Faces over at least `size` about zero, one of them at `at`. Where that makes the axis symmetric
/// about zero, face i and face count-i are opposite numbers to the last bit.
Axis AxisThrough(double at, double cell, double size, int pml_cells) {
  const double below = std::ceil((at + 0.5 * size) / cell - kCellRounding);
  const double above = std::ceil((0.5 * size - at) / cell - kCellRounding);
  const int count = static_cast<int>(below + above) + 2 * pml_cells;
  const double low = at - below * cell;
  const double centre = low + 0.5 * (below + above) * cell;
  if (std::abs(centre) < kCellRounding * cell) return Axis::Uniform(cell, count);
  std::vector<double> faces;
  for (int i = 0; i <= count; ++i) faces.push_back(low + (i - pml_cells) * cell);
  return Axis(std::move(faces));
}

Axis AxisOf(const GridOptions& options, int axis) {
  const double cells = std::ceil(options.size[axis] / options.cell - kCellRounding);
  const double pml_cells = options.boundary[axis] == Boundary::Pml
                               ? std::max(1.0, std::round(options.pml / options.cell))
                               : 0.0;
  const double count = cells + 2 * pml_cells;
  if (!(count >= 1) || count > kMaxUnknowns) {
    base::Fail(
        "grid.size {} um with grid.cell {} um makes {} cells along {}; allowed are 1 to {:.0e}",
        options.size[axis], options.cell, count, axis == 0 ? 'x' : 'y', kMaxUnknowns);
  }
  if (options.face[axis]) {
    return AxisThrough(*options.face[axis], options.cell, options.size[axis],
                       static_cast<int>(pml_cells));
  }
  return Axis::Uniform(options.cell, static_cast<int>(count));
}

}  // namespace

Grid::Grid(const GridOptions& options)
    : Grid(AxisOf(options, 0), AxisOf(options, 1), options.polarization,
           std::max(1.0, std::round(options.pml / options.cell)) * options.cell, options.boundary) {
}

Grid::Grid(Axis x, Axis y, Polarization polarization, double pml, std::array<Boundary, 2> boundary)
    : axes_{std::move(x), std::move(y)},
      polarization_(polarization),
      pml_(pml),
      boundary_(boundary) {
  if (static_cast<double>(Nx()) * Ny() > kMaxUnknowns) {
    base::Fail(
        "the grid has {} x {} cells; at most {:.0e} unknowns are possible: take larger cells", Nx(),
        Ny(), kMaxUnknowns);
  }
}

double Grid::PmlThickness(AxisName name) const {
  return boundary_[static_cast<int>(name)] == Boundary::Pml ? pml_ : 0.0;
}

int Grid::PmlCells(AxisName name) const {
  const double thickness = PmlThickness(name);
  const Axis& axis = Along(name);
  int cells = 0;
  while (cells < axis.Cells() && axis.Centre(cells) - axis.Faces().front() < thickness) ++cells;
  return cells;
}

bool Grid::WallIsDirichlet(AxisName name) const {
  switch (boundary_[static_cast<int>(name)]) {
    case Boundary::Pml:
      return true;
    case Boundary::Pec:
      return polarization_ == Polarization::Ez;
    case Boundary::Pmc:
      return polarization_ == Polarization::Hz;
  }
  return true;
}

ColumnRange PartitionColumns(ColumnRange whole, int rank, int size) {
  const long count = whole.Count();
  return {whole.begin + static_cast<int>(count * rank / size),
          whole.begin + static_cast<int>(count * (rank + 1) / size)};
}

Stretch PmlStretch(const Grid& grid, AxisName name, double omega) {
  // sigma(d) = sigma_max (d / L)^3 with 2 int sigma = -ln R, hence sigma_max = -2 ln R / L.
  constexpr double kReflection = 1e-6;
  const Axis& axis = grid.Along(name);
  const double thickness = grid.PmlThickness(name);
  const double sigma_max = thickness > 0 ? -2 * std::log(kReflection) / thickness : 0.0;
  const auto factor = [&](double position) {
    const double depth = std::max({0.0, (axis.Faces().front() + thickness) - position,
                                   position - (axis.Faces().back() - thickness)});
    if (thickness == 0 || depth <= 1e-9 * thickness) return Complex(1.0, 0.0);
    return Complex(1.0, sigma_max * std::pow(depth / thickness, 3) / omega);
  };
  Stretch stretch;
  for (int i = 0; i < axis.Cells(); ++i) stretch.centre.push_back(factor(axis.Centre(i)));
  for (int i = 0; i <= axis.Cells(); ++i) stretch.face.push_back(factor(axis.Face(i)));
  return stretch;
}

}  // namespace symwave::domain
