#include "solvers/fdfd/solver_statistics.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdfd {

SolverStatistics OfAllGroups(const base::RankGroups& groups, const SolverStatistics& of_group) {
  SolverStatistics all = of_group;
  // Ranks of one group know the same: only leaders count.
  const double leads = groups.LeadsGroup() ? 1 : 0;
  std::array<double, 4> sums{
      leads * static_cast<double>(all.factorizations), leads * static_cast<double>(all.solves),
      leads * static_cast<double>(all.workspace_retries), leads * all.memory_mb};
  std::array<double, 5> largest{all.analysis_seconds, all.factor_seconds, all.solve_seconds,
                                all.memory_mb_max, all.max_relative_residual};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 4, MPI_DOUBLE, MPI_SUM, groups.World()));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, largest.data(), 5, MPI_DOUBLE, MPI_MAX, groups.World()));
  all.factorizations = static_cast<long>(sums[0]);
  all.solves = static_cast<long>(sums[1]);
  all.workspace_retries = static_cast<long>(sums[2]);
  all.memory_mb = sums[3];
  all.analysis_seconds = largest[0];
  all.factor_seconds = largest[1];
  all.solve_seconds = largest[2];
  all.memory_mb_max = largest[3];
  all.max_relative_residual = largest[4];
  return all;
}

void SaveOrRestore(base::StateArchive& archive, SolverStatistics& statistics) {
  std::vector<std::int64_t> counts{statistics.factorizations, statistics.solves,
                                   statistics.workspace_retries};
  std::vector<double> numbers{statistics.analysis_seconds, statistics.factor_seconds,
                              statistics.solve_seconds,    statistics.memory_mb,
                              statistics.memory_mb_max,    statistics.max_relative_residual};
  archive.Values("work/counts", counts);
  archive.Values("work/numbers", numbers);
  statistics.factorizations = static_cast<long>(counts.at(0));
  statistics.solves = static_cast<long>(counts.at(1));
  statistics.workspace_retries = static_cast<long>(counts.at(2));
  statistics.analysis_seconds = numbers.at(0);
  statistics.factor_seconds = numbers.at(1);
  statistics.solve_seconds = numbers.at(2);
  statistics.memory_mb = numbers.at(3);
  statistics.memory_mb_max = numbers.at(4);
  statistics.max_relative_residual = numbers.at(5);
}

}  // namespace symwave::solvers::fdfd
