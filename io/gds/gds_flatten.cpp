#include "io/gds/gds_flatten.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/polygon_union.hpp"
#include "io/gds/gds_cells.hpp"

namespace symwave::io {

namespace {

using base::Fail;
using domain::Point;
using domain::Polygon;

constexpr double kMostElements = 5e6;
constexpr double kFarthest = 9e5;  // um
constexpr double kNoArea = 1e-9;   // um^2 per um of outline: a width of 1e-9 um

class Flattener {
 public:
  Flattener(const GdsLibrary& library, const GdsFlattenOptions& options, int top)
      : library_(library), options_(options), cells_(library, options.layers) {
    if (options.window) {
      GdsBox box = *options.window;
      for (int axis = 0; axis < 2; ++axis) {
        box.low[axis] /= library.unit;
        box.high[axis] /= library.unit;
      }
      window_ = box;
    }
    // A window may leave out most of what is there.
    if (!window_ && cells_.Count(top) > kMostElements) {
      Fail(
          "{}: cell {} holds {:.3g} elements, more than the {:.0e} that are possible; choose a "
          "smaller cell, or give layout.window",
          library.path, library.cells[static_cast<size_t>(top)].name, cells_.Count(top),
          kMostElements);
    }
    flat_.cell = library.cells[static_cast<size_t>(top)].name;
    flat_.unit = library.unit;
    flat_.remarks = library.remarks;
    Place(top, GdsPlacement{}, 0);
  }

  FlatLayout Result() { return std::move(flat_); }

 private:
  void Place(int number, const GdsPlacement& placement, int depth) {
    const GdsCell& cell = library_.cells[static_cast<size_t>(number)];
    for (const GdsOutline& outline : cell.outlines) Add(cell, outline, placement);
    for (const GdsPath& path : cell.paths) Add(cell, path, placement);
    for (const GdsLabel& label : cell.labels) {
      flat_.labels.push_back(
          {label.layer, ToUm(placement, label.at), label.text, depth, cell.name});
    }
    for (const GdsReference& reference : cell.references) {
      PlaceReference(cell, reference, placement, depth);
    }
  }

  void PlaceReference(const GdsCell& cell, const GdsReference& reference,
                      const GdsPlacement& placement, int depth) {
    const int below = cells_.Of(reference);
    if (below < 0) {
      flat_.remarks.Add("references to cells that the file does not hold are left out",
                        fmt::format("cell {} in cell {}", reference.cell, cell.name));
      return;
    }
    if (cells_.Count(below) == 0) return;
    for (int row = 0; row < reference.rows; ++row) {
      for (int column = 0; column < reference.columns; ++column) {
        Count(cell);
        const GdsPlacement placed = placement.Within(reference, column, row);
        if (window_ && !cells_.Reaches(below, placed, *window_)) continue;
        Place(below, placed, depth + 1);
      }
    }
  }

  void Count(const GdsCell& cell) {
    if (++elements_ <= kMostElements) return;
    Fail(
        "{}: more than {:.0e} elements and references lie in layout.window, the last in cell {}; "
        "choose a smaller cell or window",
        library_.path, kMostElements, cell.name);
  }

  Point ToUm(const GdsPlacement& placement, const GdsPoint& p) const {
    const Point at = placement.Of(p.x, p.y);
    return {library_.Micrometres(at.x), library_.Micrometres(at.y)};
  }

  Polygon ToUm(const GdsCell& cell, GdsLayer layer, const std::vector<GdsPoint>& points,
               const GdsPlacement& placement) {
    Polygon polygon;
    polygon.reserve(points.size());
    for (const GdsPoint& p : points) polygon.push_back(ToUm(placement, p));
    for (const Point& p : polygon) {
      if (std::abs(p.x) <= kFarthest && std::abs(p.y) <= kFarthest) continue;
      Fail(
          "{}: cell {}, layer {}: a point lies at ({:.6g}, {:.6g}) um, but must lie within {:.0e} "
          "um of the origin; is the database unit of {:.3g} um the right one?",
          library_.path, cell.name, layer.Text(), p.x, p.y, kFarthest, library_.unit);
    }
    return polygon;
  }

  std::string PlaceOf(const GdsCell& cell, GdsLayer layer, const Point& at) const {
    return fmt::format("cell {}, layer {}, at ({:.6g}, {:.6g}) um", cell.name, layer.Text(), at.x,
                       at.y);
  }

  bool Outside(const Polygon& polygon) const {
    if (!options_.window) return false;
    const GdsBox& box = *options_.window;
    const auto all = [&](auto beyond) {
      return std::all_of(polygon.begin(), polygon.end(), beyond);
    };
    return all([&](const Point& p) { return p.x < box.low[0]; }) ||
           all([&](const Point& p) { return p.x > box.high[0]; }) ||
           all([&](const Point& p) { return p.y < box.low[1]; }) ||
           all([&](const Point& p) { return p.y > box.high[1]; });
  }

  bool Wanted(GdsLayer layer) {
    if (options_.layers.count(layer) > 0) return true;
    flat_.others.insert(layer);
    return false;
  }

