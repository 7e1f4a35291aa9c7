// Planes spread over ranks: from rows of all frequencies to whole columns of some, and back.
#pragma once

#include <mpi.h>

#include <complex>
#include <vector>

#include "solvers/diffraction/filter_lines.hpp"

namespace symwave::solvers::diffraction {

/// Before: column c of this rank's rows lies at c Stride(). After: this rank has all rows of
/// `Columns()` columns, each in one piece per rank. Nothing moves when all rows are here.
template <class Real>
class Transpose {
 public:
  using Complex = std::complex<Real>;

  /// Collective on the communicator of `share`.
  Transpose(const PlaneShare& share, int columns);

  bool Whole() const { return whole_; }
  int FirstColumn() const { return first_column_; }
  int Columns() const { return columns_; }
  long Stride() const { return stride_; }
  const std::vector<ColumnPiece>& Pieces() const { return pieces_; }
  long SendSize() const { return send_size_; }
  long ReceiveSize() const { return receive_.Size(); }

  /// Collective. Returns where the columns of this rank are: `columns` itself when whole.
  Complex* ToColumns(Complex* columns);
  /// Collective. `here` is what ToColumns returned.
  void ToRows(Complex* here, Complex* columns);

 private:
  MPI_Comm comm_;  ///< not owned
  bool whole_ = true;
  int first_column_ = 0, columns_ = 0;
  long stride_ = 0, send_size_ = 0;
  std::vector<ColumnPiece> pieces_;
  std::vector<int> send_counts_, send_offsets_, receive_counts_, receive_offsets_;
  FftBuffer<Real> receive_;
};

}  // namespace symwave::solvers::diffraction
