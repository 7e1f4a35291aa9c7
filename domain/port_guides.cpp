#include "domain/port_guides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace symwave::domain {

namespace {

constexpr double kUniform = 1e-3;     // relative contrast of eps below which nothing guides
constexpr double kFaintCentre = 0.1;  // of the window's contrast: the centre is cladding
constexpr double kMuchNearer = 0.5;   // own guide: distance over that of the next one

int NearestPoint(const std::vector<double>& positions, double at) {
  int best = 0;
  for (int i = 1; i < static_cast<int>(positions.size()); ++i) {
    if (std::abs(positions[i] - at) < std::abs(positions[best] - at)) best = i;
  }
  return best;
}

/// eps above which a point belongs to a core; infinite in uniform media.
double Threshold(const PortWindow& window) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const double eps : window.eps) {
    if (eps <= 0) continue;
    low = std::min(low, eps);
    high = std::max(high, eps);
  }
  if (!(high - low > kUniform * low)) return std::numeric_limits<double>::infinity();
  const int iu = NearestPoint(window.positions[0], window.centre[0]);
  const int iv = NearestPoint(window.positions[1], window.centre[1]);
  const double centre = window.eps[static_cast<size_t>(iv) * window.Points(0) + iu];
  const double top = centre - low > kFaintCentre * (high - low) ? centre : high;
  return low + 0.45 * (top - low);
}

double DistanceTo(const PortWindow& window, int iu, int iv) {
  const double u = window.positions[0][iu] - window.centre[0];
  const double v = window.Flat() ? 0 : window.positions[1][iv] - window.centre[1];
  return std::hypot(u, v);
}

/// The core that holds point (iu, iv); its points are taken out of `inside`.
GuideCore TakeCore(const PortWindow& window, std::vector<bool>& inside, int iu, int iv) {
  const int nu = window.Points(0);
  const int nv = window.Points(1);
  GuideCore core{{iu, iv}, {iu + 1, iv + 1}, DistanceTo(window, iu, iv)};
  std::vector<std::array<int, 2>> open;
  const auto visit = [&](int u, int v) {
    if (u < 0 || v < 0 || u >= nu || v >= nv || !inside[static_cast<size_t>(v) * nu + u]) return;
    inside[static_cast<size_t>(v) * nu + u] = false;
    open.push_back({u, v});
  };
  visit(iu, iv);
  while (!open.empty()) {
    const auto [u, v] = open.back();
    open.pop_back();
    core.lo = {std::min(core.lo[0], u), std::min(core.lo[1], v)};
    core.hi = {std::max(core.hi[0], u + 1), std::max(core.hi[1], v + 1)};
    core.distance = std::min(core.distance, DistanceTo(window, u, v));
    for (const int step : {-1, 1}) {
      visit(u + step, v);
      visit(u, v + step);
    }
  }
  return core;
}

std::vector<GuideCore> CoresOf(const PortWindow& window) {
  const double threshold = Threshold(window);
  std::vector<bool> inside;
  for (const double eps : window.eps) inside.push_back(eps > threshold);
  std::vector<GuideCore> cores;
  for (int v = 0; v < window.Points(1); ++v) {
    for (int u = 0; u < window.Points(0); ++u) {
      if (inside[static_cast<size_t>(v) * window.Points(0) + u]) {
        cores.push_back(TakeCore(window, inside, u, v));
      }
    }
  }
  std::stable_sort(cores.begin(), cores.end(),
                   [](const GuideCore& a, const GuideCore& b) { return a.distance < b.distance; });
  return cores;
}

/// Ends the part of the window of the first core in the middle of the widest gap to another.
void KeepOff(const GuideCore& other, PortGuides& guides) {
  const GuideCore& own = guides.cores.front();
  double widest = 0;
  int axis = -1;
  bool above = false;
  for (int d = 0; d < 2; ++d) {
    const auto& x = guides.window.positions[d];
    const double up = other.lo[d] >= own.hi[d] ? x[other.lo[d]] - x[own.hi[d] - 1] : 0;
    const double down = own.lo[d] >= other.hi[d] ? x[own.lo[d]] - x[other.hi[d] - 1] : 0;
    if (std::max(up, down) <= widest) continue;
    widest = std::max(up, down);
    axis = d;
    above = up > down;
  }
  if (axis < 0) return;
  if (above) {
    guides.hi[axis] = std::min(guides.hi[axis], (own.hi[axis] + other.lo[axis] + 1) / 2);
  } else {
    guides.lo[axis] = std::max(guides.lo[axis], (own.lo[axis] + other.hi[axis]) / 2);
  }
}

