#include "domain/graded_axis.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kSame = 1e-9;  // um; fixed nodes nearer than this are one
constexpr int kAttempts = 200;

void CheckOptions(const GradedAxisOptions& o) {
  if (!(o.low < o.high) || !std::isfinite(o.high - o.low)) {
    base::Fail("an axis reaches from {} to {} um; its upper end must lie above its lower one",
               o.low, o.high);
  }
  if (!(o.cell > 0)) base::Fail("a cell of {} um is not positive", o.cell);
  if (!(o.max_ratio > 1)) {
    base::Fail("neighbouring cells may differ by a factor of {}, but it must exceed 1",
               o.max_ratio);
  }
  for (const AxisRefinement& r : o.refinements) {
    if (!(r.cell > 0)) base::Fail("a cell of {} um is not positive", r.cell);
    if (!(r.begin < r.end)) {
      base::Fail("a refinement reaches from {} to {} um; its end must lie above its beginning",
                 r.begin, r.end);
    }
  }
  for (double node : o.nodes) {
    if (node < o.low - kSame || node > o.high + kSame) {
      base::Fail("a node at {} um lies outside the axis, {} to {} um", node, o.low, o.high);
    }
  }
  base::Require(o.pml_cells[0] >= 0 && o.pml_cells[1] >= 0, "numbers of PML cells >= 0");
}

/// Largest width allowed at a position: grows from every refinement at such a rate that cells on
/// it grow by `ratio` each.
struct WidthLimit {
  double cell;
  double slope;  // ln(ratio): with h = slope (x - x0), integral dx / h = 1 is a factor of ratio
  std::vector<AxisRefinement> refinements;

  double At(double x) const {
    double width = cell;
    for (const AxisRefinement& r : refinements) {
      const double distance = std::max({0.0, r.begin - x, x - r.end});
      width = std::min(width, r.cell + slope * distance);
    }
    return width;
  }
};

/// Positions where the count of cells, integral dx / h from `from`, is a multiple of 1/parts of its
/// value at `to`; parts is that value rounded up. Without `to`.
void AppendCells(const WidthLimit& limit, double from, double to, std::vector<double>& nodes) {
  // The smallest width bounds the steps of the integral (midpoint rule, 32 steps per cell).
  double smallest = std::min(limit.At(from), limit.At(to));
  for (const AxisRefinement& r : limit.refinements) {
    if (r.end > from && r.begin < to) smallest = std::min(smallest, r.cell);
  }
  const long steps = std::max(64L, static_cast<long>(std::ceil(32 * (to - from) / smallest)));
  const double step = (to - from) / static_cast<double>(steps);
  std::vector<double> count{0};
  for (long s = 0; s < steps; ++s) {
    count.push_back(count.back() + step / limit.At(from + (static_cast<double>(s) + 0.5) * step));
  }
  const int parts = std::max(1, static_cast<int>(std::ceil(count.back() - 1e-6)));
  nodes.push_back(from);
  size_t s = 0;
  for (int p = 1; p < parts; ++p) {
    const double target = count.back() * p / parts;
    while (count[s + 1] < target) ++s;
    const double within = (target - count[s]) / (count[s + 1] - count[s]);
    nodes.push_back(from + (static_cast<double>(s) + within) * step);
  }
}

std::vector<double> FixedNodes(const GradedAxisOptions& o) {
  std::vector<double> all = o.nodes;
  std::sort(all.begin(), all.end());
  std::vector<double> fixed{o.low};
  for (double node : all) {
    if (node - fixed.back() > kSame && o.high - node > kSame) fixed.push_back(node);
  }
  fixed.push_back(o.high);
  return fixed;
}

/// Where neighbours differ too much, the smaller cell becomes a refinement. False when none did.
bool LimitRatios(const std::vector<double>& nodes, double max_ratio, WidthLimit& limit) {
  const size_t before = limit.refinements.size();
  for (size_t i = 1; i + 1 < nodes.size(); ++i) {
    const double left = nodes[i] - nodes[i - 1];
    const double right = nodes[i + 1] - nodes[i];
    if (right > max_ratio * left) limit.refinements.push_back({nodes[i - 1], nodes[i], left});
    if (left > max_ratio * right) limit.refinements.push_back({nodes[i], nodes[i + 1], right});
  }
  return limit.refinements.size() > before;
}

std::vector<double> GradedNodes(const GradedAxisOptions& o) {
  const std::vector<double> fixed = FixedNodes(o);
  WidthLimit limit{o.cell, 0.9 * std::log(o.max_ratio), o.refinements};
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::vector<double> nodes;
    for (size_t f = 0; f + 1 < fixed.size(); ++f) {
      AppendCells(limit, fixed[f], fixed[f + 1], nodes);
    }
    nodes.push_back(fixed.back());
    if (!LimitRatios(nodes, o.max_ratio * (1 + 1e-9), limit)) return nodes;
  }
  base::Fail(
      "the fixed nodes of an axis from {} to {} um cannot be reached with neighbouring cells that "
      "differ by at most a factor of {}: move nodes that lie close together or allow a larger "
      "factor",
      o.low, o.high, o.max_ratio);
}

/// Whether the list equals its mirror image about `centre`, each entry once.
bool IsMirrored(const std::vector<std::array<double, 3>>& entries, double centre) {
  return std::all_of(entries.begin(), entries.end(), [&](const auto& e) {
    return std::any_of(entries.begin(), entries.end(), [&](const auto& other) {
      return std::abs(2 * centre - e[1] - other[0]) < kSame &&
             std::abs(2 * centre - e[0] - other[1]) < kSame && e[2] == other[2];
    });
  });
}

bool IsMirrored(const GradedAxisOptions& o) {
  std::vector<std::array<double, 3>> entries;
  for (const AxisRefinement& r : o.refinements) entries.push_back({r.begin, r.end, r.cell});
  for (double node : o.nodes) entries.push_back({node, node, 0});
  return o.pml_cells[0] == o.pml_cells[1] && IsMirrored(entries, 0.5 * (o.low + o.high));
}

}  // namespace

Axis GradedAxis(const GradedAxisOptions& options) {
  CheckOptions(options);
  std::vector<double> nodes = GradedNodes(options);
  const size_t count = nodes.size();
  if (IsMirrored(options)) {
    const double twice_centre = options.low + options.high;
    std::vector<double> mirrored(count);
    for (size_t i = 0; i < count; ++i) {
      mirrored[i] = 0.5 * (nodes[i] + (twice_centre - nodes[count - 1 - i]));
    }
    nodes = std::move(mirrored);
  }
  std::vector<double> faces;
  for (int k = options.pml_cells[0]; k > 0; --k) {
    faces.push_back(nodes[0] - k * (nodes[1] - nodes[0]));
  }
  faces.insert(faces.end(), nodes.begin(), nodes.end());
  for (int k = 1; k <= options.pml_cells[1]; ++k) {
    faces.push_back(nodes[count - 1] + k * (nodes[count - 1] - nodes[count - 2]));
  }
  return Axis(std::move(faces));
}

}  // namespace symwave::domain
