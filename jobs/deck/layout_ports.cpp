#include "jobs/deck/layout_ports.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "domain/plane_port.hpp"
#include "jobs/deck/layout_guides.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using domain::Point;
using domain::Polygon;

constexpr double kReach = 5e-3;   // um; labels stand on the ends of their guides
constexpr double kSame = 1e-3;    // um; cross-sections of a straight guide differ by no more
constexpr double kInside = 1e-6;  // um; where the cross-section of a guide that ends is taken
constexpr double kAround = 1;     // um; span of a port on each side of its guide
constexpr double kBeyondPml = 1;  // um

/// A guide at the plane of a port.
struct GuideAtPort {
  std::string name;
  int axis = 0;                         ///< of the guide
  bool outward = true;                  ///< out of the device is towards larger coordinates
  double at = 0;                        ///< of the plane
  std::array<double, 2> section{0, 0};  ///< across
  bool ends = true;                     ///< at the plane
  size_t layer = 0;                     ///< in which it was found

  double Middle() const { return 0.5 * (section[0] + section[1]); }
  double Width() const { return section[1] - section[0]; }
};

class PortFinder {
 public:
  PortFinder(const io::FlatLayout& flat, Point origin, const GridOptions& grid,
             LayoutOptions& layout, const std::vector<DrawnLayer>& layers)
      : flat_(flat), origin_(origin), grid_(grid), layout_(layout), layers_(layers) {}

  /// At the labels of a layer: those of the cell itself, or else of the cells it holds.
  std::vector<GuideAtPort> Labelled() const {
    const io::GdsLayer layer = *layout_.ports->layer;
    std::vector<const io::FlatLabel*> labels;
    std::set<std::string> others;
    int depth = 1 << 30;
    for (const io::FlatLabel& label : flat_.labels) {
      if (label.layer == layer) {
        labels.push_back(&label);
        depth = std::min(depth, label.depth);
      } else {
        others.insert(label.layer.Text());
      }
    }
    if (labels.empty()) {
      Fail(
          "{}: cell {} has no label on layer {}, which would name its ports; layers with labels: "
          "{}; write ports: auto, or draw the ports in the deck",
          Where(), flat_.cell, layer.Text(),
          others.empty() ? "none" : base::Joined({others.begin(), others.end()}));
    }
    std::vector<GuideAtPort> found;
    for (const io::FlatLabel* label : labels) {
      if (label->depth > depth) continue;
      const Point at{label->at.x - origin_.x, label->at.y - origin_.y};
      if (InGrid(at)) {
        found.push_back(At(*label, at));
      } else {
        layout_.notes.push_back(fmt::format(
            "{}: port {} at ({:.6g}, {:.6g}) um of the file lies outside the grid and is left out",
            Where(), label->text, label->at.x, label->at.y));
      }
    }
    return found;
  }

  /// Where guides of any layer end at the edge of what is drawn, or cross that of the window.
  std::vector<GuideAtPort> Automatic() const {
    std::vector<GuideAtPort> found;
    // Clockwise from below on the left: west, north, east, south.
    for (const auto& [axis, upper] : {std::pair(0, false), {1, true}, {0, true}, {1, false}}) {
      std::vector<GuideAtPort> side =
          layout_.window.empty() ? EndsAt(axis, upper) : CutAt(axis, upper);
      std::sort(side.begin(), side.end(), [](const GuideAtPort& a, const GuideAtPort& b) {
        return a.section[0] < b.section[0];
      });
      if ((axis == 0) == upper) std::reverse(side.begin(), side.end());
      found.insert(found.end(), side.begin(), side.end());
    }
    for (size_t k = 0; k < found.size(); ++k) found[k].name = fmt::format("o{}", k + 1);
    if (found.empty()) {
      std::vector<std::string> layers;
      for (const DrawnLayer& layer : layers_) layers.push_back(layer.entry.layer->Text());
      Fail(
          "{}: no guide of layer {} ends at the edge; ports: auto finds none there: name the layer "
          "of their labels, or draw the ports in the deck",
          Where(), base::Joined(layers));
    }
    return found;
  }

 private:
  const std::string& Where() const { return layout_.ports->where; }

  bool InGrid(Point p) const {
    return std::abs(p.x) < 0.5 * grid_.size[0] && std::abs(p.y) < 0.5 * grid_.size[1];
  }

