// What a run in time domain would do, without taking a step.
#pragma once

#include <mpi.h>

#include <array>
#include <complex>
#include <string>
#include <vector>

#include "jobs/schema.hpp"
#include "jobs/time_domain_memory.hpp"
#include "jobs/time_domain_setup.hpp"

namespace symwave::jobs {

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
  std::string shortage;  ///< of memory, with the place in the deck: the run would refuse; or empty
  int runs = 1;
  long steps = 0;               ///< estimated, of each run: the pulse and two ways through the grid
  double cells_per_second = 0;  ///< measured, all ranks; 0 where the memory does not suffice
  double seconds = 0;           ///< estimated, of all runs on all ranks
  int modes = 0;                ///< port modes
  double mode_wavelength = 0;   ///< um, of the middle of the band, where they are solved
  std::vector<PlannedMode> port_modes;  ///< empty where the memory does not suffice
  std::string angles;                   ///< of an oblique plane wave over the wavelengths
  std::vector<std::string> placement;   ///< of walls on the lattice
  std::string mesh_error;               ///< empty where the memory does not suffice
  std::vector<std::string> media;       ///< a line for each medium that is not a plain constant
  std::vector<std::string> notes;
};

/// Collective. Checks everything that a run would refuse, the stability of every medium and the
/// modes of every port among it. UserError as the run would give it.
TimeDomainPlan PlanTimeDomain(MPI_Comm comm, const Deck& deck);

/// "11 from 1.53 to 1.58 um = 196 to 190 THz".
std::string BandText(const std::vector<double>& wavelengths);

/// "3 s", "12 min", "5.1 h".
std::string DurationText(double seconds);

/// The text of `symwave check`; ends in "ok" where the memory suffices.
std::string TimeDomainPlanText(const Deck& deck, const TimeDomainPlan& plan, int ranks);

}  // namespace symwave::jobs
