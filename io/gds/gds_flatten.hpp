// One cell of a layout without its hierarchy: polygons in um.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/shapes.hpp"
#include "io/gds/gds_library.hpp"

namespace symwave::io {

struct GdsBox {
  double low[2] = {0, 0};
  double high[2] = {0, 0};
};

struct GdsFlattenOptions {
  std::string cell;              ///< "": the only top cell
  std::set<GdsLayer> layers;     ///< whose polygons are wanted
  std::optional<GdsBox> window;  ///< um; what lies wholly outside is left out
};

/// A label, and how deep below the flattened cell it stands (0: in the cell itself).
struct FlatLabel {
  GdsLayer layer;
  domain::Point at;
  std::string text;
  int depth = 0;
  std::string cell;
};

/// A path of two points on a layer that is not wanted: those of pins point out of their device.
struct FlatPin {
  GdsLayer layer;
  domain::Point from, to;
};

struct FlatLayout {
  std::string cell;
  double unit = 1e-3;                                         ///< database unit, um
  std::map<GdsLayer, std::vector<domain::Polygon>> polygons;  ///< may overlap; holes clockwise
  std::vector<FlatLabel> labels;                              ///< of all layers
  std::vector<FlatPin> pins;
  std::set<GdsLayer> others;  ///< layers with polygons that are not wanted
  GdsRemarks remarks;
};

/// References of all depths, arrays, turns by any angle, mirrors and magnifications; paths as
/// polygons. UserError, with file and cell, for an unknown cell, several top cells and none, cells
/// that hold themselves, and more polygons than memory holds. Polygons without area and paths
/// without width are left out, with a remark, as are references to cells that are not there.
FlatLayout FlattenGds(const GdsLibrary& library, const GdsFlattenOptions& options);

}  // namespace symwave::io
