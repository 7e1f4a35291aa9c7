// What a deck says about trainable elements. Lengths in um.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/shapes.hpp"
#include "io/gds/gds_library.hpp"

namespace symwave::jobs::deck {

/// A box, a polygon, or every outline of a layer of the layout.
struct ElementOptions {
  std::string name;
  std::string group;  ///< elements of one group share a command
  domain::Point centre;
  std::optional<std::array<double, 2>> size;  ///< of a box
  std::vector<domain::Point> points;          ///< of a polygon
  std::optional<io::GdsLayer> layer;
  std::optional<std::array<double, 2>> z;  ///< 3D
  bool attenuates = false;
  int axis = 0;  ///< of the guide
  double switching = 0;
  double spread = 0;
  std::string where;

  /// Filled from the layout: one of the outlines of its layer.
  std::vector<domain::Polygon> outlines;
};

}  // namespace symwave::jobs::deck
