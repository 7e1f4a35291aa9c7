// A material given by a table of refractive indices.
#pragma once

#include <array>
#include <complex>
#include <string>
#include <vector>

namespace symwave::domain {

/// n + i k between the rows of a table: each of the two is a piecewise cubic in the wavelength that
/// rises and falls with the rows and never overshoots them (Fritsch and Carlson, SIAM J. Numer.
/// Anal. 17, 238 (1980)), so that k stays >= 0.
class TabulatedIndex {
 public:
  struct Row {
    double wavelength_um = 0;
    std::complex<double> index;
  };

  /// Rows in any order. UserError: fewer than two rows, a wavelength twice or not positive, gain
  /// (k < 0), n < 0, an index of 0.
  explicit TabulatedIndex(std::vector<Row> rows);

  const std::vector<Row>& Rows() const { return rows_; }

  /// Shortest and longest wavelength.
  std::array<double, 2> Range() const;

  /// UserError outside the range.
  std::complex<double> Index(double wavelength_um) const;

 private:
  std::vector<Row> rows_;                     ///< by rising wavelength
  std::vector<std::complex<double>> slopes_;  ///< of n and k at the rows, 1/um
};

}  // namespace symwave::domain