  void Add(const GdsCell& cell, const GdsOutline& outline, const GdsPlacement& placement) {
    if (!Wanted(outline.layer)) return;
    Count(cell);
    Polygon polygon = ToUm(cell, outline.layer, outline.points, placement);
    const auto same = [](const Point& a, const Point& b) { return a.x == b.x && a.y == b.y; };
    polygon.erase(std::unique(polygon.begin(), polygon.end(), same), polygon.end());
    while (polygon.size() > 1 && same(polygon.front(), polygon.back())) polygon.pop_back();
    if (Outside(polygon)) return;
    const bool crosses = domain::CrossesItself(polygon);
    const bool empty =
        std::abs(domain::OutlineArea(polygon)) <= kNoArea * domain::OutlineLength(polygon);
    if (polygon.size() < 3 || (empty && !crosses)) {
      flat_.remarks.Add("polygons without area are left out",
                        PlaceOf(cell, outline.layer, polygon.front()));
      return;
    }
    if (crosses) {
      flat_.remarks.Add("polygons cross themselves; all that they enclose is filled",
                        PlaceOf(cell, outline.layer, polygon.front()));
    }
    auto& polygons = flat_.polygons[outline.layer];
    if (crosses) {
      for (Polygon& part : domain::UniteOutlines({polygon})) polygons.push_back(std::move(part));
      return;
    }
    if (domain::OutlineArea(polygon) < 0) std::reverse(polygon.begin(), polygon.end());
    polygons.push_back(std::move(polygon));
  }

  void Add(const GdsCell& cell, const GdsPath& path, const GdsPlacement& placement) {
    if (options_.layers.count(path.layer) == 0) {
      if (path.points.size() == 2) {
        flat_.pins.push_back(
            {path.layer, ToUm(placement, path.points[0]), ToUm(placement, path.points[1])});
      }
      if (path.width != 0) flat_.others.insert(path.layer);
      return;
    }
    Count(cell);
    Polygon line = ToUm(cell, path.layer, path.points, placement);
    if (path.width == 0) {
      flat_.remarks.Add("paths without width are left out; give them one, or draw polygons",
                        PlaceOf(cell, path.layer, line.front()));
      return;
    }
    const double scale = placement.magnification;
    const double width = library_.Micrometres(path.width > 0 ? path.width * scale
                                                             : -static_cast<double>(path.width));
    if (path.ends == GdsPathEnd::Custom && line.size() > 1) Extend(path, scale, line);
    const auto outlines = domain::PathOutlines(line, width, EndsOf(path.ends));
    if (outlines.empty()) {
      flat_.remarks.Add("polygons without area are left out",
                        PlaceOf(cell, path.layer, line.front()));
    }
    auto& polygons = flat_.polygons[path.layer];
    for (const Polygon& outline : outlines) {
      if (!Outside(outline)) polygons.push_back(outline);
    }
  }

  void Extend(const GdsPath& path, double scale, Polygon& line) const {
    const auto move = [&](Point& end, const Point& next, std::int32_t extension) {
      const double dx = end.x - next.x, dy = end.y - next.y;
      const double length = std::hypot(dx, dy);
      if (length == 0) return;
      const double by = library_.Micrometres(extension * scale) / length;
      end = {end.x + by * dx, end.y + by * dy};
    };
    const size_t last = line.size() - 1;
    move(line[0], line[1], path.begin_extension);
    move(line[last], line[last - 1], path.end_extension);
  }

  static domain::PathEnd EndsOf(GdsPathEnd ends) {
    return ends == GdsPathEnd::Round       ? domain::PathEnd::Round
           : ends == GdsPathEnd::HalfWidth ? domain::PathEnd::Square
                                           : domain::PathEnd::Flush;
  }

  const GdsLibrary& library_;
  const GdsFlattenOptions& options_;
  GdsCells cells_;
  std::optional<GdsBox> window_;  // database units
  FlatLayout flat_;
  double elements_ = 0;
};

}  // namespace

FlatLayout FlattenGds(const GdsLibrary& library, const GdsFlattenOptions& options) {
  std::string name = options.cell;
  std::vector<std::string> names;
  for (const GdsCell& cell : library.cells) names.push_back(cell.name);
  const std::vector<std::string> tops = library.TopCells();
  if (name.empty()) {
    if (tops.size() > 1) {
      Fail("{}: has {} top cells; choose one by layout.cell: {}", library.path, tops.size(),
           base::Joined(tops));
    }
    if (tops.empty() && library.cells.empty()) Fail("{}: holds no cell", library.path);
    // Without a top cell each cell holds another one in a circle, which GdsCells names.
    name = tops.empty() ? library.cells.front().name : tops.front();
  }
  const int top = library.Find(name);
  if (top < 0) {
    const std::string nearest = base::Nearest(name, names);
    Fail("{}: has no cell \"{}\"{}; its top cells: {}", library.path, name,
         nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), base::Joined(tops));
  }
  return Flattener(library, options, top).Result();
}

}  // namespace symwave::io
