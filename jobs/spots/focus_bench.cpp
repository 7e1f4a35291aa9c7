#include "jobs/spots/focus_bench.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using namespace training::bench;
using training::TrainerKind;

namespace {

constexpr int kUntrained = kFirstOfJob;  // kind of MeasurementKey of frames without a training

}  // namespace

template <class Real>
FocusBench<Real>::FocusBench(MPI_Comm group, const deck::BenchOptions& options)
    : options_(options),
      bench_(group, base::Communicator::SizeOf(group), options, options.bench.errors),
      wave_(Planes<Real>::Ones(bench_.Pixels().count, 1)) {}

template <class Real>
bool FocusBench<Real>::Train(TrainerKind kind, const Spot& spot, int number, int epochs,
                             FocusTraining& training, const std::function<bool()>& after_step) {
  SpotObjective<Real> objective = bench_.Objective(kind, 0, number, "spots", wave_, {spot});
  training::TrainerOptions trainer_options{kind, options_.training, options_.optimizer};
  trainer_options.training.epochs = epochs;
  trainer_options.training.batch = 0;
  training::Trainer trainer(objective, trainer_options);
  training::TrainerState& state = training.state;
  FocusRun& run = training.run;
  if (state.name.empty()) state = trainer.Start(training::TrainerName(kind));
  const auto tested = [&] { return bench_.Whole(objective.Tested(), 0); };
  bool goes_on = true;
  // The only sample is the only batch of an epoch: a step is one.
  trainer.Run(state, [&](const training::TrainerState& now) {
    const training::EpochRecord& epoch = now.history.back();
    run.history.push_back(
        {epoch.epoch, epoch.loss, epoch.passes, epoch.seconds, JudgeSpot(tested(), spot)});
    goes_on = after_step();
    return goes_on;
  });
  if (!goes_on) return false;
  objective.Test(state.commands, static_cast<std::uint64_t>(epochs) + 1);
  run.frame = tested();
  run.final = JudgeSpot(run.frame, spot);
  return true;
}

template <class Real>
Frame FocusBench<Real>::Observed(BenchSystem<Real>& bench, const Eigen::VectorXd& commands,
                                 int number) {
  bench.Program(commands);
  return bench_.Whole(bench.Observe(wave_, {0, 0, kUntrained, &number}), 0);
}

template <class Real>
Frame FocusBench<Real>::Lens(const Spot& spot, bool scattered) {
  return Observed(scattered ? bench_.Bench() : bench_.Model(),
                  LensPhase(bench_.Pixels(), options_.bench.geometry, spot.x, spot.y), 0);
}

template <class Real>
Frame FocusBench<Real>::Even() {
  return Observed(bench_.Bench(), Eigen::VectorXd::Zero(bench_.Pixels().count), 1);
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
