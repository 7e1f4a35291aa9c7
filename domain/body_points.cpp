#include "domain/body_points.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::domain {

BodyPoints::BodyPoints(const Lattice& lattice, BodyFill fill)
    : lattice_(lattice), fill_(std::move(fill)), bounds_(fill_.BodyBounds()) {
  if (lattice.TwoDimensional()) {
    base::Fail("bodies stand on lattices of three dimensions; in two, draw their section");
  }
}

std::vector<BodyPoints::Interval> BodyPoints::PiecesOf(const Site& site, int axis, int i) const {
  const auto [low, high] = Extent(lattice_, site, axis, OwnPoint(lattice_, site, axis, i));
  if (!lattice_.Periodic(axis)) return {{low, high}};
  const double first = lattice_.Node(axis, 0), last = lattice_.Node(axis, lattice_.Cells(axis));
  if (low >= first) return {{low, high}};
  return {{low + (last - first), last}, {first, high}};
}

/// Points whose control volumes meet the box around a body.
std::vector<char> BodyPoints::Near(
    const IndexBox& box, const std::array<std::vector<std::vector<Interval>>, 3>& pieces) const {
  std::vector<char> near(static_cast<size_t>(box.Count()), 0);
  for (const Box3& bounds : bounds_) {
    std::array<std::vector<int>, 3> hit;
    // Boxes are flat along z more often than not.
    for (const size_t d : {2U, 1U, 0U}) {
      for (size_t n = 0; n < pieces[d].size(); ++n) {
        const bool meets =
            std::any_of(pieces[d][n].begin(), pieces[d][n].end(), [&](const Interval& piece) {
              return piece.low < bounds.high[d] && bounds.low[d] < piece.high;
            });
        if (meets) hit[d].push_back(box.lo[d] + static_cast<int>(n));
      }
      if (hit[d].empty()) break;
    }
    for (const int k : hit[2]) {
      for (const int j : hit[1]) {
        for (const int i : hit[0]) near[static_cast<size_t>(box.Offset(i, j, k))] = 1;
      }
    }
  }
  return near;
}

/// Pieces that no body reaches into are looked at, too, where others are.
std::optional<Filling> BodyPoints::FillingOf(
    const std::array<const std::vector<Interval>*, 3>& pieces) const {
  const bool whole = pieces[0]->size() == 1 && pieces[1]->size() == 1 && pieces[2]->size() == 1;
  if (whole) {
    const auto& [x, y, z] = pieces;
    return fill_.Of(
        {{(*x)[0].low, (*y)[0].low, (*z)[0].low}, {(*x)[0].high, (*y)[0].high, (*z)[0].high}});
  }
  std::vector<Box3> boxes;
  double total = 0;
  bool reached = false;
  const auto volume = [](const Box3& box) {
    return (box.high[0] - box.low[0]) * (box.high[1] - box.low[1]) * (box.high[2] - box.low[2]);
  };
  for (const Interval& z : *pieces[2]) {
    for (const Interval& y : *pieces[1]) {
      for (const Interval& x : *pieces[0]) {
        boxes.push_back({{x.low, y.low, z.low}, {x.high, y.high, z.high}});
        total += volume(boxes.back());
        reached = reached || fill_.BodiesReach(boxes.back());
      }
    }
  }
  if (!reached) return std::nullopt;
  Filling sum;
  for (const Box3& box : boxes) {
    const Filling part = fill_.Anyway(box);
    const double weight = volume(box) / total;
    sum.share.resize(part.share.size());
    for (size_t m = 0; m < part.share.size(); ++m) sum.share[m] += weight * part.share[m];
    for (size_t d = 0; d < 3; ++d) sum.variation[d] += weight * part.variation[d];
    sum.skew += weight * part.skew;
  }
  return sum;
}

void BodyPoints::ForEach(
    const Site& site, const IndexBox& box,
    const std::function<void(const std::array<int, 3>&, const Filling&)>& visit) const {
  if (box.Empty()) return;
  std::array<std::vector<std::vector<Interval>>, 3> pieces;
  for (int d = 0; d < 3; ++d) {
    for (int i = box.lo[d]; i < box.hi[d]; ++i) {
      pieces[static_cast<size_t>(d)].push_back(PiecesOf(site, d, i));
    }
  }
  const std::vector<char> near = Near(box, pieces);
  size_t n = 0;
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      for (int i = box.lo[0]; i < box.hi[0]; ++i, ++n) {
        if (!near[n]) continue;
        const auto filling = FillingOf({&pieces[0][static_cast<size_t>(i - box.lo[0])],
                                        &pieces[1][static_cast<size_t>(j - box.lo[1])],
                                        &pieces[2][static_cast<size_t>(k - box.lo[2])]});
        if (filling) visit({i, j, k}, *filling);
      }
    }
  }
}

std::optional<BodyPoints> BodiesOf(const Lattice& lattice, const Structure& structure,
                                   const SubpixelAverage& average) {
  if (structure.Painted().empty()) return std::nullopt;
  std::vector<BodyFill::Part> parts;
  for (const PaintedSolid& painted : structure.Painted()) {
    parts.push_back({painted.solid, average.NumberOf(painted.material), painted.body});
  }
  const int base = average.NumberOf(structure.Background());
  return BodyPoints(lattice, BodyFill(std::move(parts), base, average.Eps()));
}

std::vector<NodeCoupling> WithBodies(const BodyPoints& bodies, const SubpixelAverage& average,
                                     const IndexBox& box, std::vector<NodeCoupling> couplings) {
  std::vector<NodeCoupling> merged;
  auto next = couplings.cbegin();
  const auto offset = [&](const std::array<int, 3>& node) {
    return box.Offset(node[0], node[1], node[2]);
  };
  bodies.ForEach(Site(), box, [&](const std::array<int, 3>& node, const Filling& filling) {
    for (; next != couplings.cend() && offset(next->node) < offset(node); ++next) {
      merged.push_back(*next);
    }
    if (next != couplings.cend() && next->node == node) ++next;
    const double value = average.CouplingOf(filling);
    if (value != 0) merged.push_back({node, value});
  });
  merged.insert(merged.end(), next, couplings.cend());
  return merged;
}

}  // namespace symwave::domain
