// The folder a run writes to.
#pragma once

#include <mpi.h>

#include <string>

namespace symwave::io {

/// Collective: makes `path` and its parents where missing and checks that files can be made in it.
/// UserError on every rank otherwise.
void PrepareOutputDirectory(MPI_Comm comm, const std::string& path);

/// "out/<name of the deck without its ending>".
std::string DefaultOutputDirectory(const std::string& deck_path);

}  // namespace symwave::io
