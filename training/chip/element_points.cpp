#include "training/chip/element_points.hpp"

#include <cmath>

#include "domain/base/error.hpp"
#include "domain/for_each_point.hpp"

namespace symwave::training::chip {

using domain::Complex;
using domain::Component;
using domain::Element;
using solvers::ElementPoint;

namespace {

/// Points of a component of E, outside of every PML, that may lie in an element.
domain::IndexBox BoxOf(const domain::Lattice& lattice, const Element& element, Component c) {
  domain::IndexBox box = lattice.InsidePml();
  const auto reach = element.Reach();
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const auto a = static_cast<size_t>(axis);
    while (box.lo[a] < box.hi[a] && lattice.Position(c, axis, box.lo[a]) < reach[a][0]) ++box.lo[a];
    while (box.lo[a] < box.hi[a] && lattice.Position(c, axis, box.hi[a] - 1) > reach[a][1]) {
      --box.hi[a];
    }
  }
  return box;
}

}  // namespace

domain::Vector PlaceOf(const domain::Lattice& lattice, Component c, const std::array<int, 3>& p) {
  domain::Vector place{};
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const auto a = static_cast<size_t>(axis);
    place[a] = lattice.Position(c, axis, p[a]);
  }
  return place;
}

ElementPoints::ElementPoints(std::shared_ptr<const domain::Lattice> lattice,
                             const domain::PermittivityMap& media,
                             const std::vector<Element>& elements)
    : lattice_(std::move(lattice)) {
  for (const Element& element : elements) {
    shares_.push_back(PointsOf(media, element));
    if (shares_.back().empty()) {
      base::Fail("{}: element {} holds no point of the lattice outside of the PML", element.where,
                 element.name);
    }
  }
}

std::vector<ElementPoints::Share> ElementPoints::PointsOf(const domain::PermittivityMap& media,
                                                          const Element& element) {
  std::vector<Share> mine;
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!lattice_->Has(c)) continue;
    const domain::IndexBox box = BoxOf(*lattice_, element, c);
    if (box.Empty()) continue;
    const std::vector<Complex> eps = media.sample(c, box);
    domain::ForEachPoint(box, [&](const std::array<int, 3>& p) {
      const double profile = element.Profile(PlaceOf(*lattice_, c, p));
      if (profile == 0) return;
      const auto [at, fresh] = numbers_.emplace(Key(c, p), static_cast<int>(points_.size()));
      mine.push_back({at->second, profile});
      if (fresh) points_.push_back({c, p, false});
      bool& lossy = points_[static_cast<size_t>(at->second)].lossy;
      lossy = lossy || element.attenuates;
      if (!fresh) return;
      index_.push_back(std::sqrt(eps[static_cast<size_t>(box.Offset(p[0], p[1], p[2]))]));
    });
  }
  return mine;
}

int ElementPoints::ImageOf(int point) const {
  const ElementPoint& here = points_[static_cast<size_t>(point)];
  std::array<int, 3> at = here.at;
  at[0] = lattice_->MirrorImage(here.component, 0, at[0]);
  const auto found = numbers_.find({here.component, at});
  return found == numbers_.end() ? -1 : found->second;
}

std::vector<Complex> ElementPoints::EpsChange(const std::vector<Complex>& changes) const {
  std::vector<Complex> index = index_;
  for (size_t e = 0; e < shares_.size(); ++e) {
    for (const Share& share : shares_[e]) {
      index[static_cast<size_t>(share.point)] += changes[e] * share.profile;
    }
  }
  for (size_t p = 0; p < index.size(); ++p) index[p] = index[p] * index[p] - index_[p] * index_[p];
  return index;
}

}  // namespace symwave::training::chip
