#include "domain/tabulated_index.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

/// Slope of a monotone cubic at a row between intervals of widths h and slopes d: 0 at an extremum,
/// else their weighted harmonic mean.
double InnerSlope(std::array<double, 2> h, std::array<double, 2> d) {
  if (!(d[0] * d[1] > 0)) return 0;
  const double first = 2 * h[1] + h[0], second = h[1] + 2 * h[0];
  return (first + second) / (first / d[0] + second / d[1]);
}

/// One-sided three-point slope at an end, limited so that the cubic stays monotone.
double EndSlope(std::array<double, 2> h, std::array<double, 2> d) {
  const double slope = ((2 * h[0] + h[1]) * d[0] - h[0] * d[1]) / (h[0] + h[1]);
  if (!(slope * d[0] > 0)) return 0;
  if (!(d[0] * d[1] > 0) && std::abs(slope) > 3 * std::abs(d[0])) return 3 * d[0];
  return slope;
}

std::vector<double> Slopes(const std::vector<double>& x, const std::vector<double>& y) {
  const size_t last = x.size() - 1;
  std::vector<double> h, d;
  for (size_t k = 0; k < last; ++k) {
    h.push_back(x[k + 1] - x[k]);
    d.push_back((y[k + 1] - y[k]) / h[k]);
  }
  if (last == 1) return {d[0], d[0]};
  std::vector<double> slopes{EndSlope({h[0], h[1]}, {d[0], d[1]})};
  for (size_t k = 1; k < last; ++k)
    slopes.push_back(InnerSlope({h[k - 1], h[k]}, {d[k - 1], d[k]}));
  slopes.push_back(EndSlope({h[last - 1], h[last - 2]}, {d[last - 1], d[last - 2]}));
  return slopes;
}

void CheckRow(const TabulatedIndex::Row& row) {
  const double n = row.index.real(), k = row.index.imag();
  if (!(row.wavelength_um > 0)) {
    base::Fail("the wavelength {:.6g} um must be positive", row.wavelength_um);
  }
  if (!(k >= 0)) {
    base::Fail("k = {:.6g} at {:.6g} um amplifies; it must be 0 or positive (absorption)", k,
               row.wavelength_um);
  }
  if (!(n >= 0) || std::abs(row.index) == 0) {
    base::Fail(
        "n = {:.6g}, k = {:.6g} at {:.6g} um; n must be 0 or positive, and not both may be 0", n, k,
        row.wavelength_um);
  }
}

}  // namespace

TabulatedIndex::TabulatedIndex(std::vector<Row> rows) : rows_(std::move(rows)) {
  if (rows_.size() < 2) {
    base::Fail("the table has {} row{} of an index; it must have two or more", rows_.size(),
               rows_.size() == 1 ? "" : "s");
  }
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return a.wavelength_um < b.wavelength_um; });
  std::vector<double> x, n, k;
  for (const Row& row : rows_) {
    CheckRow(row);
    if (!x.empty() && x.back() == row.wavelength_um) {
      base::Fail("the wavelength {:.9g} um stands twice in the table; remove one row",
                 row.wavelength_um);
    }
    x.push_back(row.wavelength_um);
    n.push_back(row.index.real());
    k.push_back(row.index.imag());
  }
  const std::vector<double> dn = Slopes(x, n), dk = Slopes(x, k);
  for (size_t r = 0; r < x.size(); ++r) slopes_.emplace_back(dn[r], dk[r]);
}

std::array<double, 2> TabulatedIndex::Range() const {
  return {rows_.front().wavelength_um, rows_.back().wavelength_um};
}

std::complex<double> TabulatedIndex::Index(double wavelength_um) const {
  const auto [low, high] = Range();
  // Rounding of a limit computed from a frequency is no reason to refuse.
  if (!(wavelength_um >= low * (1 - 1e-9) && wavelength_um <= high * (1 + 1e-9))) {
    base::Fail("the table holds from {:.6g} to {:.6g} um, not at {:.6g} um", low, high,
               wavelength_um);
  }
  const double x = std::clamp(wavelength_um, low, high);
  const auto after =
      std::upper_bound(rows_.begin() + 1, rows_.end() - 1, x,
                       [](double v, const Row& row) { return v < row.wavelength_um; });
  const size_t b = after - rows_.begin(), a = b - 1;
  const double h = rows_[b].wavelength_um - rows_[a].wavelength_um;
  const double t = (x - rows_[a].wavelength_um) / h, s = 1 - t;
  // Hermite's cubic of the values and slopes at both ends.
  return s * s * (1 + 2 * t) * rows_[a].index + t * t * (1 + 2 * s) * rows_[b].index +
         h * t * s * (s * slopes_[a] - t * slopes_[b]);
}

}  // namespace symwave::domain
