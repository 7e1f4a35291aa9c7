// Frames as files that ParaView 5.11 opens by a double click.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "io/field_frame.hpp"

namespace symwave::io {

struct FieldSeriesOptions {
  std::string folder;    ///< exists
  std::string earlier;   ///< folder of a run that goes on, "" for one that begins
  bool numbered = true;  ///< else every frame takes the place of the one before
  int compression = 0;   ///< 0 to 9, see Hdf5File::Compress
};

/// Of every mesh the files MESH_000123.hdf, one a frame, with MESH.hdf.series, which opens them as
/// a series in time, and MESH.xmf over the same data, which shows planes as planes; both are whole
/// after every frame, and ordered by time. Unequal cells: .h5 and .xmf alone. Without numbers
/// MESH.hdf and MESH.xmf. A run that goes on adds to the series of `earlier`, where frames of the
/// same number are replaced. Show: UserError where a file cannot be written.
class FieldSeries : public FrameSink {
 public:
  explicit FieldSeries(FieldSeriesOptions options) : options_(std::move(options)) {}
  void Show(MPI_Comm comm, const FieldFrame& frame) override;

 private:
  struct Entry {
    double time = 0;
    std::string grid;  ///< element of XDMF
  };
  /// By number.
  using Entries = std::map<long, Entry>;
  Entries Earlier(MPI_Comm comm, const std::string& mesh) const;
  /// Where the files of the run before it went on hold other arrays.
  static void TellOfOthers(const FieldFrame& frame, const Entries& earlier);
  void WriteIndex(MPI_Comm comm, const std::string& mesh, bool image) const;

  FieldSeriesOptions options_;
  std::map<std::string, Entries> meshes_;
};

}  // namespace symwave::io
