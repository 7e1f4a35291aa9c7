#include "jobs/show/device_sketch.hpp"

#include <algorithm>
#include <cmath>

#include "domain/structure.hpp"
#include "jobs/deck/layout_guides.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs::show {

namespace {

using Json = nlohmann::ordered_json;

/// What both solvers' devices have in common.
struct Drawn {
  domain::Lattice lattice;
  std::vector<domain::StructureLayer> layers;  ///< from below
  std::vector<deck::PortOptions> ports;
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
  Drawn drawn{*device.lattice, device.structure->Layers(), {}};
  if (flat) drawn.layers = {device.structure->LayerAt(0)};
  for (const domain::PlanePort& port : device.ports) {
    drawn.ports.push_back(PlanePortOf(port, flat ? 2 : 3));
  }
  return drawn;
}

const domain::StructureLayer& LayerAt(const Drawn& drawn, double z) {
  for (const domain::StructureLayer& layer : drawn.layers) {
    if (z < layer.top) return layer;
  }
  return drawn.layers.back();
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
  Json sketch = {{"materials", Materials(options, drawn)},
                 {"axes", Axes(drawn.lattice)},
                 {"plan", Plan(LayerAt(drawn, height), height)},
                 {"cuts", Json::array()},
                 {"ports", Ports(drawn)},
                 {"sources", Json::array()},
                 {"monitors", Json::array()}};
  if (!flat) {
    for (const int axis : {1, 0}) sketch["cuts"].push_back(Cut(drawn, axis, PlaneOf(drawn, axis)));
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
