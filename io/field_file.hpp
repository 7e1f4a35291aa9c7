// Fields on a lattice as files that ParaView 5.11 opens: VTKHDF 1.0 ImageData with point data
// (extension .hdf) and an XDMF file over the same datasets (extension .xmf). VTKHDF images have
// equal spacings; a lattice of unequal ones goes to plain HDF5 (.h5) under a rectilinear XDMF grid.
#pragma once

#include <mpi.h>

#include <array>
#include <string>
#include <vector>

namespace symwave::io {

/// One scalar on the points of this rank.
struct FieldArray {
  std::string name;
  std::string unit;
  std::vector<float> values;
  bool float64 = false;         ///< on all ranks alike
  std::vector<double> exact{};  ///< in place of `values` where `float64` says so
  std::size_t Size() const { return float64 ? exact.size() : values.size(); }
};

/// In double precision where that is asked for.
FieldArray MakeFieldArray(const std::string& name, const std::string& unit,
                          std::vector<double> values, bool float64);

/// A box of the lattice that one rank holds: points offset .. offset + count along x, y, z; any
/// count may be 0.
struct FieldPart {
  std::array<long, 3> offset{0, 0, 0};
  std::array<long, 3> count{0, 0, 0};
  long Points() const { return count[0] * count[1] * count[2]; }
};

/// Collective. `coordinates`: positions of all points along x, y and z [um], the same on every
/// rank; one z makes it a plane. The parts of the ranks are disjoint and fill the lattice; values
/// are x fastest. A flat extent crashes ParaView 5.11's VTKHDF reader, so a plane is stored twice,
/// at its z and one spacing above; the .xmf shows it once.
void WriteFieldBox(MPI_Comm comm, const std::string& stem,
                   const std::array<std::vector<double>, 3>& coordinates, const FieldPart& part,
                   const std::vector<FieldArray>& arrays, double time = 0, int compression = 0);

/// How a file of fields is written.
struct FieldFileOptions {
  double time = 0;
  std::string time_unit;  ///< "" for a picture without time
  long number = 0;        ///< of the step, wavelength or epoch
  int compression = 0;    ///< see Hdf5File::Compress
};

/// Collective: the data of WriteFieldBox without the .xmf; the <Grid> element of XDMF over them,
/// whose name is the number, the same on every rank.
std::string WriteFieldData(MPI_Comm comm, const std::string& stem,
                           const std::array<std::vector<double>, 3>& coordinates,
                           const FieldPart& part, const std::vector<FieldArray>& arrays,
                           const FieldFileOptions& options);
/// Whether these points go to a VTKHDF image (.hdf), and not to a rectilinear grid (.h5).
bool IsImage(const std::array<std::vector<double>, 3>& coordinates);
/// The text of an .xmf of one grid or more, of which ParaView makes a series in time.
std::string XdmfOf(const std::vector<std::string>& grids);

/// Collective. The same for a plane at z = 0 with points at x and y [um], of which each rank gives
/// its columns [begin, end), value of point (i, j) at (i - begin) * y.size() + j.
void WriteField(MPI_Comm comm, const std::string& stem, const std::vector<double>& x,
                const std::vector<double>& y, int begin, int end,
                const std::vector<FieldArray>& arrays, double time = 0);

}  // namespace symwave::io
