// PMLs of so few cells that they reflect by their steps.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::solvers::yee {

/// Fewest cells of a PML without a warning.
constexpr int kFewestPmlCells = 6;

/// Amplitude that a guided mode finds reflected by a PML of a few cells, in either solver and
/// polarization: 10^(-(cells - 1) / 2), within a factor of 2.5 of what a guide of index 2.4
/// measures at 8 to 26 cells per wavelength in it (more at the coarse end), whatever the grading is
/// meant for.
double ThinPmlReflection(int cells);

/// An end of an axis: {axis, 0 (low) or 1 (high)}.
using LatticeEnd = std::array<int, 2>;

/// "both ends of x and the low end of y".
std::string EndsText(const std::vector<LatticeEnd>& ends);

/// The PMLs with fewer than kFewestPmlCells cells.
struct ThinPml {
  std::vector<LatticeEnd> ends;  ///< empty where there are none
  int cells = 0;                 ///< of the thinnest
  double cell = 0;               ///< widest of theirs [um]

  /// What they do, with number and remedy.
  std::string Sentence() const;
  /// The same as the cause of something, a clause.
  std::string AsCause() const;
};
ThinPml FindThinPml(const domain::Lattice& lattice);

}  // namespace symwave::solvers::yee
