#include "jobs/device/shape_places.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "jobs/device/structure.hpp"

namespace symwave::jobs::device {

namespace {

using domain::Point;
using domain::Polygon;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr size_t kMostSentences = 4;
constexpr double kTiny = 0.05;  // of a cell

/// Intervals along x, y and z; in 2D all of z.
struct ShapeExtent {
  std::array<double, 3> low{kInfinity, kInfinity, -kInfinity};
  std::array<double, 3> high{-kInfinity, -kInfinity, kInfinity};

  ShapeExtent Times(double factor) const {
    ShapeExtent scaled = *this;
    for (int axis = 0; axis < 3; ++axis) {
      scaled.low[axis] *= factor;
      scaled.high[axis] *= factor;
    }
    return scaled;
  }
  bool Holds(const ShapeExtent& other) const {
    for (int axis = 0; axis < 2; ++axis) {
      if (other.low[axis] < low[axis] || other.high[axis] > high[axis]) return false;
    }
    return true;
  }
  std::string Text(int first, int dimensions) const {
    std::string text;
    for (int axis = first; axis < dimensions; ++axis) {
      text += fmt::format("{}{} {:.6g} to {:.6g} um", axis == first ? "" : ", ", "xyz"[axis],
                          low[axis], high[axis]);
    }
    return text;
  }
};

/// The whole grid, both halves about a mirror plane; without its PML where that is asked for.
ShapeExtent GridExtent(const deck::DeviceOptions& options, const domain::Lattice& lattice,
                       bool with_pml) {
  ShapeExtent extent;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    const int first = with_pml ? 0 : lattice.End(axis, 0).pml_cells;
    const int last = lattice.Cells(axis) - (with_pml ? 0 : lattice.End(axis, 1).pml_cells);
    extent.low[axis] = lattice.Node(axis, first);
    extent.high[axis] = lattice.Node(axis, last);
    if (options.grid.SymmetryOf(axis) != deck::MirrorPlane::None)
      extent.low[axis] = -extent.high[axis];
  }
  return extent;
}

/// Whether the line between two points passes through the inside of a rectangle.
bool Crosses(Point from, Point to, const ShapeExtent& rectangle) {
  const std::array<double, 2> start{from.x, from.y}, way{to.x - from.x, to.y - from.y};
  double enter = 0, leave = 1;
  for (int axis = 0; axis < 2; ++axis) {
    if (way[axis] == 0) {
      if (start[axis] <= rectangle.low[axis] || start[axis] >= rectangle.high[axis]) return false;
      continue;
    }
    const double a = (rectangle.low[axis] - start[axis]) / way[axis];
    const double b = (rectangle.high[axis] - start[axis]) / way[axis];
    enter = std::max(enter, std::min(a, b));
    leave = std::min(leave, std::max(a, b));
  }
  return enter < leave;
}

/// Whether a point lies within outlines whose holes turn the other way.
bool Within(Point point, const std::vector<Polygon>& outlines) {
  int winding = 0;
  for (const Polygon& outline : outlines) {
    for (size_t k = 0; k < outline.size(); ++k) {
      const Point a = outline[k], b = outline[(k + 1) % outline.size()];
      if ((a.y > point.y) == (b.y > point.y)) continue;
      const double x = a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y);
      if (x > point.x) winding += b.y > a.y ? 1 : -1;
    }
  }
  return winding != 0;
}

struct PlacedShape {
  std::vector<Polygon> outlines;
  ShapeExtent extent;

  PlacedShape Times(double factor) const {
    PlacedShape scaled{outlines, extent.Times(factor)};
    for (Polygon& outline : scaled.outlines) {
      for (Point& point : outline) point = {factor * point.x, factor * point.y};
    }
    return scaled;
  }
  bool EdgeIn(const ShapeExtent& grid) const {
    for (const Polygon& outline : outlines) {
      for (size_t k = 0; k < outline.size(); ++k) {
        if (Crosses(outline[k], outline[(k + 1) % outline.size()], grid)) return true;
      }
    }
    return false;
  }
  bool Covers(const ShapeExtent& grid) const {
    const Point centre{0.5 * (grid.low[0] + grid.high[0]), 0.5 * (grid.low[1] + grid.high[1])};
    return !EdgeIn(grid) && Within(centre, outlines);
  }
  bool Reaches(const ShapeExtent& grid) const {
    if (extent.high[2] <= grid.low[2] || extent.low[2] >= grid.high[2]) return false;
    return EdgeIn(grid) || Covers(grid);
  }
};

/// The box around a body and its copies, seen from above.
PlacedShape PlaceBody(const domain::SolidGeometry& body, const domain::Repeat& repeat) {
  ShapeExtent extent{{kInfinity, kInfinity, kInfinity}, {-kInfinity, -kInfinity, -kInfinity}};
  for (const domain::Vector& shift : repeat.Shifts()) {
    const domain::Box3 bounds = domain::Solid(domain::Shifted(body, shift)).Bounds();
    for (size_t d = 0; d < 3; ++d) {
      extent.low[d] = std::min(extent.low[d], bounds.low[d]);
      extent.high[d] = std::max(extent.high[d], bounds.high[d]);
    }
  }
  const auto& [low, high] = extent;
  return {{{{low[0], low[1]}, {high[0], low[1]}, {high[0], high[1]}, {low[0], high[1]}}}, extent};
}

