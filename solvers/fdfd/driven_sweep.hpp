// Fields of given currents at many frequencies, dealt to groups of ranks.
#pragma once

#include <functional>
#include <vector>

#include "domain/base/rank_groups.hpp"
#include "domain/base/state_archive.hpp"
#include "solvers/fdfd/driven_fields.hpp"
#include "solvers/yee/transforms.hpp"

namespace symwave::solvers::fdfd {

/// As many groups of ranks as there are solve one frequency each (solvers/fdfd/sweep.hpp); every
/// rank keeps its columns of the lattice at all frequencies, whichever group solved them. All
/// members except the accessors are collective on groups.World().
class DrivenSweep : public yee::Transforms {
 public:
  /// What stands and acts at one frequency.
  struct Problem {
    domain::PermittivityMap media;
    std::vector<PointCurrent> currents;  ///< as DrivenFields::Solve takes them
  };
  /// Frequency `number` of the list; called on the ranks of one group, must not communicate.
  using ProblemAt = std::function<Problem(size_t number)>;
  /// `count` frequencies from number `first` of the list are solved; the same on every rank. False
  /// ends the sweep.
  using Solved = std::function<bool(size_t first, size_t count)>;

  /// The groups must outlive the object. UserError for more ranks than columns of points.
  DrivenSweep(const base::RankGroups& groups, const domain::Lattice& lattice,
              const DirectSolverOptions& options);

  const domain::Lattice& Lattice() const override { return fields_.Points().Lattice(); }
  MPI_Comm Comm() const override { return groups_.World(); }
  double TimeStep() const override { return 0; }
  /// Before the first Solve.
  int AddDft(const yee::DftRequest& request) override;
  /// Zero at the frequencies that were not solved.
  yee::DftBlock Dft(int number) const override { return results_[static_cast<size_t>(number)]; }

  /// As many of the frequencies [1/um] at a time as there are groups; `solved` is called after each
  /// time. UserError on all ranks, that of the first frequency which has one.
  void Solve(const std::vector<double>& omegas, const ProblemAt& problem_at, const Solved& solved);
  /// The last solution of this rank's group: frequency groups.GroupOf(k) of the present ones.
  const DrivenFields& OfGroup() const { return fields_; }

  /// What has been recorded, and what it took, resumed runs included. Before restoring, the same
  /// transforms are added.
  void SaveOrRestore(base::StateArchive& archive);
  /// Of all groups so far.
  SolverStatistics Statistics() const;

 private:
  /// What the groups have recorded goes to the ranks whose columns it belongs to; `solves`: this
  /// rank's group has solved a frequency this time.
  void Deal(bool solves);
  void Keep(const std::vector<char>& bytes);

  const base::RankGroups& groups_;
  DrivenFields fields_;
  std::vector<domain::IndexBox> owned_;  ///< by the ranks of World()
  std::vector<yee::DftBlock> results_;
  SolverStatistics earlier_;  ///< of the run that is resumed
};

}  // namespace symwave::solvers::fdfd
