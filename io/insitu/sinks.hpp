// What shows the frames of a run while it goes on: a light writer of pictures, which needs nothing
// else, and ParaView Catalyst, of which the plug-in is loaded only here.
#pragma once

#include <mpi.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/field_frame.hpp"

namespace symwave::io::insitu {

/// Arrays that do not change in a run: "permittivity", "trainable" and "ports". Pictures show them
/// only when they are named; "permittivity" is outlined over the others.
bool IsFixedArray(const std::string& name);

struct PngOptions {
  std::string folder;  ///< exists; the pictures are `[name_]mesh_array[_plane]_000123.png`
  std::string name;    ///< begins the names of the files; may be empty
  std::vector<std::string> arrays;  ///< empty: all but the fixed ones
  /// Where volumes are cut [um]: position along x gives the plane yz, along y xz, along z xy. When
  /// none is given all three planes through the centre are shown, else the given ones.
  std::array<std::optional<double>, 3> at;
  int width = 800;  ///< of a picture in pixels, at least 200
};

/// By each rank alone. The colour scale of an array of a mesh is the same for all its planes and
/// only grows from frame to frame: to the next of 1, 2, 5, 10 ... times a power of ten that is not
/// below the largest magnitude shown so far. It goes from -s to s where names end in `_re` or `_im`
/// or a negative value has been seen, else from 0 to s; for fixed arrays from least to largest.
/// Show: UserError when an array is unknown, a position is outside or a file cannot be written.
std::unique_ptr<FrameSink> MakePngSink(const PngOptions& options);

struct CatalystOptions {
  std::string script;  ///< a Catalyst script of ParaView; empty: slices as PNG
  std::string folder;  ///< exists; extracts of a script go to a folder for each mesh in it
};

/// Collective on `comm`, which must be that of the frames. Loads ParaView, which takes a second and
/// some 400 MB a rank. UserError, on all ranks, when any of them has no plug-in, no ParaView, no
/// script, or no display for a script that renders; Show: when the script fails on any rank. The
/// sink must end before MPI does, on all ranks together.
std::unique_ptr<FrameSink> MakeCatalystSink(MPI_Comm comm, const CatalystOptions& options);

}  // namespace symwave::io::insitu
