#include "jobs/checks/diffraction_check.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/checks/outside_scan.hpp"
#include "jobs/device/places.hpp"
#include "jobs/device/structure.hpp"
#include "solvers/fdtd/diffraction_orders.hpp"

namespace symwave::jobs::checks {

solvers::fdtd::Face DiffractionFace(const deck::SimulateOptions& options,
                                    const domain::Lattice& lattice,
                                    const deck::DiffractionOptions& given) {
  const device::Extent extent = device::ExtentOf(options, given.centre, given.size);
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

domain::Medium DiffractionMedium(const deck::SimulateOptions& options,
                                 const device::TimeDomainProblem& problem,
                                 const deck::MonitorOptions& monitor) {
  const auto& given = std::get<deck::DiffractionOptions>(monitor.what);
  std::optional<domain::Medium> medium;
  deck::AtPlace(monitor.where, [&] {
    const domain::Lattice& lattice = problem.lattice;
    const solvers::fdtd::Face face = DiffractionFace(options, lattice, given);
    std::array<double, 3> at = OpenCorner(lattice);
    at[face.normal] = lattice.Node(face.normal, face.Plane());
    const domain::Structure structure = device::WholeStructureOf(options);
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

void RequireDiffraction(const deck::SimulateOptions& options,
                        const device::TimeDomainProblem& problem) {
  for (const deck::MonitorOptions& monitor : options.monitors) {
    if (!std::holds_alternative<deck::DiffractionOptions>(monitor.what)) continue;
    DiffractionMedium(options, problem, monitor);
  }
}

}  // namespace symwave::jobs::checks
