#include "jobs/deck/layout.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/polygon_union.hpp"
#include "domain/regions.hpp"
#include "io/gds/gds_flatten.hpp"
#include "jobs/deck/at_place.hpp"
#include "jobs/deck/layout_ports.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using domain::Point;
using domain::Polygon;

constexpr long kLargestFile = 1L << 30;  // bytes
constexpr double kSliver = 1.001e-3;     // um; narrower parts come from rounding
constexpr double kRounding = 1e-9;       // um
constexpr double kMuchLarger = 1.2;      // than the window
constexpr double kThickest = 100;        // um, of what is drawn

/// Height in the stack that is 0 in the deck: as it says, or the middle of the layers of the file.
double StackOrigin(const LayoutOptions& layout) {
  if (layout.origin.size() > 2) return layout.origin[2];
  double bottom = HUGE_VAL, top = -HUGE_VAL;
  for (const StackLayer& entry : layout.stack) {
    if (!entry.layer) continue;
    bottom = std::min(bottom, entry.z);
    top = std::max(top, entry.Top());
  }
  const double middle = 0.5 * (bottom + top);
  return bottom > top || std::abs(middle) < kRounding ? 0 : middle;
}

/// The layers that the deck's dimensions have, in the order of painting, at heights of the deck.
std::vector<StackLayer> PaintedLayers(int dimensions, LayoutOptions& layout) {
  std::vector<StackLayer> painted = layout.layers;
  if (dimensions == 3 && !painted.empty()) {
    Fail(
        "{}: layout.layers has no heights, which three dimensions need; write layout.stack with z "
        "and thickness, or give grid.size two entries",
        layout.where);
  }
  for (const StackLayer& entry : layout.stack) {
    if (!entry.layer || entry.thickness < kThickest) continue;
    Fail(
        "{}: layer {} of the stack is {:.6g} um thick; lengths without a unit are in um: write nm "
        "where these are nm (at most {} um)",
        entry.where, entry.layer->Text(), entry.thickness, kThickest);
  }
  const double origin = StackOrigin(layout);
  for (StackLayer entry : layout.stack) {
    entry.z -= origin;
    const bool at_zero = entry.z <= 0 && entry.Top() > 0;
    if (dimensions == 3 || at_zero) painted.push_back(entry);
  }
  const bool cut = std::any_of(painted.begin(), painted.end(),
                               [](const StackLayer& entry) { return entry.layer.has_value(); });
  if (dimensions == 2 && !cut) {
    Fail(
        "{}: no layer of layout.stack holds its height {:.6g} um, at which a two-dimensional deck "
        "cuts it; give another one as third entry of layout.origin, or write layout.layers",
        layout.where, origin);
  }
  std::stable_sort(painted.begin(), painted.end(),
                   [](const StackLayer& a, const StackLayer& b) { return a.order < b.order; });
  return painted;
}

io::GdsBox BoundsOf(const io::FlatLayout& flat) {
  io::GdsBox box{{HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL}};
  for (const auto& [layer, polygons] : flat.polygons) {
    for (const Polygon& polygon : polygons) {
      for (const Point& p : polygon) {
        box.low[0] = std::min(box.low[0], p.x);
        box.low[1] = std::min(box.low[1], p.y);
        box.high[0] = std::max(box.high[0], p.x);
        box.high[1] = std::max(box.high[1], p.y);
      }
    }
  }
  return box;
}

std::string LayerList(const std::set<io::GdsLayer>& layers) {
  std::vector<std::string> names;
  names.reserve(layers.size());
  for (const io::GdsLayer& layer : layers) names.push_back(layer.Text());
  return names.empty() ? "none" : base::Joined(names);
}

