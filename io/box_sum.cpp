#include "io/box_sum.hpp"

#include <algorithm>

#include "io/array_checksum.hpp"

namespace symwave::io {

void BoxSum::Add(const void* values, std::uint64_t count) {
  const auto* bytes = static_cast<const unsigned char*>(values);
  while (count > 0) {
    const std::uint64_t length = std::min(count, row_.Length() - done_);
    sum_ += ArraySum(bytes, size_, row_.First() + done_, length);
    bytes += length * size_;
    count -= length;
    done_ += length;
    if (done_ < row_.Length()) continue;
    done_ = 0;
    row_.Next();
  }
}

}  // namespace symwave::io
