#include "domain/plane_fill.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace symwave::domain {

namespace {

using Length = std::int64_t;  // 2^-40 um

constexpr double kPerUm = 1099511627776.0;  // 2^40
constexpr double kAreaSliver = 1e-7;        // of an area
constexpr Length kOnBorder = 1100;          // 1e-9 um; an outline this near to a border is on it

Length ToLength(double um) {
  return std::llround(um * kPerUm);
}

struct Vertex {
  Length x, y;
};

std::vector<Length> ToLengths(const std::vector<double>& borders) {
  std::vector<Length> lengths;
  lengths.reserve(borders.size());
  for (double b : borders) lengths.push_back(ToLength(b));
  return lengths;
}

/// Sums directed edges, area by area. An edge that runs downwards covers what lies at larger x in
/// its y range, one that runs upwards uncovers it: over closed counter-clockwise contours the sum
/// is the inside. In its own area a piece covers part of the width; all areas further right it
/// covers over the full width, which `carry` records once and a running sum along x spreads.
class EdgeSum {
 public:
  EdgeSum(std::vector<Length> x, std::vector<Length> y)
      : x_(std::move(x)), y_(std::move(y)), nx_(x_.size() - 1), ny_(y_.size() - 1) {
    carry_.assign((nx_ + 1) * ny_, 0);
    own_.assign(nx_ * ny_, 0.0);
    projected_x_.assign(nx_ * ny_, 0);
    projected_y_.assign(nx_ * ny_, 0);
    skew_.assign(nx_ * ny_, 0);
  }

  void Add(const Vertex& from, const Vertex& to) {
    const bool up = to.y >= from.y;
    const Vertex& low = up ? from : to;
    const Vertex& high = up ? to : from;
    if (high.y < y_.front() || low.y > y_.back()) return;
    if (low.x > x_.back() && high.x > x_.back()) return;
    if (low.y == high.y) {
      AddLevel(low.y, std::min(from.x, to.x), std::max(from.x, to.x));
      return;
    }
    Vertex a = low.y >= y_.front() ? low : Vertex{XAt(low, high, y_.front()), y_.front()};
    for (size_t j = Interval(y_, a.y); j < ny_ && a.y < high.y; ++j) {
      const Vertex b = high.y <= y_[j + 1] ? high : Vertex{XAt(low, high, y_[j + 1]), y_[j + 1]};
      AddInRow(j, a, b, low, high, up ? -1 : 1);
      a = b;
    }
  }

  /// Calls visit(cell, share, projected length on y / area, on x / area, n_x n_y length / area)
  /// where share > 0; the lengths of edges are what d_x and d_y of the inside's indicator add up to
  /// in absolute value.
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (size_t j = 0; j < ny_; ++j) {
      const double height = static_cast<double>(y_[j + 1] - y_[j]);
      Length covered = 0;
      for (size_t i = 0; i < nx_; ++i) {
        const double width = static_cast<double>(x_[i + 1] - x_[i]);
        covered += carry_[j * (nx_ + 1) + i];
        const size_t cell = j * nx_ + i;
        const double share = (own_[cell] / width + static_cast<double>(covered)) / height;
        if (share <= kAreaSliver) continue;
        const double per_area = kPerUm / (width * height);
        visit(cell, share >= 1 - kAreaSliver ? 1.0 : Rounded(share),
              static_cast<double>(projected_x_[cell]) * per_area,
              static_cast<double>(projected_y_[cell]) * per_area,
              static_cast<double>(skew_[cell]) * per_area);
      }
    }
  }

 private:
  static Length Between(Length v, Length a, Length b) {
    return std::clamp(v, std::min(a, b), std::max(a, b));
  }
  static Length XAt(const Vertex& low, const Vertex& high, Length y) {
    const double t = static_cast<double>(y - low.y) / static_cast<double>(high.y - low.y);
    return low.x + std::llround(t * static_cast<double>(high.x - low.x));
  }
  static Length YAt(const Vertex& low, const Vertex& high, Length x) {
    const double t = static_cast<double>(x - low.x) / static_cast<double>(high.x - low.x);
    return low.y + std::llround(t * static_cast<double>(high.y - low.y));
  }
  /// Index i of the interval [b[i], b[i+1]) that holds `v`, clamped to the range.
  static size_t Interval(const std::vector<Length>& b, Length v) {
    const auto above = std::upper_bound(b.begin(), b.end() - 1, v);
    return above == b.begin() ? 0 : static_cast<size_t>(above - b.begin()) - 1;
  }
  /// Whether a piece from `a` to `b` runs along a border of interval i.
  static bool Along(const std::vector<Length>& borders, size_t i, Length a, Length b) {
    const auto near = [&](Length border) {
      return std::abs(a - border) <= kOnBorder && std::abs(b - border) <= kOnBorder;
    };
    return near(borders[i]) || near(borders[i + 1]);
  }

  /// n_x n_y times the length of a piece.
  static Length Skew(Length dx, Length dy) {
    const auto x = static_cast<double>(dx), y = static_cast<double>(dy);
    const double length = std::hypot(x, y);
    return length > 0 ? std::llround(-x * y / length) : 0;
  }

