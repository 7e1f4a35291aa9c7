// What the jobs that bring light into spots train on: a bench with a scatterer, and its model.
#pragma once

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "training/bench/bench_ranks.hpp"
#include "training/bench/bench_system.hpp"
#include "training/bench/spot_metrics.hpp"
#include "training/bench/spot_objective.hpp"

namespace symwave::jobs::spots {

/// All members but the accessors are collective on the ranks that share a plane.
template <class Real>
class SpotBench {
 public:
  /// Collective on `comm`. `errors`: of the bench. `options` must outlive the object.
  SpotBench(MPI_Comm comm, int ranks_per_plane, const deck::BenchOptions& options,
            const training::bench::BenchErrors& errors);

  const training::bench::BenchRanks& Ranks() const { return ranks_; }
  const training::bench::PixelRange& Pixels() const { return layout_; }
  training::bench::BenchSystem<Real>& Bench() { return bench_; }
  training::bench::BenchSystem<Real>& Model() { return model_; }
  /// Which commands of the mask this rank has.
  training::CommandShare Share() const;

  /// Of the bench with an even mask, with a warning where it is large.
  double SymmetryDefect();
  /// `launched` must outlive it; `name`: of the spots in sentences.
  training::bench::SpotObjective<Real> Objective(training::TrainerKind kind, double crosstalk,
                                                 int first_sample, const std::string& name,
                                                 const training::bench::Planes<Real>& launched,
                                                 const std::vector<training::bench::Spot>& spots);
  /// The whole plane of column `number` of what this rank has of some.
  training::bench::Frame Whole(const training::bench::RealPlanes<Real>& frames,
                               Eigen::Index number) const;

 private:
  const deck::BenchOptions& options_;
  training::bench::BenchRanks ranks_;
  training::bench::BenchSystem<Real> bench_, model_;
  training::bench::PixelRange layout_;
};

}  // namespace symwave::jobs::spots
