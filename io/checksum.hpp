// CRC-64 (the polynomial of ECMA-182 in the reflected form that xz uses).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace symwave::io {

/// Grows with every Update; the value depends on all bytes in their order, not on how they were
/// cut.
class Checksum {
 public:
  void Update(const void* bytes, std::size_t count);
  template <class T>
  void Update(const std::vector<T>& values) {
    Update(values.data(), values.size() * sizeof(T));
  }
  void Update(const std::string& text) { Update(text.data(), text.size()); }
  std::uint64_t Value() const { return ~state_; }

 private:
  std::uint64_t state_ = ~std::uint64_t{0};
};

/// "995dc9bbdf1939fa": sixteen hexadecimal digits.
std::string ChecksumText(const std::string& text);

}  // namespace symwave::io
