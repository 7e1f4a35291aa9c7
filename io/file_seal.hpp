// A checksum of an HDF5 file's structure, behind its end, where HDF5 does not look. The library may
// crash over a damaged structure, so it is compared before HDF5 sees the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace symwave::io {

/// Bytes begin .. end of a file.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Appends the seal to a file that nobody has open: the checksum of all bytes outside of `values`,
/// ranges that do not overlap and have checksums of their own. A file that is sealed stays as it
/// is. UserError where it cannot be written.
void WriteSeal(const std::string& path, std::vector<ByteRange> values);

/// Whether the file has a seal that is whole, and so its last bytes.
bool IsSealed(const std::string& path);

/// Why the structure of the file is not what was sealed, one sentence; "" where it is, and for a
/// file without a seal.
std::string SealFault(const std::string& path);

}  // namespace symwave::io
