#include "io/file_seal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "domain/base/error.hpp"
#include "io/checksum.hpp"

namespace symwave::io {

namespace {

constexpr std::uint64_t kMagic = 0x314c414553575753;  // "SWWSEAL1"
constexpr std::uint64_t kMostRanges = 1 << 20;

/// The last bytes of a sealed file, behind the ranges.
struct Tail {
  std::uint64_t ranges = 0;  ///< how many
  std::uint64_t body = 0;    ///< bytes of the file without its seal
  std::uint64_t sum = 0;     ///< of the body outside of the ranges
  std::uint64_t own = 0;     ///< of the ranges and of the three entries above
  std::uint64_t magic = kMagic;
};

struct Seal {
  std::vector<ByteRange> ranges;
  Tail tail;
};

std::uint64_t OwnSum(const Seal& seal) {
  Checksum sum;
  sum.Update(seal.ranges);
  sum.Update(&seal.tail, 3 * sizeof(std::uint64_t));
  return sum.Value();
}

std::uint64_t SizeOf(std::ifstream& file) {
  file.seekg(0, std::ios::end);
  return static_cast<std::uint64_t>(file.tellg());
}

/// Adds the bytes begin .. end of the file. False where they cannot be read.
bool Add(std::ifstream& file, std::uint64_t begin, std::uint64_t end, Checksum& sum) {
  std::array<char, 1 << 16> buffer{};
  file.seekg(static_cast<std::streamoff>(begin));
  while (begin < end) {
    const std::uint64_t count = std::min<std::uint64_t>(buffer.size(), end - begin);
    if (!file.read(buffer.data(), static_cast<std::streamsize>(count))) return false;
    sum.Update(buffer.data(), count);
    begin += count;
  }
  return true;
}

/// Whether the file ends as a sealed one does.
bool EndsSealed(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::uint64_t magic = 0;
  file.seekg(-static_cast<std::streamoff>(sizeof magic), std::ios::end);
  return file.read(reinterpret_cast<char*>(&magic), sizeof magic) && magic == kMagic;
}

/// Of the body outside of the ranges; empty where it cannot be read.
std::optional<std::uint64_t> BodySum(std::ifstream& file, const Seal& seal) {
  Checksum sum;
  std::uint64_t at = 0;
  for (const ByteRange& range : seal.ranges) {
    if (range.begin < at || range.end < range.begin || range.end > seal.tail.body) return {};
    if (!Add(file, at, range.begin, sum)) return {};
    at = range.end;
  }
  if (!Add(file, at, seal.tail.body, sum)) return {};
  return sum.Value();
}

/// Empty for a file without a seal, or with one that is damaged itself.
std::optional<Seal> ReadSeal(std::ifstream& file) {
  const std::uint64_t size = SizeOf(file);
  Seal seal;
  if (!file || size < sizeof(Tail)) return {};
  file.seekg(static_cast<std::streamoff>(size - sizeof(Tail)));
  file.read(reinterpret_cast<char*>(&seal.tail), sizeof(Tail));
  if (!file || seal.tail.magic != kMagic || seal.tail.ranges > kMostRanges) return {};
  const std::uint64_t bytes = seal.tail.ranges * sizeof(ByteRange);
  if (seal.tail.body > size || seal.tail.body + bytes + sizeof(Tail) != size) return {};
  seal.ranges.resize(seal.tail.ranges);
  file.seekg(static_cast<std::streamoff>(seal.tail.body));
  file.read(reinterpret_cast<char*>(seal.ranges.data()), static_cast<std::streamsize>(bytes));
  if (!file || OwnSum(seal) != seal.tail.own) return {};
  return seal;
}

}  // namespace

void WriteSeal(const std::string& path, std::vector<ByteRange> values) {
  std::ifstream file(path, std::ios::binary);
  if (ReadSeal(file)) return;
  file.clear();
  std::sort(values.begin(), values.end(),
            [](const ByteRange& a, const ByteRange& b) { return a.begin < b.begin; });
  Seal seal{std::move(values), {}};
  seal.tail.ranges = seal.ranges.size();
  seal.tail.body = SizeOf(file);
  const std::optional<std::uint64_t> sum = BodySum(file, seal);
  if (!sum) base::Fail("{}: cannot be read back: {}", path, std::strerror(errno));
  seal.tail.sum = *sum;
  seal.tail.own = OwnSum(seal);
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out.write(reinterpret_cast<const char*>(seal.ranges.data()),
            static_cast<std::streamsize>(seal.ranges.size() * sizeof(ByteRange)));
  out.write(reinterpret_cast<const char*>(&seal.tail), sizeof(Tail));
  out.close();
  if (!out) base::Fail("{}: cannot be written: {}", path, std::strerror(errno));
}

bool IsSealed(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return ReadSeal(file).has_value();
}

std::string SealFault(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::optional<Seal> seal = ReadSeal(file);
  if (!seal && !EndsSealed(path)) return "";
  if (seal && BodySum(file, *seal) == seal->tail.sum) return "";
  return fmt::format("{}: is damaged, the checksum of its structure does not match", path);
}

}  // namespace symwave::io
