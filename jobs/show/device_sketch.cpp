#include "jobs/show/device_sketch.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "domain/structure.hpp"
#include "jobs/deck/layout_guides.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs::show {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostSamples = 480;  // of a picture along its longer side

struct Drawn {
  domain::Lattice lattice;
  std::shared_ptr<const domain::Structure> structure;
  std::vector<domain::StructureLayer> layers;  ///< from below
  std::vector<deck::PortOptions> ports;
  std::vector<domain::Element> elements;

  /// Bodies do not lie in layers: their pictures are sampled.
  bool HasBodies() const { return !lattice.TwoDimensional() && !structure->Painted().empty(); }
};

deck::PortOptions PlanePortOf(const domain::PlanePort& given, int dimensions) {
  deck::PortOptions port;
  port.name = given.name;
  port.at.assign(given.at.begin(), given.at.begin() + dimensions);
  port.axis = domain::AxisOf(given.faces);
  port.forward = domain::IsForward(given.faces);
  port.span.assign(given.span.begin(), given.span.begin() + dimensions - 1);
  return port;
}

Drawn Draw(const deck::DeckOptions& options) {
  const device::Device device = device::BuildDevice(options);
  const bool flat = device.lattice->TwoDimensional();
  Drawn drawn{*device.lattice, device.structure, device.structure->Layers(), {}, device.elements};
  if (flat) drawn.layers = {device.structure->LayerAt(0)};
  for (const domain::PlanePort& port : device.ports) {
    drawn.ports.push_back(PlanePortOf(port, flat ? 2 : 3));
  }
  return drawn;
}

Json Materials(const deck::DeckOptions& options, const Drawn& drawn) {
  Json materials = Json::object();
  const auto table = device::MaterialTable(options, options.MiddleWavelength());
  const auto add = [&](const std::string& name) {
    const auto eps = table.find(name);
    if (eps == table.end()) return;
    const std::complex<double> n = std::sqrt(eps->second);
    materials[name] = {n.real(), n.imag()};
  };
  for (const domain::StructureLayer& layer : drawn.layers) {
    add(layer.base);
    for (const domain::Region& region : layer.regions) add(region.material);
  }
  if (drawn.HasBodies()) {
    for (const std::string& name : drawn.structure->Materials()) add(name);
  }
  return materials;
}

Json Axes(const domain::Lattice& lattice) {
  Json axes = Json::array();
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    Json nodes = Json::array();
    for (int i = 0; i <= lattice.Cells(axis); ++i) nodes.push_back(lattice.Node(axis, i));
    axes.push_back({{"nodes", nodes},
                    {"pml", {lattice.End(axis, 0).pml_cells, lattice.End(axis, 1).pml_cells}}});
  }
  return axes;
}

Json Plan(const domain::StructureLayer& layer, double z) {
  Json regions = Json::array();
  for (const domain::Region& region : layer.regions) {
    Json contours = Json::array();
    for (const domain::Polygon& contour : region.contours) {
      Json points = Json::array();
      for (const domain::Point& p : contour) points.push_back({p.x, p.y});
      contours.push_back(points);
    }
    regions.push_back({{"material", region.material}, {"contours", contours}});
  }
  return {{"z", z}, {"base", layer.base}, {"regions", regions}};
}

/// Materials on a mesh over the plane in which coordinate `fixed` is `at`: rows from below, numbers
/// into `names`.
Json Samples(const Drawn& drawn, int fixed, double at) {
  const int across = fixed == 0 ? 1 : 0, up = fixed == 2 ? 1 : 2;
  const auto end = [&](int axis, int side) {
    return drawn.lattice.Node(axis, side == 0 ? 0 : drawn.lattice.Cells(axis));
  };
  const double width = end(across, 1) - end(across, 0), height = end(up, 1) - end(up, 0);
  const double step = std::max(width, height) / kMostSamples;
  const int columns = std::max(1, static_cast<int>(std::lround(width / step)));
  const int rows = std::max(1, static_cast<int>(std::lround(height / step)));
  const std::vector<std::string> names = drawn.structure->Materials();
  Json mesh = Json::array();
  domain::Vector point{};
  point[static_cast<size_t>(fixed)] = at;
  for (int j = 0; j < rows; ++j) {
    Json row = Json::array();
    point[static_cast<size_t>(up)] = end(up, 0) + (j + 0.5) / rows * height;
    for (int i = 0; i < columns; ++i) {
      point[static_cast<size_t>(across)] = end(across, 0) + (i + 0.5) / columns * width;
      const std::string& material = drawn.structure->MaterialAt(point[0], point[1], point[2]);
      row.push_back(std::find(names.begin(), names.end(), material) - names.begin());
    }
    mesh.push_back(std::move(row));
  }
  return {{"names", names}, {"rows", mesh}};
}

