// Job `simulate`: S-parameters, energy balance and fields of a device over its wavelengths.
#pragma once

#include <mpi.h>

#include "jobs/evaluation.hpp"
#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective on `comm`. Wavelengths are solved one after the other over all ranks. Writes
/// results.h5, summary.json and field files (middle wavelength) into `directory`;
/// what fails there is left to `evaluation`.
void RunSimulation(MPI_Comm comm, const Deck& deck, const std::string& directory,
                   Evaluation& evaluation);

}  // namespace symwave::jobs
