#include "jobs/device/lattice_placement.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "domain/base/error.hpp"
#include "jobs/device/structure.hpp"
#include "jobs/device/walls.hpp"

namespace symwave::jobs::device {

namespace {

constexpr double kOnLattice = 1e-3;    // of a cell
constexpr double kLongWall = 0.1;      // of the lattice's extent along it
constexpr double kSmallestCell = 0.5;  // of the deck's

struct Walls {
  std::vector<double> all;     ///< within the axis, in increasing order
  std::vector<double> metals;  ///< those of metals with E across them
};

/// E across walls of the axis exists: in three dimensions, and in the plane of Hz.
bool FieldCrosses(const deck::DeviceOptions& options) {
  return options.grid.Dimensions() == 3 || options.grid.polarization == domain::Polarization::Hz;
}

/// Walls of `axis`; of a mirror plane its upper half.
Walls WallsOf(const deck::DeviceOptions& options, int axis) {
  const bool flat = options.grid.Dimensions() == 2;
  if (!flat && axis < 2) return {};
  const std::set<std::string> metals = MetalsOf(options);
  const double high = options.grid.size[axis] / 2;
  const double low = options.grid.SymmetryOf(axis) == deck::MirrorPlane::None ? -high : 0;
  const double least = flat ? kLongWall * options.grid.size[1 - axis] : 0;
  Walls walls;
  for (const Wall& wall :
       flat ? StraightWalls(options, axis, metals) : LayerFaces(options, metals)) {
    if (wall.at <= low + kSameWall || wall.at >= high - kSameWall) continue;
    if (wall.length < least) continue;
    walls.all.push_back(wall.at);
    if (FieldCrosses(options) && wall.metal > 0 && wall.metal >= least) {
      walls.metals.push_back(wall.at);
    }
  }
  std::sort(walls.all.begin(), walls.all.end());
  std::sort(walls.metals.begin(), walls.metals.end());
  return walls;
}

/// Hz: light that ports send along the walls of `axis` has its E across them.
bool FieldAcrossWalls(const deck::DeviceOptions& options, int axis) {
  if (options.grid.Dimensions() == 3) return false;
  if (options.grid.polarization == domain::Polarization::Ez) return false;
  return std::any_of(options.ports.begin(), options.ports.end(),
                     [axis](const deck::PortOptions& port) { return port.axis != axis; });
}

/// Nodes of an axis of the lattice that both solvers have, as its size alone puts them.
std::vector<double> UniformNodes(const deck::GridOptions& grid, int axis) {
  const double cell = grid.Cell(axis);
  const int count = static_cast<int>(std::ceil(grid.size[axis] / cell - 1e-6));
  const domain::Axis cells = domain::Axis::Uniform(cell, count);
  if (grid.polarization == domain::Polarization::Hz) return cells.Faces();
  std::vector<double> centres{cells.Centre(0) - cell};
  for (int i = 0; i < count; ++i) centres.push_back(cells.Centre(i));
  centres.push_back(centres.back() + cell);
  return centres;
}

std::vector<double> UnplacedNodes(const deck::DeviceOptions& options, int axis) {
  if (HasEqualCells(options)) return UniformNodes(options.grid, axis);
  return domain::GradedAxis(AxisOptions(options.grid, axis)).Faces();
}

bool OnAPoint(double wall, const std::vector<double>& points, double cell) {
  return std::any_of(points.begin(), points.end(),
                     [&](double point) { return std::abs(point - wall) <= kOnLattice * cell; });
}

/// True where all walls are whole cells apart.
bool FitOneLattice(const std::vector<double>& walls, double cell) {
  return std::all_of(walls.begin(), walls.end(), [&](double wall) {
    const double cells = (wall - walls.front()) / cell;
    return std::abs(cells - std::round(cells)) <= kOnLattice;
  });
}

bool Movable(const deck::GridOptions& grid, int axis) {
  const auto sides = grid.EndingOf(axis).sides;
  const bool refined =
      std::any_of(grid.refine.begin(), grid.refine.end(),
                  [axis](const deck::Refinement& part) { return part.axis == axis; });
  return sides[0] == deck::Ending::Pml && sides[1] == deck::Ending::Pml && !refined &&
         grid.SymmetryOf(axis) == deck::MirrorPlane::None;
}

/// Those of the walls, the first ones first, that can be nodes without cells below kSmallestCell;
/// in increasing order.
std::vector<double> Separate(const std::vector<double>& walls, double low, double high,
                             double cell) {
  std::vector<double> taken{low, high};
  for (const double wall : walls) {
    const bool free = std::all_of(taken.begin(), taken.end(), [&](double other) {
      return std::abs(wall - other) >= kSmallestCell * cell;
    });
    if (free) taken.push_back(wall);
  }
  taken.erase(taken.begin(), taken.begin() + 2);
  std::sort(taken.begin(), taken.end());
  return taken;
}

/// Those of the walls that can be nodes, the first ones first, or none where no axis of moderately
/// graded cells has them.
std::vector<double> NodesOn(const deck::DeviceOptions& options, int axis,
                            const std::vector<double>& walls) {
  domain::GradedAxisOptions graded = AxisOptions(options.grid, axis);
  graded.nodes = Separate(walls, graded.low, graded.high, graded.cell);
  double smallest = kSmallestCell * options.grid.Cell(axis);
  for (const deck::Refinement& part : options.grid.refine) {
    if (part.axis == axis) smallest = std::min(smallest, kSmallestCell * part.cell);
  }
  try {
    const domain::Axis placed = domain::GradedAxis(graded);
    for (int i = 0; i < placed.Cells(); ++i) {
      if (placed.Width(i) < smallest * (1 - kOnLattice)) return {};
    }
  } catch (const base::UserError&) {
    return {};
  }
  return graded.nodes;
}

/// Walls of metals that neither moving the axis nor its size puts on nodes of equal cells.
bool MetalsNeedOwnCells(const deck::DeviceOptions& options) {
  if (!options.grid.align || NeedsLayout(options) || !FieldCrosses(options)) return false;
  for (int axis = 0; axis < 2; ++axis) {
    const std::vector<double> metals = WallsOf(options, axis).metals;
    const double cell = options.grid.Cell(axis);
    if (metals.empty() || (Movable(options.grid, axis) && FitOneLattice(metals, cell))) continue;
    const std::vector<double> nodes = UniformNodes(options.grid, axis);
    const bool met = std::all_of(metals.begin(), metals.end(),
                                 [&](double wall) { return OnAPoint(wall, nodes, cell); });
    if (!met) return true;
  }
  return false;
}

std::string Positions(const std::vector<double>& walls) {
  constexpr size_t kShown = 4;
  std::string text;
  for (size_t k = 0; k < std::min(kShown, walls.size()); ++k) {
    text += fmt::format("{}{:.6g}", k == 0 ? "" : ", ", walls[k]);
  }
  if (walls.size() > kShown) text += fmt::format(" and {} more", walls.size() - kShown);
  return text + " um";
}

class Placer {
 public:
  Placer(const deck::DeviceOptions& options, int axis)
      : options_(options),
        axis_(axis),
        walls_(WallsOf(options, axis)),
        across_(walls_.metals.empty() && FieldAcrossWalls(options, axis)),
        cell_(options.grid.Cell(axis)) {}

