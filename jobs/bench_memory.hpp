// What a run on an optical bench takes of the memory of a node.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/options.hpp"

namespace symwave::jobs {

/// Bytes of a rank at the fullest moment of the run.
struct BenchMemory {
  double process = 0;  ///< what the largest rank holds now: program, libraries, images
  double benches = 0;  ///< propagations and elements of the bench, its model and a third bench
  double planes = 0;   ///< of light in work
  double masks = 0;    ///< commands, gradients, and what optimizers and checkpoints remember
  double frames = 0;   ///< kept for the results

  double Added() const { return benches + planes + masks + frames; }
  double Total() const { return process + Added(); }
};

/// Collective, the same on every rank.
BenchMemory EstimateBenchMemory(MPI_Comm comm, const DeckOptions& options);

/// A line of `symwave check`.
std::string BenchMemoryText(const BenchMemory& memory, int ranks_per_plane);

/// Collective. UserError where a node has less (MemoryShortage), before anything large is built.
void RequireBenchMemory(MPI_Comm comm, const DeckOptions& options, const BenchMemory& memory);

}  // namespace symwave::jobs
