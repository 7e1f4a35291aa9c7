#include "solvers/fdfd/sweep.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "domain/base/agreement.hpp"
#include "domain/base/error.hpp"
#include "solvers/fdfd/scattering_message.hpp"

namespace symwave::solvers::fdfd {

Sweep::Sweep(const base::RankGroups& groups, const domain::Lattice& lattice,
             const DirectSolverOptions& options, std::shared_ptr<modes::CrossSectionModes> known)
    : groups_(groups), simulation_(groups.Group(), lattice, options, std::move(known)) {}

void Sweep::Solve(const std::vector<double>& wavelengths, const MediaAt& media_at,
                  const std::vector<domain::PlanePort>& ports, const Solved& solved, Keep keep) {
  const auto at_once = static_cast<size_t>(groups_.Count());
  for (size_t first = 0; first < wavelengths.size(); first += at_once) {
    const size_t count = std::min(at_once, wavelengths.size() - first);
    std::vector<std::vector<char>> mine;
    for (const long item : groups_.Mine(static_cast<long>(count))) {
      mine.push_back(
          SolveOne(wavelengths[first + static_cast<size_t>(item)], media_at, ports, keep));
    }
    std::vector<Scattering> points;
    for (const auto& bytes : groups_.Collect(static_cast<long>(count), mine)) {
      base::Unpacker packed(bytes);
      std::string error;
      packed.Take(error);
      if (!error.empty()) throw base::UserError(error);
      points.push_back(UnpackScattering(packed));
    }
    if (!solved(first, points)) return;
  }
}

/// Collective on the group: error and solution as a message.
std::vector<char> Sweep::SolveOne(double wavelength, const MediaAt& media_at,
                                  const std::vector<domain::PlanePort>& ports, Keep keep) {
  base::Packer packer;
  try {
    const Scattering point = simulation_.Solve(wavelength, media_at(wavelength), ports, keep);
    packer.Add(std::string());
    Pack(point, packer);
  } catch (const base::UserError& error) {
    // Of one rank alone: the others of the group wait for it in the solver.
    if (!base::FailureAgreedOn(groups_.Group())) throw;
    packer.Add(std::string(error.what()));
  }
  return packer.Bytes();
}

SolverStatistics Sweep::Statistics() const {
  SolverStatistics all = simulation_.Statistics();
  // Ranks of one group know the same: only leaders count.
  const double leads = groups_.LeadsGroup() ? 1 : 0;
  std::array<double, 4> sums{
      leads * static_cast<double>(all.factorizations), leads * static_cast<double>(all.solves),
      leads * static_cast<double>(all.workspace_retries), leads * all.memory_mb};
  std::array<double, 5> largest{all.analysis_seconds, all.factor_seconds, all.solve_seconds,
                                all.memory_mb_max, all.max_relative_residual};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 4, MPI_DOUBLE, MPI_SUM, groups_.World()));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, largest.data(), 5, MPI_DOUBLE, MPI_MAX, groups_.World()));
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

}  // namespace symwave::solvers::fdfd
