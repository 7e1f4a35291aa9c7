#include "jobs/checks/far_field_check.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/checks/far_field_sources.hpp"
#include "jobs/checks/outside_scan.hpp"
#include "jobs/device/places.hpp"
#include "jobs/device/structure.hpp"
#include "solvers/fdtd/face_fields.hpp"
#include "solvers/fdtd/near_to_far.hpp"

namespace symwave::jobs::checks {

namespace {

using solvers::fdtd::MirrorWall;
using solvers::fdtd::Outside;
using Point = std::array<double, 3>;

int Dimensions(const domain::Lattice& lattice) {
  return lattice.TwoDimensional() ? 2 : 3;
}

bool IsWall(const domain::Lattice& lattice, int axis, int side) {
  return !lattice.Periodic(axis) && lattice.End(axis, side).pml_cells == 0;
}

std::vector<MirrorWall> WallsOf(const deck::SimulateOptions& options,
                                const domain::Lattice& lattice) {
  std::vector<MirrorWall> walls;
  for (int axis = 0; axis < Dimensions(lattice); ++axis) {
    if (lattice.Periodic(axis)) {
      base::Fail(
          "near_to_far needs a body that stands alone, but {} is periodic; end {} in pml, or "
          "measure the orders of the lattice with a monitor of type diffraction",
          "xyz"[axis], "xyz"[axis]);
    }
    if (IsWall(lattice, axis, 0) && IsWall(lattice, axis, 1)) {
      base::Fail(
          "near_to_far: walls on both ends of {} let no light go far along it (grid.boundary, "
          "grid.symmetry); end one side in pml",
          "xyz"[axis]);
    }
    for (int side = 0; side < 2; ++side) {
      if (!IsWall(lattice, axis, side)) continue;
      MirrorWall wall;
      wall.axis = axis;
      wall.position = lattice.Node(axis, side == 0 ? 0 : lattice.Cells(axis));
      wall.magnetic = lattice.End(axis, side).wall == domain::Wall::Pmc;
      wall.open_side = side == 0 ? 1 : -1;
      wall.symmetry = side == 0 && options.grid.SymmetryOf(axis) != deck::MirrorPlane::None;
      walls.push_back(wall);
    }
  }
  return walls;
}

/// A column of materials along one axis.
struct Column {
  std::vector<double> interfaces;
  std::vector<std::string> materials;
};

Column ColumnAlong(const domain::Lattice& lattice, const domain::Structure& structure, int axis,
                   Point corner) {
  constexpr int kPerCell = 16;
  const auto at = [&](double position) -> const std::string& {
    corner[axis] = position;
    return structure.MaterialAt(corner[0], corner[1], corner[2]);
  };
  Column column;
  double before = 0;
  for (int k = 0; k < kPerCell * lattice.Cells(axis); ++k) {
    const int cell = k / kPerCell;
    const double here =
        lattice.Node(axis, cell) + (k % kPerCell + 0.5) / kPerCell * lattice.CellWidth(axis, cell);
    const std::string& material = at(here);
    if (column.materials.empty() || column.materials.back() != material) {
      if (!column.materials.empty()) {
        const std::string below = column.materials.back();
        double low = before, high = here;
        for (int step = 0; step < 60 && low < high; ++step) {
          const double middle = 0.5 * (low + high);
          (at(middle) == below ? low : high) = middle;
        }
        column.interfaces.push_back(0.5 * (low + high));
      }
      column.materials.push_back(material);
    }
    before = here;
  }
  return column;
}

domain::Medium MediumNamed(const device::TimeDomainProblem& problem, const std::string& name) {
  for (const domain::Medium& medium : problem.media.media) {
    if (medium.name == name) return medium;
  }
  base::Fail("the far field knows no medium '{}'", name);
}

/// The box of a monitor in nodes; an end on a wall, where it has no face, lies beyond it.
domain::IndexBox InsideOf(const domain::Lattice& lattice,
                          const std::vector<solvers::fdtd::Face>& faces) {
  domain::IndexBox box{faces.front().lo, faces.front().hi};
  for (const auto& face : faces) {
    for (int axis = 0; axis < 3; ++axis) {
      box.lo[axis] = std::min(box.lo[axis], face.lo[axis]);
      box.hi[axis] = std::max(box.hi[axis], face.hi[axis]);
    }
  }
  for (int axis = 0; axis < 3; ++axis) {
    if (axis == 2 && lattice.TwoDimensional()) continue;
    if (box.lo[axis] == 0 && IsWall(lattice, axis, 0)) --box.lo[axis];
    if (box.hi[axis] == lattice.Cells(axis) && IsWall(lattice, axis, 1)) ++box.hi[axis];
  }
  if (lattice.TwoDimensional()) {
    box.lo[2] = -1;
    box.hi[2] = 2;
  }
  return box;
}

std::string PlaceText(const Point& at, bool flat) {
  return flat ? fmt::format("({:.4g}, {:.4g})", at[0], at[1])
              : fmt::format("({:.4g}, {:.4g}, {:.4g})", at[0], at[1], at[2]);
}

/// Whether no cell of a problem outside the box of a monitor holds anything strange. Collective.
bool NoStranger(MPI_Comm comm, const device::TimeDomainProblem& problem,
                const device::Extent& extent, int axis) {
  domain::IndexBox inside;
  try {
    inside = InsideOf(problem.lattice,
                      solvers::fdtd::BoxFacesAt(problem.lattice, extent.centre, extent.size));
  } catch (const base::UserError&) {
    return false;  // on all ranks: its nodes leave no room where those of the deck do
  }
  return !FindStranger(comm, problem.lattice, problem.media, axis, inside);
}

void RefuseStranger(const device::TimeDomainProblem& problem, const domain::Structure& structure,
                    const deck::MonitorOptions& monitor, const Stranger& stranger) {
  const bool flat = problem.lattice.TwoDimensional();
  const auto [found, wanted] = MaterialsAt(problem.lattice, structure, stranger);
  std::string where = "outside the box";
  if (stranger.in_pml) where = "in the PML, which a layer has to reach through";
  if (stranger.distance == 0) where = "on a face of the box";
  base::Fail(
      "near_to_far {} needs outside its box one medium, or layers across one axis that do not "
      "change up to the ends of the grid, but {}, at {} um, there is '{}' and at {} um '{}'; let "
      "the box enclose all shapes with a cell to spare, or end them inside it (layers and "
      "half-spaces go on through the PML); what leaves in a guide is measured by a port or a flux "
      "monitor",
      monitor.name, where, PlaceText(stranger.at, flat), found, PlaceText(stranger.corner, flat),
      wanted);
}

}  // namespace

Outside OutsideOf(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
                  const deck::MonitorOptions& monitor) {
  std::optional<Outside> outside;
  deck::AtPlace(monitor.where, [&] {
    const domain::Lattice& lattice = problem.lattice;
    const std::vector<MirrorWall> walls = WallsOf(options, lattice);
    const domain::Structure structure = device::WholeStructureOf(options);
    const Point corner = OpenCorner(lattice);
    for (int axis = 0; axis < Dimensions(lattice); ++axis) {
      const Column column = ColumnAlong(lattice, structure, axis, corner);
      if (column.interfaces.empty()) {
        if (!outside) outside.emplace(MediumNamed(problem, column.materials.front()));
        continue;
      }
      if (outside && !outside->interfaces.empty()) {
        base::Fail(
            "near_to_far needs outside its box one medium or layers across one axis, but media "
            "change along {} and along {} there (at the corner of the grid); make the far field "
            "of the part that stands alone",
            "xyz"[outside->axis], "xyz"[axis]);
      }
      std::vector<domain::Medium> media;
      for (const std::string& name : column.materials) media.push_back(MediumNamed(problem, name));
      outside.emplace(axis, column.interfaces, media);
    }
    outside->walls = walls;
  });
  return *outside;
}

void RequireFarFields(MPI_Comm comm, const deck::SimulateOptions& options,
                      const device::TimeDomainProblem& problem,
                      const device::TimeDomainProblem* few) {
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const auto* far = std::get_if<deck::FarFieldOptions>(&monitor.what);
    if (!far) continue;
    const Outside outside = OutsideOf(options, problem, monitor);
    deck::AtPlace(monitor.where, [&] {
      const device::Extent extent = device::ExtentOf(options, far->centre, far->size);
      const domain::IndexBox inside = InsideOf(
          problem.lattice, solvers::fdtd::BoxFacesAt(problem.lattice, extent.centre, extent.size));
      std::vector<double> omegas;
      for (const double wavelength : options.wavelengths) omegas.push_back(2 * M_PI / wavelength);
      solvers::fdtd::LayersOf(outside, omegas);
      RequireSourcesInside(options, problem, monitor, inside);
      if (few && NoStranger(comm, *few, extent, outside.axis)) return;
      const std::optional<Stranger> stranger =
          FindStranger(comm, problem.lattice, problem.media, outside.axis, inside);
      if (!stranger) return;
      RefuseStranger(problem, device::WholeStructureOf(options), monitor, *stranger);
    });
  }
}

}  // namespace symwave::jobs::checks
