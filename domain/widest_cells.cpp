#include "domain/widest_cells.hpp"

#include <algorithm>

namespace symwave::domain {

namespace {

constexpr double kThinnest = 1e-6;  // um; what is thinner is rounding of outlines
constexpr size_t kManyOutlines = 256;

using Interval = std::array<double, 2>;

bool Varies(const Lattice& lattice, int axis) {
  return lattice.Cells(axis) > 1 || !lattice.Periodic(axis);
}

/// The widest cell that shares more than rounding with an interval; 0 where none does.
double WidestIn(const Lattice& lattice, int axis, const Interval& interval) {
  if (!Varies(lattice, axis)) return 0;
  const std::vector<double>& faces = lattice.Along(axis).Faces();
  double widest = 0;
  const auto above = std::upper_bound(faces.begin(), faces.end(), interval[0]);
  size_t i = above == faces.begin() ? 0 : static_cast<size_t>(above - faces.begin()) - 1;
  for (; i + 1 < faces.size() && faces[i] < interval[1]; ++i) {
    const double shared = std::min(faces[i + 1], interval[1]) - std::max(faces[i], interval[0]);
    if (shared > kThinnest) widest = std::max(widest, faces[i + 1] - faces[i]);
  }
  return widest;
}

Interval ExtentOf(const Polygon& contour, int axis) {
  const auto along = [axis](const Point& p) { return axis == 0 ? p.x : p.y; };
  const auto [least, most] =
      std::minmax_element(contour.begin(), contour.end(),
                          [&](const Point& a, const Point& b) { return along(a) < along(b); });
  return {along(*least), along(*most)};
}

Interval ExtentOf(const Lattice& lattice, int axis) {
  return {lattice.Node(axis, 0), lattice.Node(axis, lattice.Cells(axis))};
}

/// The layer's regions and what they leave of its base, cut at the ends of the lattice. Between
/// many outlines the base is everywhere: cutting them all out of it takes longer than it is worth.
std::vector<Region> AllOf(const StructureLayer& layer, const Point& low, const Point& high) {
  std::vector<Region> painted;
  if (!layer.base.empty()) {
    painted.push_back({layer.base, {{low, {high.x, low.y}, high, {low.x, high.y}}}});
  }
  size_t outlines = 0;
  for (const Region& region : layer.regions) outlines += region.contours.size();
  if (outlines >= kManyOutlines) {
    const std::vector<Region> inside = ClippedTo(layer.regions, low, high);
    painted.insert(painted.end(), inside.begin(), inside.end());
    return painted;
  }
  painted.insert(painted.end(), layer.regions.begin(), layer.regions.end());
  return ClippedTo(PaintRegions(painted), low, high);
}

void Widen(const std::string& material, int axis, double width, std::vector<MaterialCells>& all) {
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const MaterialCells& m) { return m.material == material; });
  if (found == all.end()) found = all.insert(all.end(), {material, {0, 0, 0}});
  found->width[axis] = std::max(found->width[axis], width);
}

}  // namespace

std::vector<MaterialCells> WidestCells(const Lattice& lattice,
                                       const std::vector<StructureLayer>& layers) {
  const Interval x = ExtentOf(lattice, 0);
  const Interval y = ExtentOf(lattice, 1);
  const Interval z = lattice.TwoDimensional() ? Interval{0, 0} : ExtentOf(lattice, 2);
  std::vector<MaterialCells> all;
  for (const StructureLayer& layer : layers) {
    const bool here = lattice.TwoDimensional()
                          ? layer.bottom <= 0 && layer.top > 0
                          : layer.bottom < z[1] - kThinnest && layer.top > z[0] + kThinnest;
    if (!here) continue;
    for (const Region& region : AllOf(layer, {x[0], y[0]}, {x[1], y[1]})) {
      for (const Polygon& contour : region.contours) {
        const std::array<Interval, 2> extent{ExtentOf(contour, 0), ExtentOf(contour, 1)};
        if (extent[0][1] - extent[0][0] < kThinnest || extent[1][1] - extent[1][0] < kThinnest)
          continue;
        for (int axis = 0; axis < 2; ++axis) {
          Widen(region.material, axis, WidestIn(lattice, axis, extent[axis]), all);
        }
        if (!lattice.TwoDimensional()) {
          Widen(region.material, 2, WidestIn(lattice, 2, {layer.bottom, layer.top}), all);
        }
      }
    }
  }
  return all;
}

}  // namespace symwave::domain
