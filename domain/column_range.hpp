// Contiguous ranges, dealt to ranks.
#pragma once

namespace symwave::domain {

/// [begin, end).
struct ColumnRange {
  int begin = 0;
  int end = 0;
  int Count() const { return end - begin; }
};

/// The part of `whole` that rank `rank` of `size` owns; sizes differ by at most one.
inline ColumnRange PartitionColumns(ColumnRange whole, int rank, int size) {
  const long count = whole.Count();
  return {whole.begin + static_cast<int>(count * rank / size),
          whole.begin + static_cast<int>(count * (rank + 1) / size)};
}

}  // namespace symwave::domain