  GuideAtPort At(const io::FlatLabel& label, Point at) const {
    const std::string who = fmt::format(
        "{}: port {} (label in cell {} on layer {}, at ({:.6g}, {:.6g}) um of {})", Where(),
        label.text, label.cell, label.layer.Text(), label.at.x, label.at.y, layout_.file);
    std::optional<GuideEdge> best;
    GuideAtPort guide;
    guide.name = label.text;
    for (size_t k = 0; k < layers_.size(); ++k) {
      const auto edge = EdgeAt(layers_[k].contours, at, kReach);
      if (!edge || (best && best->Length() <= edge->Length())) continue;
      best = edge;
      guide.layer = k;
    }
    if (!best) return Through(who, label, at);
    const Point outward = best->Outward();
    if (!best->Axis()) {
      const double angle = std::atan2(outward.y, outward.x) * 180 / M_PI;
      Fail(
          "{} leaves its device at {:.4g} degrees from the x axis, but ports stand across an axis: "
          "turn the cell by {:.4g} degrees in the layout, or end the guide in a bend to an axis",
          who, angle, 90 * std::round(angle / 90) - angle);
    }
    guide.axis = *best->Axis();
    SetEdge(*best, guide);
    return guide;
  }

  static void SetEdge(const GuideEdge& edge, GuideAtPort& guide) {
    const bool along_x = guide.axis == 0;
    guide.outward = (along_x ? edge.Outward().x : edge.Outward().y) > 0;
    guide.at = along_x ? edge.Middle().x : edge.Middle().y;
    guide.section = along_x ? std::array<double, 2>{edge.from.y, edge.to.y}
                            : std::array<double, 2>{edge.from.x, edge.to.x};
    if (guide.section[0] > guide.section[1]) std::swap(guide.section[0], guide.section[1]);
  }

  /// A label in the middle of a guide, whose pin tells the direction.
  GuideAtPort Through(const std::string& who, const io::FlatLabel& label, Point at) const {
    const auto pin = std::find_if(flat_.pins.begin(), flat_.pins.end(), [&](const auto& p) {
      return p.layer == label.layer && std::hypot(0.5 * (p.from.x + p.to.x) - label.at.x,
                                                  0.5 * (p.from.y + p.to.y) - label.at.y) <= kReach;
    });
    GuideAtPort guide;
    guide.name = label.text;
    guide.ends = false;
    bool found = false;
    if (pin != flat_.pins.end()) {
      const double dx = pin->to.x - pin->from.x, dy = pin->to.y - pin->from.y;
      guide.axis = std::abs(dx) > std::abs(dy) ? 0 : 1;
      guide.outward = (guide.axis == 0 ? dx : dy) > 0;
      guide.at = guide.axis == 0 ? at.x : at.y;
    }
    for (size_t k = 0; k < layers_.size(); ++k) {
      const double across = guide.axis == 0 ? at.y : at.x;
      for (const auto& part :
           CrossSection(layers_[k].contours, guide.axis, guide.axis == 0 ? at.x : at.y)) {
        const bool narrower = !found || part[1] - part[0] < guide.section[1] - guide.section[0];
        if (part[0] > across || part[1] < across || !narrower) continue;
        guide.section = part;
        guide.layer = k;
        found = true;
      }
    }
    if (!found) {
      Fail(
          "{} has no guide under it: no layer of the stack has an edge within {:.0f} nm; name the "
          "layer of the guide in layout.{}, or remove the label",
          who, 1e3 * kReach, layout_.layers.empty() ? "stack" : "layers");
    }
    if (pin == flat_.pins.end()) {
      Fail(
          "{} stands in the middle of a guide, which goes on to both sides, and no pin (a path of "
          "two points that points out of the device) tells its direction; draw it as a port of the "
          "deck",
          who);
    }
    return guide;
  }

  /// Without those that hold a narrower one: the slab under a rib has no port of its own.
  static std::vector<GuideAtPort> Narrowest(const std::vector<GuideAtPort>& all) {
    std::vector<GuideAtPort> kept;
    for (const GuideAtPort& guide : all) {
      const bool holds = std::any_of(all.begin(), all.end(), [&](const GuideAtPort& other) {
        const bool narrower =
            other.Width() < guide.Width() - kInside ||
            (other.Width() <= guide.Width() + kInside && other.layer < guide.layer);
        return narrower && other.Middle() > guide.section[0] && other.Middle() < guide.section[1];
      });
      if (!holds) kept.push_back(guide);
    }
    return kept;
  }

