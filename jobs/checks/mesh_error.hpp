// What the cells of a deck do to phases: the error bar of a run that nobody has refined yet.
#pragma once

#include <mpi.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/deck/options.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::checks {

/// Effective index of the lattice's plane wave for one of n_eff in a medium of index n, whose part
/// k_t = w sqrt(n^2 - n_eff^2) across is given:
///   (2/h sin(k h/2))^2 + (2/h_t sin(k_t h_t/2))^2 = n^2 (2/dt sin(w dt/2))^2,
/// `dt` = 0: w instead of the last bracket (frequency domain). Cells in um.
double LatticeIndex(double n, double n_eff, double wavelength, double cell_along,
                    double cell_across, double dt);

/// The expected error of one effective index: that of the lattice minus that of ever finer cells.
struct IndexError {
  std::string name;       ///< port mode, or material
  double index = 1;       ///< of the lattice
  double dispersion = 0;  ///< relative, by LatticeIndex
  double relative = 0;    ///< the best estimate
  bool measured = false;  ///< `relative` is 4/3 of the change with half the cells
  bool of_mode = false;   ///< else of a plane wave in a material
};

struct MeshError {
  double wavelength = 1;  ///< vacuum, um
  /// Of the port modes; then of light in the coarsest material, where the ports have none as dense.
  std::vector<IndexError> indices;

  /// The one with the largest error.
  const IndexError& Worst() const;
  /// rad per um of way that this index error adds.
  double PhasePerLength(const IndexError& error) const;
  std::string Sentence() const;
  /// `mesh_error_estimate` of summary.json.
  nlohmann::ordered_json Json() const;
};

/// For every port mode in the middle of the band: its index on the deck's lattice and, in
/// cross-sections of moderate size, on that of half the cells, which holds what the place of the
/// walls does as well; LatticeIndex elsewhere. Without ports, and where no port has a material as
/// dense in its plane, for light in the coarsest material. Collective.
MeshError EstimateMeshError(MPI_Comm comm, const deck::SimulateOptions& options,
                            const device::TimeDomainProblem& problem);
/// The same in frequency domain.
MeshError EstimateMeshError(MPI_Comm comm, const deck::DeviceOptions& options,
                            const device::Device& device);

/// Into the log: where walls lie on the lattice, and the estimate.
void LogLattice(const deck::DeviceOptions& options, const MeshError& estimate);
/// Json() as the text /meta/mesh_error_estimate. Collective; after WriteMeta.
void WriteMeshError(io::Hdf5File& file, const MeshError& estimate);

}  // namespace symwave::jobs::checks
