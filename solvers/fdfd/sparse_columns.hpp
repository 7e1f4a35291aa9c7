// Columns with few entries among the unknowns of an operator: what the ports and lines of a device
// drive and measure.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <utility>
#include <vector>

#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// One column as (unknown, value), the same on every rank.
using SparseColumn = std::vector<std::pair<long, std::complex<double>>>;

/// Dense block with the rows of `op` whose k-th column is columns[begin + k], k < count;
/// collective.
MatHandle BlockOf(MPI_Comm comm, Mat op, const std::vector<SparseColumn>& columns, long begin,
                  long count);

/// Dense block with the rows of `op`: R `amplitudes`, R being the columns; collective.
MatHandle CombinedBlock(MPI_Comm comm, Mat op, const std::vector<SparseColumn>& columns,
                        const Eigen::MatrixXcd& amplitudes);

/// R^T x for a block of solutions, columns.size() x solutions, on every rank; collective.
Eigen::MatrixXcd Measure(MPI_Comm comm, const std::vector<SparseColumn>& columns, Mat x);

}  // namespace symwave::solvers::fdfd
