// Whether what a file holds is what was written.
#pragma once

#include <mpi.h>

#include <string>

namespace symwave::io {

struct FileCheck {
  std::string fault;       ///< one sentence, "" when the file is whole
  long with_checksum = 0;  ///< datasets whose values were compared
  long without = 0;        ///< datasets that have no checksum: files of older versions
  bool sealed = false;     ///< whether it has its seal (SealFile), and so its last bytes
};

/// By one rank, when all have closed the HDF5 file: adds what CheckFile compares before it lets the
/// library read it (file_seal.hpp). UserError where it cannot be written.
void SealFile(const std::string& path);

/// Collective: reads every dataset of the HDF5 file once, spread over the ranks, and compares its
/// checksum. Never throws because of what the file holds; the same answer on every rank.
FileCheck CheckFile(MPI_Comm comm, const std::string& path);

}  // namespace symwave::io
