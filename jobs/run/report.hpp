// report.html of an output folder, made by the script postproc/report.
#pragma once

#include <mpi.h>

#include <string>

namespace symwave::jobs::run {

/// Collective; rank 0 runs the script. Returns its exit code on every rank.
int MakeReport(MPI_Comm comm, const std::string& directory);

}  // namespace symwave::jobs::run