PlacedShape Place(const domain::ExtrudedShape& shape, int dimensions) {
  const auto body = domain::SolidOf(shape.shape.geometry);
  if (body && shape.whole_body) return PlaceBody(*body, shape.shape.repeat);
  PlacedShape placed{domain::Outlines(shape.shape), {}};
  for (const Polygon& outline : placed.outlines) {
    for (const Point& point : outline) {
      placed.extent.low[0] = std::min(placed.extent.low[0], point.x);
      placed.extent.high[0] = std::max(placed.extent.high[0], point.x);
      placed.extent.low[1] = std::min(placed.extent.low[1], point.y);
      placed.extent.high[1] = std::max(placed.extent.high[1], point.y);
    }
  }
  if (dimensions == 2) return placed;
  placed.extent.low[2] = shape.bottom;
  placed.extent.high[2] = shape.top;
  const double climb = (shape.shape.repeat.count[2] - 1) * shape.shape.repeat.pitch[2];
  (climb > 0 ? placed.extent.high : placed.extent.low)[2] += climb;
  return placed;
}

const char* KindOf(const domain::ShapeGeometry& geometry) {
  constexpr std::array<const char*, std::variant_size_v<domain::ShapeGeometry>> kNames{
      "box",       "polygon", "circle",    "ring",       "straight", "taper",
      "s_bend",    "bend",    "racetrack", "euler_bend", "grating",  "sphere",
      "ellipsoid", "block",   "cylinder",  "cone",       "prism",    "layout"};
  return kNames[geometry.index()];
}

/// Boxes and straight guides often stand for all that the grid can hold.
bool MayCover(const domain::ShapeGeometry& geometry) {
  return std::holds_alternative<domain::Box>(geometry) ||
         std::holds_alternative<domain::Straight>(geometry) ||
         std::holds_alternative<domain::PolygonSet>(geometry) || domain::SolidOf(geometry);
}

class Places {
 public:
  Places(const deck::DeviceOptions& options, const domain::Lattice& lattice)
      : dimensions_(options.grid.Dimensions()),
        whole_(GridExtent(options, lattice, true)),
        inside_(GridExtent(options, lattice, false)),
        cell_(options.grid.SmallestCell()) {}

  /// "" for a shape that stands on the grid.
  std::string Judge(const domain::ExtrudedShape& shape) const {
    const PlacedShape placed = Place(shape, dimensions_);
    if (placed.outlines.empty()) {
      return fmt::format(
          "{}: the {} of '{}' does not reach z = 0, where a deck in two dimensions cuts bodies: "
          "nothing of it is on the grid; move its centre there, or remove it",
          shape.shape.where, KindOf(shape.shape.geometry), shape.shape.material);
    }
    const std::string who =
        fmt::format("{}: the {} of '{}', {},", shape.shape.where, KindOf(shape.shape.geometry),
                    shape.shape.material, placed.extent.Text(0, dimensions_));
    if (!placed.Reaches(inside_)) {
      return Outside(who, 0, placed.Reaches(whole_), placed.Times(1e-3).Reaches(inside_));
    }
    if (!MayCover(shape.shape.geometry) && placed.Covers(whole_) &&
        inside_.Holds(placed.extent.Times(1e-3))) {
      return fmt::format(
          "{} lies around the whole grid, {}: nothing of its outline is on the grid; lengths "
          "without a unit are in um: write nm where these are nm",
          who, whole_.Text(0, dimensions_));
    }
    const double across = std::max(placed.extent.high[0] - placed.extent.low[0],
                                   placed.extent.high[1] - placed.extent.low[1]);
    if (across >= kTiny * cell_) return "";
    return fmt::format(
        "{} is {:.3g} um wide at most, {:.2g} of the smallest cell, and hardly there; lengths "
        "without a unit are in um: write the unit, or take smaller cells",
        who, across, across / cell_);
  }

  std::string Judge(const deck::LayerOptions& layer) const {
    ShapeExtent extent;
    extent.low[2] = layer.z[0];
    extent.high[2] = layer.z[1];
    const auto reaches = [&](const ShapeExtent& grid, double factor) {
      return factor * extent.high[2] > grid.low[2] && factor * extent.low[2] < grid.high[2];
    };
    if (reaches(inside_, 1)) return "";
    return Outside(fmt::format("{}: the layer of '{}', {},", layer.where, layer.material,
                               extent.Text(2, dimensions_)),
                   2, reaches(whole_, 1), reaches(inside_, 1e-3));
  }

 private:
  std::string Outside(const std::string& who, int first_axis, bool in_pml, bool as_nm) const {
    const std::string remedy =
        as_nm ? "lengths without a unit are in um, in nm it would be inside: write nm where these "
                "are nm"
              : "move it, enlarge grid.size, or remove it";
    if (in_pml) {
      return fmt::format(
          "{} lies wholly in the PML; the grid without it is {}: light is absorbed there, and the "
          "results hardly depend on it; {}",
          who, inside_.Text(first_axis, dimensions_), remedy);
    }
    return fmt::format(
        "{} lies wholly outside the grid, which with its PML is {}, and changes nothing; {}", who,
        whole_.Text(first_axis, dimensions_), remedy);
  }

  int dimensions_;
  ShapeExtent whole_, inside_;
  double cell_;
};

}  // namespace

std::vector<std::string> ShapePlaceWarnings(const deck::DeviceOptions& options,
                                            const domain::Lattice& lattice) {
  const Places places(options, lattice);
  std::vector<std::string> warnings;
  const auto add = [&](const std::string& sentence) {
    if (!sentence.empty()) warnings.push_back(sentence);
  };
  for (const deck::LayerOptions& layer : options.layers) add(places.Judge(layer));
  for (const domain::ExtrudedShape& shape : ExtrudedShapes(options)) add(places.Judge(shape));
  if (warnings.size() <= kMostSentences) return warnings;
  const size_t more = warnings.size() - kMostSentences + 1;
  warnings.resize(kMostSentences - 1);
  warnings.push_back(fmt::format(
      "{} more shapes or layers lie outside the grid or are too small to be on it", more));
  return warnings;
}

}  // namespace symwave::jobs::device
