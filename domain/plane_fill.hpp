// Which media fill the control areas of a lattice in one layer, and how the interfaces in them run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "domain/shapes.hpp"

namespace symwave::domain {

/// A layer whose materials are numbers in a list of media.
struct MediumLayer {
  struct Area {
    int medium = 0;
    std::vector<Polygon> contours;  ///< as those of Region
  };
  int base = 0;
  std::vector<Area> areas;  ///< disjoint
};

/// Values of the areas [x[i], x[i+1]] x [y[j], y[j+1]], which depend on nothing but the area: sums
/// are taken in integers (of 2^-40 um), so that every window gives the same bits. Shares are
/// multiples of 2^-30, so that rounding does not tell equal areas apart.
class PlaneFill {
 public:
  /// `x` and `y` increase [um]; `eps` of each medium weighs the interfaces. Cost: edges, plus the
  /// areas they cross, plus the areas of the window for every medium.
  PlaneFill(const MediumLayer& layer, const std::vector<double>& eps, const std::vector<double>& x,
            const std::vector<double>& y);

  /// Number of the medium that fills area (i, j), -1 where there are several. Areas filled to 1e-7
  /// count as full.
  int Medium(int i, int j) const { return std::max(code_[Cell(i, j)], -1); }
  /// Share of each medium in an area that has several; they add up to 1 exactly.
  const double* Shares(int i, int j) const { return &share_[Mixed(i, j) * media_]; }
  /// Means of |d_x eps| and |d_y eps| over such an area: jumps times projected length / area.
  double VariationX(int i, int j) const { return variation_x_[Mixed(i, j)]; }
  double VariationY(int i, int j) const { return variation_y_[Mixed(i, j)]; }
  /// Mean of d_x eps d_y eps / |grad eps| over it: jumps times n_x n_y times length / area.
  double Skew(int i, int j) const { return skew_[Mixed(i, j)]; }
  long MixedCount() const { return static_cast<long>(variation_x_.size()); }

 private:
  size_t Cell(int i, int j) const { return static_cast<size_t>(j) * nx_ + i; }
  size_t Mixed(int i, int j) const { return static_cast<size_t>(-1 - code_[Cell(i, j)]); }
  void AddArea(const MediumLayer::Area& area, double jump, const std::vector<double>& x,
               const std::vector<double>& y);
  void Close(int base);

  int nx_;
  size_t media_;
  std::vector<std::int32_t> code_;  // medium, or -1 - number of the mixed area
  std::vector<double> share_;
  std::vector<double> variation_x_, variation_y_, skew_;
};

/// v to the nearest multiple of 2^-30.
double Rounded(double v);

}  // namespace symwave::domain
