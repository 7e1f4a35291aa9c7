// Bytes of a file, whether or not it is compressed by gzip.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace symwave::io {

/// `what` names the file in messages: "the file of <what>". UserError: missing, a folder,
/// unreadable, damaged, truncated.
class ByteStream {
 public:
  ByteStream(const std::string& path, const std::string& what);

  /// Fewer than `count` bytes only at the end of the file.
  std::size_t Read(std::uint8_t* bytes, std::size_t count);

  /// Big-endian.
  std::uint32_t ReadNumber();

 private:
  std::string path_, what_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_{nullptr, gzclose};
};

}  // namespace symwave::io
