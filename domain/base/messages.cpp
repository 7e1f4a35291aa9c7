#include "domain/base/messages.hpp"

#include <algorithm>

#include "domain/base/count.hpp"

namespace symwave::base {

namespace {

/// Calls send(begin, count) for the pieces of `count` values.
template <class Send>
void InPieces(std::size_t count, std::size_t most, Send&& send) {
  for (std::size_t begin = 0; begin < count; begin += most) {
    send(begin, MessageCount(std::min(most, count - begin)));
  }
}

}  // namespace

void SumInPlace(MPI_Comm comm, double* values, std::size_t count, std::size_t most) {
  InPieces(count, most, [&](std::size_t begin, int piece) {
    Mpi(MPI_Allreduce(MPI_IN_PLACE, values + begin, piece, MPI_DOUBLE, MPI_SUM, comm));
  });
}

void SumInPlace(MPI_Comm comm, std::complex<double>* values, std::size_t count, std::size_t most) {
  SumInPlace(comm, reinterpret_cast<double*>(values), 2 * count, most);
}

void Broadcast(MPI_Comm comm, void* data, std::size_t bytes, int root, std::size_t most) {
  InPieces(bytes, most, [&](std::size_t begin, int piece) {
    Mpi(MPI_Bcast(static_cast<char*>(data) + begin, piece, MPI_BYTE, root, comm));
  });
}

void Broadcast(MPI_Comm comm, std::string& text) {
  auto length = static_cast<std::int64_t>(text.size());
  Mpi(MPI_Bcast(&length, 1, MPI_INT64_T, 0, comm));
  text.resize(static_cast<std::size_t>(length));
  Broadcast(comm, text.data(), text.size());
}

void SendAndReceive(MPI_Comm comm, const double* sent, int to, double* received, int from,
                    std::size_t count, std::size_t most) {
  InPieces(count, most, [&](std::size_t begin, int piece) {
    Mpi(MPI_Sendrecv(sent + begin, piece, MPI_DOUBLE, to, 0, received + begin, piece, MPI_DOUBLE,
                     from, 0, comm, MPI_STATUS_IGNORE));
  });
}

}  // namespace symwave::base
