// Where a device is cut into parts that are solved once (training/chip/device_parts.hpp).
#pragma once

#include <mpi.h>

#include "jobs/device/device.hpp"
#include "training/chip/device_parts.hpp"

namespace symwave::jobs::train::chip {

/// Cuts through the middle of every strip of elements along x, and where solver.cuts wants them,
/// with the guides that cross, as drawn. Their windows reach half the way to the next guide, and no
/// further than that of the first port. Between two cuts, guides that come so close to each other
/// that a thousandth of a mode's field or more reaches from one to the other at the longest
/// wavelength are one part; in columns of more than 10 um in proportion less. Without
/// solver.compose: empty. Collective on `comm`. UserError with the deck's place where a guide
/// changes within a strip or beside a cut, none crosses it, guides couple there, a port stands in
/// it, or cuts come too close.
training::chip::Composition CompositionOf(MPI_Comm comm, const deck::DeviceOptions& options,
                                          const device::Device& device);

/// UserError, with its place, for elements that are too short for their guides, see
/// training/chip/composed_chip.hpp. Collective on `comm`.
void RequireGuidedThrough(MPI_Comm comm, const deck::DeviceOptions& options,
                          const device::Device& device,
                          const training::chip::Composition& composition);

/// Into the ports of all parts of a chip, when each is solved once.
long LaunchesOf(const training::chip::Composition& composition);
/// Cells of the largest part.
long LargestPart(const device::Device& device, const training::chip::Composition& composition);

}  // namespace symwave::jobs::train::chip
