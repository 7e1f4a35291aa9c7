#include "io/idx_reader.hpp"

#include <algorithm>
#include <limits>

#include "domain/base/error.hpp"
#include "io/byte_stream.hpp"

namespace symwave::io {

namespace {

using base::Fail;

constexpr std::uint32_t bytes_magic = 0x800;  ///< the number of dimensions is added

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
