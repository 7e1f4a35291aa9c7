#include "domain/layout_media.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

// Columns are evaluated in these blocks, whatever the box: values that depend on the point alone.
constexpr int kColumns = 64;

/// What MakeMediumMap keeps for its samples.
struct Source {
  Lattice lattice;
  Grid grid;
  Layout layout;
  double omega;
};

/// Number of the grid's cell (Centre) or face (Face) along an axis that point i of E lies on.
int CellOrFace(const Source& source, Component c, int axis, int i) {
  const int n = source.grid.Along(static_cast<AxisName>(axis)).Cells();
  if (source.grid.Pol() == Polarization::Ez) {
    // The nodes are the cell centres, after the wall's node.
    return std::clamp(i - 1, 0, n - 1);
  }
  const bool centre = source.lattice.StaggerOf(c, axis) == Stagger::Centre;
  return std::clamp(i, 0, centre ? n - 1 : n);
}

Complex EpsAt(const Permittivity& permittivity, Component c, int i, int j) {
  switch (c) {
    case Component::Ex:
      return 1.0 / permittivity.AlphaY(i, j);
    case Component::Ey:
      return 1.0 / permittivity.AlphaX(i, j);
    default:
      return permittivity.Beta(i, j);
  }
}

void SetPoint(const Source& source, Complex eps, size_t point, MediumBlock& block) {
  if (!(eps.real() > 0) || !(eps.imag() >= 0)) {
    base::Fail(
        "a cell of the layout has eps {:.6g} {:+.6g}i; the time domain takes a positive real part "
        "and no "
        "gain: give a metal by Drude and Lorentz poles",
        eps.real(), eps.imag());
  }
  block.eps[point] = eps.real();
  block.conductivity[point] = source.omega * eps.imag();
}

MediumBlock Sample(const Source& source, Component c, const IndexBox& box) {
  base::Require(source.lattice.Has(c) && IsElectric(c), "an E component of this lattice");
  MediumBlock block;
  block.box = box;
  const auto count = static_cast<size_t>(box.Count());
  if (count == 0) return block;
  block.eps.resize(count);
  block.conductivity.resize(count);
  std::optional<Permittivity> permittivity;
  int evaluated = -1;
  for (int i = box.lo[0]; i < box.hi[0]; ++i) {
    // Face i belongs to the column behind it, the last one to the last column.
    const int column = CellOrFace(source, c, 0, i);
    const int block_number = std::min(column, source.grid.Nx() - 1) / kColumns;
    if (block_number != evaluated) {
      evaluated = block_number;
      permittivity = EvaluatePermittivity(
          source.grid, source.layout,
          {kColumns * evaluated, std::min(kColumns * (evaluated + 1), source.grid.Nx())});
    }
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        SetPoint(source, EpsAt(*permittivity, c, column, CellOrFace(source, c, 1, j)),
                 static_cast<size_t>(box.Offset(i, j, k)), block);
      }
    }
  }
  const auto& loss = block.conductivity;
  if (std::all_of(loss.begin(), loss.end(), [](double s) { return s == 0; })) {
    block.conductivity.clear();
  }
  return block;
}

}  // namespace

MediumMap MakeMediumMap(const Lattice& lattice, const Grid& grid, const Layout& layout,
                        double omega) {
  base::Require(omega > 0, "omega > 0");
  MediumMap map;
  Medium medium;
  medium.name = "layout";
  map.media = {medium};
  const auto source = std::make_shared<const Source>(Source{lattice, grid, layout, omega});
  map.sample = [source](Component c, const IndexBox& box) { return Sample(*source, c, box); };
  return map;
}

}  // namespace symwave::domain
