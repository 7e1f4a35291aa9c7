#include "training/trainer.hpp"

#include <algorithm>

#include "domain/base/random.hpp"
#include "training/random.hpp"

namespace symwave::training {

namespace {

int CountSteps(int samples, int batch) {
  return batch <= 0 || batch >= samples ? 1 : (samples + batch - 1) / batch;
}

// Command of the element at the mirror image of `element`, itself when it stands in the centre.
int MirrorCommand(const BlockShape& shape, int element) {
  return shape.first_command + shape.mirror_images[static_cast<std::size_t>(element)];
}

}  // namespace

TrainerOptions MakeTrainerOptions(TrainerKind kind, const TrainingOptions& training,
                                  const OptimizerOptions& optimizer) {
  TrainerOptions options;
  options.training = training;
  options.optimizer = optimizer;
  options.error_pass = kind == TrainerKind::Reverse ? ErrorPass::Reverse : training.error_pass;
  options.tied = training.error_pass == ErrorPass::Symmetric;
  return options;
}

std::string TrainerName(TrainerKind kind) {
  switch (kind) {
    case TrainerKind::InSilico:
      return "in_silico";
    case TrainerKind::Reverse:
      return "reverse";
    case TrainerKind::ForwardMode:
      break;
  }
  return "forward_mode";
}

Trainer::Trainer(Engine& engine, const SampleSet& train, const SampleSet& test,
                 const TrainerOptions& options)
    : engine_(engine),
      train_(train),
      test_(test),
      options_(options),
      optimizer_(options.optimizer, static_cast<long>(options.training.epochs) *
                                        CountSteps(train.Samples(), options.training.batch)) {}

int Trainer::StepsPerEpoch() const {
  return CountSteps(train_.Samples(), options_.training.batch);
}

TrainerState Trainer::Start(const std::string& name) const {
  const Network& network = engine_.Optics();
  TrainerState state;
  state.name = name;
  state.commands.resize(network.Commands());
  for (int c = 0; c < network.Commands(); ++c) {
    state.commands(c) = options_.training.initial_spread *
                        Gaussians(options_.training.seed, static_cast<std::uint64_t>(c)).a;
  }
  for (int b = 0; b < network.Blocks() && options_.tied; ++b) {
    const BlockShape& shape = network.Shape(b);
    for (int e = 0; e < shape.elements; ++e) {
      const int image = MirrorCommand(shape, e);
      if (image > shape.first_command + e) {
        state.commands(image) = state.commands(shape.first_command + e);
      }
    }
  }
  KeepPassive(state.commands);
  state.optimizer = Optimizer::Start(network.Commands());
  return state;
}

// Attenuators cannot amplify: a negative loss becomes none.
void Trainer::KeepPassive(Eigen::VectorXd& commands) const {
  const Network& network = engine_.Optics();
  for (int b = 0; b < network.Blocks(); ++b) {
    const BlockShape& shape = network.Shape(b);
    for (int e = 0; e < shape.elements; ++e) {
      double& command = commands(shape.first_command + e);
      if (shape.attenuators[static_cast<std::size_t>(e)]) command = std::max(0.0, command);
    }
  }
}

// A tied pair moves together: both get the sum of their gradients.
void Trainer::Tie(Eigen::VectorXd& gradient) const {
  const Network& network = engine_.Optics();
  for (int b = 0; b < network.Blocks(); ++b) {
    const BlockShape& shape = network.Shape(b);
    for (int e = 0; e < shape.elements; ++e) {
      const int command = shape.first_command + e;
      const int image = MirrorCommand(shape, e);
      if (image > command) {
        gradient(command) += gradient(image);
        gradient(image) = gradient(command);
      }
    }
  }
}

std::vector<int> Trainer::Batch(int epoch, int step) const {
  if (StepsPerEpoch() == 1) return AllSamples(train_);
  const std::vector<int> order = Permutation(
      train_.Samples(), base::MixSeed(options_.training.seed, static_cast<std::uint64_t>(epoch)));
  const int first = step * options_.training.batch;
  const int last = std::min(first + options_.training.batch, train_.Samples());
  return {order.begin() + first, order.begin() + last};
}

Step Trainer::Update(TrainerState& state, const std::vector<int>& batch) {
  Step step = engine_.TakeStep(state.commands, options_.error_pass, train_, batch,
                               static_cast<std::uint64_t>(state.optimizer.steps));
  if (state.optimizer.steps == 0 && !options_.training.ignore_asymmetry) {
    RefuseAsymmetry(step.defects, options_.error_pass, options_.training.symmetry_threshold);
  }
  if (options_.tied) Tie(step.gradient);
  optimizer_.Apply(step.gradient, state.optimizer, state.commands);
  KeepPassive(state.commands);
  state.passes += step.passes;
  return step;
}

EpochRecord Trainer::RunEpoch(TrainerState& state) {
  EpochRecord record;
  record.epoch = state.epoch + 1;
  const int steps = StepsPerEpoch();
  for (int s = 0; s < steps; ++s) {
    const std::vector<int> batch = Batch(state.epoch, s);
    const Step step = Update(state, batch);
    const double share = static_cast<double>(batch.size()) / train_.Samples();
    record.loss += share * step.loss;
    record.train_accuracy += share * step.accuracy;
    record.symmetry_defect = std::max(record.symmetry_defect,
                                      *std::max_element(step.defects.begin(), step.defects.end()));
    if (s + 1 == steps) {
      record.gradient_norm = step.gradient.norm();
      record.test_accuracy =
          engine_.Evaluate(step.responses, test_, static_cast<std::uint64_t>(state.optimizer.steps))
              .Accuracy();
    }
  }
  record.passes = state.passes;
  return record;
}

void Trainer::Run(TrainerState& state,
                  const std::function<bool(const TrainerState&)>& after_epoch) {
  while (state.epoch < options_.training.epochs) {
    const double start = MPI_Wtime();
    EpochRecord record = RunEpoch(state);
    double seconds = MPI_Wtime() - start;
    MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, engine_.Optics().World());
    state.seconds += seconds;
    record.seconds = state.seconds;
    state.history.push_back(record);
    ++state.epoch;
    if (!after_epoch(state)) return;
  }
}

}  // namespace symwave::training
