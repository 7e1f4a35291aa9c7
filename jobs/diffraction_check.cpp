#include "jobs/diffraction_check.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/outside_scan.hpp"
#include "jobs/time_domain_places.hpp"
#include "jobs/time_domain_structure.hpp"
#include "solvers/fdtd/diffraction_orders.hpp"

namespace symwave::jobs {

void CheckDiffractionPlane(const DeckOptions& options, const std::string& where,
                           const DiffractionOptions& plane) {
  if (std::count(plane.size.begin(), plane.size.end(), 0.0) != 1) {
    base::Fail("{}: diffraction is counted on a plane: exactly one entry of size must be 0", where);
  }
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    if (plane.size[axis] == 0) continue;
    if (!options.grid.Periodic(axis)) {
      base::Fail(
          "{}: diffraction orders belong to a periodic grid, but {} is not; write periodic for it "
          "in grid.boundary, or take a near_to_far monitor",
          where, "xyz"[axis]);
    }
    if (plane.size[axis] >= options.grid.size[axis] * (1 - 1e-9)) continue;
    base::Fail(
        "{}: the plane is {} um wide along {}, which is periodic; give it the whole period of {} "
        "um",
        where, plane.size[axis], "xyz"[axis], options.grid.size[axis]);
  }
}

solvers::fdtd::Face DiffractionFace(const DeckOptions& options, const domain::Lattice& lattice,
                                    const DiffractionOptions& given) {
  const Extent extent = ExtentOf(options, given.centre, given.size);
  const auto flat = std::find(given.size.begin(), given.size.end(), 0.0);
  solvers::fdtd::Face face = solvers::fdtd::FaceAt(
      lattice, static_cast<int>(flat - given.size.begin()), extent.centre, extent.size);
  for (int axis = 0; axis < 3; ++axis) {
    if (axis == face.normal) continue;
    face.lo[axis] = 0;
    face.hi[axis] = lattice.Cells(axis);
  }
  return face;
}

domain::Medium DiffractionMedium(const DeckOptions& options, const TimeDomainProblem& problem,
                                 const MonitorOptions& monitor) {
  const auto& given = std::get<DiffractionOptions>(monitor.what);
  std::optional<domain::Medium> medium;
  AtPlace(monitor.where, [&] {
    const domain::Lattice& lattice = problem.lattice;
    const solvers::fdtd::Face face = DiffractionFace(options, lattice, given);
    std::array<double, 3> at = OpenCorner(lattice);
    at[face.normal] = lattice.Node(face.normal, face.Plane());
    const domain::Structure structure = WholeStructureOf(options);
    const std::string name = structure.MaterialAt(at[0], at[1], at[2]);
    const std::optional<Stranger> stranger =
        FindStrangerBeside(lattice, problem.media, face.normal, face.Plane());
    if (stranger) {
      base::Fail(
          "diffraction {} counts the plane waves of one medium, but on its plane, {} = {:.4g} um, "
          "or within a cell of it, '{}' gives way to another medium; move the plane out of the "
          "structure, two cells from it",
          monitor.name, "xyz"[face.normal], at[face.normal], name);
    }
    for (const domain::Medium& candidate : problem.media.media) {
      if (candidate.name == name) medium = candidate;
    }
    if (!medium) base::Fail("diffraction {} knows no medium '{}'", monitor.name, name);
    std::vector<double> omegas;
    for (const double wavelength : options.wavelengths) omegas.push_back(2 * M_PI / wavelength);
    solvers::fdtd::TransparentEps(*medium, omegas);
  });
  return *medium;
}

void RequireDiffraction(const DeckOptions& options, const TimeDomainProblem& problem) {
  for (const MonitorOptions& monitor : options.monitors) {
    if (!std::holds_alternative<DiffractionOptions>(monitor.what)) continue;
    DiffractionMedium(options, problem, monitor);
  }
}

}  // namespace symwave::jobs
