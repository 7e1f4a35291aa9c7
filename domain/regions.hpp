// The chip as disjoint regions, one per material: later shapes cut earlier ones (painter's order),
// shapes of one material are united (Clipper, 1e-10 um resolution).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "domain/shapes.hpp"

namespace symwave::domain {

/// Disjoint from all other regions. Outer boundaries counter-clockwise, holes clockwise.
struct Region {
  std::string material;
  std::vector<Polygon> contours;
  bool united = false;  ///< the contours are those of a union: none meets another or itself
};

/// Regions in order of first use of their material. The background has no region. The UserError of
/// a bad shape begins with its `where`.
std::vector<Region> ComposeRegions(const std::vector<Shape>& shapes);
/// The same for painted areas that are outlines already; they may overlap, also within a region
/// that is not united.
std::vector<Region> PaintRegions(const std::vector<Region>& painted);

/// What lies in the box between two corners.
std::vector<Region> ClippedTo(const std::vector<Region>& regions, const Point& low,
                              const Point& high);

/// What lies between low and high [um] along an axis (0: x, 1: y), and its image one period
/// high - low further down, without a seam between the two.
std::vector<Region> WithPeriodicImage(const std::vector<Region>& regions, int axis, double low,
                                      double high);

/// Moves every outline along its outward normal by displacement(x, y) [um] (positive: grows), after
/// cutting edges longer than `spacing` into equal parts; corners keep their angle (mitre). Where
/// two grown regions meet, the earlier one wins; where they withdraw, the background appears.
std::vector<Region> DisplaceOutlines(const std::vector<Region>& regions, double spacing,
                                     const std::function<double(double, double)>& displacement);

}  // namespace symwave::domain
