// job: hidden_object
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective: hidden plane, rough wall, mask, second wall, camera. One mask is trained with light
/// from every hidden position alone; then objects that move are read in one frame each, before and
/// after training. Everything is written into `directory`. `resume`: goes on from the checkpoint
/// there.
void RunHiddenObject(MPI_Comm comm, const Deck& deck, const std::string& directory, bool resume);

}  // namespace symwave::jobs
