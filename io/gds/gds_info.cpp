#include "io/gds/gds_info.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/joined.hpp"
#include "domain/polygon_union.hpp"
#include "io/deck.hpp"
#include "io/gds/gds_flatten.hpp"

namespace symwave::io {

namespace {

std::set<GdsLayer> LayersOf(const GdsLibrary& library) {
  std::set<GdsLayer> layers;
  for (const GdsCell& cell : library.cells) {
    for (const GdsOutline& outline : cell.outlines) layers.insert(outline.layer);
    for (const GdsPath& path : cell.paths) layers.insert(path.layer);
    for (const GdsLabel& label : cell.labels) layers.insert(label.layer);
  }
  return layers;
}

std::string LayerLine(const FlatLayout& flat, GdsLayer layer) {
  std::vector<std::string> labels;
  for (const FlatLabel& label : flat.labels) {
    if (label.layer == layer) labels.push_back(label.text);
  }
  constexpr size_t kShown = 8;
  const size_t more = labels.size() > kShown ? labels.size() - kShown : 0;
  labels.resize(labels.size() - more);
  std::string names = base::Joined(labels);
  if (more > 0) names += fmt::format(" and {} more", more);
  const auto found = flat.polygons.find(layer);
  if (found == flat.polygons.end()) {
    return labels.empty() ? ""
                          : fmt::format("  {:<8} {:>8} {:>20} {:>23} {:>23}  {}\n", layer.Text(), 0,
                                        "", "", "", names);
  }
  double area = 0, low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL};
  for (const domain::Polygon& contour : domain::UniteOutlines(found->second)) {
    area += domain::OutlineArea(contour);
    for (const domain::Point& p : contour) {
      low[0] = std::min(low[0], p.x);
      low[1] = std::min(low[1], p.y);
      high[0] = std::max(high[0], p.x);
      high[1] = std::max(high[1], p.y);
    }
  }
  return fmt::format("  {:<8} {:>8} {:>20.9f} {:>23} {:>23}  {}\n", layer.Text(),
                     found->second.size(), area, fmt::format("{:.6g} to {:.6g}", low[0], high[0]),
                     fmt::format("{:.6g} to {:.6g}", low[1], high[1]), names);
}

}  // namespace

std::string GdsInfo(const std::string& path) {
  const GdsLibrary library = ParseGds(ReadTextFile(MPI_COMM_SELF, path, "layout", 1L << 30), path);
  const std::set<GdsLayer> layers = LayersOf(library);
  std::string text = fmt::format("{}: GDSII layout, database unit {:.6g} nm, {} cells\n", path,
                                 1e3 * library.unit, library.cells.size());
  GdsRemarks remarks;
  for (const std::string& top : library.TopCells()) {
    const FlatLayout flat = FlattenGds(library, {top, layers, {}});
    text += fmt::format("top cell {}\n  {:<8} {:>8} {:>20} {:>23} {:>23}  {}\n", top, "layer",
                        "polygons", "area [um^2]", "x [um]", "y [um]", "labels");
    for (const GdsLayer layer : layers) text += LayerLine(flat, layer);
    remarks.Add(flat.remarks);
  }
  if (library.TopCells().empty()) FlattenGds(library, {"", layers, {}});
  for (const std::string& sentence : remarks.Sentences(path)) text += sentence + "\n";
  return text;
}

bool IsGdsName(const std::string& path) {
  std::string name = path;
  if (name.size() > 3 && name.compare(name.size() - 3, 3, ".gz") == 0) name.resize(name.size() - 3);
  const std::string ending = name.substr(std::min(name.size(), name.rfind('.')));
  return ending == ".gds" || ending == ".gds2" || ending == ".GDS";
}

}  // namespace symwave::io
