// Rows of numbers of equal length, each different one kept once: a planar chip has few of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "solvers/fdtd/storage.hpp"

namespace symwave::solvers::fdtd {

template <class Real>
class RowDictionary {
 public:
  explicit RowDictionary(int length) : length_(length) {}

  /// The stored copy of the row; stays where it is.
  const Real* Add(const std::vector<Real>& row);
  double Bytes() const;

 private:
  static constexpr size_t kRowsPerChunk = 64;
  int length_;
  size_t count_ = 0;
  std::vector<Buffer<Real>> chunks_;
  std::unordered_multimap<std::uint64_t, const Real*> by_hash_;
};

template <class Real>
const Real* RowDictionary<Real>::Add(const std::vector<Real>& row) {
  std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a over the values' bits
  for (const Real value : row) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    hash = (hash ^ bits) * 1099511628211ULL;
  }
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (std::equal(row.begin(), row.end(), it->second)) return it->second;
  }
  if (count_ % kRowsPerChunk == 0) {
    chunks_.emplace_back(kRowsPerChunk * length_);
  }
  Real* stored = chunks_.back().Data() + count_ % kRowsPerChunk * length_;
  ++count_;
  std::copy(row.begin(), row.end(), stored);
  by_hash_.emplace(hash, stored);
  return stored;
}

template <class Real>
double RowDictionary<Real>::Bytes() const {
  double bytes = 0;
  for (const auto& chunk : chunks_) bytes += chunk.Bytes();
  return bytes;
}

}  // namespace symwave::solvers::fdtd
