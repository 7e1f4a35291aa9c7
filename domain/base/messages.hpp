// Messages of any length over an MPI that counts in 32 bits.
#pragma once

#include <mpi.h>

#include <complex>
#include <cstddef>
#include <limits>
#include <string>

namespace symwave::base {

/// Values of one message.
constexpr std::size_t kMostPerMessage = std::numeric_limits<int>::max();

/// Collective: sums over the ranks in place, in messages of at most `most` values, of which each
/// sum is that of one message (the order of the ranks does not depend on `most`).
void SumInPlace(MPI_Comm comm, double* values, std::size_t count,
                std::size_t most = kMostPerMessage);
void SumInPlace(MPI_Comm comm, std::complex<double>* values, std::size_t count,
                std::size_t most = kMostPerMessage);

/// Collective: `bytes` of rank `root` on all ranks.
void Broadcast(MPI_Comm comm, void* data, std::size_t bytes, int root = 0,
               std::size_t most = kMostPerMessage);

/// Collective: the text of rank 0 on all ranks.
void Broadcast(MPI_Comm comm, std::string& text);

/// Sends to `to` and receives from `from` as many doubles; MPI_PROC_NULL: nobody.
void SendAndReceive(MPI_Comm comm, const double* sent, int to, double* received, int from,
                    std::size_t count, std::size_t most = kMostPerMessage);

}  // namespace symwave::base