Json Elements(const std::vector<domain::Element>& given) {
  Json elements = Json::array();
  const std::vector<int> images = domain::MirrorImages(given);
  for (size_t e = 0; e < given.size(); ++e) {
    const domain::Element& element = given[e];
    Json contours = Json::array();
    for (const domain::Polygon& polygon : element.outline) {
      Json points = Json::array();
      for (const domain::Point& p : polygon) points.push_back({p.x, p.y});
      contours.push_back(points);
    }
    elements.push_back({{"name", element.name},
                        {"group", element.group},
                        {"contours", contours},
                        {"attenuates", element.attenuates},
                        {"image", images[e]}});
  }
  return elements;
}

/// Rectangles of materials in the plane in which `axis` is `at`: [low, high] across, heights.
Json Cut(const Drawn& drawn, int axis, double at) {
  const int across = 1 - axis;
  const double ends[2] = {drawn.lattice.Node(across, 0),
                          drawn.lattice.Node(across, drawn.lattice.Cells(across))};
  const double bottom = drawn.lattice.Node(2, 0);
  const double top = drawn.lattice.Node(2, drawn.lattice.Cells(2));
  Json parts = Json::array();
  const auto add = [&](const std::string& material, double low, double high,
                       const domain::StructureLayer& layer) {
    parts.push_back({{"material", material},
                     {"across", {std::max(low, ends[0]), std::min(high, ends[1])}},
                     {"z", {std::max(layer.bottom, bottom), std::min(layer.top, top)}}});
  };
  for (const domain::StructureLayer& layer : drawn.layers) {
    if (layer.top <= bottom || layer.bottom >= top) continue;
    add(layer.base, ends[0], ends[1], layer);
    for (const domain::Region& region : layer.regions) {
      for (const auto& part : deck::CrossSection(region.contours, axis, at)) {
        if (part[1] > ends[0] && part[0] < ends[1]) add(region.material, part[0], part[1], layer);
      }
    }
  }
  return {{"axis", axis}, {"at", at}, {"parts", parts}};
}

/// Through the first port whose guide runs along the plane, or the origin.
double PlaneOf(const Drawn& drawn, int axis) {
  for (const deck::PortOptions& port : drawn.ports) {
    if (port.axis == axis) return port.at[static_cast<size_t>(axis)];
  }
  return 0;
}

Json Ports(const Drawn& drawn) {
  Json ports = Json::array();
  for (const deck::PortOptions& port : drawn.ports) {
    ports.push_back({{"name", port.name},
                     {"at", port.at},
                     {"axis", port.axis},
                     {"forward", port.forward},
                     {"span", port.span}});
  }
  return ports;
}

struct SourceSketch {
  Json operator()(const deck::DipoleOptions& dipole) const {
    return {{"type", "dipole"}, {"centre", dipole.at}};
  }
  Json operator()(const deck::PlaneWaveOptions& wave) const {
    std::vector<double> direction(wave.centre.size(), 0.0);
    direction[static_cast<size_t>(wave.axis)] = wave.forward ? 1 : -1;
    return {{"type", "plane wave"},
            {"centre", wave.centre},
            {"size", wave.size},
            {"direction", direction}};
  }
  Json operator()(const deck::BeamOptions& beam) const {
    return {{"type", "beam"},
            {"centre", beam.centre},
            {"size", beam.size},
            {"direction", beam.direction}};
  }
};

struct MonitorSketch {
  Json operator()(const deck::ProbeOptions& probe) const { return {{"centre", probe.at}}; }
  template <class Box>
  Json operator()(const Box& box) const {
    return {{"centre", box.centre}, {"size", box.size}};
  }
};

}  // namespace

Json DeviceSketch(const deck::DeckOptions& options) {
  const Drawn drawn = Draw(options);
  const bool flat = drawn.lattice.TwoDimensional();
  double height = 0;
  if (!flat && !drawn.ports.empty()) height = drawn.ports.front().at[2];
  const domain::StructureLayer& layer =
      flat ? drawn.layers.front() : drawn.structure->LayerAt(height);
  Json sketch = {{"materials", Materials(options, drawn)},
                 {"axes", Axes(drawn.lattice)},
                 {"plan", Plan(layer, height)},
                 {"cuts", Json::array()},
                 {"ports", Ports(drawn)},
                 {"elements", Elements(drawn.elements)},
                 {"sources", Json::array()},
                 {"monitors", Json::array()}};
  if (!flat) {
    for (const int axis : {1, 0}) sketch["cuts"].push_back(Cut(drawn, axis, PlaneOf(drawn, axis)));
  }
  if (drawn.HasBodies()) {
    sketch["plan"]["samples"] = Samples(drawn, 2, height);
    for (Json& cut : sketch["cuts"]) cut["samples"] = Samples(drawn, cut["axis"], cut["at"]);
  }
  for (const deck::SourceOptions& source : options.sources) {
    sketch["sources"].push_back(std::visit(SourceSketch{}, source.what));
  }
  for (const deck::MonitorOptions& monitor : options.monitors) {
    Json one = std::visit(MonitorSketch{}, monitor.what);
    one["name"] = monitor.name;
    sketch["monitors"].push_back(one);
  }
  return sketch;
}

}  // namespace symwave::jobs::show
