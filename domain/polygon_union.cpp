#include "domain/polygon_union.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <polyclipping/clipper.hpp>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kUnitsPerUm = 1e10;  // as regions.cpp has them
constexpr double kMitreLimit = 1.5;   // of half widths, from the corner: turns up to 96 degrees
constexpr double kChordError = 1e-5;  // um

ClipperLib::Path Scaled(const Polygon& polygon) {
  ClipperLib::Path path;
  path.reserve(polygon.size());
  for (const Point& p : polygon) {
    path.emplace_back(std::llround(p.x * kUnitsPerUm), std::llround(p.y * kUnitsPerUm));
  }
  return path;
}

Polygon Unscaled(const ClipperLib::Path& path) {
  Polygon polygon;
  polygon.reserve(path.size());
  for (const auto& p : path) polygon.push_back({p.X / kUnitsPerUm, p.Y / kUnitsPerUm});
  return polygon;
}

ClipperLib::Paths United(const ClipperLib::Paths& paths) {
  ClipperLib::Clipper clipper;
  clipper.AddPaths(paths, ClipperLib::ptSubject, true);
  ClipperLib::Paths result;
  base::Require(
      clipper.Execute(ClipperLib::ctUnion, result, ClipperLib::pftNonZero, ClipperLib::pftNonZero),
      "clipping of polygons succeeds");
  return result;
}

/// Sets of numbers that become one when two of their members are joined.
class JoinedSets {
 public:
  explicit JoinedSets(size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t Root(size_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  void Join(size_t a, size_t b) {
    const size_t ra = Root(a), rb = Root(b);
    parent_[std::max(ra, rb)] = std::min(ra, rb);
  }

 private:
  std::vector<size_t> parent_;
};

/// Bins of a square mesh over all boxes, about as many as boxes.
class Bins {
 public:
  explicit Bins(const std::vector<OutlineBox>& boxes) {
    for (const OutlineBox& box : boxes) {
      if (box.Empty()) continue;
      whole_.Add(box.low[0], box.low[1]);
      whole_.Add(box.high[0], box.high[1]);
    }
    across_ = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(boxes.size()))));
    bins_.resize(static_cast<size_t>(across_) * across_);
    for (size_t k = 0; k < boxes.size(); ++k) {
      if (boxes[k].Empty()) continue;
      for (int j = Bin(boxes[k].low[1], 1); j <= Bin(boxes[k].high[1], 1); ++j) {
        for (int i = Bin(boxes[k].low[0], 0); i <= Bin(boxes[k].high[0], 0); ++i) {
          bins_[static_cast<size_t>(j) * across_ + i].push_back(k);
        }
      }
    }
  }
  const std::vector<std::vector<size_t>>& All() const { return bins_; }

 private:
  int Bin(double at, size_t axis) const {
    const double extent = whole_.high[axis] - whole_.low[axis];
    if (!(extent > 0)) return 0;
    return std::clamp(static_cast<int>((at - whole_.low[axis]) / extent * across_), 0, across_ - 1);
  }

  OutlineBox whole_;
  int across_ = 1;
  std::vector<std::vector<size_t>> bins_;
};

bool Convex(const Polygon& p) {
  const size_t n = p.size();
  if (n < 3) return true;
  bool left = false, right = false;
  int turns = 0;  // changes of the direction along x; a convex outline has two
  int last = 0;
  for (size_t k = 0; k < 2 * n; ++k) {
    const Point &a = p[k % n], &b = p[(k + 1) % n], &c = p[(k + 2) % n];
    const double turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
    if (k < n) {
      left = left || turn > 0;
      right = right || turn < 0;
    }
    const int way = b.x > a.x ? 1 : (b.x < a.x ? -1 : last);
    if (k > n && way != last) ++turns;
    last = way;
  }
  return !(left && right) && turns <= 2;
}

}  // namespace

void OutlineBox::Add(double x, double y) {
  low = {std::min(low[0], x), std::min(low[1], y)};
  high = {std::max(high[0], x), std::max(high[1], y)};
}

