// What a run in time domain would do, without taking a step.
#pragma once

#include <mpi.h>

#include <array>
#include <complex>
#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/simulate/time/memory.hpp"
#include "jobs/simulate/time/work.hpp"

namespace symwave::jobs::simulate::time {

struct PlannedMode {
  std::string name;  ///< "in", or "in#1" for the mode of index 1
  std::complex<double> n_eff;
  double group_index = 0;
  double te_fraction = 0;
};

struct TimeDomainPlan {
  std::array<int, 3> cells{0, 0, 0};
  long cell_count = 0;
  bool flat = true;
  double smallest_cell = 0, largest_cell = 0;  ///< um
  double cells_per_wavelength = 0;             ///< fewest of any dielectric
  std::string coarsest;                        ///< that material
  double time_step = 0;                        ///< um
  double bytes_per_cell = 0;                   ///< plain dielectric
  MemoryEstimate memory;
  int runs = 1;
  RunSteps duration;           ///< of each run
  int modes = 0;               ///< port modes
  double mode_wavelength = 0;  ///< um, of the middle of the band, where they are solved
  double mode_cells = 1;  ///< width of the cells that they are solved on, over those of the deck
  std::vector<PlannedMode> port_modes;  ///< empty where the memory does not suffice
  std::string angles;                   ///< of an oblique plane wave over the wavelengths
  std::vector<std::string> placement;   ///< of walls on the lattice
  std::string mesh_error;          ///< empty where the memory does not suffice, or for huge ports
  std::vector<std::string> media;  ///< a line for each medium that is not a plain constant
  std::vector<std::string> notes;
};

/// Collective. UserError as the run would give it for the modes of the ports. `fits`: the memory
/// suffices; without it what takes large fields is left out.
TimeDomainPlan PlanTimeDomain(MPI_Comm comm, const deck::SimulateOptions& options,
                              const device::TimeDomainProblem& problem,
                              const MemoryEstimate& memory, bool fits);

/// Lines of `symwave check`.
std::string TimeDomainPlanText(const deck::SimulateOptions& options, const TimeDomainPlan& plan,
                               int ranks);

}  // namespace symwave::jobs::simulate::time
