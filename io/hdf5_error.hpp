// What HDF5's error stack says, in words for a user.
#pragma once

#include <string>

namespace symwave::io {

/// Keeps HDF5 from printing its error stack.
void SilenceHdf5();

/// The reason on top of the calling thread's error stack, such as "no space left on device".
std::string Hdf5Reason();

/// "" when `path` is a complete HDF5 file that can be read, else the sentence that says what is
/// wrong with it. Not collective; opens the file for a moment.
std::string WhyNotHdf5(const std::string& path);

/// "" when a file can be made or emptied at `path`, else the reason. Makes it.
std::string WhyNotWritable(const std::string& path);

/// Reserves disk space for `size` bytes at `offset` of the file, and some more for HDF5's own
/// tables:
/// "" or the reason why there is none. A collective write that runs out of space on one rank alone
/// would leave the others waiting in MPI.
std::string WhyNotReserved(const std::string& path, unsigned long long offset,
                           unsigned long long size);

}  // namespace symwave::io
