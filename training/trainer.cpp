#include "training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/random.hpp"
#include "training/finite_difference.hpp"
#include "training/random.hpp"
#include "training/schedule.hpp"
#include "training/spsa.hpp"
#include "training/swarm.hpp"

namespace symwave::training {

namespace {

int CountSteps(int samples, int batch) {
  return batch <= 0 || batch >= samples ? 1 : (samples + batch - 1) / batch;
}

/// The samples of every step of an epoch.
std::vector<std::vector<int>> Batches(int samples, int batch, std::uint64_t seed, int epoch) {
  const int steps = CountSteps(samples, batch);
  std::vector<int> order(static_cast<std::size_t>(samples));
  std::iota(order.begin(), order.end(), 0);
  if (steps == 1) return {order};
  order = Permutation(samples, base::MixSeed(seed, static_cast<std::uint64_t>(epoch)));
  std::vector<std::vector<int>> batches;
  for (int s = 0; s < steps; ++s) {
    const int last = std::min((s + 1) * batch, samples);
    batches.emplace_back(order.begin() + s * batch, order.begin() + last);
  }
  return batches;
}

void AddParts(const std::vector<PartMeasurement>& measured, double share,
              std::vector<PartRecord>& parts) {
  parts.resize(std::max(parts.size(), measured.size()));
  for (std::size_t k = 0; k < measured.size(); ++k) {
    parts[k].loss += share * measured[k].loss;
    parts[k].train_accuracy += share * measured[k].accuracy;
  }
}

/// `learned`: the steps of the epoch have measured the parts.
void TestParts(const std::vector<PartMeasurement>& measured, bool learned,
               std::vector<PartRecord>& parts) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (!learned) parts.assign(measured.size(), {kUnknown, kUnknown, kUnknown});
  for (std::size_t k = 0; k < measured.size(); ++k) parts[k].test_accuracy = measured[k].accuracy;
}

}  // namespace

std::string TrainerName(TrainerKind kind) {
  switch (kind) {
    case TrainerKind::InSilico:
      return "in_silico";
    case TrainerKind::Reverse:
      return "reverse";
    case TrainerKind::PhysicsAware:
      return "physics_aware";
    case TrainerKind::Spsa:
      return "spsa";
    case TrainerKind::Swarm:
      return "swarm";
    case TrainerKind::FiniteDifference:
      return "finite_difference";
    case TrainerKind::ForwardMode:
      break;
  }
  return "forward_mode";
}

bool IsGradientFree(TrainerKind kind) {
  return kind == TrainerKind::Spsa || kind == TrainerKind::Swarm ||
         kind == TrainerKind::FiniteDifference;
}

Trainer::Trainer(Objective& objective, const TrainerOptions& options)
    : objective_(objective),
      options_(options),
      share_(ShareOf(objective)),
      optimizer_(options.optimizer, static_cast<long>(options.training.epochs) * StepsPerEpoch(),
                 StepsPerEpoch()) {
  if (options.kind == TrainerKind::FiniteDifference) {
    RefuseManyCommands(share_.All(), options.training.finite_difference);
  }
}

int Trainer::StepsPerEpoch() const {
  return CountSteps(objective_.Samples(), options_.training.batch);
}

TrainerState Trainer::Start(const std::string& name) const {
  const TrainingOptions& training = options_.training;
  TrainerState state;
  state.name = name;
  state.share = share_;
  state.commands.resize(share_.Size());
  for (Eigen::Index c = 0; c < state.commands.size(); ++c) {
    state.commands(c) = training.initial_spread * Gaussians(training.seed, share_.Number(c)).a;
  }
  objective_.Constrain(state.commands);
  state.optimizer = Optimizer::Start(share_.Size());
  if (options_.kind == TrainerKind::Swarm) {
    state.swarm = StartSwarm(objective_, share_, state.commands, training.seed, training.swarm);
  }
  return state;
}