std::string PlaceOf(const PortWindow& window, const GuideCore& core) {
  std::string place;
  for (int d = 0; d < (window.Flat() ? 1 : 2); ++d) {
    const auto& x = window.positions[d];
    place += fmt::format("{}{} = {:.3g}", d == 0 ? "" : ", ", window.axes[d],
                         0.5 * (x[core.lo[d]] + x[core.hi[d] - 1]));
  }
  return place + " um";
}

}  // namespace

std::string PortGuides::Places() const {
  std::string list;
  for (size_t k = 0; k < cores.size(); ++k) {
    list += (k == 0 ? "" : k + 1 == cores.size() ? " and " : "; ") + PlaceOf(window, cores[k]);
  }
  return list;
}

std::string PortGuides::Sentence() const {
  if (!Several()) return "";
  const std::string count = fmt::format(
      "{} guides or other bodies of high index lie in its window, around {}: ", cores.size(),
      Places());
  if (!own) {
    return count +
           "none stands at the port's centre, so its modes are common to all of them, not those of "
           "one guide; move port.at onto a guide or make port.span shorter";
  }
  const auto& nearest = cores[1];
  return count + fmt::format(
                     "its modes are those of the one at {}, next to the port's centre, alone; the "
                     "nearest of the others begins {:.3g} um from the centre, port.span of less "
                     "than {:.3g} um leaves it out",
                     PlaceOf(window, cores[0]), nearest.distance, 2 * nearest.distance);
}

std::string PortGuides::CutSentence() const {
  if (!own) return "";
  for (int d = 0; d < (window.Flat() ? 1 : 2); ++d) {
    const int last = window.Points(d) - 1;
    for (int end = 0; end < 2; ++end) {
      const bool reached = end == 0 ? cores[0].lo[d] == 0 : cores[0].hi[d] == last + 1;
      if (!reached || !window.open[d][end]) continue;
      return fmt::format(
          "its window ends inside the guide, at {} = {:.4g} um: make port.span longer",
          window.axes[d], window.positions[d][end == 0 ? 0 : last]);
    }
  }
  return "";
}

std::string PortGuides::WhyNoMode() const {
  const std::string cut = CutSentence();
  if (!cut.empty()) return cut;
  if (Several()) return Sentence() + "; or ask for a lower mode or a narrower band";
  return "place it across a guide of higher index than its surroundings, or ask for a lower mode "
         "or "
         "a narrower band";
}

double PortGuides::DistanceOf(const GuideCore& core, double u, double v) const {
  const auto off = [&](int d, double at) {
    const auto& x = window.positions[d];
    return std::max({0.0, x[core.lo[d]] - at, at - x[core.hi[d] - 1]});
  };
  return std::hypot(off(0, u), window.Flat() ? 0 : off(1, v));
}

std::vector<int> PortGuides::CoresNextTo(double u, double v) const {
  constexpr double kSame = 1e-6;  // um
  double nearest = std::numeric_limits<double>::infinity();
  for (const GuideCore& core : cores) nearest = std::min(nearest, DistanceOf(core, u, v));
  std::vector<int> next;
  for (size_t k = 0; k < cores.size(); ++k) {
    if (DistanceOf(cores[k], u, v) <= nearest + kSame) next.push_back(static_cast<int>(k));
  }
  return next;
}

PortGuides FindGuides(PortWindow window) {
  PortGuides guides;
  guides.window = std::move(window);
  guides.hi = {guides.window.Points(0), guides.window.Points(1)};
  guides.cores = CoresOf(guides.window);
  if (guides.cores.empty()) return guides;
  guides.own = guides.cores.size() == 1 ||
               guides.cores[0].distance <= kMuchNearer * guides.cores[1].distance;
  for (size_t k = 1; guides.own && k < guides.cores.size(); ++k) KeepOff(guides.cores[k], guides);
  return guides;
}

}  // namespace symwave::domain
