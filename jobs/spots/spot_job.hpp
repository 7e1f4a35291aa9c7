// What the jobs that bring light into spots are to the command line.
#pragma once

#include <mpi.h>

#include <memory>
#include <string>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/train/bench/bench_memory.hpp"

namespace symwave::jobs::spots {

/// In which they differ; all collective.
struct SpotJobParts {
  using Run = void (*)(run::RunContext& context, const deck::BenchOptions& options);

  train::bench::BenchMemory (*memory)(MPI_Comm comm, const deck::BenchOptions& options);
  std::string (*plan)(MPI_Comm comm, const deck::BenchOptions& options);
  run::Work (*work)(MPI_Comm comm, const deck::BenchOptions& options);
  Run run_float32, run_float64;
};

/// `Runner` is made of the context and the options, and its Run() does the job.
template <class Runner>
void RunWith(run::RunContext& context, const deck::BenchOptions& options) {
  Runner(context, options).Run();
}

/// Collective.
std::unique_ptr<run::Job> MakeSpotJob(MPI_Comm comm, const deck::BenchOptions& options,
                                      const SpotJobParts& parts);

}  // namespace symwave::jobs::spots