io::FlatLayout ReadCell(MPI_Comm comm, const std::vector<StackLayer>& painted,
                        const std::vector<ElementOptions>& elements, const GridOptions& grid,
                        const LayoutOptions& layout) {
  const std::string bytes = io::ReadTextFile(comm, layout.file, "layout", kLargestFile);
  io::GdsFlattenOptions options;
  options.cell = layout.cell;
  for (const StackLayer& entry : painted) {
    if (entry.layer) options.layers.insert(*entry.layer);
  }
  for (const ElementOptions& element : elements) {
    if (element.layer) options.layers.insert(*element.layer);
  }
  if (!layout.window.empty()) {
    const double beyond = grid.pml + 1;
    options.window = io::GdsBox{{layout.window[0] - beyond, layout.window[1] - beyond},
                                {layout.window[2] + beyond, layout.window[3] + beyond}};
  }
  const io::GdsLibrary library = io::ParseGds(bytes, layout.file);
  io::FlatLayout flat = io::FlattenGds(library, options);
  if (!flat.polygons.empty()) return flat;
  if (options.window) {
    options.window.reset();
    flat = io::FlattenGds(library, options);
  }
  if (flat.polygons.empty()) {
    Fail("{}: cell {} has no polygon on the layers {}; layers with polygons: {}", layout.file,
         flat.cell, LayerList(options.layers), LayerList(flat.others));
  }
  const io::GdsBox bounds = BoundsOf(flat);
  Fail(
      "{}: layout.window (x {:.6g} to {:.6g}, y {:.6g} to {:.6g} um of the file) holds no polygon "
      "on "
      "the layers {}; those of cell {} reach from x {:.6g} to {:.6g} and y {:.6g} to {:.6g} um",
      layout.file, layout.window[0], layout.window[2], layout.window[1], layout.window[3],
      LayerList(options.layers), flat.cell, bounds.low[0], bounds.high[0], bounds.low[1],
      bounds.high[1]);
}

/// The window in the file: what is simulated, without the PML.
io::GdsBox WindowOf(const io::FlatLayout& flat, const LayoutOptions& layout) {
  if (!layout.window.empty()) {
    return {{layout.window[0], layout.window[1]}, {layout.window[2], layout.window[3]}};
  }
  io::GdsBox box = BoundsOf(flat);
  for (int axis = 0; axis < 2; ++axis) {
    box.low[axis] -= layout.margin;
    box.high[axis] += layout.margin;
  }
  return box;
}

void SetGridSize(const io::GdsBox& window, Point origin, int dimensions,
                 const std::vector<StackLayer>& painted, const LayoutOptions& layout,
                 GridOptions& grid) {
  const double centre[2] = {origin.x, origin.y};
  grid.size.assign(static_cast<size_t>(dimensions), 0.0);
  for (int axis = 0; axis < 2; ++axis) {
    grid.size[static_cast<size_t>(axis)] =
        2 * std::max(window.high[axis] - centre[axis], centre[axis] - window.low[axis]);
  }
  if (dimensions == 2) return;
  for (const StackLayer& entry : painted) {
    if (!entry.layer) continue;
    const double highest = std::max(std::abs(entry.z), std::abs(entry.Top()));
    grid.size[2] = std::max(grid.size[2], 2 * (highest + layout.margin));
  }
}

/// The grid's middle is the origin of the deck, wherever that lies.
void WarnOfEmptyGrid(const io::GdsBox& window, const GridOptions& grid, LayoutOptions& layout) {
  for (size_t axis = 0; axis < 2; ++axis) {
    const double used = window.high[axis] - window.low[axis];
    if (grid.size[axis] < kMuchLarger * used) continue;
    layout.warnings.push_back(fmt::format(
        "{}: layout.origin lies off the middle of the window, and the grid is centred on it: along "
        "{} it has {:.6g} um, of which the window fills {:.6g} um; leave origin out, or give "
        "grid.size",
        layout.where, "xy"[axis], grid.size[axis], used));
  }
}

/// United, without what is narrower than rounding; the deck's coordinates.
std::vector<Polygon> Drawn(MPI_Comm comm, const std::vector<Polygon>& polygons, Point origin,
                           io::GdsLayer layer, io::FlatLayout& flat) {
  std::vector<Polygon> moved = polygons;
  for (Polygon& polygon : moved) {
    for (Point& p : polygon) p = {p.x - origin.x, p.y - origin.y};
  }
  std::vector<Polygon> united = domain::UniteOutlines(comm, moved);
  const auto sliver = [&](const Polygon& contour) {
    const double area = domain::OutlineArea(contour);
    if (2 * std::abs(area) > kSliver * domain::OutlineLength(contour)) return false;
    flat.remarks.Add(area > 0 ? "slivers of at most 1 nm are left out"
                              : "gaps of at most 1 nm between polygons are closed",
                     fmt::format("cell {}, layer {}, at ({:.6g}, {:.6g}) um", flat.cell,
                                 layer.Text(), contour[0].x + origin.x, contour[0].y + origin.y));
    return true;
  };
  united.erase(std::remove_if(united.begin(), united.end(), sliver), united.end());
  return united;
}

