// Arrays of bytes in the idx format of the MNIST data, plain or compressed by gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace symwave::io {

/// The file starts, big-endian, with the magic number 0x00000800 + number of dimensions (08:
/// unsigned bytes), then the size of every dimension in 4 bytes, then the bytes, last dimension
/// fastest (http://yann.lecun.com/exdb/mnist).
struct IdxArray {
  std::vector<std::int64_t> sizes;
  std::vector<std::uint8_t> values;
};

/// Not collective: call it on one rank, in base::AgreeOnFailure. `what` names the contents in
/// messages: "images". UserError with the file's name: it cannot be read, the magic number is not
/// that of an array of bytes with `dimensions` dimensions, a size of 0, truncated, damaged, longer
/// than announced.
IdxArray ReadIdx(const std::string& path, int dimensions, const std::string& what);

}  // namespace symwave::io
