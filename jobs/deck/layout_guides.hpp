// Guides of drawn layers: their ends, and their cross-sections along lines across an axis.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "domain/shapes.hpp"

namespace symwave::jobs::deck {

/// [low, high] of the other axis in which a line of constant x (axis 0) or y (axis 1) lies inside
/// disjoint outlines, in increasing order.
std::vector<std::array<double, 2>> CrossSection(const std::vector<domain::Polygon>& contours,
                                                int axis, double at);

/// A straight edge of an outline.
struct GuideEdge {
  domain::Point from, to;

  double Length() const;
  domain::Point Middle() const { return {0.5 * (from.x + to.x), 0.5 * (from.y + to.y)}; }
  /// Out of the material, of length 1.
  domain::Point Outward() const;
  /// The axis that the normal lies along, to within a thousandth; none for edges aslant.
  std::optional<int> Axis() const;
};

/// The shortest edge that passes a point within `reach` um.
std::optional<GuideEdge> EdgeAt(const std::vector<domain::Polygon>& contours, domain::Point point,
                                double reach);

/// Ends of guides that face a side of the box around all that is drawn, no further from it than
/// `within` um: edges between two corners (no chords of curves) behind which the material is deeper
/// than the edge is long (no side walls). Their normals may stand aslant.
std::vector<GuideEdge> EndsOfGuides(const std::vector<domain::Polygon>& contours, double within);

}  // namespace symwave::jobs::deck
