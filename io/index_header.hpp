// Headers of tables of the refractive index.
#pragma once

#include <string>
#include <vector>

namespace symwave::io {

/// What a number in the first quantity of a row says about the wavelength.
struct AbscissaUnit {
  std::string symbol = "um";
  double factor = 1;     ///< wavelength [um] = factor * number
  bool inverse = false;  ///< or factor / number: frequencies, wavenumbers, energies

  double Wavelength(double number) const { return inverse ? factor / number : factor * number; }
};

/// Columns of a table, from 0; -1: none.
struct IndexColumns {
  int abscissa = 0;
  int real = 1;
  int imag = 2;
  bool permittivity = false;  ///< eps instead of n and k
  AbscissaUnit unit;
  int count = 0;  ///< cells of a row; 0 without a header: two or three
};

/// Cells of a line that is no row of numbers; units that stand in cells of their own ("Wavelength
/// (micron) n k" between blanks) belong to the cell before.
std::vector<std::string> HeaderCells(const std::string& line);

/// Whether all cells are units or empty: a second line of a header.
bool HoldsUnitsAlone(const std::vector<std::string>& cells);

/// What a header says. UserError with `where` for headings and units that are not known, for a
/// frequency, wavenumber or energy without its unit, and without a column of n, k or eps.
IndexColumns ColumnsOf(const std::vector<std::string>& cells, const std::string& where);

/// What a comment says: nothing about columns; the columns, as a header does; or something about
/// them ("wavelength in nm") that is no header.
enum class CommentKind { Text, Header, Doubtful };
CommentKind KindOfComment(const std::string& text);

/// The headings that are known, and an example.
std::string KnownHeadings();

}  // namespace symwave::io