  std::vector<GuideAtPort> EndsAt(int axis, bool upper) const {
    std::vector<GuideAtPort> all;
    for (size_t k = 0; k < layers_.size(); ++k) {
      for (const GuideEdge& edge : OutermostEnds(layers_[k].contours, axis, upper)) {
        GuideAtPort guide;
        guide.axis = axis;
        guide.layer = k;
        SetEdge(edge, guide);
        all.push_back(guide);
      }
    }
    const double sign = upper ? 1 : -1;
    double edge = -HUGE_VAL;
    std::vector<GuideAtPort> side = Narrowest(all), kept;
    for (const GuideAtPort& guide : side) edge = std::max(edge, sign * guide.at);
    for (const GuideAtPort& guide : side) {
      if (sign * guide.at >= edge - kSame) {
        kept.push_back(guide);
      } else {
        const Point place = InFile(guide);
        layout_.notes.push_back(fmt::format(
            "{}: layer {} ends at ({:.6g}, {:.6g}) um of the file, not at the edge: no port there",
            Where(), layers_[guide.layer].entry.layer->Text(), place.x, place.y));
      }
    }
    return kept;
  }

  std::vector<GuideAtPort> CutAt(int axis, bool upper) const {
    const double sign = upper ? 1 : -1;
    const double end = 0.5 * sign * grid_.size[static_cast<size_t>(axis)];
    const double beside = 0.5 * grid_.size[static_cast<size_t>(1 - axis)];
    std::vector<GuideAtPort> all;
    for (size_t k = 0; k < layers_.size(); ++k) {
      for (const auto& section : CrossSection(layers_[k].contours, axis, end)) {
        const bool guide = section[0] > -beside && section[1] < beside;
        if (guide) all.push_back({"", axis, upper, end - sign * layout_.margin, section, false, k});
      }
    }
    const std::vector<GuideAtPort> side = Narrowest(all);
    for (const GuideAtPort& guide : side) RequireStraight(guide, end);
    return side;
  }

  void RequireStraight(const GuideAtPort& guide, double end) const {
    const auto inner = CrossSection(layers_[guide.layer].contours, guide.axis, guide.at);
    const auto& outer = guide.section;
    const bool straight = std::any_of(inner.begin(), inner.end(), [&](const auto& part) {
      return std::abs(part[0] - outer[0]) <= kSame && std::abs(part[1] - outer[1]) <= kSame;
    });
    if (straight) return;
    const int axis = guide.axis;
    const double along = axis == 0 ? origin_.x : origin_.y;
    const double across = axis == 0 ? origin_.y : origin_.x;
    Fail(
        "{}: the guide that crosses the window at {} = {:.6g} um of the file, {} = {:.6g} to "
        "{:.6g} um, is not straight along {} over layout.margin = {:.6g} um, where its port "
        "would stand; move the window, or make the margin smaller",
        Where(), "xy"[axis], end + along, "yx"[axis], outer[0] + across, outer[1] + across,
        "xy"[axis], layout_.margin);
  }

  Point InFile(const GuideAtPort& guide) const {
    const Point p =
        guide.axis == 0 ? Point{guide.at, guide.Middle()} : Point{guide.Middle(), guide.at};
    return {p.x + origin_.x, p.y + origin_.y};
  }

  const io::FlatLayout& flat_;
  Point origin_;
  const GridOptions& grid_;
  LayoutOptions& layout_;
  const std::vector<DrawnLayer>& layers_;
};

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

}  // namespace

std::vector<PortOptions> PortsOfLayout(const io::FlatLayout& flat, Point origin,
                                       const GridOptions& grid, LayoutOptions& layout,
                                       std::vector<DrawnLayer>& layers) {
  if (!layout.ports) return {};
  const PortFinder finder(flat, origin, grid, layout, layers);
  const std::vector<GuideAtPort> guides =
      layout.ports->automatic ? finder.Automatic() : finder.Labelled();
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
