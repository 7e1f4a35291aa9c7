#include "jobs/deck/layout_ports.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "domain/base/error.hpp"
#include "jobs/deck/layout_guides.hpp"
#include "jobs/deck/layout_port_finder.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using domain::Point;
using domain::Polygon;

constexpr double kInside = 1e-6;  // um; where the cross-section of a guide that ends is taken
constexpr double kAround = 1;     // um; span of a port on each side of its guide
constexpr double kBeyondPml = 1;  // um

/// Rectangles from the end of a guide to beyond the PML, in every layer that the guide has.
void Continue(const GuideAtPort& guide, const GridOptions& grid, std::vector<DrawnLayer>& layers) {
  const double sign = guide.outward ? 1 : -1;
  const double inside = guide.at - sign * kInside;
  const double far =
      sign * (0.5 * grid.size[static_cast<size_t>(guide.axis)] + grid.pml + kBeyondPml);
  if (sign * (far - guide.at) <= 0) return;
  for (DrawnLayer& layer : layers) {
    for (const auto& part : CrossSection(layer.contours, guide.axis, inside)) {
      if (part[1] <= guide.section[0] || part[0] >= guide.section[1]) continue;
      const double low = std::min(inside, far), high = std::max(inside, far);
      Polygon strip;
      for (const auto& [along, across] :
           {std::pair(low, part[0]), {high, part[0]}, {high, part[1]}, {low, part[1]}}) {
        strip.push_back(guide.axis == 0 ? Point{along, across} : Point{across, along});
      }
      if (guide.axis == 1) std::reverse(strip.begin(), strip.end());
      layer.contours.push_back(strip);
      layer.continued = true;
    }
  }
}

/// On both sides of the guide kAround, up to half the way to the next port and to the grid's end.
double SpanAcross(const GuideAtPort& guide, const std::vector<GuideAtPort>& all,
                  const GridOptions& grid) {
  const double middle = guide.Middle();
  const double width = guide.section[1] - guide.section[0];
  const double end = 0.5 * grid.size[static_cast<size_t>(1 - guide.axis)] - std::abs(middle);
  double half = std::min(0.5 * width + kAround, end);
  for (const GuideAtPort& other : all) {
    const bool beside = other.axis == guide.axis && std::abs(other.at - guide.at) < kAround;
    const double distance = std::abs(other.Middle() - middle);
    if (beside && distance > 0) half = std::min(half, 0.5 * distance);
  }
  return 2 * std::max(half, 0.5 * width);
}

PortOptions PortOf(const GuideAtPort& guide, const std::vector<GuideAtPort>& all,
                   const GridOptions& grid, const LayoutPortOptions& asked,
                   const StackLayer& entry) {
  PortOptions port;
  port.name = guide.name;
  port.axis = guide.axis;
  port.forward = !guide.outward;
  port.at = guide.axis == 0 ? std::vector<double>{guide.at, guide.Middle()}
                            : std::vector<double>{guide.Middle(), guide.at};
  port.span = {SpanAcross(guide, all, grid)};
  if (grid.Dimensions() == 3) {
    const double middle = entry.z + 0.5 * entry.thickness;
    port.at.push_back(middle);
    const double end = 0.5 * grid.size[2] - std::abs(middle);
    port.span.push_back(2 * std::min(0.5 * entry.thickness + kAround, end));
  }
  if (!asked.span.empty()) port.span = asked.span;
  port.modes = asked.modes;
  port.where = asked.where;
  return port;
}

/// As results and files can have it.
std::string AllowedName(std::string label) {
  for (char& letter : label) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0;
    if (!plain && std::string("_.+-").find(letter) == std::string::npos) letter = '_';
  }
  return label.empty() ? "port" : label;
}

/// Names as the schema allows them, each once: labels of a cell that is placed twice are told apart
/// by a number.
void GiveNames(Point origin, const std::vector<PortOptions>& taken, LayoutOptions& layout,
               std::vector<GuideAtPort>& guides) {
  std::map<std::string, int> count;
  for (GuideAtPort& guide : guides) {
    guide.name = AllowedName(guide.label);
    ++count[guide.name];
  }
  std::map<std::string, int> number;
  for (GuideAtPort& guide : guides) {
    const Point at = PlaceInFile(guide, origin);
    const std::string label = guide.name;
    if (count[label] > 1) guide.name += fmt::format("_{}", ++number[label]);
    if (count[label] > 1 || guide.label != label) {
      layout.notes.push_back(
          fmt::format("{}: the port at ({:.6g}, {:.6g}) um of the file, labelled \"{}\", is {}",
                      layout.ports->where, at.x, at.y, guide.label, guide.name));
    }
    for (const PortOptions& port : taken) {
      if (port.name != guide.name) continue;
      Fail(
          "{}: the port {} of the deck has the name of the one that layout.ports finds at ({:.6g}, "
          "{:.6g}) um of the file; rename it",
          port.where, port.name, at.x, at.y);
    }
  }
}

}  // namespace

std::vector<PortOptions> PortsOfLayout(const io::FlatLayout& flat, Point origin,
                                       const GridOptions& grid,
                                       const std::vector<PortOptions>& taken, LayoutOptions& layout,
                                       std::vector<DrawnLayer>& layers) {
  if (!layout.ports) return {};
  std::vector<GuideAtPort> guides = GuidesOfPorts(flat, origin, grid, layout, layers);
  GiveNames(origin, taken, layout, guides);
  std::vector<PortOptions> ports;
  ports.reserve(guides.size());
  for (const GuideAtPort& guide : guides) {
    ports.push_back(PortOf(guide, guides, grid, *layout.ports, layers[guide.layer].entry));
  }
  for (const GuideAtPort& guide : guides) {
    if (guide.ends) Continue(guide, grid, layers);
  }
  return ports;
}

}  // namespace symwave::jobs::deck