std::vector<DrawnLayer> DrawnLayers(MPI_Comm comm, const std::vector<StackLayer>& painted,
                                    Point origin, io::FlatLayout& flat, LayoutOptions& layout) {
  std::map<io::GdsLayer, std::vector<Polygon>> contours;
  for (const auto& [layer, polygons] : flat.polygons) {
    contours[layer] = Drawn(comm, polygons, origin, layer, flat);
  }
  std::vector<DrawnLayer> layers;
  for (const StackLayer& entry : painted) {
    if (!entry.layer) continue;
    const auto found = contours.find(*entry.layer);
    if (found == contours.end() || found->second.empty()) {
      layout.warnings.push_back(fmt::format(
          "{}: layer {} ({}) has no polygon in cell {} of {}; layers with polygons that the deck "
          "does not use: {}",
          entry.where, entry.layer->Text(), entry.material, flat.cell, layout.file,
          LayerList(flat.others)));
      continue;
    }
    layers.push_back({entry, found->second});
  }
  return layers;
}

/// Every outer outline of a layer with the holes in it, from top to bottom, then from left to
/// right.
std::vector<std::vector<Polygon>> Pieces(const std::vector<Polygon>& united) {
  std::vector<std::vector<Polygon>> pieces;
  std::vector<domain::OutlineBox> boxes;
  const auto box_of = [](const Polygon& polygon) {
    domain::OutlineBox box;
    for (const Point& p : polygon) box.Add(p.x, p.y);
    return box;
  };
  for (const Polygon& outline : united) {
    if (domain::OutlineArea(outline) < 0) continue;
    pieces.push_back({outline});
    boxes.push_back(box_of(outline));
  }
  for (const Polygon& hole : united) {
    if (domain::OutlineArea(hole) > 0) continue;
    for (size_t k = 0; k < pieces.size(); ++k) {
      if (boxes[k].Holds(box_of(hole))) pieces[k].push_back(hole);
    }
  }
  std::sort(pieces.begin(), pieces.end(), [&](const auto& a, const auto& b) {
    const auto of_a = box_of(a[0]), of_b = box_of(b[0]);
    return of_a.high[1] != of_b.high[1] ? of_a.high[1] > of_b.high[1] : of_a.low[0] < of_b.low[0];
  });
  return pieces;
}

/// Elements that name a layer become one for each of its outlines.
void ExpandElements(MPI_Comm comm, Point origin, io::FlatLayout& flat, const LayoutOptions& layout,
                    std::vector<ElementOptions>& elements) {
  std::vector<ElementOptions> all;
  for (const ElementOptions& given : elements) {
    if (!given.layer) {
      all.push_back(given);
      continue;
    }
    const auto pieces =
        Pieces(Drawn(comm, flat.polygons[*given.layer], origin, *given.layer, flat));
    if (pieces.empty()) {
      Fail("{}: elements: layer {} has no polygon in cell {} of {}; layers with polygons: {}",
           given.where, given.layer->Text(), flat.cell, layout.file, LayerList(flat.others));
    }
    for (const auto& piece : pieces) {
      ElementOptions element = given;
      element.outlines = piece;
      element.name += std::to_string(&piece - pieces.data() + 1);
      all.push_back(std::move(element));
    }
  }
  elements = std::move(all);
}

/// What height 0 cuts of a layer with inclined walls, whose outlines hold at half height.
domain::PolygonSet CutOf(const StackLayer& entry, domain::PolygonSet set) {
  if (entry.sidewall == 90) return set;
  const double above_middle = -(entry.z + 0.5 * entry.thickness);
  const double grown = -above_middle / std::tan(entry.sidewall * M_PI / 180);
  const auto cut = domain::DisplaceOutlines({{entry.material, set.contours, true}}, 1e7,
                                            [=](double, double) { return grown; });
  return {cut.empty() ? std::vector<Polygon>{} : cut[0].contours};
}

/// In two dimensions the topmost plane below what is drawn that holds height 0 is the background.
void SetBackground(const std::vector<StackLayer>& painted, DeckOptions& options) {
  for (const StackLayer& entry : painted) {
    if (entry.layer) break;
    if (entry.material == options.background) continue;
    options.layout->notes.push_back(fmt::format(
        "{}: the plane of {} holds the height 0 at which a two-dimensional deck cuts the stack: it "
        "is the background instead of {}",
        entry.where, entry.material, options.background));
    options.background = entry.material;
  }
}

