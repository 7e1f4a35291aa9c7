#include "io/array_checksum.hpp"

#include <cstring>

#include "io/array_rows.hpp"

namespace symwave::io {

namespace {

template <class Word>
std::uint64_t WordSum(const unsigned char* bytes, std::uint64_t first, std::uint64_t count) {
  std::uint64_t sum = 0;
  for (std::uint64_t k = 0; k < count; ++k) {
    Word word;
    std::memcpy(&word, bytes + k * sizeof(Word), sizeof(Word));
    std::uint64_t x = word + (first + k + 1) * 0x9E3779B97F4A7C15U;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93U;
    x ^= x >> 29;
    x *= 0x9FB21C651E98DF25U;
    x ^= x >> 32;
    sum += x;
  }
  return sum;
}

}  // namespace

std::uint64_t ArraySum(const void* values, std::size_t element_size, std::uint64_t first,
                       std::uint64_t count) {
  const auto* bytes = static_cast<const unsigned char*>(values);
  if (element_size % 8 == 0) {
    const std::uint64_t words = element_size / 8;
    return WordSum<std::uint64_t>(bytes, first * words, count * words);
  }
  if (element_size == 4) return WordSum<std::uint32_t>(bytes, first, count);
  return WordSum<unsigned char>(bytes, first * element_size, count * element_size);
}

std::uint64_t ArraySum(const void* values, std::size_t element_size, const base::ArrayPart& box) {
  const auto* bytes = static_cast<const unsigned char*>(values);
  std::uint64_t sum = 0;
  ForEachRow(box, [&](std::uint64_t first, std::uint64_t place, std::uint64_t length) {
    sum += ArraySum(bytes + place * element_size, element_size, first, length);
  });
  return sum;
}

}  // namespace symwave::io
