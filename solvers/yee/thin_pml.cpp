#include "solvers/yee/thin_pml.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace symwave::solvers::yee {

std::string EndsText(const std::vector<LatticeEnd>& ends) {
  const auto has = [&](int axis, int side) {
    return std::find(ends.begin(), ends.end(), LatticeEnd{axis, side}) != ends.end();
  };
  std::vector<std::string> names;
  for (int axis = 0; axis < 3; ++axis) {
    const bool low = has(axis, 0), high = has(axis, 1);
    if (!low && !high) continue;
    const char* which = low && high ? "both ends" : low ? "the low end" : "the high end";
    names.push_back(fmt::format("{} of {}", which, "xyz"[axis]));
  }
  std::string text;
  for (size_t k = 0; k < names.size(); ++k) {
    text += (k == 0 ? "" : k + 1 == names.size() ? " and " : ", ") + names[k];
  }
  return text;
}

double ThinPmlReflection(int cells) {
  return std::pow(10.0, -0.5 * (cells - 1));
}

ThinPml FindThinPml(const domain::Lattice& lattice) {
  ThinPml thin;
  for (int axis = 0; axis < 3; ++axis) {
    for (int side = 0; side < 2; ++side) {
      const int cells = lattice.End(axis, side).pml_cells;
      if (cells == 0 || cells >= kFewestPmlCells) continue;
      thin.cells = thin.ends.empty() ? cells : std::min(thin.cells, cells);
      thin.ends.push_back({axis, side});
      const int outermost = side == 0 ? 0 : lattice.Cells(axis) - 1;
      thin.cell = std::max(thin.cell, lattice.CellWidth(axis, outermost));
    }
  }
  return thin;
}

std::string ThinPml::Sentence() const {
  return fmt::format(
      "the PML at {} has {} cell{} and reflects about {:.1g} of the amplitude, as its steps are "
      "coarse: give it 8 cells or more (at least {}) by grid.pml of {:.3g} um",
      EndsText(ends), cells, cells == 1 ? "" : "s", ThinPmlReflection(cells), kFewestPmlCells,
      8 * cell);
}

std::string ThinPml::AsCause() const {
  return fmt::format("the PML of {} cell{} is the likely cause: make grid.pml {:.3g} um", cells,
                     cells == 1 ? "" : "s", 8 * cell);
}

}  // namespace symwave::solvers::yee
