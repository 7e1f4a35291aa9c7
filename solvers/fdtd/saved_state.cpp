#include "solvers/fdtd/saved_state.hpp"

#include <limits>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/waiting.hpp"

namespace symwave::solvers::fdtd {

using base::StateArchive;
using domain::IndexBox;

void RequireSame(StateArchive& archive, const std::string& name, const std::vector<double>& numbers,
                 const std::string& what) {
  std::vector<double> saved = numbers;
  archive.Values(name, saved);
  if (saved == numbers) return;
  base::Fail("{} differ from those of the saved simulation, which cannot go on with them", what);
}

base::ArrayPart PartOf(const IndexBox& part, const IndexBox& whole) {
  base::ArrayPart array;
  for (const int d : {2, 1, 0}) {
    array.global.push_back(static_cast<std::uint64_t>(whole.Extent(d)));
    const bool any = !part.Empty();
    array.offset.push_back(any ? static_cast<std::uint64_t>(part.lo[d] - whole.lo[d]) : 0);
    array.count.push_back(any ? static_cast<std::uint64_t>(part.Extent(d)) : 0);
  }
  return array;
}

base::ArrayPart WithFirst(base::ArrayPart part, size_t extent) {
  part.global.insert(part.global.begin(), extent);
  part.offset.insert(part.offset.begin(), 0);
  part.count.insert(part.count.begin(), extent);
  return part;
}

base::ArrayPart WithLast(base::ArrayPart part, size_t extent) {
  part.global.push_back(extent);
  part.offset.push_back(0);
  part.count.push_back(extent);
  return part;
}

void SaveOrRestore(StateArchive& archive, const std::string& name, DftBlock& block) {
  constexpr int kFar = std::numeric_limits<int>::max();
  std::array<int, 6> bounds{kFar, kFar, kFar, kFar, kFar, kFar};  // lo, -hi
  for (int d = 0; d < 3 && !block.box.Empty(); ++d) {
    bounds[d] = block.box.lo[d];
    bounds[3 + d] = -block.box.hi[d];
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, bounds.data(), 6, MPI_INT, MPI_MIN, archive.Comm()));
  if (bounds[0] == kFar) return;
  const IndexBox whole{{bounds[0], bounds[1], bounds[2]}, {-bounds[3], -bounds[4], -bounds[5]}};
  const size_t rows = block.components.size() * block.omegas.size();
  block.values.resize(rows * static_cast<size_t>(block.box.Count()));
  archive.Array(name, block.values.data(), WithFirst(PartOf(block.box, whole), rows));
}

void SaveOrRestore(StateArchive& archive, const std::string& name, EngineStatistics& statistics) {
  std::vector<double> sums{
      statistics.cell_steps,       statistics.redundant_steps,
      statistics.halo_bytes,       static_cast<double>(statistics.halo_messages),
      statistics.seconds_update,   statistics.seconds_halo,
      statistics.seconds_monitors, statistics.field_bytes,
      statistics.medium_bytes,     statistics.monitor_bytes};
  // Seconds are those of a rank, on average.
  const double ranks = base::Communicator::SizeOf(archive.Comm());
  base::SumOverRanks(archive.Comm(), sums.data(), static_cast<int>(sums.size()));
  for (const size_t n : {4, 5, 6}) sums[n] /= ranks;
  SaveOrRestoreInteger(archive, name + "/steps", statistics.steps);
  SaveOrRestoreInteger(archive, name + "/block", statistics.block);
  archive.Value(name + "/instruction_set", statistics.instruction_set);
  archive.Values(name + "/sums", sums);
  if (!archive.Restoring()) return;
  if (sums.size() != 10)
    base::Fail("the counts of work of the saved simulation are of another kind");
  statistics.cell_steps = sums[0] / ranks;
  statistics.redundant_steps = sums[1] / ranks;
  statistics.halo_bytes = sums[2] / ranks;
  statistics.halo_messages = static_cast<long>(sums[3] / ranks);
  statistics.seconds_update = sums[4];
  statistics.seconds_halo = sums[5];
  statistics.seconds_monitors = sums[6];
  statistics.field_bytes = sums[7] / ranks;
  statistics.medium_bytes = sums[8] / ranks;
  statistics.monitor_bytes = sums[9] / ranks;
}

}  // namespace symwave::solvers::fdtd