  AxisPlacement Place() const {
    AxisPlacement placement;
    const std::vector<double>& all = walls_.all;
    if (all.empty()) return placement;
    const std::vector<double> points = PointsOf(UnplacedNodes(options_, axis_));
    const bool movable = Movable(options_.grid, axis_);
    if (AllOn(all, points)) {
      placement.sentence = OnPoints(all);
    } else if (!options_.grid.align) {
      placement.sentence = Between(all) + " (grid.align: off)";
    } else if (movable && FitOneLattice(all, cell_)) {
      Move(all.front(), points, placement);
    } else if (!HasEqualCells(options_) && !across_) {
      Fix(placement);
    } else if (movable && !walls_.metals.empty() && FitOneLattice(walls_.metals, cell_)) {
      Move(walls_.metals.front(), points, placement);
    } else {
      placement.sentence =
          fmt::format("{}, as cells of {:.4g} um do not meet all of them", Between(all), cell_);
    }
    return placement;
  }

 private:
  /// Those of the component that should lie on the walls.
  std::vector<double> PointsOf(std::vector<double> nodes) const {
    if (!across_) return nodes;
    for (size_t i = 0; i + 1 < nodes.size(); ++i) nodes[i] = 0.5 * (nodes[i] + nodes[i + 1]);
    nodes.pop_back();
    return nodes;
  }
  bool AllOn(const std::vector<double>& walls, const std::vector<double>& points) const {
    return std::all_of(walls.begin(), walls.end(),
                       [&](double wall) { return OnAPoint(wall, points, cell_); });
  }

  /// Sentences on the metals among some walls and on the rest.
  template <class Say>
  std::string Each(const std::vector<double>& walls, Say say) const {
    std::vector<double> metals, rest;
    for (const double wall : walls) {
      const bool metal =
          std::find(walls_.metals.begin(), walls_.metals.end(), wall) != walls_.metals.end();
      (metal ? metals : rest).push_back(wall);
    }
    std::string text = metals.empty() ? "" : say(Name(metals, true), true);
    if (rest.empty()) return text;
    return text + (text.empty() ? "" : "; ") + say(Name(rest, false), false);
  }
  std::string Name(const std::vector<double>& walls, bool metal) const {
    const bool layers = options_.grid.Dimensions() == 3;
    return fmt::format("{}: {}{} at {}", "xyz"[axis_],
                       layers ? "faces of layers" : "straight walls", metal ? " of metal" : "",
                       Positions(walls));
  }
  std::string OnPoints(const std::vector<double>& walls) const {
    const char* where = across_ ? "points of the E across them" : "nodes of the lattice";
    return Each(walls, [&](const std::string& name, bool) {
      return fmt::format("{} lie on {}", name, where);
    });
  }
  std::string Between(const std::vector<double>& walls) const {
    return Each(walls, [&](const std::string& name, bool metal) {
      const bool whole = metal && options_.InTimeDomain();
      return name + " lie between the points of the field: averaged within their cells" +
             (whole ? ", but all metal or none for the E across them" : "");
    });
  }

