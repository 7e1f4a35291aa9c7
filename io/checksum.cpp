#include "io/checksum.hpp"

#include <fmt/core.h>

#include <array>

namespace symwave::io {

namespace {

std::array<std::uint64_t, 256> MakeTable() {
  constexpr std::uint64_t polynomial = 0xC96C5795D7870F42;
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? polynomial : 0);
    table[byte] = value;
  }
  return table;
}

}  // namespace

void Checksum::Update(const void* bytes, std::size_t count) {
  static const std::array<std::uint64_t, 256> table = MakeTable();
  const auto* byte = static_cast<const unsigned char*>(bytes);
  for (std::size_t k = 0; k < count; ++k) {
    state_ = table[(state_ ^ byte[k]) & 0xFF] ^ (state_ >> 8);
  }
}

std::string ChecksumText(const std::string& text) {
  Checksum checksum;
  checksum.Update(text);
  return fmt::format("{:016x}", checksum.Value());
}

}  // namespace symwave::io
