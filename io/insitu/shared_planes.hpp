// Boxes of points that share a plane with their neighbours, as VTK's pieces of an image do, from
// boxes that are disjoint.
#pragma once

#include <mpi.h>

#include <array>
#include <vector>

#include "io/field_frame.hpp"

namespace symwave::io::insitu {

/// Collective: the part of every rank.
std::vector<FieldPart> GatherParts(MPI_Comm comm, const FieldPart& part);

/// `part` and one plane more at the upper end of each axis, where the lattice goes on there.
FieldPart WithSharedPlanes(const FieldPart& part, const std::array<long, 3>& size);

/// Collective: values on WithSharedPlanes(frame.part) of each array, x fastest; the planes that
/// `frame` lacks come from the ranks that have them, in one message from each. Ranks whose part
/// needs none get no arrays: theirs lie in the frame.
std::vector<std::vector<float>> SharePlanes(MPI_Comm comm, const FieldFrame& frame);

}  // namespace symwave::io::insitu