  /// Moves the axis until `wall` lies on a point.
  void Move(double wall, const std::vector<double>& points, AxisPlacement& placement) const {
    placement.node = wall + (across_ ? 0.5 * cell_ : 0.0);
    double nearest = cell_;
    for (const double point : points) {
      if (std::abs(wall - point) < std::abs(nearest)) nearest = wall - point;
    }
    std::vector<double> met, rest;
    for (const double other : walls_.all) {
      (FitOneLattice({wall, other}, cell_) ? met : rest).push_back(other);
    }
    placement.sentence = OnPoints(met);
    if (std::abs(nearest) > kOnLattice * cell_) {
      placement.sentence += fmt::format(", moved by {:.4g} um for that", std::abs(nearest));
    }
    if (!rest.empty()) placement.sentence += "; " + Between(rest);
  }

  void Fix(AxisPlacement& placement) const {
    std::vector<double> wanted = walls_.metals;
    std::set_difference(walls_.all.begin(), walls_.all.end(), walls_.metals.begin(),
                        walls_.metals.end(), std::back_inserter(wanted));
    placement.nodes = NodesOn(options_, axis_, wanted);
    if (placement.nodes.empty()) placement.nodes = NodesOn(options_, axis_, walls_.metals);
    std::vector<double> rest;
    std::set_difference(walls_.all.begin(), walls_.all.end(), placement.nodes.begin(),
                        placement.nodes.end(), std::back_inserter(rest));
    if (!placement.nodes.empty()) {
      placement.sentence = OnPoints(placement.nodes) + ", between which cells are fitted";
    }
    if (rest.empty()) return;
    if (!placement.sentence.empty()) placement.sentence += "; ";
    placement.sentence += Between(rest);
  }

  const deck::DeviceOptions& options_;
  int axis_;
  Walls walls_;
  bool across_;
  double cell_;
};

}  // namespace

bool HasEqualCells(const deck::DeviceOptions& options) {
  const deck::GridOptions& grid = options.grid;
  if (options.chip) return true;
  if (grid.Dimensions() == 3 || grid.Cell(0) != grid.Cell(1) || !grid.refine.empty()) return false;
  for (int axis = 0; axis < 2; ++axis) {
    const auto sides = grid.EndingOf(axis).sides;
    if (grid.SymmetryOf(axis) != deck::MirrorPlane::None || sides[0] != sides[1]) return false;
    if (sides[0] == deck::Ending::Periodic) return false;
    // Points of Ez at cell centres have no node on a wall that stands on the outermost face.
    if (sides[0] != deck::Ending::Pml && grid.polarization == domain::Polarization::Ez)
      return false;
  }
  return !options.InTimeDomain() || !MetalsNeedOwnCells(options);
}

domain::GradedAxisOptions AxisOptions(const deck::GridOptions& grid, int axis) {
  domain::GradedAxisOptions graded;
  const bool mirrored = grid.SymmetryOf(axis) != deck::MirrorPlane::None;
  graded.high = grid.size[axis] / 2;
  graded.low = mirrored ? 0.0 : -graded.high;
  graded.cell = grid.Cell(axis);
  graded.max_ratio = grid.grading;
  for (const deck::Refinement& part : grid.refine) {
    if (part.axis != axis || part.to <= graded.low) continue;
    graded.refinements.push_back({std::max(part.from, graded.low), part.to, part.cell});
  }
  return graded;
}

std::array<double, 2> MovedEnds(double low, double high, double node, double cell) {
  const double before = std::ceil((node - low) / cell - kOnLattice);
  const double after = std::ceil((high - node) / cell - kOnLattice);
  return {node - before * cell, node + after * cell};
}

std::array<AxisPlacement, 3> PlaceLattice(const deck::DeviceOptions& options) {
  std::array<AxisPlacement, 3> placement;
  if (options.chip) return placement;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    // Forward mode needs points in mirror pairs about x = 0.
    if (axis == 0 && !options.elements.empty()) continue;
    placement[axis] = Placer(options, axis).Place();
  }
  return placement;
}

std::vector<std::string> PlacementText(const deck::DeviceOptions& options) {
  std::vector<std::string> sentences;
  if (options.layout) sentences = options.layout->notes;
  for (const AxisPlacement& axis : PlaceLattice(options)) {
    if (!axis.sentence.empty()) sentences.push_back(axis.sentence);
  }
  return sentences;
}

}  // namespace symwave::jobs::device