Measurement Trainer::Measure(TrainerState& state, const std::vector<int>& batch) {
  base::FaultPoint("trainer/measure");
  const TrainingOptions& training = options_.training;
  const long step = state.optimizer.steps;
  switch (options_.kind) {
    case TrainerKind::Spsa:
      return SpsaGradient(objective_, share_, state.commands, batch, training.seed, step,
                          training.spsa);
    case TrainerKind::FiniteDifference:
      return FiniteDifferenceGradient(objective_, share_, state.commands, batch, step,
                                      training.finite_difference);
    case TrainerKind::Swarm:
      return SwarmStep(objective_, share_, batch, training.seed, step, training.swarm, state.swarm,
                       state.commands);
    default:
      return objective_.Learn(state.commands, batch, static_cast<std::uint64_t>(step));
  }
}

void Trainer::Step(const std::vector<std::vector<int>>& batches, TrainerState& state) {
  const std::vector<int>& batch = batches.at(static_cast<std::size_t>(state.batch));
  const bool last = &batch == &batches.back();
  EpochRecord& record = state.at_work;
  record.epoch = state.epoch + 1;
  const Measurement step = Measure(state, batch);
  if (!std::isfinite(step.loss)) {
    base::Fail(
        "trainer {}: the loss of epoch {} is {}, not a finite number; lower "
        "training.optimizer.learning_rate, or check the data",
        state.name, record.epoch, step.loss);
  }
  const double share =
      batches.size() == 1 ? 1.0 : static_cast<double>(batch.size()) / objective_.Samples();
  record.loss += share * step.loss;
  record.train_accuracy += share * step.accuracy;
  AddParts(step.parts, share, record.parts);
  record.symmetry_defect = std::max(record.symmetry_defect, step.defect);
  state.passes += step.passes;
  if (last) {
    record.gradient_norm = NormOver(objective_.CommandComm(), step.gradient);
    const Measurement test =
        objective_.Test(state.commands, static_cast<std::uint64_t>(state.optimizer.steps + 1));
    record.test_accuracy = test.accuracy;
    TestParts(test.parts, !step.parts.empty(), record.parts);
  }
  if (options_.kind == TrainerKind::Swarm) {
    ++state.optimizer.steps;
  } else {
    optimizer_.Apply(step.gradient, state.optimizer, state.commands);
    objective_.Constrain(state.commands);
  }
  ++state.batch;
}

bool Trainer::Finished(const TrainerState& state) const {
  return state.epoch >= options_.training.epochs ||
         StopsEarly(state.history, options_.training.early_stop);
}

void Trainer::RequireReachable(const TrainerState& state) const {
  const int epochs = options_.training.epochs;
  const int begun = state.epoch + (state.batch > 0 ? 1 : 0);
  if (begun <= epochs) return;
  base::Fail(
      "training.epochs: {}, but '{}' has been trained for {} epochs{} already; give {} or more, or "
      "begin again without --resume",
      epochs, state.name, state.epoch, begun > state.epoch ? " and a part of the next" : "", begun);
}

void Trainer::Run(TrainerState& state, const std::function<bool(const TrainerState&)>& after_step) {
  std::vector<std::vector<int>> batches;
  while (!Finished(state)) {
    if (state.batch == 0) base::FaultPoint("trainer/epoch");
    if (state.batch == 0 || batches.empty()) {
      batches = Batches(objective_.Samples(), options_.training.batch, options_.training.seed,
                        state.epoch);
    }
    const double start = MPI_Wtime();
    Step(batches, state);
    double seconds = MPI_Wtime() - start;
    base::Mpi(MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, objective_.World()));
    state.seconds += seconds;
    if (state.batch == static_cast<int>(batches.size())) {
      state.at_work.passes = state.passes;
      state.at_work.seconds = state.seconds;
      state.history.push_back(state.at_work);
      state.at_work = {};
      state.batch = 0;
      ++state.epoch;
    }
    if (!after_step(state)) return;
  }
}

}  // namespace symwave::training
