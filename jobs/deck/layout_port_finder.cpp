#include "jobs/deck/layout_port_finder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"
#include "jobs/deck/layout_guides.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using domain::Point;

constexpr double kReach = 5e-3;        // um; labels stand on the ends of their guides
constexpr double kSameSection = 1e-3;  // um; cross-sections of a straight guide differ by no more
constexpr double kOnLine = 1e-6;       // um
constexpr double kNearEdge = 1;        // um; what ends so near the edge may be meant to reach it

/// The way out of a guide that ends aslant, degrees from the x axis, and the turn to the next axis.
struct Slant {
  double angle, turn;

  explicit Slant(const GuideEdge& end)
      : angle(std::atan2(end.Outward().y, end.Outward().x) * 180 / M_PI),
        turn(90 * std::round(angle / 90) - angle) {}
};

class PortFinder {
 public:
  PortFinder(const io::FlatLayout& flat, Point origin, const GridOptions& grid,
             LayoutOptions& layout, const std::vector<DrawnLayer>& layers)
      : flat_(flat), origin_(origin), grid_(grid), layout_(layout), layers_(layers) {
    if (!layout.ports->automatic || !layout.window.empty()) return;
    for (const DrawnLayer& layer : layers) ends_.push_back(EndsOfGuides(layer.contours, kNearEdge));
  }

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
    if (layout_.window.empty()) WarnOfSlantedEnds();
    for (size_t k = 0; k < found.size(); ++k) found[k].label = fmt::format("o{}", k + 1);
    if (found.empty()) {
      std::vector<std::string> layers;
      for (const DrawnLayer& layer : layers_) layers.push_back(layer.entry.layer->Text());
      Fail(
          "{}: no guide of layer {} ends at the edge{}; ports: auto finds none there: name the "
          "layer of their labels, or draw the ports in the deck",
          Where(), base::Joined(layers),
          layout_.window.empty() ? "" : " of the window, between its corners");
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
    guide.label = label.text;
    for (size_t k = 0; k < layers_.size(); ++k) {
      const auto edge = EdgeAt(layers_[k].contours, at, kReach);
      if (!edge || (best && best->Length() <= edge->Length())) continue;
      best = edge;
      guide.layer = k;
    }
    if (!best) return Through(who, label, at);
    if (!best->Axis()) {
      const Slant slant(*best);
      Fail(
          "{} leaves its device at {:.4g} degrees from the x axis, but ports stand across an axis: "
          "turn the cell by {:.4g} degrees in the layout, or end the guide in a bend to an axis",
          who, slant.angle, slant.turn);
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
    guide.label = label.text;
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
            other.Width() < guide.Width() - kOnLine ||
            (other.Width() <= guide.Width() + kOnLine && other.layer < guide.layer);
        return narrower && other.Middle() > guide.section[0] && other.Middle() < guide.section[1];
      });
      if (!holds) kept.push_back(guide);
    }
    return kept;
  }

  std::vector<GuideAtPort> EndsAt(int axis, bool upper) const {
    std::vector<GuideAtPort> all;
    for (size_t k = 0; k < layers_.size(); ++k) {
      for (const GuideEdge& edge : ends_[k]) {
        GuideAtPort guide;
        guide.axis = axis;
        guide.layer = k;
        SetEdge(edge, guide);
        if (edge.Axis() == axis && guide.outward == upper) all.push_back(guide);
      }
    }
    const double sign = upper ? 1 : -1;
    double edge = -HUGE_VAL;
    std::vector<GuideAtPort> side = Narrowest(all), kept;
    for (const GuideAtPort& guide : side) edge = std::max(edge, sign * guide.at);
    // What is snapped to a mesh, or drawn a little shorter, ends at the edge all the same.
    const double near = edge - std::max(kSameSection, grid_.SmallestCell());
    for (const GuideAtPort& guide : side) {
      if (sign * guide.at >= near) kept.push_back(guide);
    }
    for (const GuideAtPort& guide : side) {
      if (sign * guide.at < near) SayShort(guide, edge - sign * guide.at, kept);
    }
    return kept;
  }

  /// Of an end before the edge: in a layer that has ports there it may be a guide that is too
  /// short.
  void SayShort(const GuideAtPort& guide, double missing,
                const std::vector<GuideAtPort>& ports) const {
    const Point place = InFile(guide);
    const std::string said = fmt::format(
        "{}: layer {} ends at ({:.6g}, {:.6g}) um of the file, {:.3g} um before the "
        "edge: no port there",
        Where(), layers_[guide.layer].entry.layer->Text(), place.x, place.y, missing);
    const bool guides = std::any_of(ports.begin(), ports.end(), [&](const GuideAtPort& port) {
      return port.layer == guide.layer;
    });
    if (guides) {
      layout_.warnings.push_back(
          said + "; draw it as long as the others, or its port in the deck, if it is a guide");
    } else {
      layout_.notes.push_back(said);
    }
  }

  /// Guides that reach the edge aslant.
  void WarnOfSlantedEnds() const {
    for (size_t k = 0; k < layers_.size(); ++k) {
      for (const GuideEdge& edge : ends_[k]) {
        if (edge.Axis()) continue;
        const Point at = edge.Middle();
        const Slant slant(edge);
        layout_.warnings.push_back(fmt::format(
            "{}: layer {} ends at ({:.6g}, {:.6g}) um of the file at {:.4g} degrees from the x "
            "axis: ports: auto has no port there, since ports stand across an axis; end the guide "
            "in a bend to an axis, or turn the cell by {:.4g} degrees",
            Where(), layers_[k].entry.layer->Text(), at.x + origin_.x, at.y + origin_.y,
            slant.angle, slant.turn));
      }
    }
  }

  std::vector<GuideAtPort> CutAt(int axis, bool upper) const {
    const double sign = upper ? 1 : -1;
    const double end = 0.5 * sign * grid_.size[static_cast<size_t>(axis)];
    const double beside = 0.5 * grid_.size[static_cast<size_t>(1 - axis)];
    std::vector<GuideAtPort> all, cut;
    for (size_t k = 0; k < layers_.size(); ++k) {
      for (const auto& section : CrossSection(layers_[k].contours, axis, end)) {
        const bool low = section[0] <= -beside, high = section[1] >= beside;
        const GuideAtPort guide{"",      "",    axis, upper, end - sign * layout_.margin,
                                section, false, k};
        if (!low && !high) all.push_back(guide);
        if (low != high && section[1] > -beside && section[0] < beside) cut.push_back(guide);
      }
    }
    const std::vector<GuideAtPort> side = Narrowest(all);
    for (const GuideAtPort& guide : side) RequireStraight(guide, end);
    for (const GuideAtPort& guide : cut) WarnOfCorner(guide, end, beside, side);
    return side;
  }

  /// A guide that leaves the window through its corner, and is no slab around another guide.
  void WarnOfCorner(const GuideAtPort& guide, double end, double beside,
                    const std::vector<GuideAtPort>& side) const {
    const bool slab = std::any_of(side.begin(), side.end(), [&](const GuideAtPort& other) {
      return other.Middle() > guide.section[0] && other.Middle() < guide.section[1];
    });
    if (slab) return;
    const size_t axis = static_cast<size_t>(guide.axis);
    const double along = axis == 0 ? origin_.x : origin_.y,
                 across = axis == 0 ? origin_.y : origin_.x;
    layout_.warnings.push_back(fmt::format(
        "{}: layer {} leaves the window through a corner, at {} = {:.6g} um, {} = {:.6g} to {:.6g} "
        "um of the file, so that the window cuts it lengthwise and it has no port there; move the "
        "window if it is a guide",
        Where(), layers_[guide.layer].entry.layer->Text(), "xy"[axis], end + along, "yx"[axis],
        std::max(guide.section[0], -beside) + across, std::min(guide.section[1], beside) + across));
  }

  void RequireStraight(const GuideAtPort& guide, double end) const {
    const auto inner = CrossSection(layers_[guide.layer].contours, guide.axis, guide.at);
    const auto& outer = guide.section;
    const bool straight = std::any_of(inner.begin(), inner.end(), [&](const auto& part) {
      return std::abs(part[0] - outer[0]) <= kSameSection &&
             std::abs(part[1] - outer[1]) <= kSameSection;
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

  Point InFile(const GuideAtPort& guide) const { return PlaceInFile(guide, origin_); }

  const io::FlatLayout& flat_;
  Point origin_;
  const GridOptions& grid_;
  LayoutOptions& layout_;
  const std::vector<DrawnLayer>& layers_;
  std::vector<std::vector<GuideEdge>> ends_;  ///< per layer, of ports: auto without a window
};

}  // namespace

Point PlaceInFile(const GuideAtPort& guide, Point origin) {
  const Point p =
      guide.axis == 0 ? Point{guide.at, guide.Middle()} : Point{guide.Middle(), guide.at};
  return {p.x + origin.x, p.y + origin.y};
}

std::vector<GuideAtPort> GuidesOfPorts(const io::FlatLayout& flat, Point origin,
                                       const GridOptions& grid, LayoutOptions& layout,
                                       const std::vector<DrawnLayer>& layers) {
  const PortFinder finder(flat, origin, grid, layout, layers);
  return layout.ports->automatic ? finder.Automatic() : finder.Labelled();
}

}  // namespace symwave::jobs::deck
