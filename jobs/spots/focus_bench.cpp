#include "jobs/spots/focus_bench.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "jobs/train/bench/bench_passes.hpp"
#include "training/bench/error_launch.hpp"
#include "training/bench/spot_objective.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using namespace training::bench;
using training::TrainerKind;

namespace {

constexpr int kLook = kFirstOfJob;  // kind of MeasurementKey of frames that belong to no training

}  // namespace

template <class Real>
FocusBench<Real>::FocusBench(MPI_Comm group, const deck::BenchOptions& options)
    : options_(options),
      ranks_(group, base::Communicator::SizeOf(group)),
      bench_(ranks_.Plane(), options.bench.geometry, options.bench.errors, options.bench.compute),
      model_(ranks_.Plane(), options.bench.geometry, {}, options.bench.compute),
      layout_(PixelRangeOf(bench_)),
      wave_(Planes<Real>::Ones(layout_.count, 1)) {}

template <class Real>
int FocusBench<Real>::Epochs(TrainerKind kind) const {
  if (!training::IsGradientFree(kind)) return options_.training.epochs;
  const long passes = options_.bench.focus->rival_passes;
  return static_cast<int>(
      std::max(1L, passes / train::bench::TrainingPasses(options_, kind, 1, 1)));
}

template <class Real>
FocusRun FocusBench<Real>::Train(TrainerKind kind, const Spot& spot, int position, int epochs,
                                 const std::function<void(long, double)>& after_epoch) {
  SpotObjectiveOptions objective_options;
  objective_options.kind = kind;
  objective_options.error_launch = options_.bench.error_launch;
  objective_options.first_sample = position;
  SpotObjective<Real> objective(ranks_, objective_options, wave_, {spot}, bench_, model_);
  training::TrainerOptions trainer_options{kind, options_.training, options_.optimizer};
  trainer_options.training.epochs = epochs;
  trainer_options.training.batch = 0;
  training::Trainer trainer(objective, trainer_options);
  training::TrainerState state = trainer.Start(training::TrainerName(kind));
  FocusRun run;
  run.kind = kind;
  run.position = position;
  const auto look = [&] {
    return WholeFrame(layout_, options_.bench.geometry.pitch,
                      objective.Tested().col(0).template cast<double>());
  };
  trainer.Run(state, [&](const training::TrainerState& now) {
    const training::EpochRecord& epoch = now.history.back();
    run.history.push_back(
        {epoch.epoch, epoch.loss, epoch.passes, epoch.seconds, JudgeSpot(look(), spot)});
    after_epoch(epoch.passes, run.history.back().quality.share);
    return true;
  });
  objective.Test(state.commands, static_cast<std::uint64_t>(epochs) + 1);
  run.frame = look();
  run.final = JudgeSpot(run.frame, spot);
  return run;
}

template <class Real>
Frame FocusBench<Real>::Capture(BenchSystem<Real>& bench, const Eigen::VectorXd& commands,
                                int number) {
  bench.Program(commands);
  const RealPlanes<Real> frame = bench.Observe(wave_, {0, 0, kLook, &number});
  return WholeFrame(layout_, options_.bench.geometry.pitch, frame.col(0).template cast<double>());
}

template <class Real>
Frame FocusBench<Real>::Lens(const Spot& spot, bool scattered) {
  return Capture(scattered ? bench_ : model_,
                 LensPhase(layout_, options_.bench.geometry, spot.x, spot.y), 0);
}

template <class Real>
Frame FocusBench<Real>::Even() {
  return Capture(bench_, Eigen::VectorXd::Zero(layout_.count), 1);
}

template <class Real>
double FocusBench<Real>::SymmetryDefect() {
  bench_.Program(Eigen::VectorXd::Zero(layout_.count));
  return training::bench::SymmetryDefect(bench_, options_.bench.error_launch.differential, 0);
}

const FocusRecord* FirstLasting(const FocusRun& run, double width) {
  const FocusRecord* first = nullptr;
  for (auto record = run.history.rbegin(); record != run.history.rend(); ++record) {
    const SpotQuality& q = record->quality;
    if (!q.brightest || std::max(q.fwhm_x, q.fwhm_y) > width) break;
    first = &*record;
  }
  return first;
}

const FocusRecord* FirstBelow(const FocusRun& run, double loss) {
  for (const FocusRecord& record : run.history) {
    if (record.loss <= loss) return &record;
  }
  return nullptr;
}

template class FocusBench<float>;
template class FocusBench<double>;

}  // namespace symwave::jobs::spots
