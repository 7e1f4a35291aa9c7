// How the state of a time-domain calculation goes to a base::StateArchive and comes back, on as
// many ranks as there are then.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "domain/lattice.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

/// Saves what the state belongs to. UserError on every rank when `archive` restores and holds other
/// numbers: "`what` differ from those of the saved simulation".
void RequireSame(base::StateArchive& archive, const std::string& name,
                 const std::vector<double>& numbers, const std::string& what);

/// Whole numbers and truth values by the one type that the archive has for them.
template <class Integer>
void SaveOrRestoreInteger(base::StateArchive& archive, const std::string& name, Integer& value) {
  auto wide = static_cast<std::int64_t>(value);
  archive.Value(name, wide);
  value = static_cast<Integer>(wide);
}

/// The points of `part`, of this rank, in arrays [z][y][x] over the points of `whole`.
base::ArrayPart PartOf(const domain::IndexBox& part, const domain::IndexBox& whole);
/// `part` with one more dimension in front or behind, which every rank has all of.
base::ArrayPart WithFirst(base::ArrayPart part, size_t extent);
base::ArrayPart WithLast(base::ArrayPart part, size_t extent);

/// Hands over `values` arrays of the points of `part`, [value][z][y][x]: their rows are copied into
/// one piece of memory, or from there. `row(value, j, k)` points to point part.lo[0] of a row.
template <class Real, class RowOf>
void SaveOrRestoreRows(base::StateArchive& archive, const std::string& name,
                       const domain::IndexBox& part, const domain::IndexBox& whole, int values,
                       RowOf&& row) {
  const int length = part.Extent(0);
  const std::unique_ptr<Real[]> copy(new Real[static_cast<size_t>(part.Count()) * values]);
  const auto for_each_row = [&](auto&& visit) {
    Real* at = copy.get();
    for (int value = 0; value < values; ++value) {
      for (int k = part.lo[2]; k < part.hi[2]; ++k) {
        for (int j = part.lo[1]; j < part.hi[1]; ++j, at += length) visit(row(value, j, k), at);
      }
    }
  };
  if (!part.Empty() && !archive.Restoring()) {
    for_each_row([length](Real* mine, Real* at) { std::copy_n(mine, length, at); });
  }
  archive.Array(name, copy.get(), WithFirst(PartOf(part, whole), static_cast<size_t>(values)));
  if (!part.Empty() && archive.Restoring()) {
    for_each_row([length](Real* mine, Real* at) { std::copy_n(at, length, mine); });
  }
}

/// This rank's part of a transform, of which box, components and frequencies are set; restoring
/// fills its values. Collective; the boxes of the ranks do not overlap.
void SaveOrRestore(base::StateArchive& archive, const std::string& name, DftBlock& block);

/// Counts of all ranks together, which restoring deals out evenly.
void SaveOrRestore(base::StateArchive& archive, const std::string& name,
                   EngineStatistics& statistics);

}  // namespace symwave::solvers::fdtd
