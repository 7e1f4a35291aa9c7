#include "solvers/fdfd/driven_sweep.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/packing.hpp"
#include "solvers/fdfd/simulation.hpp"
#include "solvers/fdfd/solver_statistics.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdfd {

using domain::IndexBox;

namespace {

/// Calls visit(component, j, k) for the rows along x of a flat or solid box.
template <class Visit>
void ForEachRow(const IndexBox& box, size_t components, const Visit& visit) {
  for (int c = 0; c < static_cast<int>(components); ++c) {
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) visit(c, j, k);
    }
  }
}

/// The points of `part` at the one frequency of a block.
std::vector<Complex> ValuesIn(const yee::DftBlock& block, const IndexBox& part) {
  std::vector<Complex> values;
  values.reserve(static_cast<size_t>(part.Count()) * block.components.size());
  ForEachRow(part, block.components.size(), [&](int c, int j, int k) {
    const Complex* row = &block.values[block.Place(c, 0, part.lo[0], j, k)];
    values.insert(values.end(), row, row + part.Extent(0));
  });
  return values;
}

}  // namespace

DrivenSweep::DrivenSweep(const base::RankGroups& groups, const domain::Lattice& lattice,
                         const DirectSolverOptions& options)
    : groups_(groups), fields_(groups.Group(), lattice, options) {
  base::Packer mine;
  mine.Add(OwnedPoints(fields_.Points(), ColumnsOf(groups.World(), fields_.Points())));
  for (const std::vector<char>& bytes : base::GatherFromAll(groups.World(), mine.Bytes())) {
    base::Unpacker(bytes).Take(owned_.emplace_back());
  }
}

int DrivenSweep::AddDft(const yee::DftRequest& request) {
  const int rank = base::Communicator::RankIn(groups_.World());
  yee::DftBlock block;
  block.box = domain::Intersect(request.box, owned_[static_cast<size_t>(rank)]);
  block.components = request.components;
  block.omegas = request.omegas;
  block.Clear();
  results_.push_back(std::move(block));
  return fields_.AddDft(request);
}

void DrivenSweep::Solve(const std::vector<double>& omegas, const ProblemAt& problem_at,
                        const Solved& solved) {
  const auto at_once = static_cast<size_t>(groups_.Count());
  for (size_t first = 0; first < omegas.size(); first += at_once) {
    const size_t count = std::min(at_once, omegas.size() - first);
    groups_.Work(static_cast<long>(count), [&](long item, base::Packer&) {
      const size_t number = first + static_cast<size_t>(item);
      const Problem problem = problem_at(number);
      fields_.Solve(omegas[number], problem.media, problem.currents);
    });
    Deal(groups_.Number() < static_cast<int>(count));
    if (!solved(first, count)) return;
  }
}

void DrivenSweep::Deal(bool solves) {
  std::vector<std::vector<char>> for_rank(owned_.size());
  for (size_t rank = 0; rank < owned_.size() && solves; ++rank) {
    base::Packer packer;
    for (size_t n = 0; n < results_.size(); ++n) {
      const yee::DftBlock& block = fields_.Dft(static_cast<int>(n));
      const IndexBox part = domain::Intersect(block.box, owned_[rank]);
      if (block.omegas.empty() || part.Empty()) continue;
      packer.Add(n);
      packer.Add(block.omegas.front());
      packer.Add(part);
      packer.Add(ValuesIn(block, part));
    }
    for_rank[rank] = packer.Bytes();
  }
  for (const std::vector<char>& bytes : base::Exchange(groups_.World(), for_rank)) Keep(bytes);
}

void DrivenSweep::Keep(const std::vector<char>& bytes) {
  base::Unpacker packed(bytes);
  while (!packed.AtEnd()) {
    size_t n = 0;
    double omega = 0;
    IndexBox part;
    std::vector<Complex> values;
    packed.Take(n);
    packed.Take(omega);
    packed.Take(part);
    packed.Take(values);
    yee::DftBlock& block = results_.at(n);
    const int w = PlaceOf(block.omegas, omega);
    base::Require(w >= 0, "a frequency that was asked for");
    const Complex* row = values.data();
    ForEachRow(part, block.components.size(), [&](int c, int j, int k) {
      std::copy_n(row, part.Extent(0), &block.values[block.Place(c, w, part.lo[0], j, k)]);
      row += part.Extent(0);
    });
  }
}

void DrivenSweep::SaveOrRestore(base::StateArchive& archive) {
  for (size_t n = 0; n < results_.size(); ++n) {
    fdtd::SaveOrRestore(archive, "fields/" + std::to_string(n), results_[n]);
  }
  SolverStatistics work = archive.Restoring() ? SolverStatistics() : Statistics();
  fdfd::SaveOrRestore(archive, work);
  if (archive.Restoring()) earlier_ = work;
}

SolverStatistics DrivenSweep::Statistics() const {
  SolverStatistics all = earlier_;
  all += OfAllGroups(groups_, fields_.Statistics());
  return all;
}

}  // namespace symwave::solvers::fdfd