  /// A level edge covers nothing, but eps jumps across it.
  void AddLevel(Length y, Length left, Length right) {
    const size_t j = Interval(y_, y);
    if (Along(y_, j, y, y)) return;
    left = std::max(left, x_.front());
    right = std::min(right, x_.back());
    for (size_t i = Interval(x_, left); i < nx_ && x_[i] < right; ++i) {
      projected_y_[j * nx_ + i] += std::min(right, x_[i + 1]) - std::max(left, x_[i]);
    }
  }

  /// The piece a..b of the edge low..high inside row j, cut at the columns it crosses.
  void AddInRow(size_t j, const Vertex& a, const Vertex& b, const Vertex& low, const Vertex& high,
                int sign) {
    const Vertex& left = b.x >= a.x ? a : b;
    const Vertex& right = b.x >= a.x ? b : a;
    if (left.x >= x_.back()) return;
    Vertex p = left;
    if (p.x < x_.front()) {
      const Length y =
          right.x <= x_.front() ? right.y : Between(YAt(low, high, x_.front()), left.y, right.y);
      carry_[j * (nx_ + 1)] += sign * std::abs(y - p.y);
      if (right.x <= x_.front()) return;
      p = {x_.front(), y};
    }
    const bool level_counts = !Along(y_, j, a.y, b.y);
    for (size_t i = Interval(x_, p.x); i < nx_; ++i) {
      const bool last = right.x <= x_[i + 1];
      const Vertex q =
          last ? right : Vertex{x_[i + 1], Between(YAt(low, high, x_[i + 1]), p.y, right.y)};
      const Length height = std::abs(q.y - p.y);
      const size_t cell = j * nx_ + i;
      own_[cell] += sign * static_cast<double>(height) * 0.5 *
                    static_cast<double>((x_[i + 1] - p.x) + (x_[i + 1] - q.x));
      carry_[j * (nx_ + 1) + i + 1] += sign * height;
      if (level_counts && !Along(x_, i, p.x, q.x)) {
        projected_x_[cell] += height;
        projected_y_[cell] += q.x - p.x;
        skew_[cell] += Skew(q.x - p.x, q.y - p.y);
      }
      if (last) break;
      p = q;
    }
  }

  std::vector<Length> x_, y_;
  size_t nx_, ny_;
  std::vector<Length> carry_;  // covered height from this column on, nx + 1 columns
  std::vector<double> own_;    // covered area of the pieces inside the area itself
  std::vector<Length> projected_x_, projected_y_, skew_;
};

}  // namespace

double Rounded(double v) {
  constexpr double kUnit = 1073741824.0;  // 2^30
  return std::round(v * kUnit) / kUnit;
}

PlaneFill::PlaneFill(const MediumLayer& layer, const std::vector<double>& eps,
                     const std::vector<double>& x, const std::vector<double>& y)
    : nx_(static_cast<int>(x.size()) - 1),
      media_(eps.size()),
      code_(static_cast<size_t>(nx_) * (y.size() - 1), layer.base) {
  const auto base = static_cast<size_t>(layer.base);
  for (const MediumLayer::Area& area : layer.areas) {
    AddArea(area, std::abs(eps[static_cast<size_t>(area.medium)] - eps[base]), x, y);
  }
  Close(layer.base);
}

void PlaneFill::AddArea(const MediumLayer::Area& area, double jump, const std::vector<double>& x,
                        const std::vector<double>& y) {
  EdgeSum sum(ToLengths(x), ToLengths(y));
  for (const Polygon& contour : area.contours) {
    for (size_t k = 0; k < contour.size(); ++k) {
      const Point& a = contour[k];
      const Point& b = contour[(k + 1) % contour.size()];
      sum.Add({ToLength(a.x), ToLength(a.y)}, {ToLength(b.x), ToLength(b.y)});
    }
  }
  sum.ForEach([&](size_t cell, double share, double along_x, double along_y, double skew) {
    if (code_[cell] >= 0 && share == 1) {
      code_[cell] = area.medium;
      return;
    }
    if (code_[cell] >= 0) {
      code_[cell] = -1 - static_cast<std::int32_t>(variation_x_.size());
      share_.insert(share_.end(), media_, 0.0);
      variation_x_.push_back(0);
      variation_y_.push_back(0);
      skew_.push_back(0);
    }
    const auto mixed = static_cast<size_t>(-1 - code_[cell]);
    share_[mixed * media_ + static_cast<size_t>(area.medium)] += share;
    variation_x_[mixed] += jump * along_x;
    variation_y_[mixed] += jump * along_y;
    skew_[mixed] += jump * skew;
  });
}

/// What the areas leave is the base; what they overlap by, in rounding, the largest of them loses.
void PlaneFill::Close(int base) {
  for (size_t mixed = 0; mixed < variation_x_.size(); ++mixed) {
    double* share = &share_[mixed * media_];
    double rest = 1;
    for (size_t m = 0; m < media_; ++m) rest -= share[m];
    if (rest > kAreaSliver) {
      share[base] += rest;
    } else {
      *std::max_element(share, share + media_) += rest;
    }
  }
  for (std::int32_t& code : code_) {
    if (code >= 0) continue;
    const double* share = &share_[static_cast<size_t>(-1 - code) * media_];
    const double* full = std::find(share, share + media_, 1.0);
    if (full != share + media_) code = static_cast<std::int32_t>(full - share);
  }
}

}  // namespace symwave::domain
