#include "domain/regions.hpp"

#include <algorithm>
#include <cmath>
#include <polyclipping/clipper.hpp>

#include "domain/base/error.hpp"
#include "domain/painted_memo.hpp"
#include "domain/polygon_union.hpp"

namespace symwave::domain {

namespace {

constexpr double kScale = 1e10;         // clipper units per um
constexpr double kSmallestEdge = 1e-6;  // um; shorter edges have no meaningful direction
constexpr double kLongestMitre = 2;     // in units of the displacement
constexpr size_t kManyOutlines = 256;

using ClipperLib::Clipper;
using ClipperLib::Path;
using ClipperLib::Paths;

Path ToPath(const Polygon& polygon) {
  Path path;
  path.reserve(polygon.size());
  for (const Point& p : polygon) {
    path.emplace_back(std::llround(p.x * kScale), std::llround(p.y * kScale));
  }
  return path;
}

Polygon FromPath(const Path& path) {
  Polygon polygon;
  polygon.reserve(path.size());
  for (const auto& p : path) polygon.push_back({p.X / kScale, p.Y / kScale});
  return polygon;
}

Paths CombineAll(ClipperLib::ClipType what, const Paths& subject, const Paths& clip,
                 ClipperLib::PolyFillType fill) {
  Clipper clipper;
  const bool from = clipper.AddPaths(subject, ClipperLib::ptSubject, true);
  const bool with = clipper.AddPaths(clip, ClipperLib::ptClip, true);
  Paths result;
  if (!from && !with) return result;
  base::Require(clipper.Execute(what, result, fill, fill), "clipping of polygons succeeds");
  return result;
}

OutlineBox BoxOf(const Path& path) {
  OutlineBox box;
  for (const auto& p : path) box.Add(static_cast<double>(p.X), static_cast<double>(p.Y));
  return box;
}

/// Many outlines, of layouts, in groups that do not meet: the cost is that of the groups.
Paths Combine(ClipperLib::ClipType what, const Paths& subject, const Paths& clip,
              ClipperLib::PolyFillType fill) {
  if (subject.size() + clip.size() < kManyOutlines) return CombineAll(what, subject, clip, fill);
  std::vector<OutlineBox> boxes;
  for (const Paths* paths : {&subject, &clip}) {
    for (const Path& path : *paths) boxes.push_back(BoxOf(path));
  }
  Paths result;
  for (const std::vector<size_t>& group : GroupsByBox(boxes)) {
    Paths of_subject, of_clip;
    for (const size_t k : group) {
      if (k < subject.size()) {
        of_subject.push_back(subject[k]);
      } else {
        of_clip.push_back(clip[k - subject.size()]);
      }
    }
    const Paths part = CombineAll(what, of_subject, of_clip, fill);
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

/// What of united outlines lies in a box. Of many only those groups are cut that meet its border.
Paths CutTo(const Path& box, const Paths& subject) {
  if (subject.size() < kManyOutlines) {
    return CombineAll(ClipperLib::ctIntersection, subject, {box}, ClipperLib::pftNonZero);
  }
  std::vector<OutlineBox> boxes;
  for (const Path& path : subject) boxes.push_back(BoxOf(path));
  const OutlineBox border = BoxOf(box);
  Paths result, cut;
  for (const std::vector<size_t>& group : GroupsByBox(boxes)) {
    OutlineBox whole;
    for (const size_t k : group) {
      whole.Add(boxes[k].low[0], boxes[k].low[1]);
      whole.Add(boxes[k].high[0], boxes[k].high[1]);
    }
    if (!whole.Touches(border)) continue;
    Paths& to = border.Holds(whole) ? result : cut;
    for (const size_t k : group) to.push_back(subject[k]);
  }
  const Paths inside = CombineAll(ClipperLib::ctIntersection, cut, {box}, ClipperLib::pftNonZero);
  result.insert(result.end(), inside.begin(), inside.end());
  return result;
}

/// One material under construction.
struct Layer {
  std::string material;
  Paths paths;
};

std::vector<Region> ToRegions(const std::vector<Layer>& layers) {
  std::vector<Region> regions;
  for (const Layer& layer : layers) {
    if (layer.paths.empty()) continue;
    Region region{layer.material, {}, true};
    for (const Path& path : layer.paths) region.contours.push_back(FromPath(path));
    regions.push_back(std::move(region));
  }
  return regions;
}

/// Paints united shapes of one material over everything that is there.
void Paint(std::vector<Layer>& layers, const std::string& material, const Paths& united) {
  Layer* own = nullptr;
  for (Layer& layer : layers) {
    if (layer.material == material) {
      own = &layer;
    } else {
      layer.paths = Combine(ClipperLib::ctDifference, layer.paths, united, ClipperLib::pftNonZero);
    }
  }
  if (own == nullptr) {
    layers.push_back({material, united});
  } else {
    own->paths = Combine(ClipperLib::ctUnion, own->paths, united, ClipperLib::pftNonZero);
  }
}

double Distance(const Point& a, const Point& b) {
  return std::hypot(b.x - a.x, b.y - a.y);
}

Polygon WithoutTinyEdges(const Polygon& polygon) {
  Polygon kept;
  for (const Point& p : polygon) {
    if (kept.empty() || Distance(kept.back(), p) > kSmallestEdge) kept.push_back(p);
  }
  while (kept.size() > 1 && Distance(kept.back(), kept.front()) <= kSmallestEdge) kept.pop_back();
  return kept;
}

Polygon Subdivide(const Polygon& polygon, double spacing) {
  Polygon fine;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[(i + 1) % polygon.size()];
    const int parts = std::max(1, static_cast<int>(std::ceil(Distance(a, b) / spacing)));
    for (int k = 0; k < parts; ++k) {
      const double t = static_cast<double>(k) / parts;
      fine.push_back({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)});
    }
  }
  return fine;
}

/// Displacement of a vertex per unit displacement of its two edges: along their mean normal, and
/// longer at corners so that both edges move by one (mitre).
Point Mitre(const Point& before, const Point& at, const Point& after) {
  const double a = Distance(before, at);
  const double b = Distance(at, after);
  const Point na{(at.y - before.y) / a, -(at.x - before.x) / a};
  const Point nb{(after.y - at.y) / b, -(after.x - at.x) / b};
  const Point sum{na.x + nb.x, na.y + nb.y};
  const double length = std::hypot(sum.x, sum.y);  // 2 cos(half the turn)
  if (length < 1e-9) return na;
  const double scale = std::min(2 / (length * length), kLongestMitre / length);
  return {scale * sum.x, scale * sum.y};
}

Polygon Displace(const Polygon& contour, double spacing,
                 const std::function<double(double, double)>& displacement) {
  const Polygon fine = Subdivide(WithoutTinyEdges(contour), spacing);
  const size_t n = fine.size();
  if (n < 3) return {};
  Polygon moved;
  moved.reserve(n);
  for (size_t i = 0; i < n; ++i) {
    const Point direction = Mitre(fine[(i + n - 1) % n], fine[i], fine[(i + 1) % n]);
    const double d = displacement(fine[i].x, fine[i].y);
    moved.push_back({fine[i].x + d * direction.x, fine[i].y + d * direction.y});
  }
  return moved;
}

}  // namespace

std::vector<Region> ComposeRegions(const std::vector<Shape>& shapes) {
  std::vector<Region> painted;
  for (const Shape& shape : shapes) {
    try {
      const bool united = std::holds_alternative<PolygonSet>(shape.geometry) && shape.repeat.Once();
      painted.push_back({shape.material, Outlines(shape), united});
    } catch (const base::UserError& error) {
      if (shape.where.empty()) throw;
      throw base::UserError(shape.where + ": " + error.what());
    }
  }
  return PaintRegions(painted);
}

std::vector<Region> PaintRegions(const std::vector<Region>& painted) {
  static PaintedMemo memo;
  size_t outlines = 0;
  for (const Region& region : painted) outlines += region.contours.size();
  const bool many = outlines >= kManyOutlines;
  if (many) {
    if (auto known = memo.Find(painted)) return *std::move(known);
  }
  std::vector<Layer> layers;
  for (size_t begin = 0, end = 0; begin < painted.size(); begin = end) {
    Paths run;
    while (end < painted.size() && painted[end].material == painted[begin].material) {
      for (const Polygon& contour : painted[end].contours) run.push_back(ToPath(contour));
      ++end;
    }
    const bool united = end == begin + 1 && painted[begin].united;
    if (!united) run = Combine(ClipperLib::ctUnion, run, {}, ClipperLib::pftNonZero);
    Paint(layers, painted[begin].material, run);
  }
  std::vector<Region> regions = ToRegions(layers);
  if (many) memo.Keep(painted, regions);
  return regions;
}

std::vector<Region> ClippedTo(const std::vector<Region>& regions, const Point& low,
                              const Point& high) {
  const Path box = ToPath({low, {high.x, low.y}, high, {low.x, high.y}});
  std::vector<Layer> layers;
  for (const Region& region : regions) {
    Paths inside;
    for (const Polygon& contour : region.contours) inside.push_back(ToPath(contour));
    layers.push_back({region.material, CutTo(box, inside)});
  }
  return ToRegions(layers);
}

std::vector<Region> WithPeriodicImage(const std::vector<Region>& regions, int axis, double low,
                                      double high) {
  constexpr double kFar = 2e6;  // um, beyond every shape
  const Polygon strip = axis == 0 ? Polygon{{low, -kFar}, {high, -kFar}, {high, kFar}, {low, kFar}}
                                  : Polygon{{-kFar, low}, {kFar, low}, {kFar, high}, {-kFar, high}};
  const ClipperLib::cInt period = std::llround(high * kScale) - std::llround(low * kScale);
  std::vector<Layer> layers;
  for (const Region& region : regions) {
    Paths inside;
    for (const Polygon& contour : region.contours) inside.push_back(ToPath(contour));
    inside = Combine(ClipperLib::ctIntersection, inside, {ToPath(strip)}, ClipperLib::pftNonZero);
    Paths image = inside;
    for (Path& path : image) {
      for (auto& p : path) (axis == 0 ? p.X : p.Y) -= period;
    }
    layers.push_back(
        {region.material, Combine(ClipperLib::ctUnion, inside, image, ClipperLib::pftNonZero)});
  }
  return ToRegions(layers);
}

std::vector<Region> DisplaceOutlines(const std::vector<Region>& regions, double spacing,
                                     const std::function<double(double, double)>& displacement) {
  base::Require(spacing > 0, "spacing > 0");
  std::vector<Layer> layers;
  Paths taken;
  for (const Region& region : regions) {
    Paths moved;
    for (const Polygon& contour : region.contours) {
      moved.push_back(ToPath(Displace(contour, spacing, displacement)));
    }
    // Loops that a displacement has turned inside out have winding number -1 and vanish.
    moved = Combine(ClipperLib::ctUnion, moved, {}, ClipperLib::pftPositive);
    if (!taken.empty()) {
      moved = Combine(ClipperLib::ctDifference, moved, taken, ClipperLib::pftNonZero);
    }
    taken.insert(taken.end(), moved.begin(), moved.end());
    layers.push_back({region.material, std::move(moved)});
  }
  return ToRegions(layers);
}

}  // namespace symwave::domain
