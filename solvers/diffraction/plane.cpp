#include "solvers/diffraction/plane.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::solvers::diffraction {

PlaneShare::PlaneShare(MPI_Comm comm, const PlaneGrid& grid) : comm_(comm), grid_(grid) {
  if (grid.nx < 1 || grid.ny < 1) {
    base::Fail("a plane of {} x {} pixels was given; both counts must be at least 1", grid.nx,
               grid.ny);
  }
  if (!(grid.pitch > 0)) base::Fail("pixel pitch {} um must be greater than 0", grid.pitch);
  const int ranks = base::Communicator::SizeOf(comm);
  const int block = (grid.ny + ranks - 1) / ranks;
  first_row_ = std::min(grid.ny, block * base::Communicator::RankIn(comm));
  rows_ = std::min(block, grid.ny - first_row_);
}

}  // namespace symwave::solvers::diffraction
