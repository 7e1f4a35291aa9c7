// What a run in time domain takes of the memory of a node.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/time_domain_setup.hpp"

namespace symwave::jobs {

/// Bytes of all ranks: fields with the padding of their rows, PML, media, and the transforms and
/// records of ports and monitors. Without the polarisations of dispersive media.
double EstimatedBytes(const DeckOptions& options, const domain::Lattice& lattice);

/// Bytes of all ranks for the polarisations of dispersive media (P and dP per pole, and the share
/// of the medium), from a few hundred rows of the lattice. Collective: each rank samples some of
/// them.
double PolarizationBytes(MPI_Comm comm, const DeckOptions& options,
                         const TimeDomainProblem& problem);

/// Collective, the same on every rank: a sentence where the ranks of some node need more than its
/// physical memory; empty otherwise. `bytes` are those of all ranks.
std::string MemoryShortage(MPI_Comm comm, double bytes);

/// Collective. UserError where the estimate exceeds the memory of a node; before anything is built.
void RequireMemory(MPI_Comm comm, const DeckOptions& options);

}  // namespace symwave::jobs
