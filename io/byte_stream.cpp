#include "io/byte_stream.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "domain/base/error.hpp"

namespace symwave::io {

using base::Fail;

ByteStream::ByteStream(const std::string& path, const std::string& what)
    : path_(path), what_(what) {
  struct stat info {};
  errno = 0;
  if (stat(path.c_str(), &info) != 0) {
    Fail("{}: cannot read the file of {}: {}", path, what, std::strerror(errno));
  }
  if (S_ISDIR(info.st_mode)) Fail("{}: is a folder, not a file of {}", path, what);
  file_.reset(gzopen(path.c_str(), "rb"));
  if (!file_) Fail("{}: cannot read the file of {}: {}", path, what, std::strerror(errno));
  gzbuffer(file_.get(), 1U << 17);
}

std::size_t ByteStream::Read(std::uint8_t* bytes, std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const auto most = static_cast<unsigned>(std::min<std::size_t>(count - done, 1U << 30));
    const int got = gzread(file_.get(), bytes + done, most);
    int code = Z_OK;
    const char* reason = gzerror(file_.get(), &code);
    if (code == Z_BUF_ERROR) {
      Fail("{}: the compressed file of {} is truncated; fetch it again", path_, what_);
    }
    if (got < 0) Fail("{}: the file of {} is damaged: {}", path_, what_, reason);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::uint32_t ByteStream::ReadNumber() {
  std::uint8_t b[4];
  if (Read(b, 4) < 4) Fail("{}: the file of {} ends within its header", path_, what_);
  return static_cast<std::uint32_t>(b[0]) << 24 | static_cast<std::uint32_t>(b[1]) << 16 |
         static_cast<std::uint32_t>(b[2]) << 8 | b[3];
}

}  // namespace symwave::io
