// One focus at a time: a plane wave, a mask, a scatterer and a camera.
#pragma once

#include <functional>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/spots/spot_bench.hpp"
#include "training/bench/spot_metrics.hpp"
#include "training/trainer_state.hpp"

namespace symwave::jobs::spots {

/// What the camera saw after a step, at the mask before that step's update.
struct FocusRecord {
  long epoch = 0;
  double loss = 0;
  long passes = 0;
  double seconds = 0;
  training::bench::SpotQuality quality;
};

struct FocusRun {
  training::TrainerKind kind = training::TrainerKind::ForwardMode;
  int position = 0;
  std::vector<FocusRecord> history;
  training::bench::SpotQuality final;
  training::bench::Frame frame;  ///< of the trained mask
};

/// A training that has begun: with the records of its finished epochs.
struct FocusTraining {
  training::TrainerState state;
  FocusRun run;
};

/// Of one group of ranks, on which everything is collective.
template <class Real>
class FocusBench {
 public:
  /// `group`: the ranks of the group; they share every plane.
  FocusBench(MPI_Comm group, const deck::BenchOptions& options);

  /// Trains the mask of one spot for `epochs`, from where `training` stands, to the frame of the
  /// trained mask; `number` is that of its noise. Calls `after_step` when `training` is up to date;
  /// it returns false to stop there, as does this.
  bool Train(training::TrainerKind kind, const training::bench::Spot& spot, int number, int epochs,
             FocusTraining& training, const std::function<bool()>& after_step);
  /// The frame of the lens without aberrations: through the scatterer, or on the bench without it.
  training::bench::Frame Lens(const training::bench::Spot& spot, bool scattered);
  /// The frame of an even mask.
  training::bench::Frame Even();
  /// Of the bench with an even mask.
  double SymmetryDefect() { return bench_.SymmetryDefect(); }
  /// Which commands of a mask this rank has.
  training::CommandShare Share() const { return bench_.Share(); }

 private:
  training::bench::Frame Observed(training::bench::BenchSystem<Real>& bench,
                                  const Eigen::VectorXd& commands, int number);

  const deck::BenchOptions& options_;
  SpotBench<Real> bench_;
  training::bench::Planes<Real> wave_;
};

/// First record from which on the focus stays what it should be: its brightest pixel in the spot
/// and both widths at most `width`; null when the last one is not.
const FocusRecord* FirstLasting(const FocusRun& run, double width);
/// First record with a loss of at most `loss`; null without one.
const FocusRecord* FirstBelow(const FocusRun& run, double loss);

}  // namespace symwave::jobs::spots
