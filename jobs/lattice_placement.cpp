#include "jobs/lattice_placement.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/regions.hpp"

namespace symwave::jobs {

namespace {

constexpr double kSame = 1e-6;         // um; walls nearer than this are one
constexpr double kOnLattice = 1e-3;    // of a cell
constexpr double kLongWall = 0.1;      // of the lattice's extent along it
constexpr double kSmallestCell = 0.5;  // of the deck's

struct Wall {
  double at = 0;
  double length = 0;
};

void AddWall(double at, double length, std::vector<Wall>& walls) {
  for (Wall& wall : walls) {
    if (std::abs(wall.at - at) > kSame) continue;
    wall.length += length;
    return;
  }
  walls.push_back({at, length});
}

/// Long edges of the outlines across `axis`, inside the lattice without its PML.
std::vector<double> StraightWalls(const DeckOptions& options, int axis) {
  const int along = 1 - axis;
  const double end = options.grid.size[along] / 2;
  std::vector<Wall> walls;
  const std::vector<domain::Shape> shapes(options.shapes.begin(), options.shapes.end());
  for (const domain::Region& region : domain::ComposeRegions(shapes)) {
    for (const domain::Polygon& contour : region.contours) {
      for (size_t k = 0; k < contour.size(); ++k) {
        const domain::Point& p = contour[k];
        const domain::Point& q = contour[(k + 1) % contour.size()];
        const std::array<double, 2> a{p.x, p.y};
        const std::array<double, 2> b{q.x, q.y};
        if (std::abs(a[axis] - b[axis]) > kSame) continue;
        const double inside = std::min(end, std::max(a[along], b[along])) -
                              std::max(-end, std::min(a[along], b[along]));
        if (inside > 0) AddWall(a[axis], inside, walls);
      }
    }
  }
  std::vector<double> positions;
  for (const Wall& wall : walls) {
    if (wall.length >= kLongWall * 2 * end) positions.push_back(wall.at);
  }
  return positions;
}

/// Bottoms and tops of layers and shapes.
std::vector<double> LayerFaces(const DeckOptions& options) {
  std::vector<Wall> faces;
  const auto add = [&](const std::array<double, 2>& z) {
    for (const double face : z) AddWall(face, 1, faces);
  };
  for (const LayerOptions& layer : options.layers) add(layer.z);
  for (const ShapeOptions& shape : options.shapes) {
    if (shape.z) add(*shape.z);
  }
  std::vector<double> positions;
  for (const Wall& face : faces) positions.push_back(face.at);
  return positions;
}

/// Walls within the axis, in increasing order; a mirror plane keeps its upper half.
std::vector<double> WallsOf(const DeckOptions& options, int axis) {
  const bool flat = options.grid.Dimensions() == 2;
  if (!flat && axis < 2) return {};
  std::vector<double> walls = flat ? StraightWalls(options, axis) : LayerFaces(options);
  const double high = options.grid.size[axis] / 2;
  const double low = options.grid.SymmetryOf(axis) == MirrorPlane::None ? -high : 0;
  walls.erase(std::remove_if(walls.begin(), walls.end(),
                             [&](double at) { return at <= low + kSame || at >= high - kSame; }),
              walls.end());
  std::sort(walls.begin(), walls.end());
  return walls;
}

/// Hz: light that ports send along the walls of `axis` has its E across them.
bool FieldAcrossWalls(const DeckOptions& options, int axis) {
  if (options.grid.Dimensions() == 3) return false;
  if (options.grid.polarization == domain::Polarization::Ez) return false;
  return std::any_of(options.ports.begin(), options.ports.end(),
                     [axis](const PortOptions& port) { return port.axis != axis; });
}

/// Nodes of an axis as its size alone puts them.
std::vector<double> UnplacedNodes(const DeckOptions& options, int axis) {
  if (!SharesLattice(options)) {
    return domain::GradedAxis(AxisOptions(options.grid, axis)).Faces();
  }
  const double cell = options.grid.Cell(axis);
  const int count = static_cast<int>(std::ceil(options.grid.size[axis] / cell - 1e-6));
  const domain::Axis cells = domain::Axis::Uniform(cell, count);
  if (options.grid.polarization == domain::Polarization::Hz) return cells.Faces();
  std::vector<double> centres{cells.Centre(0) - cell};
  for (int i = 0; i < count; ++i) centres.push_back(cells.Centre(i));
  centres.push_back(centres.back() + cell);
  return centres;
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

bool Movable(const GridOptions& grid, int axis) {
  const auto sides = grid.EndingOf(axis).sides;
  const bool refined = std::any_of(grid.refine.begin(), grid.refine.end(),
                                   [axis](const Refinement& part) { return part.axis == axis; });
  return sides[0] == Ending::Pml && sides[1] == Ending::Pml && !refined &&
         grid.SymmetryOf(axis) == MirrorPlane::None;
}

/// The walls that can be nodes without cells below kSmallestCell.
std::vector<double> Separate(const std::vector<double>& walls, double low, double high,
                             double cell) {
  std::vector<double> chosen;
  double last = low;
  for (const double wall : walls) {
    if (wall - last < kSmallestCell * cell || high - wall < kSmallestCell * cell) continue;
    chosen.push_back(wall);
    last = wall;
  }
  return chosen;
}

/// `chosen`, or none of them where no axis of moderately graded cells has them.
std::vector<double> NodesOn(const DeckOptions& options, int axis,
                            const std::vector<double>& walls) {
  domain::GradedAxisOptions graded = AxisOptions(options.grid, axis);
  graded.nodes = Separate(walls, graded.low, graded.high, graded.cell);
  double smallest = kSmallestCell * options.grid.Cell(axis);
  for (const Refinement& part : options.grid.refine) {
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
  Placer(const DeckOptions& options, int axis)
      : options_(options),
        axis_(axis),
        walls_(WallsOf(options, axis)),
        across_(FieldAcrossWalls(options, axis)),
        cell_(options.grid.Cell(axis)) {}

  AxisPlacement Place() const {
    AxisPlacement placement;
    if (walls_.empty()) return placement;
    const std::vector<double> points = PointsOf(UnplacedNodes(options_, axis_));
    const auto met = std::count_if(walls_.begin(), walls_.end(),
                                   [&](double wall) { return OnAPoint(wall, points, cell_); });
    if (met == static_cast<long>(walls_.size())) {
      placement.sentence = OnPoints(walls_);
    } else if (!options_.grid.align) {
      placement.sentence = Averaged(walls_) + " (grid.align: off)";
    } else if (Movable(options_.grid, axis_) && FitOneLattice(walls_, cell_)) {
      Move(points, placement);
    } else if (SharesLattice(options_) || across_) {
      placement.sentence =
          fmt::format("{}: cells of {:.4g} um do not meet all of them, averaged within their cells",
                      Name(walls_), cell_);
    } else {
      Fix(placement);
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

  std::string Name(const std::vector<double>& walls) const {
    const bool layers = options_.grid.Dimensions() == 3;
    return fmt::format("{}: {} at {}", "xyz"[axis_], layers ? "faces of layers" : "straight walls",
                       Positions(walls));
  }
  std::string OnPoints(const std::vector<double>& walls) const {
    const char* where = across_ ? "points of the E across them" : "nodes of the lattice";
    return fmt::format("{} lie on {}", Name(walls), where);
  }
  std::string Averaged(const std::vector<double>& walls) const {
    return Name(walls) + " lie between the points of the field: averaged within their cells";
  }

  void Move(const std::vector<double>& points, AxisPlacement& placement) const {
    placement.node = walls_.front() + (across_ ? 0.5 * cell_ : 0.0);
    double nearest = cell_;
    for (const double point : points) {
      if (std::abs(walls_.front() - point) < std::abs(nearest)) nearest = walls_.front() - point;
    }
    placement.sentence =
        OnPoints(walls_) + fmt::format(", moved by {:.4g} um for that", std::abs(nearest));
  }

  void Fix(AxisPlacement& placement) const {
    placement.nodes = NodesOn(options_, axis_, walls_);
    std::vector<double> rest;
    std::set_difference(walls_.begin(), walls_.end(), placement.nodes.begin(),
                        placement.nodes.end(), std::back_inserter(rest));
    if (!placement.nodes.empty()) {
      placement.sentence = OnPoints(placement.nodes) + ", between which cells are fitted";
    }
    if (rest.empty()) return;
    if (!placement.sentence.empty()) placement.sentence += "; ";
    placement.sentence += Averaged(rest);
  }

  const DeckOptions& options_;
  int axis_;
  std::vector<double> walls_;
  bool across_;
  double cell_;
};

}  // namespace

bool SharesLattice(const DeckOptions& options) {
  const GridOptions& grid = options.grid;
  if (options.chip) return true;
  if (grid.Dimensions() == 3 || grid.Cell(0) != grid.Cell(1) || !grid.refine.empty()) return false;
  for (int axis = 0; axis < 2; ++axis) {
    const auto sides = grid.EndingOf(axis).sides;
    if (grid.SymmetryOf(axis) != MirrorPlane::None || sides[0] != sides[1]) return false;
    if (sides[0] == Ending::Periodic) return false;
    // Points of Ez at cell centres have no node on a wall that stands on the outermost face.
    if (sides[0] != Ending::Pml && grid.polarization == domain::Polarization::Ez) return false;
  }
  return true;
}

domain::GradedAxisOptions AxisOptions(const GridOptions& grid, int axis) {
  domain::GradedAxisOptions graded;
  const bool mirrored = grid.SymmetryOf(axis) != MirrorPlane::None;
  graded.high = grid.size[axis] / 2;
  graded.low = mirrored ? 0.0 : -graded.high;
  graded.cell = grid.Cell(axis);
  graded.max_ratio = grid.grading;
  for (const Refinement& part : grid.refine) {
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

std::array<AxisPlacement, 3> PlaceLattice(const DeckOptions& options) {
  std::array<AxisPlacement, 3> placement;
  if (options.chip) return placement;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    placement[axis] = Placer(options, axis).Place();
  }
  return placement;
}

std::vector<std::string> PlacementText(const DeckOptions& options) {
  std::vector<std::string> sentences;
  for (const AxisPlacement& axis : PlaceLattice(options)) {
    if (!axis.sentence.empty()) sentences.push_back(axis.sentence);
  }
  return sentences;
}

}  // namespace symwave::jobs
