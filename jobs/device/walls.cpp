#include "jobs/device/walls.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "jobs/device/device.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs::device {

namespace {

/// Walls in the order in which they are found; layouts have many.
class WallList {
 public:
  void Add(const Wall& more) {
    auto found = places_.end();
    for (auto near = places_.lower_bound(more.at - kSameWall);
         near != places_.end() && near->first <= more.at + kSameWall; ++near) {
      const bool same = std::abs(walls_[near->second].at - more.at) <= kSameWall;
      if (same && (found == places_.end() || near->second < found->second)) found = near;
    }
    if (found == places_.end()) {
      places_.emplace(more.at, walls_.size());
      walls_.push_back(more);
      return;
    }
    walls_[found->second].length += more.length;
    walls_[found->second].metal += more.metal;
  }
  std::vector<Wall> Take() { return std::move(walls_); }

 private:
  std::vector<Wall> walls_;
  std::map<double, size_t> places_;
};

/// Outlines of what is metal, or of what is not where the base is.
std::vector<domain::Polygon> MetalOutlines(const domain::StructureLayer& layer,
                                           const std::set<std::string>& metals) {
  std::vector<domain::Polygon> outlines;
  const bool base = metals.count(layer.base) > 0;
  for (const domain::Region& region : layer.regions) {
    if ((metals.count(region.material) > 0) == base) continue;
    outlines.insert(outlines.end(), region.contours.begin(), region.contours.end());
  }
  return outlines;
}

/// True where metal lies on nothing else, or under it, between two layers.
bool MetalChanges(const domain::StructureLayer& below, const domain::StructureLayer& above,
                  const std::set<std::string>& metals) {
  if (metals.count(below.base) != metals.count(above.base)) return true;
  const auto a = MetalOutlines(below, metals), b = MetalOutlines(above, metals);
  const auto same_point = [](const domain::Point& p, const domain::Point& q) {
    return p.x == q.x && p.y == q.y;
  };
  const auto same = [&](const domain::Polygon& p, const domain::Polygon& q) {
    return std::equal(p.begin(), p.end(), q.begin(), q.end(), same_point);
  };
  return !std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

}  // namespace

std::set<std::string> MetalsOf(const deck::DeviceOptions& options) {
  std::set<std::string> metals;
  for (const double wavelength : options.wavelengths) {
    for (const auto& [name, eps] :
         MaterialTable(options, wavelength, options.fabrication.thickness_bias)) {
      if (eps.real() <= 0) metals.insert(name);
    }
  }
  return metals;
}

MetalSides::MetalSides(const domain::Structure& structure,
                       const std::vector<domain::Region>& regions,
                       const std::set<std::string>& metals, double z)
    : structure_(structure), metals_(metals), z_(z) {
  if (metals.empty()) return;
  for (const domain::Region& region : regions) {
    for (const domain::Polygon& contour : region.contours) {
      corners_.insert(corners_.end(), contour.begin(), contour.end());
    }
  }
}

bool MetalSides::MetalAt(double x, double y) const {
  return metals_.count(structure_.MaterialAt(x, y, z_)) > 0;
}

double MetalSides::Along(const domain::Point& a, const domain::Point& b,
                         const std::array<double, 2>& end) const {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length = std::hypot(dx, dy);
  if (metals_.empty() || length == 0) return 0;
  // Neighbours change at corners only: shares of the edge between those that lie on it.
  std::vector<double> cuts{0, 1};
  for (const domain::Point& corner : corners_) {
    const double share = ((corner.x - a.x) * dx + (corner.y - a.y) * dy) / (length * length);
    const double off = std::abs((corner.x - a.x) * dy - (corner.y - a.y) * dx) / length;
    if (share > 0 && share < 1 && off <= kSameWall) cuts.push_back(share);
  }
  for (const double limit : {-1.0, 1.0}) {
    if (dx != 0) cuts.push_back(std::clamp((limit * end[0] - a.x) / dx, 0.0, 1.0));
    if (dy != 0) cuts.push_back(std::clamp((limit * end[1] - a.y) / dy, 0.0, 1.0));
  }
  std::sort(cuts.begin(), cuts.end());
  double metal = 0;
  for (size_t k = 0; k + 1 < cuts.size(); ++k) {
    const double middle = 0.5 * (cuts[k] + cuts[k + 1]);
    const double x = a.x + middle * dx, y = a.y + middle * dy;
    if ((cuts[k + 1] - cuts[k]) * length <= kSameWall) continue;
    if (std::abs(x) > end[0] || std::abs(y) > end[1]) continue;
    const double nx = kSameWall * dy / length, ny = -kSameWall * dx / length;
    if (MetalAt(x + nx, y + ny) != MetalAt(x - nx, y - ny)) metal += cuts[k + 1] - cuts[k];
  }
  return metal * length;
}

std::vector<Wall> StraightWalls(const deck::DeviceOptions& options, int axis,
                                const std::set<std::string>& metals) {
  const int along = 1 - axis;
  const std::array<double, 2> end{options.grid.size[0] / 2, options.grid.size[1] / 2};
  const std::vector<domain::Shape> shapes(options.shapes.begin(), options.shapes.end());
  const std::vector<domain::Region> regions = domain::ComposeRegions(shapes);
  const domain::Structure structure =
      metals.empty() ? domain::Structure(options.background, {}, {}) : StructureOf(options);
  const MetalSides sides(structure, regions, metals, 0);
  WallList walls;
  for (const domain::Region& region : regions) {
    for (const domain::Polygon& contour : region.contours) {
      for (size_t k = 0; k < contour.size(); ++k) {
        const domain::Point& p = contour[k];
        const domain::Point& q = contour[(k + 1) % contour.size()];
        const std::array<double, 2> a{p.x, p.y};
        const std::array<double, 2> b{q.x, q.y};
        if (std::abs(a[axis] - b[axis]) > kSameWall) continue;
        const double inside = std::min(end[along], std::max(a[along], b[along])) -
                              std::max(-end[along], std::min(a[along], b[along]));
        if (inside > 0) walls.Add({a[axis], inside, sides.Along(p, q, end)});
      }
    }
  }
  return walls.Take();
}

std::vector<Wall> LayerFaces(const deck::DeviceOptions& options,
                             const std::set<std::string>& metals) {
  std::vector<double> metal_faces;
  if (!metals.empty()) {
    const domain::Structure structure = StructureOf(options);
    const std::vector<domain::StructureLayer>& layers = structure.Layers();
    for (size_t k = 0; k + 1 < layers.size(); ++k) {
      if (MetalChanges(layers[k], layers[k + 1], metals)) metal_faces.push_back(layers[k].top);
    }
  }
  WallList faces;
  const auto add = [&](const std::array<double, 2>& z) {
    for (const double face : z) {
      const bool metal = std::any_of(metal_faces.begin(), metal_faces.end(),
                                     [&](double at) { return std::abs(at - face) <= kSameWall; });
      faces.Add({face, 1, metal ? 1.0 : 0.0});
    }
  };
  for (const deck::LayerOptions& layer : options.layers) add(layer.z);
  for (const deck::ShapeOptions& shape : options.shapes) {
    if (shape.z) add(*shape.z);
  }
  return faces.Take();
}

}  // namespace symwave::jobs::device
