#include "domain/body_fill.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/plane_fill.hpp"

namespace symwave::domain {

namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

double HalfDiagonal(const Box3& box) {
  return 0.5 *
         std::hypot(box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]);
}

Vector Middle(const Box3& box) {
  return {0.5 * (box.low[0] + box.high[0]), 0.5 * (box.low[1] + box.high[1]),
          0.5 * (box.low[2] + box.high[2])};
}

bool Meet(const Box3& a, const Box3& b) {
  for (size_t d = 0; d < 3; ++d) {
    if (a.low[d] >= b.high[d] || b.low[d] >= a.high[d]) return false;
  }
  return true;
}

/// Share of the unit cube below a plane, and its derivative, for 0 < m[0] <= m[1] <= m[2] of sum 1
/// and 0 <= alpha <= 1/2 (Scardovelli and Zaleski, J. Comput. Phys. 164, 228 (2000)).
PlaneCut LowerCut(const Vector& m, double alpha) {
  const auto& [m1, m2, m3] = m;
  const double m12 = m1 + m2, six = 6 * m1 * m2 * m3;
  if (alpha < m1) return {alpha * alpha * alpha / six, 3 * alpha * alpha / six};
  if (alpha < m2) {
    return {alpha * (alpha - m1) / (2 * m2 * m3) + m1 * m1 / (6 * m2 * m3),
            (2 * alpha - m1) / (2 * m2 * m3)};
  }
  const auto cube = [](double v) { return v > 0 ? v * v * v : 0.0; };
  const auto square = [](double v) { return v > 0 ? v * v : 0.0; };
  if (alpha < std::min(m12, m3) || m3 < m12) {
    return {
        (cube(alpha) - cube(alpha - m1) - cube(alpha - m2) - cube(alpha - m3)) / six,
        3 * (square(alpha) - square(alpha - m1) - square(alpha - m2) - square(alpha - m3)) / six};
  }
  return {(2 * alpha - m12) / (2 * m3), 1 / m3};
}

/// Shares become multiples of 2^-30 that add up to 1, and slivers go to the largest.
void Close(std::vector<double>& shares) {
  constexpr double kSliver = 1e-7;
  double sum = 0;
  for (double& share : shares) {
    share = share <= kSliver ? 0.0 : Rounded(share);
    sum += share;
  }
  *std::max_element(shares.begin(), shares.end()) += 1 - sum;
}

/// Linear function that fits a distance over a box: its mean, and slopes per width of the box.
struct LinearFit {
  double mean = 0;
  Vector slope{0, 0, 0};
};

LinearFit Fit(const Solid& solid, const Box3& box) {
  const double kGauss = 1 / std::sqrt(12.0);  // of a width
  const Vector middle = Middle(box);
  const double reach = 2 * HalfDiagonal(box);
  LinearFit fit;
  for (int corner = 0; corner < 8; ++corner) {
    Vector p = middle;
    for (size_t d = 0; d < 3; ++d) {
      p[d] += (corner >> d & 1 ? kGauss : -kGauss) * (box.high[d] - box.low[d]);
    }
    const double distance = solid.Distance(p, reach) / 8;
    fit.mean += distance;
    for (size_t d = 0; d < 3; ++d) {
      fit.slope[d] += (corner >> d & 1 ? 1 : -1) * distance / kGauss;
    }
  }
  return fit;
}

}  // namespace

PlaneCut CutUnitCube(double c, const Vector& g) {
  constexpr double kFlat = 1e-7;  // slopes that are smaller, relative to the sum, count as this
  Vector m{std::abs(g[0]), std::abs(g[1]), std::abs(g[2])};
  const double sum = m[0] + m[1] + m[2];
  if (!(std::abs(c) < 0.5 * sum)) return {c < 0 ? 1.0 : 0.0, 0};
  std::sort(m.begin(), m.end());
  for (double& v : m) v = std::max(v / sum, kFlat);
  const double rest = m[0] + m[1] + m[2];
  for (double& v : m) v /= rest;
  const double alpha = 0.5 - c / sum;
  PlaneCut cut = LowerCut(m, std::min(alpha, 1 - alpha));
  if (alpha > 0.5) cut.share = 1 - cut.share;
  return {cut.share, cut.slope / sum};
}

/// Shares of the media in a box, and sums over the interfaces in it.
struct BodyFill::Sum {
  Filling filling;
  double volume = 0;  ///< of the whole box
};

BodyFill::BodyFill(std::vector<Part> parts, int base, std::vector<double> eps, int halvings)
    : parts_(std::move(parts)),
      base_(base),
      eps_(std::move(eps)),
      halvings_(halvings),
      bins_(Sort(parts_)) {}

int BodyFill::Bins::Of(double at, size_t axis) const {
  const double bin = std::floor((at - low[axis]) / width[axis]);
  return static_cast<int>(std::clamp(bin, 0.0, count - 1.0));
}

BodyFill::Bins BodyFill::Sort(const std::vector<Part>& parts) {
  constexpr int kMost = 256;
  Bins bins;
  std::array<double, 2> high{-kEndless, -kEndless};
  bins.low = {kEndless, kEndless};
  double bodies = 0;
  for (const Part& part : parts) {
    if (!part.body) continue;
    ++bodies;
    for (size_t d = 0; d < 2; ++d) {
      bins.low[d] = std::min(bins.low[d], part.solid.Bounds().low[d]);
      high[d] = std::max(high[d], part.solid.Bounds().high[d]);
    }
  }
  if (bodies == 0) return {};
  bins.count = std::clamp(static_cast<int>(2 * std::sqrt(bodies)), 1, kMost);
  for (size_t d = 0; d < 2; ++d) bins.width[d] = (high[d] - bins.low[d]) / bins.count;
  bins.parts.resize(static_cast<size_t>(bins.count) * bins.count);
  for (size_t k = 0; k < parts.size(); ++k) {
    const Box3& bounds = parts[k].solid.Bounds();
    for (int v = bins.Of(bounds.low[1], 1); v <= bins.Of(bounds.high[1], 1); ++v) {
      for (int u = bins.Of(bounds.low[0], 0); u <= bins.Of(bounds.high[0], 0); ++u) {
        bins.parts[static_cast<size_t>(v) * bins.count + u].push_back(static_cast<int>(k));
      }
    }
  }
  return bins;
}

