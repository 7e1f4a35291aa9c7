// Waiting for other ranks without burning the core. MPI_Waitall and MPI_Allreduce of Open MPI ask
// without end, also under mpi_yield_when_idle, and thereby take the core from whoever needs it:
// another program on the node, or the very rank that is waited for.
#pragma once

#include <mpi.h>

#include <functional>
#include <vector>

namespace symwave::base {

/// Asks until `arrived` is true: for 0.2 ms, as long as ranks in step wait for each other, and for
/// the time that `bytes` of messages take at 0.5 GB/s: Open MPI copies them piece by piece while it
/// is asked, and sleeping in between halves the rate of two ranks. Then it sleeps between
/// questions.
void WaitUntil(const std::function<bool()>& arrived, double bytes = 0);

/// As MPI_Waitall, waiting as WaitUntil.
void WaitAll(std::vector<MPI_Request>& requests);

/// Collective: sums in place, waiting as WaitUntil. Rank 0 adds up and hands its sums to all, so
/// that what is decided by them is decided alike.
void SumOverRanks(MPI_Comm comm, double* values, int count);

}  // namespace symwave::base
