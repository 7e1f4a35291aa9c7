// `symwave bench all`, `frequency_domain` and `diffraction`: the rates that plans are made of.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/throughput/throughput.hpp"

namespace symwave::jobs::throughput {

/// Collective. Measures the operations of `solver` ("all" or one of them) on all ranks at once, for
/// a part of options.seconds each, and returns them as text or JSON. `write`: file for the machine,
/// made with its folder; empty: none. UserError for a solver other than all there, and where the
/// file cannot be written.
std::string MeasureRates(MPI_Comm comm, const std::string& solver, const ThroughputOptions& options,
                         const std::string& write);

}  // namespace symwave::jobs::throughput