bool OutlineBox::Touches(const OutlineBox& other) const {
  return low[0] <= other.high[0] && other.low[0] <= high[0] && low[1] <= other.high[1] &&
         other.low[1] <= high[1];
}

bool OutlineBox::Holds(const OutlineBox& other) const {
  return low[0] <= other.low[0] && other.high[0] <= high[0] && low[1] <= other.low[1] &&
         other.high[1] <= high[1];
}

std::vector<std::vector<size_t>> GroupsByBox(const std::vector<OutlineBox>& boxes) {
  JoinedSets sets(boxes.size());
  const Bins bins(boxes);
  for (const std::vector<size_t>& bin : bins.All()) {
    for (size_t a = 0; a < bin.size(); ++a) {
      for (size_t b = a + 1; b < bin.size(); ++b) {
        if (boxes[bin[a]].Touches(boxes[bin[b]])) sets.Join(bin[a], bin[b]);
      }
    }
  }
  std::map<size_t, size_t> number;
  std::vector<std::vector<size_t>> groups;
  for (size_t k = 0; k < boxes.size(); ++k) {
    const auto [at, fresh] = number.emplace(sets.Root(k), groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(k);
  }
  return groups;
}

std::vector<Polygon> UniteOutlines(const std::vector<Polygon>& polygons) {
  std::vector<OutlineBox> boxes(polygons.size());
  for (size_t k = 0; k < polygons.size(); ++k) {
    for (const Point& p : polygons[k]) boxes[k].Add(p.x, p.y);
  }
  std::vector<Polygon> united;
  for (const std::vector<size_t>& group : GroupsByBox(boxes)) {
    ClipperLib::Paths paths;
    for (const size_t k : group) paths.push_back(Scaled(polygons[k]));
    for (const ClipperLib::Path& path : United(paths)) united.push_back(Unscaled(path));
  }
  return united;
}

std::vector<Polygon> PathOutlines(const std::vector<Point>& line, double width, PathEnd ends) {
  bool has_length = false;
  for (const Point& p : line) {
    has_length = has_length || p.x != line.front().x || p.y != line.front().y;
  }
  if (line.empty() || (!has_length && ends == PathEnd::Flush)) return {};
  ClipperLib::ClipperOffset offset(kMitreLimit, kChordError * kUnitsPerUm);
  const bool point_as_disc = !has_length && ends == PathEnd::Round;
  offset.AddPath(Scaled(line), point_as_disc ? ClipperLib::jtRound : ClipperLib::jtMiter,
                 ends == PathEnd::Flush   ? ClipperLib::etOpenButt
                 : ends == PathEnd::Round ? ClipperLib::etOpenRound
                                          : ClipperLib::etOpenSquare);
  ClipperLib::Paths paths;
  offset.Execute(paths, 0.5 * width * kUnitsPerUm);
  std::vector<Polygon> outlines;
  for (const ClipperLib::Path& path : paths) outlines.push_back(Unscaled(path));
  return outlines;
}

double OutlineArea(const Polygon& polygon) {
  double twice = 0;
  for (size_t k = 0; k < polygon.size(); ++k) {
    const Point &o = polygon[0], &a = polygon[k], &b = polygon[(k + 1) % polygon.size()];
    twice += (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
  }
  return 0.5 * twice;
}

double OutlineLength(const Polygon& polygon) {
  double length = 0;
  for (size_t k = 0; k < polygon.size(); ++k) {
    const Point &a = polygon[k], &b = polygon[(k + 1) % polygon.size()];
    length += std::hypot(b.x - a.x, b.y - a.y);
  }
  return length;
}

bool CrossesItself(const Polygon& polygon) {
  if (Convex(polygon)) return false;
  double area = 0;
  for (const ClipperLib::Path& path : United({Scaled(polygon)})) area += ClipperLib::Area(path);
  area /= kUnitsPerUm * kUnitsPerUm;
  return std::abs(area - std::abs(OutlineArea(polygon))) > 1e-9 * OutlineLength(polygon);
}

}  // namespace symwave::domain
