// Fields on a 2D lattice as files that ParaView 5.11 opens: VTKHDF 1.0 ImageData with point data
// (extension .hdf) and an XDMF file over the same datasets (extension .xmf).
#pragma once

#include <mpi.h>

#include <array>
#include <string>
#include <vector>

namespace symwave::io {

/// Lattice of the points that carry values: spacing and position of point (0, 0), um.
struct FieldLattice {
  int nx = 0;
  int ny = 0;
  std::array<double, 2> origin{0, 0};
  std::array<double, 2> spacing{1, 1};
};

/// One scalar. `values` holds this rank's columns: value of point (i, j) at (i - begin) * ny + j.
struct FieldArray {
  std::string name;
  std::string unit;
  std::vector<float> values;
};

/// Collective. Writes `stem`.hdf and `stem`.xmf; each rank gives its columns [begin, end) of the
/// lattice (contiguous in rank order; may be empty). A flat extent crashes ParaView 5.11's VTKHDF
/// reader, so the plane is stored twice, at z = 0 and one spacing above; the .xmf shows it once.
void WriteField(MPI_Comm comm, const std::string& stem, const FieldLattice& lattice, int begin,
                int end, const std::vector<FieldArray>& arrays, double time = 0);

}  // namespace symwave::io
