#include "solvers/fdtd/changeable_media.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::NodeCoupling;

namespace {

/// Largest c^2 / (a b) of the matrix [a c; c b] of a node with changes.
constexpr double kMostCoupled = 0.99;

IndexBox OneBox(const std::array<int, 3>& at) {
  return {at, {at[0] + 1, at[1] + 1, at[2] + 1}};
}

/// Smallest box of the points of a component.
IndexBox BoxOf(const std::vector<ElementPoint>& points, Component c) {
  IndexBox box;
  for (const ElementPoint& point : points) {
    if (point.component != c) continue;
    if (box.Empty()) box = OneBox(point.at);
    for (size_t d = 0; d < 3; ++d) {
      box.lo[d] = std::min(box.lo[d], point.at[d]);
      box.hi[d] = std::max(box.hi[d], point.at[d] + 1);
    }
  }
  return box;
}

/// Where a point or a node beyond a periodic axis lies within it.
std::array<int, 3> InsideOf(const domain::Lattice& lattice, std::array<int, 3> at) {
  for (int axis = 0; axis < 3; ++axis) {
    const auto d = static_cast<size_t>(axis);
    const int period = lattice.Cells(axis);
    if (lattice.Periodic(axis)) at[d] = ((at[d] % period) + period) % period;
  }
  return at;
}

/// Calls visit(plane) for the planes of a box across z.
template <class Visit>
void ForEachPlane(IndexBox box, Visit&& visit) {
  const int last = box.hi[2];
  for (int k = box.lo[2]; k < last; ++k) {
    box.lo[2] = k;
    box.hi[2] = k + 1;
    visit(box);
  }
}

}  // namespace

ChangeableMedia::ChangeableMedia(const domain::Lattice& lattice, const domain::MediumMap& media,
                                 const std::vector<ElementPoint>& points)
    : lattice_(lattice),
      media_(media),
      points_(points),
      sorted_(points),
      number_(points.size()),
      fixed_(points.size()),
      coupled_(points.size(), false) {
  base::Require(sorted_.All().size() == points.size(), "points are given once");
  for (size_t p = 0; p < points.size(); ++p) {
    number_[static_cast<size_t>(sorted_.NumberOf(points[p]))] = static_cast<long>(p);
  }
  SamplePoints();
  if (media.couple) SampleNodes();
}

long ChangeableMedia::NumberOf(const ElementPoint& point) const {
  const long place = sorted_.NumberOf({point.component, InsideOf(lattice_, point.at)});
  return place < 0 ? -1 : number_[static_cast<size_t>(place)];
}

void ChangeableMedia::SamplePoints() {
  size_t next = 0;  // in the order of memory, plane by plane
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    const IndexBox whole = BoxOf(points_, c);
    if (whole.Empty()) continue;
    ForEachPlane(whole, [&](const IndexBox& plane) {
      const domain::MediumBlock block = media_.sample(c, plane);
      for (; next < points_.size(); ++next) {
        const auto& [component, at, lossy] = sorted_.All()[next];
        if (component != c || at[2] != plane.lo[2]) break;
        const auto p = static_cast<size_t>(plane.Offset(at[0], at[1], at[2]));
        const double conductivity = block.conductivity.empty() ? 0 : block.conductivity[p];
        fixed_[static_cast<size_t>(number_[next])] = {c, at, block.eps[p], conductivity};
      }
    });
  }
}

void ChangeableMedia::SampleNodes() {
  IndexBox whole;
  for (const Component c : {Component::Ex, Component::Ey}) {
    IndexBox box = BoxOf(points_, c);
    if (box.Empty()) continue;
    ++box.hi[c == Component::Ex ? 0 : 1];
    if (whole.Empty()) whole = box;
    for (int d = 0; d < 3; ++d) {
      whole.lo[d] = std::min(whole.lo[d], box.lo[d]);
      whole.hi[d] = std::max(whole.hi[d], box.hi[d]);
    }
  }
  if (whole.Empty()) return;
  std::vector<std::array<int, 3>> left_out;
  ForEachPlane(whole, [&](const IndexBox& plane) {
    for (const NodeCoupling& coupling : media_.couple(plane)) AddNode(coupling, left_out);
  });
  if (left_out.empty()) return;
  std::sort(left_out.begin(), left_out.end());
  media_.couple = [couple = media_.couple, lattice = lattice_, left_out](const IndexBox& box) {
    std::vector<NodeCoupling> couplings = couple(box);
    const auto out = [&](const NodeCoupling& coupling) {
      return std::binary_search(left_out.begin(), left_out.end(), InsideOf(lattice, coupling.node));
    };
    couplings.erase(std::remove_if(couplings.begin(), couplings.end(), out), couplings.end());
    return couplings;
  };
}

