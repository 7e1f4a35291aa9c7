// What solving a device in frequency domain takes: lines of `symwave check`.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/device/device.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::simulate::frequency {

/// UserError for more ranks than the grid has columns of cells. Collective.
void RequireColumns(MPI_Comm comm, const deck::DeviceOptions& options,
                    const device::Device& device);

/// Guided modes that the ports of the deck name.
int PortModes(const device::Device& device);

/// Memory of a sparse LDL^T (or LU: 1.6 times) factorization of a 2D lattice: nested-dissection
/// growth n log2 n with the constant measured with MUMPS 5.5 and PORD (43 bytes per unknown and
/// level) [MB].
double FactorizationMegabytes(long unknowns, bool ldlt);

/// Of the whole device with right-hand sides and solutions of all port modes, all ranks [MB].
double SolveMegabytes(const deck::DeviceOptions& options, const device::Device& device);

/// Collective, the same on every rank: the fewest ranks that solve a wavelength without filling
/// more than half of what is available to them, and no more than a few GB each.
int RanksPerWavelength(MPI_Comm comm, const deck::DeviceOptions& options,
                       const device::Device& device);

/// Of a device that `ranks` ranks solve.
run::MemoryNeed SolveMemory(const deck::DeviceOptions& options, const device::Device& device,
                            int ranks);

/// Collective. Grid, placement, error of the mesh and wavelengths. Checks what a run would find out
/// later: ranks, materials at every wavelength, port modes. UserError as the run would give it.
std::string DevicePlan(MPI_Comm comm, const deck::DeviceOptions& options,
                       const device::Device& device);

/// "  memory         about 12 MB in all, 6 MB per rank on 2 ranks\n".
std::string SolveMemoryText(MPI_Comm comm, const deck::DeviceOptions& options,
                            const device::Device& device);

}  // namespace symwave::jobs::simulate::frequency
