// What a run in time domain leaves: the datasets of the frequency domain and those that only it
// has.
#pragma once

#include <string>
#include <vector>

#include "io/field_file.hpp"
#include "io/hdf5.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

/// Everything below is collective on the file's communicator.

/// Attribute `converged` of the file, 0 or 1.
void WriteConverged(io::Hdf5File& file, bool converged);

/// Field file `stem`: real and imaginary part of every component at one frequency, modulus of E (of
/// H without it), index, all of them on the nodes `nodes` as FieldsOnNodes has them. The blocks of
/// all ranks fill RecordedFor(nodes).
void WriteFieldBlock(MPI_Comm comm, const std::string& stem,
                     const device::TimeDomainProblem& problem, const domain::IndexBox& nodes,
                     const solvers::fdtd::DftBlock& block, int omega_number);

/// Work of all ranks. Collective.
struct WorkTotals {
  double cell_steps = 0;
  double seconds = 0;         ///< update, halo and monitors of the slowest rank
  double bytes_per_cell = 0;  ///< fields, PML, media
  double monitor_bytes = 0;
  double halo_share = 0;  ///< of the time
  int slowest_rank = 0;   ///< in updates and monitors, without waiting
  double slowest_over_mean = 1;
  double McellsPerSecond() const { return seconds > 0 ? cell_steps / seconds * 1e-6 : 0; }
};
WorkTotals TotalWork(MPI_Comm comm, const std::vector<solvers::fdtd::EngineStatistics>& work,
                     long cells);

}  // namespace symwave::jobs::simulate::time
