// One eliminated range of columns of a condensed device, see condensation.hpp.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <Eigen/Sparse>
#include <vector>

#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/plane_points.hpp"
#include "solvers/fdfd/sparse_columns.hpp"

namespace symwave::solvers::fdfd {

/// Rows and columns of its K: [first column | last column | ports]. Of K a rank keeps what it uses:
/// the rows of ports, 16 bytes x ports x (2 Ny + ports), and until the strips are assembled those
/// of the unknowns beside the part that it owns.
struct CondensedPart {
  ColumnRange range;
  bool left_line = false;  ///< a strip stands to its left; K holds its first column
  bool right_line = false;
  std::vector<int> ports;  ///< indices of the port modes inside
  /// B = -A between its first or last column and the strip column beside it.
  Eigen::SparseMatrix<std::complex<double>> left_border, right_border;

  std::vector<long> own_rows;  ///< of K, of lines, that belong to this rank
  Eigen::MatrixXcd k_own;      ///< these rows, all columns
  Eigen::MatrixXcd k_ports;    ///< the rows of ports, all columns; the same on every rank

  /// What is held of K becomes that of B^T K B, B being 1 for ports: seen from the strips' columns.
  void CoupleToStrips(int ny);

  long RightOffset(int ny) const { return left_line ? ny : 0; }
  long PortOffset(int ny) const { return RightOffset(ny) + (right_line ? ny : 0); }
};

/// Rows `rows` of the symmetric K = R^T A^-1 R, R being `columns`, for an `op` = A that `solver`
/// has factored. Collective; each rank asks for rows of its own, and holds twice as many meanwhile.
Eigen::MatrixXcd EliminatedRows(MPI_Comm comm, DirectSolver& solver, Mat op,
                                const std::vector<SparseColumn>& columns,
                                const std::vector<long>& rows);

/// For every row of the K of `image`, the row of the K of `source`, whose mirror image it is: first
/// and last column change places. `port_images`: the port mode at the mirror image of each.
std::vector<long> MirroredRows(const CondensedPart& source, const CondensedPart& image, int ny,
                               const std::vector<int>& port_images);

}  // namespace symwave::solvers::fdfd
