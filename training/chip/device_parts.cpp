#include "training/chip/device_parts.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace symwave::training::chip {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using solvers::fdfd::DeviceDescription;

namespace {

/// Cells between the end of a part and the PML behind it.
constexpr int kBehindEnd = 5;
constexpr int kEverywhere = std::numeric_limits<int>::max() / 4;

/// The cells of a part along an axis in the numbers of the device, and where its media are those of
/// the device.
struct AxisRange {
  int begin = 0, end = 0;                             ///< nodes
  std::array<int, 2> own{-kEverywhere, kEverywhere};  ///< nodes

  int Clamped(int index, domain::Stagger stagger) const {
    return std::clamp(index, own[0], own[1] - (stagger == domain::Stagger::Centre ? 1 : 0));
  }
  bool Holds(int node) const { return node >= own[0] && node <= own[1]; }
};

using PartRange = std::array<AxisRange, 3>;

/// Between two coordinates; infinite ones stand for the ends of the lattice.
AxisRange RangeBetween(const Lattice& lattice, int axis, double low, double high) {
  AxisRange range{0, lattice.Cells(axis), {-kEverywhere, kEverywhere}};
  if (std::isfinite(low)) {
    range.own[0] = lattice.NearestNode(axis, low, true);
    range.begin = range.own[0] - kBehindEnd - lattice.End(axis, 0).pml_cells;
  }
  if (std::isfinite(high)) {
    range.own[1] = lattice.NearestNode(axis, high, false);
    range.end = range.own[1] + kBehindEnd + lattice.End(axis, 1).pml_cells;
  }
  return range;
}

PartRange RangeOf(const Lattice& lattice, const std::vector<Cut>& cuts, const Part& part) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  const double low = part.column > 0 ? cuts[part.column - 1].x : -kFar;
  const double high = part.column < cuts.size() ? cuts[part.column].x : kFar;
  return {RangeBetween(lattice, 0, low, high), RangeBetween(lattice, 1, part.y[0], part.y[1]),
          RangeBetween(lattice, 2, -kFar, kFar)};
}

/// Cells behind an end are as wide as that before it.
Axis AxisOf(const Lattice& lattice, int axis, const AxisRange& range) {
  std::vector<double> nodes;
  for (int i = range.begin; i <= range.end; ++i) {
    const int low = std::max(i, range.own[0]), own = std::min(low, range.own[1]);
    const int cell = i < own ? own : own - 1;
    nodes.push_back(lattice.Node(axis, own) +
                    (i == own ? 0 : (i - own) * lattice.CellWidth(axis, cell)));
  }
  return Axis(nodes);
}

Lattice LatticeOf(const Lattice& device, const PartRange& range) {
  const auto ends = [&](int axis) {
    return std::array<AxisEnd, 2>{device.End(axis, 0), device.End(axis, 1)};
  };
  const Axis x = AxisOf(device, 0, range[0]), y = AxisOf(device, 1, range[1]);
  if (device.TwoDimensional()) return Lattice(device.Fields(), {x, y}, {ends(0), ends(1)});
  return Lattice({x, y, device.Along(2)}, {ends(0), ends(1), ends(2)});
}

/// The device's media on the part's lattice, those of its ends going on behind them.
domain::PermittivityMap MediaOf(const DeviceDescription& device, const PartRange& range) {
  domain::PermittivityMap map;
  map.metals = device.media.metals;
  map.sample = [media = device.media, lattice = device.lattice, range](Component c,
                                                                       const IndexBox& box) {
    const auto there = [&](int axis, int i) {
      const AxisRange& along = range[static_cast<size_t>(axis)];
      return axis == 2 ? i : along.Clamped(i + along.begin, lattice->StaggerOf(c, axis));
    };
    IndexBox of = box;
    for (const int axis : {0, 1}) {
      of.lo[axis] = there(axis, box.lo[axis]);
      of.hi[axis] = there(axis, box.hi[axis] - 1) + 1;
    }
    const std::vector<domain::Complex> eps = media.sample(c, of);
    std::vector<domain::Complex> own;
    own.reserve(static_cast<size_t>(box.Count()));
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          own.push_back(eps[static_cast<size_t>(of.Offset(there(0, i), there(1, j), k))]);
        }
      }
    }
    return own;
  };
  if (!device.media.couple) return map;
  map.couple = [media = device.media, range](const IndexBox& box) {
    const std::array<int, 3> shift{range[0].begin, range[1].begin, 0};
    std::vector<domain::ComplexCoupling> couplings = media.couple(domain::Shift(box, shift));
    const auto behind = [&](const domain::ComplexCoupling& coupling) {
      return !range[0].Holds(coupling.node[0]) || !range[1].Holds(coupling.node[1]);
    };
    couplings.erase(std::remove_if(couplings.begin(), couplings.end(), behind), couplings.end());
    for (domain::ComplexCoupling& coupling : couplings) {
      for (size_t axis = 0; axis < 2; ++axis) coupling.node[axis] -= shift[axis];
    }
    return couplings;
  };
  return map;
}

}  // namespace

Composition WholeColumns(const std::vector<domain::PlanePort>& ports, std::vector<Cut> cuts) {
  Composition composition{std::move(cuts), {}};
  for (size_t column = 0; column <= composition.cuts.size(); ++column) {
    const auto guides = [&](size_t cut) {
      std::vector<int> all;
      if (cut >= composition.cuts.size()) return all;
      for (size_t g = 0; g < composition.cuts[cut].guides.size(); ++g) {
        all.push_back(static_cast<int>(g));
      }
      return all;
    };
    Part part;
    part.column = column;
    if (column > 0) part.left = guides(column - 1);
    part.right = guides(column);
    for (size_t p = 0; p < ports.size(); ++p) {
      const double x = ports[p].at[0];
      const bool behind_left = column > 0 && x < composition.cuts[column - 1].x;
      const bool behind_right = column < composition.cuts.size() && x > composition.cuts[column].x;
      if (!behind_left && !behind_right) part.ports.push_back(static_cast<int>(p));
    }
    composition.parts.push_back(std::move(part));
  }
  return composition;
}

Lattice LatticeOfPart(const Lattice& device, const std::vector<Cut>& cuts, const Part& part) {
  return LatticeOf(device, RangeOf(device, cuts, part));
}

DeviceDescription PartOf(const DeviceDescription& device, const std::vector<Cut>& cuts,
                         const Part& part) {
  const PartRange range = RangeOf(*device.lattice, cuts, part);
  DeviceDescription optics;
  optics.solver = device.solver;
  optics.comm = device.comm;
  optics.omega = device.omega;
  optics.lattice = std::make_shared<const Lattice>(LatticeOf(*device.lattice, range));
  optics.media = MediaOf(device, range);
  for (const int p : part.ports) optics.ports.push_back(device.ports[static_cast<size_t>(p)]);
  for (const int g : part.left) {
    optics.ports.push_back(cuts[part.column - 1].guides[static_cast<size_t>(g)]);
  }
  for (const int g : part.right) {
    optics.ports.push_back(cuts[part.column].guides[static_cast<size_t>(g)]);
    optics.ports.back().faces = domain::Direction::MinusX;
  }
  return optics;
}

}  // namespace symwave::training::chip
