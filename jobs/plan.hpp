// What a run would do, without solving: the dry run of `symwave check`.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/schema.hpp"

namespace symwave::jobs {

struct Plan {
  int columns = 0, rows = 0;
  double cell = 0;  ///< um
  long unknowns = 0;
  long step_unknowns = 0;           ///< factorized in a training step (strips only, when condensed)
  double cells_per_wavelength = 0;  ///< fewest of any dielectric
  std::string coarsest;             ///< that material
  double memory_mb = 0;             ///< of the largest factorization, all ranks
  long factorizations = 0;
  long solves = 0;
  long passes = 0;
  int ports = 0;
  long run_steps = 0;                  ///< time domain: estimated steps of one run of a port mode
  double cells_per_second = 0;         ///< time domain: measured, all ranks
  double run_seconds = 0;              ///< time domain: estimated, of all runs
  std::vector<std::string> placement;  ///< of walls on the lattice
  std::string mesh_error;
  std::string data;  ///< of a training: samples, features, classes
  std::vector<std::string> notes;
};

/// Collective. Checks everything that a run would refuse: materials at every wavelength, port
/// modes, data file, ranks. UserError as the run would give it.
Plan MakePlan(MPI_Comm comm, const Deck& deck);

/// The text of `symwave check`.
std::string PlanText(const Deck& deck, const Plan& plan, int ranks);

/// Memory of a sparse LDL^T (or LU: twice) factorization of a 2D lattice: nested-dissection growth
/// n log2 n with the constant measured with MUMPS 5.5 and PORD (43 bytes per unknown and level).
double FactorizationMegabytes(long unknowns, bool ldlt);

}  // namespace symwave::jobs
