// What a run shows of its fields at one moment: the description of data that every sink of frames
// (pictures, ParaView Catalyst, field files) takes. It knows neither VTK nor a solver.
#pragma once

#include <mpi.h>

#include <array>
#include <string>
#include <vector>

#include "io/field_file.hpp"

namespace symwave::io {

/// Scalars on the points of one rectilinear lattice, dealt to the ranks of a communicator.
struct FieldFrame {
  std::string mesh;  ///< name of the image and of the channel of a Catalyst script: "field"
  std::string of;    ///< for people: "input in, 1.55 um"; says when, too
  long number = 0;   ///< of the step, wavelength or epoch; grows from frame to frame of a mesh
  double time = 0;   ///< in `time_unit`; what a series of frames is ordered by
  std::string time_unit;
  /// Positions of all points along x, y and z [um], the same on every rank; one z makes it a plane.
  std::array<std::vector<double>, 3> coordinates;
  FieldPart part;                  ///< of this rank; the parts are disjoint and fill the lattice
  std::vector<FieldArray> arrays;  ///< names and order the same on every rank; x fastest
  bool time_grows = true;          ///< with the number; false: wavelengths, in any order
};

/// Takes the frames of a run one after the other.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  /// Collective on `comm`, which is the same for all frames of a sink. Throws on all ranks or on
  /// none; what it throws makes the caller drop this sink with one warning and go on.
  virtual void Show(MPI_Comm comm, const FieldFrame& frame) = 0;
};

}  // namespace symwave::io