void AddShapes(MPI_Comm comm, const std::vector<DrawnLayer>& layers, int dimensions,
               DeckOptions& options) {
  std::vector<ShapeOptions> shapes;
  for (const DrawnLayer& layer : layers) {
    ShapeOptions shape;
    // Continued guides lie over the ends of those that are united already.
    shape.geometry = domain::PolygonSet{
        layer.continued ? domain::UniteOutlines(comm, layer.contours) : layer.contours};
    shape.material = layer.entry.material;
    shape.where = layer.entry.where;
    if (dimensions == 3) {
      shape.z = std::array<double, 2>{layer.entry.z, layer.entry.Top()};
      shape.sidewall = layer.entry.sidewall;
    } else {
      shape.geometry = CutOf(layer.entry, std::get<domain::PolygonSet>(shape.geometry));
    }
    shapes.push_back(std::move(shape));
  }
  options.layout->shapes = shapes.size();
  options.shapes.insert(options.shapes.begin(), shapes.begin(), shapes.end());
}

void AddSlabs(const std::vector<StackLayer>& painted, DeckOptions& options) {
  std::vector<LayerOptions> slabs;
  for (const StackLayer& entry : painted) {
    if (entry.layer) continue;
    LayerOptions slab;
    slab.material = entry.material;
    slab.z = {entry.z, entry.Top()};
    slab.where = entry.where;
    slabs.push_back(slab);
  }
  options.layout->slabs = slabs.size();
  options.layers.insert(options.layers.begin(), slabs.begin(), slabs.end());
}

void AddNotes(const io::FlatLayout& flat, Point origin, LayoutOptions& layout) {
  std::vector<std::string> notes{
      fmt::format("{}: cell {}; the origin of the deck is ({:.6g}, {:.6g}) um of the file",
                  layout.file, flat.cell, origin.x, origin.y)};
  const double height = StackOrigin(layout);
  if (height != 0) notes.front() += fmt::format(", at the height {:.6g} um of the stack", height);
  if (!flat.others.empty()) {
    notes.push_back(fmt::format("{}: layers with polygons that the deck does not use: {}",
                                layout.file, LayerList(flat.others)));
  }
  layout.notes.insert(layout.notes.begin(), notes.begin(), notes.end());
  for (const std::string& sentence : flat.remarks.Sentences(layout.file)) {
    layout.warnings.push_back(sentence);
  }
}

void ReadStackFile(MPI_Comm comm, LayoutOptions& layout) {
  if (layout.stack_file.empty()) return;
  const std::string text = io::ReadTextFile(comm, layout.stack_file, "stack", 1L << 20);
  const auto folder = std::filesystem::path(layout.stack_file).parent_path().string();
  layout.stack = ReadStack(io::ParseDeck(text, layout.stack_file), folder);
}

void Expand(MPI_Comm comm, bool has_size, DeckOptions& options) {
  LayoutOptions& layout = *options.layout;
  ReadStackFile(comm, layout);
  const int dimensions = has_size ? options.grid.Dimensions() : (layout.stack.empty() ? 2 : 3);
  const std::vector<StackLayer> painted = PaintedLayers(dimensions, layout);
  io::FlatLayout flat = ReadCell(comm, painted, options.elements, options.grid, layout);
  const io::GdsBox window = WindowOf(flat, layout);
  Point origin{0.5 * (window.low[0] + window.high[0]), 0.5 * (window.low[1] + window.high[1])};
  if (!layout.origin.empty()) origin = {layout.origin[0], layout.origin[1]};
  if (!has_size) {
    SetGridSize(window, origin, dimensions, painted, layout, options.grid);
    WarnOfEmptyGrid(window, options.grid, layout);
  }
  std::vector<DrawnLayer> layers = DrawnLayers(comm, painted, origin, flat, layout);
  if (layers.empty()) {
    Fail(
        "{}: all that cell {} has on the layers of the deck is narrower than 1 nm; is its database "
        "unit, {:.3g} um, the right one?",
        layout.file, flat.cell, flat.unit);
  }
  const std::vector<PortOptions> ports =
      PortsOfLayout(flat, origin, options.grid, options.ports, layout, layers);
  layout.port_count = ports.size();
  options.ports.insert(options.ports.end(), ports.begin(), ports.end());
  AddShapes(comm, layers, dimensions, options);
  ExpandElements(comm, origin, flat, layout, options.elements);
  if (dimensions == 2) {
    SetBackground(painted, options);
  } else {
    AddSlabs(painted, options);
  }
  AddNotes(flat, origin, layout);
}

}  // namespace

void ExpandLayout(MPI_Comm comm, bool has_size, DeckOptions& options) {
  if (!options.layout) return;
  AtPlace(options.layout->where, [&] { Expand(comm, has_size, options); });
}

}  // namespace symwave::jobs::deck
