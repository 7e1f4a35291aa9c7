#include "domain/elements.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "domain/base/error.hpp"
#include "domain/polygon_union.hpp"

namespace symwave::domain {

namespace {

constexpr double kSmallestShare = 1e-4;  // of a profile
constexpr double kSamePlace = 1e-6;      // um, of places
constexpr double kOnEdge = 1e-9;         // um: such points are outside

/// From the outlines, 0 inside of them (holes are outside).
double DistanceFrom(const std::vector<Polygon>& outline, const Point& p) {
  double nearest = HUGE_VAL;
  for (const Polygon& polygon : outline) {
    for (size_t k = 0; k < polygon.size(); ++k) {
      nearest = std::min(nearest, DistanceToEdge(p, polygon[k], polygon[(k + 1) % polygon.size()]));
    }
  }
  return IsInside(outline, p) && nearest > kOnEdge ? 0 : std::max(nearest, kOnEdge);
}

double RaisedCosine(double inside, double switching) {
  if (inside <= 0) return 0;
  if (inside >= switching) return 1;
  return 0.5 * (1 - std::cos(M_PI * inside / switching));
}

/// How far a Gaussian reaches.
double ReachOf(double spread) {
  return spread * std::sqrt(-2 * std::log(kSmallestShare));
}

bool Near(double a, double b) {
  return a == b || std::abs(a - b) <= kSamePlace;
}

/// Whether every corner of one outline mirrored is a corner of the other.
bool AreImages(const std::vector<Polygon>& a, const std::vector<Polygon>& b) {
  std::vector<Point> of_a, of_b;
  for (const Polygon& polygon : a) of_a.insert(of_a.end(), polygon.begin(), polygon.end());
  for (const Polygon& polygon : b) of_b.insert(of_b.end(), polygon.begin(), polygon.end());
  if (of_a.size() != of_b.size()) return false;
  return std::all_of(of_a.begin(), of_a.end(), [&](const Point& p) {
    return std::any_of(of_b.begin(), of_b.end(),
                       [&](const Point& q) { return Near(p.x, -q.x) && Near(p.y, q.y); });
  });
}

bool AreImages(const Element& a, const Element& b) {
  return a.attenuates == b.attenuates && a.axis == b.axis && Near(a.switching, b.switching) &&
         Near(a.spread, b.spread) && Near(a.z[0], b.z[0]) && Near(a.z[1], b.z[1]) &&
         AreImages(a.outline, b.outline);
}

}  // namespace

double Element::Profile(const Vector& point) const {
  if (point[2] <= z[0] || point[2] >= z[1]) return 0;
  double profile = 1;
  if (switching > 0) {
    const auto [low, high] = Extent(axis);
    const double at = point[static_cast<size_t>(axis)];
    profile = RaisedCosine(0.5 * (high - low) - std::abs(at - 0.5 * (low + high)), switching);
    if (profile == 0) return 0;
  }
  const double distance = DistanceFrom(outline, {point[0], point[1]});
  if (distance == 0) return profile;
  if (spread == 0) return 0;
  const double fallen = profile * std::exp(-0.5 * distance * distance / (spread * spread));
  return fallen < kSmallestShare ? 0 : fallen;
}

std::array<double, 2> Element::Extent(int along) const {
  std::array<double, 2> extent{HUGE_VAL, -HUGE_VAL};
  for (const Polygon& polygon : outline) {
    for (const Point& p : polygon) {
      const double at = along == 0 ? p.x : p.y;
      extent = {std::min(extent[0], at), std::max(extent[1], at)};
    }
  }
  return extent;
}

std::array<std::array<double, 2>, 3> Element::Reach() const {
  std::array<std::array<double, 2>, 3> reach{Extent(0), Extent(1), z};
  for (int along = 0; along < 2; ++along) {
    // Steps end a profile at the ends of the outline.
    const double beyond = along == axis && switching > 0 ? 0 : ReachOf(spread);
    auto& of = reach[static_cast<size_t>(along)];
    of = {of[0] - beyond, of[1] + beyond};
  }
  return reach;
}

double Element::EffectiveLength() const {
  const auto [low, high] = Extent(axis);
  if (switching > 0) return high - low - switching;
  return high - low + std::sqrt(2 * M_PI) * spread;
}

std::vector<Element> ElementsOf(const std::vector<Segment>& segments, bool attenuators) {
  std::vector<Element> elements;
  for (const bool attenuates : {false, true}) {
    if (attenuates && !attenuators) break;
    for (size_t s = 0; s < segments.size(); ++s) {
      const double x = 0.5 * segments[s].length, y = 0.5 * segments[s].width;
      const Point& c = segments[s].centre;
      Element element;
      element.name = (attenuates ? "loss" : "phase") + std::to_string(s + 1);
      element.outline = {
          {{c.x - x, c.y - y}, {c.x + x, c.y - y}, {c.x + x, c.y + y}, {c.x - x, c.y + y}}};
      element.switching = segments[s].switching;
      element.attenuates = attenuates;
      elements.push_back(std::move(element));
    }
  }
  return elements;
}

std::vector<int> MirrorImages(const std::vector<Element>& elements) {
  std::vector<int> images;
  for (const Element& element : elements) {
    const auto found = std::find_if(elements.begin(), elements.end(), [&](const Element& other) {
      return AreImages(element, other);
    });
    images.push_back(found == elements.end() ? -1 : static_cast<int>(found - elements.begin()));
  }
  return images;
}

std::vector<int> CommandNumbers(const std::vector<Element>& elements) {
  std::map<std::string, int> of_groups;
  std::vector<int> numbers;
  int next = 0;
  for (const Element& element : elements) {
    const bool fresh = element.group.empty() || of_groups.emplace(element.group, next).second;
    numbers.push_back(fresh ? next++ : of_groups[element.group]);
  }
  return numbers;
}

std::vector<Command> CommandsOf(const std::vector<Element>& elements) {
  const std::vector<int> numbers = CommandNumbers(elements);
  std::vector<Command> commands;
  for (size_t e = 0; e < elements.size(); ++e) {
    const Element& element = elements[e];
    const auto c = static_cast<size_t>(numbers[e]);
    if (c == commands.size()) {
      commands.push_back(
          {element.group.empty() ? element.name : element.group, {}, element.attenuates});
    }
    base::Require(commands[c].attenuates == element.attenuates, "elements of a group are alike");
    commands[c].elements.push_back(static_cast<int>(e));
  }
  return commands;
}

std::vector<int> MirrorImages(const std::vector<Element>& elements,
                              const std::vector<Command>& commands) {
  const auto within = [&](const Command& a, const Command& b) {
    return std::all_of(a.elements.begin(), a.elements.end(), [&](int of_a) {
      return std::any_of(b.elements.begin(), b.elements.end(), [&](int of_b) {
        return AreImages(elements[static_cast<size_t>(of_a)], elements[static_cast<size_t>(of_b)]);
      });
    });
  };
  const auto are_images = [&](const Command& a, const Command& b) {
    return a.elements.size() == b.elements.size() && within(a, b) && within(b, a);
  };
  std::vector<int> images(commands.size(), -1);
  for (size_t c = 0; c < commands.size(); ++c) {
    for (size_t other = c; other < commands.size() && images[c] < 0; ++other) {
      if (images[other] >= 0 || !are_images(commands[c], commands[other])) continue;
      images[c] = static_cast<int>(other);
      images[other] = static_cast<int>(c);
    }
  }
  return images;
}

std::vector<std::array<double, 2>> StripsOf(const std::vector<Element>& elements) {
  std::vector<std::array<double, 2>> intervals;
  intervals.reserve(elements.size());
  for (const Element& element : elements) intervals.push_back(element.Reach()[0]);
  std::sort(intervals.begin(), intervals.end());
  std::vector<std::array<double, 2>> strips;
  for (const auto& interval : intervals) {
    if (!strips.empty() && interval[0] <= strips.back()[1] + kSamePlace) {
      strips.back()[1] = std::max(strips.back()[1], interval[1]);
    } else {
      strips.push_back(interval);
    }
  }
  return strips;
}

}  // namespace symwave::domain
