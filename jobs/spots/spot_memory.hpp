// What the jobs `focus` and `hidden_object` take of the memory of a node.
#pragma once

#include "jobs/train/bench/bench_memory.hpp"

namespace symwave::jobs::spots {

/// Collective, the same on every rank.
train::bench::BenchMemory FocusMemory(MPI_Comm comm, const deck::BenchOptions& options);
train::bench::BenchMemory HiddenObjectMemory(MPI_Comm comm, const deck::BenchOptions& options);

}  // namespace symwave::jobs::spots
