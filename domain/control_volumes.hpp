// Control volumes around the points of a lattice over which media are averaged.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::domain {

/// Where points sit within their cell: those of a component, or the nodes.
struct Site {
  std::array<Stagger, 3> stagger{Stagger::Face, Stagger::Face, Stagger::Face};
};
Site SiteOf(const Lattice& lattice, Component c);

/// The point of the lattice that stands for point `i`, which may lie beyond its ends.
int OwnPoint(const Lattice& lattice, const Site& site, int axis, int i);

/// Extent of the control volume of an own point along an axis: a cell on halves, from half to half
/// on nodes, cut at walls.
std::array<double, 2> Extent(const Lattice& lattice, const Site& site, int axis, int i);

/// Consecutive points of a box along an axis whose own points are consecutive as well.
struct Run {
  int from = 0;   ///< number of the first one in the box
  int first = 0;  ///< its own point
  int count = 0;

  bool operator<(const Run& o) const {
    return first != o.first ? first < o.first : count < o.count;
  }
};

std::vector<Run> RunsOf(const Lattice& lattice, const Site& site, int axis, const IndexBox& box);

/// Borders of the control volumes of a run.
std::vector<double> BordersOf(const Lattice& lattice, const Site& site, int axis, const Run& run);

}  // namespace symwave::domain
