#include "training/bench/bench_objective.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "training/trainer.hpp"

namespace symwave::training::bench {

namespace {

PlaneEngineOptions EngineOptions(const BenchObjectiveOptions& options) {
  PlaneEngineOptions engine;
  engine.network = options.network;
  engine.loss = options.loss;
  engine.tile = options.tile;
  if (!ErrorsOnModel(options.kind)) engine.error_launch = options.error_launch;
  engine.error_side = options.kind == TrainerKind::ForwardMode ? Side::Input : Side::Output;
  return engine;
}

Measurement MeasurementOf(PlaneResult&& result) {
  Measurement measurement;
  measurement.loss = result.loss;
  measurement.accuracy = result.Accuracy();
  measurement.defect = result.defect;
  measurement.gradient = std::move(result.gradient);
  return measurement;
}

}  // namespace

template <class Real>
struct BenchObjective<Real>::Parts {
  using System = BenchSystem<Real>;

  Parts(const BenchRanks& bench_ranks, const BenchObjectiveOptions& o, const ImageSets& sets,
        System& bench, System& model)
      : ranks(bench_ranks),
        options(o),
        images(sets),
        learner(ranks, EngineOptions(o), sets.train, InSilico() ? model : bench,
                ErrorsOnModel(o.kind) ? model : bench),
        all_tests(static_cast<std::size_t>(sets.test.Samples())) {
    if (InSilico()) deployed.emplace(ranks, EngineOptions(o), sets.train, bench, bench);
    std::iota(all_tests.begin(), all_tests.end(), 0);
  }

  bool InSilico() const { return options.kind == TrainerKind::InSilico; }
  PlaneEngine<Real>& Deployed() { return deployed ? *deployed : learner; }

  const BenchRanks& ranks;
  BenchObjectiveOptions options;
  const ImageSets& images;
  PlaneEngine<Real> learner;
  std::optional<PlaneEngine<Real>> deployed;  ///< where it is not the learner
  std::vector<int> all_tests;
  BenchEffort spent;
};

template <class Real>
BenchObjective<Real>::BenchObjective(const BenchRanks& ranks, const BenchObjectiveOptions& options,
                                     const ImageSets& images, BenchSystem<Real>& bench,
                                     BenchSystem<Real>& model)
    : parts_(std::make_unique<Parts>(ranks, options, images, bench, model)) {}

template <class Real>
BenchObjective<Real>::~BenchObjective() = default;

template <class Real>
MPI_Comm BenchObjective<Real>::World() const {
  return parts_->ranks.World();
}

template <class Real>
MPI_Comm BenchObjective<Real>::CommandComm() const {
  return parts_->ranks.Plane();
}

template <class Real>
Eigen::Index BenchObjective<Real>::Commands() const {
  return parts_->learner.Commands();
}

template <class Real>
Eigen::Index BenchObjective<Real>::FirstCommand() const {
  return parts_->learner.Pixels().first;
}

template <class Real>
Eigen::Index BenchObjective<Real>::AllCommands() const {
  return CommandParts() * parts_->learner.Pixels().All();
}

template <class Real>
Eigen::Index BenchObjective<Real>::CommandParts() const {
  return parts_->options.network.layers;
}

template <class Real>
int BenchObjective<Real>::Samples() const {
  return parts_->images.train.Samples();
}

template <class Real>
Measurement BenchObjective<Real>::Learn(const Eigen::VectorXd& commands,
                                        const std::vector<int>& batch, std::uint64_t step) {
  Parts& parts = *parts_;
  const BenchEffort before = parts.learner.Effort();
  Measurement result =
      MeasurementOf(parts.learner.Learn(commands, parts.images.train, batch, step));
  const BenchEffort here = parts.learner.Effort() - before;
  if (!parts.InSilico()) parts.spent += here;
  // Error passes through the model count here, calibrations come on top.
  result.passes =
      std::max(here.launches, 2L * parts.options.network.layers * static_cast<long>(batch.size()));
  return result;
}

template <class Real>
Measurement BenchObjective<Real>::Probe(const Eigen::VectorXd& commands,
                                        const std::vector<int>& batch, std::uint64_t step) {
  Parts& parts = *parts_;
  PlaneEngine<Real>& engine = parts.learner;
  const BenchEffort before = engine.Effort();
  Measurement result =
      MeasurementOf(engine.Evaluate(commands, parts.images.train, batch, step, kData));
  if (!parts.InSilico()) parts.spent += engine.Effort() - before;
  result.passes = parts.options.network.layers * static_cast<long>(batch.size());
  return result;
}

template <class Real>
Measurement BenchObjective<Real>::Test(const Eigen::VectorXd& commands, std::uint64_t step) {
  Measurement result = MeasurementOf(Classify(commands, step));
  result.passes = parts_->options.network.layers * static_cast<long>(parts_->images.test.Samples());
  return result;
}

template <class Real>
PlaneResult BenchObjective<Real>::Classify(const Eigen::VectorXd& commands, std::uint64_t step) {
  return parts_->Deployed().Evaluate(commands, parts_->images.test, parts_->all_tests, step, kTest);
}

template <class Real>
PlaneEngine<Real>& BenchObjective<Real>::Learner() {
  return parts_->learner;
}

template <class Real>
PlaneEngine<Real>& BenchObjective<Real>::Deployed() {
  return parts_->Deployed();
}

template <class Real>
BenchEffort BenchObjective<Real>::Spent() const {
  return parts_->spent;
}

template <class Real>
BenchEffort BenchObjective<Real>::EffortOf(const TrainerState& state) const {
  const Parts& parts = *parts_;
  if (parts.InSilico()) return {};
  if (IsGradientFree(parts.options.kind)) {
    return parts.learner.EvaluateEffort(state.passes / parts.options.network.layers);
  }
  return parts.learner.LearnEffort(static_cast<long>(state.epoch) * Samples(),
                                   state.optimizer.steps);
}

template class BenchObjective<float>;
template class BenchObjective<double>;

}  // namespace symwave::training::bench