/// In painter's order, each once.
std::vector<int> BodyFill::PartsMeeting(const Box3& box) const {
  std::vector<int> found;
  if (bins_.parts.empty()) return found;
  for (int v = bins_.Of(box.low[1], 1); v <= bins_.Of(box.high[1], 1); ++v) {
    for (int u = bins_.Of(box.low[0], 0); u <= bins_.Of(box.high[0], 0); ++u) {
      for (const int k : bins_.parts[static_cast<size_t>(v) * bins_.count + u]) {
        if (Meet(parts_[static_cast<size_t>(k)].solid.Bounds(), box)) found.push_back(k);
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Box3> BodyFill::BodyBounds() const {
  std::vector<Box3> bounds;
  for (const Part& part : parts_) {
    if (part.body) bounds.push_back(part.solid.Bounds());
  }
  return bounds;
}

bool BodyFill::BodiesReach(const Box3& box) const {
  const Vector middle = Middle(box);
  const double reach = HalfDiagonal(box);
  const std::vector<int> parts = PartsMeeting(box);
  return std::any_of(parts.begin(), parts.end(), [&](int k) {
    const Part& part = parts_[static_cast<size_t>(k)];
    return part.body && part.solid.Distance(middle, reach) < reach;
  });
}

std::optional<Filling> BodyFill::Of(const Box3& box) const {
  if (!BodiesReach(box)) return std::nullopt;
  return Anyway(box);
}

Filling BodyFill::Anyway(const Box3& box) const {
  Sum sum;
  sum.filling.share.assign(eps_.size(), 0.0);
  sum.volume = 1;
  for (size_t d = 0; d < 3; ++d) sum.volume *= box.high[d] - box.low[d];
  Split(box, halvings_, PartsMeeting(box), sum);
  Close(sum.filling.share);
  return sum.filling;
}

/// Keeps those of the parts `above` whose surface may cross the box, down to the highest one that
/// fills it.
void BodyFill::Split(const Box3& box, int halvings, const std::vector<int>& above, Sum& sum) const {
  const Vector middle = Middle(box);
  const double reach = HalfDiagonal(box);
  std::vector<int> crossing;
  int lowest = -1;
  for (size_t n = above.size(); n-- > 0;) {
    const double distance = parts_[static_cast<size_t>(above[n])].solid.Distance(middle, reach);
    if (distance >= reach) continue;
    if (distance <= -reach) {
      lowest = above[n];
      break;
    }
    crossing.push_back(above[n]);
  }
  std::reverse(crossing.begin(), crossing.end());
  if (crossing.empty() || halvings == 0) {
    Cut(box, crossing, lowest, sum);
    return;
  }
  if (lowest >= 0) crossing.insert(crossing.begin(), lowest);
  for (int corner = 0; corner < 8; ++corner) {
    Box3 part = box;
    for (size_t d = 0; d < 3; ++d) (corner >> d & 1 ? part.low : part.high)[d] = middle[d];
    Split(part, halvings - 1, crossing, sum);
  }
}

void BodyFill::Cut(const Box3& box, const std::vector<int>& crossing, int lowest, Sum& sum) const {
  Vector width;
  double volume = 1;
  for (size_t d = 0; d < 3; ++d) volume *= width[d] = box.high[d] - box.low[d];
  const double weight = volume / sum.volume;
  Filling cut;
  cut.share.assign(eps_.size(), 0.0);
  cut.share[static_cast<size_t>(lowest < 0 ? base_ : parts_[static_cast<size_t>(lowest)].medium)] =
      1;
  for (const int k : crossing) {
    const Part& part = parts_[static_cast<size_t>(k)];
    const auto medium = static_cast<size_t>(part.medium);
    const LinearFit fit = Fit(part.solid, box);
    const PlaneCut plane = CutUnitCube(fit.mean, fit.slope);
    double below = 0;
    for (size_t m = 0; m < eps_.size(); ++m) below += cut.share[m] * eps_[m];
    for (double& share : cut.share) share *= 1 - plane.share;
    for (double& v : cut.variation) v *= 1 - plane.share;
    cut.skew *= 1 - plane.share;
    cut.share[medium] += plane.share;
    if (plane.slope == 0) continue;
    const Vector g{fit.slope[0] / width[0], fit.slope[1] / width[1], fit.slope[2] / width[2]};
    const double size = std::hypot(g[0], g[1], g[2]);
    // Interface area over volume is |g| d share / d(-c).
    const double jump = std::abs(eps_[medium] - below) * size * plane.slope;
    for (size_t d = 0; d < 3; ++d) cut.variation[d] += jump * std::abs(g[d]) / size;
    cut.skew += jump * g[0] * g[1] / (size * size);
  }
  for (size_t m = 0; m < eps_.size(); ++m) sum.filling.share[m] += weight * cut.share[m];
  for (size_t d = 0; d < 3; ++d) sum.filling.variation[d] += weight * cut.variation[d];
  sum.filling.skew += weight * cut.skew;
}

}  // namespace symwave::domain
