// The guides in the window of a port of the time domain.
#pragma once

#include <mpi.h>

#include "domain/plane_port.hpp"
#include "domain/port_guides.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

/// Collective; the same on every rank. Without cores where an axis across is periodic and spanned
/// whole: such a window has no ends, and its modes are those of the lattice.
domain::PortGuides GuidesInWindow(MPI_Comm comm, const domain::Lattice& lattice,
                                  const domain::MediumMap& media, const domain::PlanePort& port,
                                  const domain::PortPlane& plane, double omega);

/// The port's plane with the media of its own guide alone, see PortGuides, and its bend.
modes::WaveguidePlane PlaneOfOwnGuide(const domain::PlanePort& port, const domain::PortPlane& plane,
                                      const domain::PortGuides& guides);

}  // namespace symwave::solvers::fdtd
