// job: hidden_object
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::spots {

/// Collective: hidden plane, rough wall, mask, second wall, camera. One mask is trained with light
/// from every hidden position alone; then objects that move are read in one frame each, before and
/// after training.
std::unique_ptr<run::Job> MakeHiddenObjectJob(MPI_Comm comm, const deck::BenchOptions& options);

}  // namespace symwave::jobs::spots
