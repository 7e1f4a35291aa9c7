// Fields on the nodes of a lattice, where field files show them.
#pragma once

#include <mpi.h>

#include <vector>

#include "domain/lattice.hpp"
#include "io/field_frame.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::jobs::simulate::time {

/// `nodes` and the points below them that FieldsOnNodes needs: one more at the lower end of every
/// axis along which a component stands on halves; of a periodic axis that begins at its first node,
/// the whole axis.
domain::IndexBox RecordedFor(const domain::Lattice& lattice, const domain::IndexBox& nodes,
                             const std::vector<domain::Component>& components);

/// The part of a block within a box.
solvers::fdtd::DftBlock Cropped(const solvers::fdtd::DftBlock& block, const domain::IndexBox& box);

/// Collective. The fields of a recorded box, of which every rank gives its block, on this rank's
/// part of `nodes`: the line through the halves on both sides, second order in the cell; beyond
/// walls the fields of the image.
solvers::fdtd::DftBlock FieldsOnNodes(MPI_Comm comm, const domain::Lattice& lattice,
                                      solvers::fdtd::DftBlock block, const domain::IndexBox& nodes);

/// Collective on the engine's communicator. A component at the moment on this rank's part of
/// `nodes`, real part where there is a Bloch phase.
std::vector<double> MomentOnNodes(const solvers::fdtd::Engine& engine, domain::Component component,
                                  const domain::IndexBox& nodes);

/// A frame without arrays of the points `nodes`, of which this rank has `mine`.
io::FieldFrame FrameOnNodes(const domain::Lattice& lattice, const domain::IndexBox& nodes,
                            const domain::IndexBox& mine);

}  // namespace symwave::jobs::simulate::time
