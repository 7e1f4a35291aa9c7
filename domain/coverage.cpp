#include "domain/coverage.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::domain {

namespace {

constexpr double kAreaRounding = 1e-12;  // of the area of a cell
constexpr double kBorderDistance =
    1e-9;  // um; an outline this near to a border crosses neither cell

/// Sums the signed area of directed edges, cell by cell. An edge covers what lies at larger x in
/// its y range, positive when it runs downwards: over a closed counter-clockwise contour the sum is
/// the inside. In its own cell an edge piece of height h at mean position x covers
/// h (x_right - x); all cells further right it covers over the full width, which `carry` records
/// once and a running sum along x spreads.
class Accumulator {
 public:
  Accumulator(const std::vector<double>& x, const std::vector<double>& y)
      : x_(x), y_(y), nx_(static_cast<int>(x.size()) - 1), ny_(static_cast<int>(y.size()) - 1) {
    const size_t cells = static_cast<size_t>(nx_) * ny_;
    carry_.assign(cells, 0.0);
    area_.assign(cells, 0.0);
    normal_x_.assign(cells, 0.0);
    normal_y_.assign(cells, 0.0);
  }

  /// Cuts the edge at the rows it crosses.
  void AddEdge(const Point& from, const Point& to) {
    const bool up = to.y >= from.y;
    const Point& low = up ? from : to;
    const Point& high = up ? to : from;
    if (high.y < y_.front() || low.y > y_.back()) return;
    if (low.x > x_.back() && high.x > x_.back()) return;
    const double direction = up ? 1 : -1;
    if (low.y == high.y) {
      AddLevel(low.y, from.x, to.x);
      return;
    }
    const double slope = (high.x - low.x) / (high.y - low.y);
    const auto x_at = [&](double y) { return y >= high.y ? high.x : low.x + (y - low.y) * slope; };
    double y0 = std::max(low.y, y_.front());
    double x0 = y0 == low.y ? low.x : x_at(y0);
    for (int j = Interval(y_, y0); j < ny_ && y0 < high.y; ++j) {
      const double y1 = std::min(high.y, y_[j + 1]);
      const double x1 = x_at(y1);
      AddInRow(j, {x0, y0}, {x1, y1}, direction);
      x0 = x1;
      y0 = y1;
    }
  }

  Coverage Finish() {
    Coverage result{nx_, ny_, std::move(area_), std::move(normal_x_), std::move(normal_y_)};
    std::vector<double> height(ny_, 0.0);  // of the edges further left, row by row
    for (int i = 0; i < nx_; ++i) {
      const double width = x_[i + 1] - x_[i];
      for (int j = 0; j < ny_; ++j) {
        const size_t cell = Cell(i, j);
        height[j] += carry_[cell];
        const double area = result.fraction[cell] + height[j] * width;
        FinishCell(result, cell, area / (width * (y_[j + 1] - y_[j])));
      }
    }
    return result;
  }

 private:
  size_t Cell(int i, int j) const { return static_cast<size_t>(i) * ny_ + j; }

  /// Index i of the interval [b[i], b[i+1]) that holds `v`, clamped to the range.
  static int Interval(const std::vector<double>& b, double v) {
    const int i = static_cast<int>(std::upper_bound(b.begin(), b.end(), v) - b.begin()) - 1;
    return std::clamp(i, 0, static_cast<int>(b.size()) - 2);
  }

  /// Whether a piece from `a` to `b` runs along a border of interval i.
  static bool Along(const std::vector<double>& borders, int i, double a, double b) {
    const auto near = [&](double border) {
      return std::abs(a - border) < kBorderDistance && std::abs(b - border) < kBorderDistance;
    };
    return near(borders[i]) || near(borders[i + 1]);
  }

  static void FinishCell(Coverage& result, size_t cell, double fraction) {
    if (std::abs(fraction) < kAreaRounding) fraction = 0;
    if (std::abs(fraction - 1) < kAreaRounding) fraction = 1;
    result.fraction[cell] = fraction;
    double& nx = result.normal_x[cell];
    double& ny = result.normal_y[cell];
    const double length = std::hypot(nx, ny);
    const double scale = length > 0 && fraction != 0 && fraction != 1 ? 1 / length : 0;
    nx *= scale;
    ny *= scale;
  }

  /// A level edge covers nothing; it has a normal.
  void AddLevel(double y, double from, double to) {
    const int j = Interval(y_, y);
    if (Along(y_, j, y, y)) return;
    const double left = std::max(std::min(from, to), x_.front());
    const double right = std::min(std::max(from, to), x_.back());
    for (int i = Interval(x_, left); i < nx_ && x_[i] < right; ++i) {
      const double length = std::min(right, x_[i + 1]) - std::max(left, x_[i]);
      normal_y_[Cell(i, j)] -= to > from ? length : -length;
    }
  }

  /// An upward piece from `a` to `b` inside row j, cut at the columns it crosses; `direction` is -1
  /// when the edge itself runs downwards.
  void AddInRow(int j, const Point& a, const Point& b, double direction) {
    const bool to_right = b.x >= a.x;
    const Point& left = to_right ? a : b;
    const Point& right = to_right ? b : a;
    if (left.x >= x_.back()) return;
    if (right.x <= x_.front()) {
      AddArea(0, j, x_.front(), -direction * (b.y - a.y));
      return;
    }
    const bool normals = !Along(y_, j, a.y, b.y);
    const double slope = right.x > left.x ? (right.y - left.y) / (right.x - left.x) : 0;
    Point p = left;
    if (p.x < x_.front()) {
      const double y = left.y + (x_.front() - left.x) * slope;
      AddArea(0, j, x_.front(), -direction * std::abs(y - p.y));
      p = {x_.front(), y};
    }
    for (int i = Interval(x_, p.x); i < nx_; ++i) {
      const bool last = right.x <= x_[i + 1];
      const Point q = last ? right : Point{x_[i + 1], left.y + (x_[i + 1] - left.x) * slope};
      const double height = direction * std::abs(q.y - p.y);
      AddArea(i, j, 0.5 * (p.x + q.x), -height);
      if (normals && !Along(x_, i, p.x, q.x)) {
        normal_x_[Cell(i, j)] += height;
        normal_y_[Cell(i, j)] -= direction * (to_right ? q.x - p.x : p.x - q.x);
      }
      if (last) break;
      p = q;
    }
  }

  /// Covers the height `covered` (signed) of row j from `x` in column i to the right.
  void AddArea(int i, int j, double x, double covered) {
    area_[Cell(i, j)] += covered * (x_[i + 1] - x);
    if (i + 1 < nx_) carry_[Cell(i + 1, j)] += covered;
  }

  const std::vector<double>& x_;
  const std::vector<double>& y_;
  int nx_;
  int ny_;
  std::vector<double> carry_, area_, normal_x_, normal_y_;
};

}  // namespace

Coverage CoverCells(const std::vector<Polygon>& contours, const std::vector<double>& x,
                    const std::vector<double>& y) {
  Accumulator sum(x, y);
  for (const Polygon& contour : contours) {
    for (size_t k = 0; k < contour.size(); ++k) {
      sum.AddEdge(contour[k], contour[(k + 1) % contour.size()]);
    }
  }
  return sum.Finish();
}

}  // namespace symwave::domain
