#include "domain/control_volumes.hpp"

#include <algorithm>

namespace symwave::domain {

Site SiteOf(const Lattice& lattice, Component c) {
  return {{lattice.StaggerOf(c, 0), lattice.StaggerOf(c, 1), lattice.StaggerOf(c, 2)}};
}

int OwnPoint(const Lattice& lattice, const Site& site, int axis, int i) {
  const int n = lattice.Cells(axis);
  if (lattice.Periodic(axis)) return ((i % n) + n) % n;
  return std::clamp(i, 0, site.stagger[axis] == Stagger::Centre ? n - 1 : n);
}

std::array<double, 2> Extent(const Lattice& lattice, const Site& site, int axis, int i) {
  if (site.stagger[axis] == Stagger::Centre) {
    return {lattice.Node(axis, i), lattice.Node(axis, i + 1)};
  }
  std::array<double, 2> extent{lattice.HalfNode(axis, i - 1), lattice.HalfNode(axis, i)};
  if (!lattice.Periodic(axis)) {
    extent[0] = std::max(extent[0], lattice.Node(axis, 0));
    extent[1] = std::min(extent[1], lattice.Node(axis, lattice.Cells(axis)));
  }
  return extent;
}

std::vector<Run> RunsOf(const Lattice& lattice, const Site& site, int axis, const IndexBox& box) {
  std::vector<Run> runs;
  for (int i = box.lo[axis]; i < box.hi[axis]; ++i) {
    const int own = OwnPoint(lattice, site, axis, i);
    if (!runs.empty() && own == runs.back().first + runs.back().count) {
      ++runs.back().count;
    } else {
      runs.push_back({i - box.lo[axis], own, 1});
    }
  }
  return runs;
}

std::vector<double> BordersOf(const Lattice& lattice, const Site& site, int axis, const Run& run) {
  std::vector<double> borders{Extent(lattice, site, axis, run.first)[0]};
  for (int i = 0; i < run.count; ++i) {
    borders.push_back(Extent(lattice, site, axis, run.first + i)[1]);
  }
  return borders;
}

}  // namespace symwave::domain
