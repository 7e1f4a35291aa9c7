#include "io/idx_reader.hpp"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>

#include "domain/base/error.hpp"

namespace symwave::io {

namespace {

using base::Fail;

constexpr std::uint32_t bytes_magic = 0x800;  ///< the number of dimensions is added

/// Reads files compressed by gzip and plain ones alike.
class ByteStream {
 public:
  ByteStream(const std::string& path, const std::string& what) : path_(path), what_(what) {
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

  /// Fewer than `count` bytes only at the end of the file.
  std::size_t Read(std::uint8_t* bytes, std::size_t count) {
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

  std::uint32_t ReadNumber() {
    std::uint8_t b[4];
    if (Read(b, 4) < 4) Fail("{}: the file of {} ends within its header", path_, what_);
    return static_cast<std::uint32_t>(b[0]) << 24 | static_cast<std::uint32_t>(b[1]) << 16 |
           static_cast<std::uint32_t>(b[2]) << 8 | b[3];
  }

 private:
  std::string path_, what_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_{nullptr, gzclose};
};

std::string TypeName(std::uint32_t magic) {
  const std::uint32_t dimensions = magic & 0xff;
  if (magic >> 16 != 0 || dimensions == 0) return "which no idx file of bytes has";
  return fmt::format("{} dimension{} of {}", dimensions, dimensions == 1 ? "" : "s",
                     (magic >> 8 & 0xff) == 8 ? "unsigned bytes" : "another type");
}

/// Number of bytes that the sizes announce.
std::size_t Announced(const std::vector<std::int64_t>& sizes, const std::string& path,
                      const std::string& what) {
  std::size_t product = 1;
  for (const std::int64_t size : sizes) {
    const auto factor = static_cast<std::size_t>(size);
    if (size == 0) Fail("{}: the file of {} announces a dimension of size 0", path, what);
    if (product > std::numeric_limits<std::size_t>::max() / 4 / factor) {
      Fail("{}: the file of {} announces more bytes than any computer holds; it is damaged", path,
           what);
    }
    product *= factor;
  }
  return product;
}

}  // namespace

IdxArray ReadIdx(const std::string& path, int dimensions, const std::string& what) {
  ByteStream stream(path, what);
  const std::uint32_t expected = bytes_magic + static_cast<std::uint32_t>(dimensions);
  const std::uint32_t magic = stream.ReadNumber();
  if (magic != expected) {
    Fail("{}: the magic number is {} ({}), an idx file of {} has {} ({}); give the file of {} here",
         path, magic, TypeName(magic), what, expected, TypeName(expected), what);
  }
  IdxArray array;
  for (int d = 0; d < dimensions; ++d) array.sizes.push_back(stream.ReadNumber());
  const std::size_t announced = Announced(array.sizes, path, what);
  // Grown piece by piece: a damaged header must not take all memory.
  constexpr std::size_t piece = std::size_t{1} << 26;
  while (array.values.size() < announced) {
    const std::size_t before = array.values.size();
    const std::size_t count = std::min(piece, announced - before);
    array.values.resize(before + count);
    const std::size_t got = stream.Read(array.values.data() + before, count);
    if (got < count) {
      Fail("{}: the file of {} is truncated: its header announces {} bytes, it holds {}", path,
           what, announced, before + got);
    }
  }
  std::uint8_t more = 0;
  if (stream.Read(&more, 1) > 0) {
    Fail("{}: the file of {} holds more than the {} bytes that its header announces", path, what,
         announced);
  }
  return array;
}

}  // namespace symwave::io
