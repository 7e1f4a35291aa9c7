#include "jobs/checks/metal_wall_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "jobs/device/structure.hpp"
#include "jobs/device/walls.hpp"

namespace symwave::jobs::checks {

namespace {

constexpr double kOnNode = 1e-3;  // of a cell

/// What is found of the metals' outlines.
class OffNodes {
 public:
  OffNodes(const domain::Lattice& lattice, std::set<std::string> metals)
      : lattice_(lattice), metals_(std::move(metals)) {}

  void SeeWall(int axis, double at) {
    const domain::Axis& nodes = lattice_.Along(axis);
    for (int i = 0; i < nodes.Cells(); ++i) {
      const double low = nodes.Face(i), high = nodes.Face(i + 1);
      if (at < low || at > high) continue;
      const double off = std::min(at - low, high - at) / (high - low);
      if (off <= kOnNode) return;
      const std::string place = fmt::format("{} = {:.6g} um", "xyz"[axis], at);
      if (std::find(walls_.begin(), walls_.end(), place) == walls_.end()) walls_.push_back(place);
      farthest_ = std::max(farthest_, off);
      return;
    }
  }
  void SeeCurve() {
    curved_ = true;
    farthest_ = 0.5;
  }

  const std::set<std::string>& Metals() const { return metals_; }
  bool Curved() const { return curved_; }
  bool Any() const { return curved_ || !walls_.empty(); }
  double Farthest() const { return farthest_; }
  std::string List() const {
    constexpr size_t kShown = 4;
    std::string list;
    for (size_t k = 0; k < std::min(kShown, walls_.size()); ++k) {
      list += (k == 0 ? "" : ", ") + walls_[k];
    }
    if (walls_.size() > kShown) list += fmt::format(" and {} more", walls_.size() - kShown);
    if (!curved_) return list;
    return list + (list.empty() ? "" : ", ") + "oblique or curved outlines";
  }

 private:
  const domain::Lattice& lattice_;
  const std::set<std::string> metals_;
  std::vector<std::string> walls_;
  bool curved_ = false;
  double farthest_ = 0;  ///< displacement in cells
};

/// Outlines of one layer.
void LookAround(const domain::Structure& structure, const domain::StructureLayer& layer,
                const std::set<std::string>& metals, double z, const std::array<double, 2>& end,
                OffNodes& found) {
  const device::MetalSides sides(structure, layer.regions, metals, z);
  for (const domain::Region& region : layer.regions) {
    for (const domain::Polygon& contour : region.contours) {
      for (size_t k = 0; k < contour.size(); ++k) {
        const domain::Point& a = contour[k];
        const domain::Point& b = contour[(k + 1) % contour.size()];
        if (sides.Along(a, b, end) == 0) continue;
        if (std::abs(a.x - b.x) <= device::kSameWall) {
          found.SeeWall(0, a.x);
        } else if (std::abs(a.y - b.y) <= device::kSameWall) {
          found.SeeWall(1, a.y);
        } else {
          found.SeeCurve();
        }
      }
    }
  }
}

std::string Names(const std::set<std::string>& metals) {
  std::string names;
  for (const std::string& name : metals) names += (names.empty() ? "'" : ", '") + name + "'";
  return names;
}

/// The metals that stand in the structure.
std::set<std::string> Present(const deck::DeviceOptions& options,
                              const domain::Structure& structure) {
  std::set<std::string> present;
  const std::set<std::string> metals = device::MetalsOf(options);
  if (metals.empty()) return present;
  for (const std::string& name : structure.Materials()) {
    if (metals.count(name) > 0) present.insert(name);
  }
  return present;
}

/// Nothing where no walls of metal can matter.
OffNodes WallsOffNodes(const deck::DeviceOptions& options, const domain::Lattice& lattice) {
  OffNodes none(lattice, {});
  if (device::NeedsLayout(options) || lattice.Fields() == domain::FieldSet::Ez) return none;
  const domain::Structure structure = device::StructureOf(options);
  const std::set<std::string> metals = Present(options, structure);
  if (metals.empty()) return none;
  const std::array<double, 2> end{options.grid.size[0] / 2, options.grid.size[1] / 2};
  OffNodes found(lattice, metals);
  if (lattice.TwoDimensional()) {
    LookAround(structure, structure.LayerAt(0), metals, 0, end, found);
    return found;
  }
  const double top = options.grid.size[2] / 2;
  for (const domain::StructureLayer& layer : structure.Layers()) {
    const double low = std::max(-top, layer.bottom), high = std::min(top, layer.top);
    if (low < high) LookAround(structure, layer, metals, 0.5 * (low + high), end, found);
  }
  for (const device::Wall& face : device::LayerFaces(options, metals)) {
    if (face.metal > 0 && std::abs(face.at) < top) found.SeeWall(2, face.at);
  }
  return found;
}

}  // namespace

std::vector<std::string> MetalWallWarnings(const deck::DeviceOptions& options,
                                           const domain::Lattice& lattice) {
  const OffNodes found = WallsOffNodes(options, lattice);
  if (!found.Any()) return {};
  return {fmt::format(
      "{}: walls of metal ({}) lie off the nodes of the lattice: {}; the E across them takes every "
      "cell as all metal or none, which moves them by up to {:.2g} of a cell, and errors fall with "
      "the cell only, not with its square: put walls on multiples of grid.cell or let grid.align: "
      "auto do it, or compare with half the cell",
      options.grid.where, Names(found.Metals()), found.List(), found.Farthest())};
}

std::vector<std::string> MetalOutlineWarnings(const deck::DeviceOptions& options,
                                              const domain::Lattice& lattice) {
  const OffNodes found = WallsOffNodes(options, lattice);
  if (!found.Curved()) return {};
  return {fmt::format(
      "{}: oblique or curved outlines of metal ({}): where E lies neither along nor across them, "
      "cells are all metal or none, and errors fall with the cell only, not with its square: "
      "compare with half the cell",
      options.grid.where, Names(found.Metals()))};
}

}  // namespace symwave::jobs::checks
