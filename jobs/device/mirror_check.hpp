// Decks with mirror planes (grid.symmetry), of which one half is computed: what they hold must be
// its own mirror image, else the half model answers another question than the deck asks.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::device {

/// UserError with the place of the source for a dipole on a wall that holds its component at zero,
/// and where a source is not its own mirror image: beside the plane, not centred on it, running
/// across it, or of a polarization whose parity is not that of the plane. Not collective.
void RequireMirroredSources(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// The same for monitors and ports: in the half that is not computed, or across a plane without
/// being centred on it; ports beside a plane, which the half model drives together with their
/// images. Not collective.
void RequireMirroredMonitors(const deck::SimulateOptions& options);

/// UserError with the place of a shape or layer unless the structure is its own mirror image on
/// every point of the lattice, PML included. Collective: each rank compares its share.
void RequireMirroredStructure(MPI_Comm comm, const deck::SimulateOptions& options,
                              const TimeDomainProblem& problem);

/// Sentences on sources that count half or twice at walls, and on ports whose modes in the half
/// model are not those of the same numbers in the whole. Collective.
std::vector<std::string> MirrorWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                        const TimeDomainProblem& problem);

}  // namespace symwave::jobs::device
