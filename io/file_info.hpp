// What a file or folder of ours holds, in words, and whether it is whole.
#pragma once

#include <string>

namespace symwave::io {

/// By these results.h5 is known: an attribute of the root from the start, a dataset at the end.
inline constexpr const char* kResultsMark = "symwave_version";
inline constexpr const char* kResultsEnd = "/meta/timers";

struct FileInfo {
  std::string text;   ///< lines for a user; of a damaged file one sentence
  bool whole = true;  ///< readable, and with `verify` equal to its checksums
};

/// By this rank alone. `path`: an HDF5 file of ours or a folder with some. With `verify` every
/// dataset is read and compared with its checksum. Never throws because of what a file holds;
/// UserError where there is nothing at `path`.
FileInfo InfoOf(const std::string& path, bool verify);

}  // namespace symwave::io