void ChangeableMedia::AddNode(const NodeCoupling& coupling,
                              std::vector<std::array<int, 3>>& left_out) {
  const auto [i, j, k] = coupling.node;
  const std::array<ElementPoint, 4> around{{{Component::Ex, {i - 1, j, k}},
                                            {Component::Ex, {i, j, k}},
                                            {Component::Ey, {i, j - 1, k}},
                                            {Component::Ey, {i, j, k}}}};
  Node node{coupling.inverse_eps, {}, {}};
  bool changes = false, lossy = false;
  for (size_t n = 0; n < 4; ++n) {
    node.point[n] = NumberOf(around[n]);
    if (node.point[n] < 0) continue;
    changes = true;
    lossy = lossy || points_[static_cast<size_t>(node.point[n])].lossy;
  }
  if (!changes) return;
  if (lossy) {
    left_out.push_back(InsideOf(lattice_, coupling.node));
    return;
  }
  for (size_t n = 0; n < 4; ++n) {
    if (node.point[n] >= 0) {
      coupled_[static_cast<size_t>(node.point[n])] = true;
    } else {
      node.eps[n] = media_.sample(around[n].component, OneBox(around[n].at)).eps.front();
    }
  }
  nodes_.push_back(node);
}

void ChangeableMedia::RequireDefinite(const Node& node,
                                      const std::vector<PointMedium>& changed) const {
  const auto eps = [&](size_t n) {
    return node.point[n] < 0 ? node.eps[n] : changed[static_cast<size_t>(node.point[n])].eps;
  };
  const double x = std::max(eps(0), eps(1)), y = std::max(eps(2), eps(3));
  if (node.inverse_eps * node.inverse_eps * x * y <= kMostCoupled) return;
  for (const long p : node.point) {
    if (p < 0) continue;
    const PointMedium& now = changed[static_cast<size_t>(p)];
    base::Fail(
        "an element changes eps from {:.4g} to {:.4g} at ({:.4g}, {:.4g}) um, where an oblique "
        "wall "
        "crosses its cell, and by more than the time domain can integrate there: use smaller "
        "changes, smaller cells, or solver.method: frequency_domain",
        fixed_[static_cast<size_t>(p)].eps, now.eps,
        lattice_.Position(now.component, 0, now.point[0]),
        lattice_.Position(now.component, 1, now.point[1]));
  }
}

std::vector<PointMedium> ChangeableMedia::Changed(const std::vector<Complex>& eps_change,
                                                  double omega) const {
  std::vector<PointMedium> changed = fixed_;
  for (size_t p = 0; p < changed.size(); ++p) {
    PointMedium& now = changed[p];
    now.eps += eps_change[p].real();
    now.conductivity += omega * eps_change[p].imag();
    if (!(now.eps > 0) || !(now.conductivity >= 0)) {
      base::Fail(
          "an element changes eps by {:.6g} {:+.6g}i at a point with eps {:.6g} {:+.6g}i; the time "
          "domain takes no gain there, and a positive real part",
          eps_change[p].real(), eps_change[p].imag(), fixed_[p].eps,
          fixed_[p].conductivity / omega);
    }
    base::Require(!coupled_[p] || now.conductivity == 0,
                  "changes beside couplings are without loss unless marked");
  }
  for (const Node& node : nodes_) RequireDefinite(node, changed);
  return changed;
}

}  // namespace symwave::solvers::fdtd
