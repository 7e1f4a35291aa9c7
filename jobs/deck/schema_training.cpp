// The deck language of trainers, optimizers and losses, for chips and optical benches.
#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

using namespace symwave::io;
using base::Unit;

namespace {

Section<training::OptimizerOptions> OptimizerSection() {
  using training::OptimizerKind;
  using training::OptimizerOptions;
  using training::Schedule;
  const auto fraction = Real(Unit::One, {0, 1, false, true});
  return Section<OptimizerOptions>("How a gradient changes the commands.")
      .Key("kind", &OptimizerOptions::kind,
           Choice<OptimizerKind>({{"adam", OptimizerKind::Adam}, {"sgd", OptimizerKind::Sgd}}),
           "Method.")
      .Key("learning_rate", &OptimizerOptions::learning_rate, Real(Unit::One, Positive()),
           "Step in radians (adam) or radians per unit of gradient (sgd).")
      .Key("beta1", &OptimizerOptions::beta1, fraction, "Adam: memory of the gradient.")
      .Key("beta2", &OptimizerOptions::beta2, fraction, "Adam: memory of its square.")
      .Key("epsilon", &OptimizerOptions::epsilon, Real(Unit::One, Positive()),
           "Adam: smallest divisor.")
      .Key("momentum", &OptimizerOptions::momentum, fraction, "Sgd: memory of the step.")
      .Key("schedule", &OptimizerOptions::schedule,
           Choice<Schedule>({{"cosine", Schedule::Cosine},
                             {"constant", Schedule::Constant},
                             {"step", Schedule::Step}}),
           "How the learning rate falls over the training.")
      .Key("final_rate", &OptimizerOptions::final_rate, Real(Unit::One, Between(0, 1)),
           "Cosine: part of learning_rate that is left at the end.")
      .Key("step_epochs", &OptimizerOptions::step_epochs, Integer<int>(1),
           "Step: epochs between two falls.")
      .Key("step_factor", &OptimizerOptions::step_factor, Real(Unit::One, {0, 1, true, false}),
           "Step: factor of each fall.");
}

Section<training::LossOptions> LossSection() {
  using training::LossKind;
  using training::LossOptions;
  return Section<LossOptions>("What training makes small.")
      .Key("kind", &LossOptions::kind,
           Choice<LossKind>(
               {{"cross_entropy", LossKind::CrossEntropy}, {"mean_square", LossKind::MeanSquare}}),
           "Loss on the scores of the classes.")
      .Key("gain", &LossOptions::gain, Real(Unit::One, Positive()),
           "Cross entropy: logit per score, such as the share of the detected light.");
}

Section<training::EarlyStopOptions> EarlyStopSection() {
  using training::EarlyStopOptions;
  return Section<EarlyStopOptions>("Ends a training whose loss falls no more.")
      .Key("patience", &EarlyStopOptions::patience, Integer<int>(0),
           "Epochs without a gain after which training ends; 0: never.")
      .Key("smallest_gain", &EarlyStopOptions::smallest_gain, Real(Unit::One, AtLeast(0)),
           "A smaller fall of the loss is no gain.");
}

Section<training::SwarmOptions> SwarmSection() {
  using training::SwarmOptions;
  return Section<SwarmOptions>("Particle swarm.")
      .Key("particles", &SwarmOptions::particles, Integer<int>(2, 10000), "Particles.")
      .Key("inertia", &SwarmOptions::inertia, Real(Unit::One, Between(0, 1)),
           "Part of the velocity that is kept.")
      .Key("cognitive", &SwarmOptions::cognitive, Real(Unit::One, AtLeast(0)),
           "Pull to the particle's own best place.")
      .Key("social", &SwarmOptions::social, Real(Unit::One, AtLeast(0)),
           "Pull to the best place of all.")
      .Key("range", &SwarmOptions::range, Real(Unit::Radian, Positive()),
           "First places: uniform, +- this about the first commands.");
}

Type<training::TrainerKind> TrainerKinds() {
  using training::TrainerKind;
  return Choice<TrainerKind>({{"forward_mode", TrainerKind::ForwardMode},
                              {"in_silico", TrainerKind::InSilico},
                              {"physics_aware", TrainerKind::PhysicsAware},
                              {"reverse", TrainerKind::Reverse},
                              {"spsa", TrainerKind::Spsa},
                              {"swarm", TrainerKind::Swarm},
                              {"finite_difference", TrainerKind::FiniteDifference}});
}

Section<training::TrainingOptions> RivalKeys() {
  using training::FiniteDifferenceOptions;
  using training::SpsaOptions;
  using training::TrainingOptions;
  const auto spsa = Section<SpsaOptions>("Simultaneous perturbation.")
                        .Key("perturbation", &SpsaOptions::perturbation,
                             Real(Unit::Radian, Positive()), "Of every command.");
  const auto difference =
      Section<FiniteDifferenceOptions>("Central differences, two losses per command.")
          .Key("step", &FiniteDifferenceOptions::step, Real(Unit::Radian, Positive()),
               "Of one command.")
          .Key("largest_commands", &FiniteDifferenceOptions::largest_commands, Integer<long>(1),
               "More commands are refused.");
  return Section<TrainingOptions>("The trainers that see losses alone.")
      .Key("early_stop", &TrainingOptions::early_stop, EarlyStopSection().AsType(),
           "Ends a training whose loss falls no more.")
      .Key("spsa", &TrainingOptions::spsa, spsa.AsType(), "Simultaneous perturbation.")
      .Key("swarm", &TrainingOptions::swarm, SwarmSection().AsType(), "Particle swarm.")
      .Key("finite_difference", &TrainingOptions::finite_difference, difference.AsType(),
           "Central differences.");
}

Section<training::TrainingOptions> TrainingKeys() {
  using training::ErrorPass;
  using training::TrainingOptions;
  return Section<TrainingOptions>("Trainers and their schedule.")
      .Key("trainers", &TrainingOptions::trainers, ListOf(TrainerKinds(), 1),
           "forward_mode on the hardware, in_silico on the ideal model, physics_aware with the "
           "hardware's outputs and the model's gradient, reverse through the output side; spsa, "
           "swarm and finite_difference from losses alone.")
      .Key("error_pass", &TrainingOptions::error_pass,
           Choice<ErrorPass>({{"symmetric", ErrorPass::Symmetric},
                              {"mirrored", ErrorPass::Mirrored},
                              {"reverse", ErrorPass::Reverse}}),
           "How the error travels: through the same device, the device with mirrored commands, or "
           "from the output ports.")
      .Key("epochs", &TrainingOptions::epochs, Integer<int>(1), "Passes over the data.")
      .Key("batch", &TrainingOptions::batch, Integer<int>(0), "Samples per step, 0 for all.")
      .Key("seed", &TrainingOptions::seed, Seed(), "Initial commands and order of the batches.")
      .Key("initial_spread", &TrainingOptions::initial_spread, Real(Unit::Radian, AtLeast(0)),
           "Rms of the initial commands.")
      .Key(
          "symmetry_threshold", &TrainingOptions::symmetry_threshold, Real(Unit::One, Positive()),
          "norm(W - W^T) / norm(W) above which error_pass: symmetric is refused; on a bench, where "
          "noise counts too, only a warning.")
      .Key("ignore_asymmetry", &TrainingOptions::ignore_asymmetry, Bool(),
           "Train with a wrong gradient rather than refuse.")
      .Removed("checkpoint_every",
               "write the time between two checkpoints, output.checkpoint.every: 10 min");
}

}  // namespace

Section<DeckOptions> TrainingSection() {
  constexpr auto training = [](auto& deck) -> auto& {
    return deck.training;
  };
  return Section<DeckOptions>("Trainers and their schedule.")
      .Embed(training, TrainingKeys())
      .Embed(training, RivalKeys())
      .Key("deploy", &DeckOptions::deploy, ListOf(Text()),
           "Chips: results.h5 of other trainings, from the working folder; what their commands do "
           "on the hardware here is measured at the end.")
      .Key("loss", &DeckOptions::loss, LossSection().AsType(), "What training makes small.")
      .Key("optimizer", &DeckOptions::optimizer, OptimizerSection().AsType(),
           "How a gradient changes the commands.")
      .Where(&DeckOptions::training_where);
}

Type<std::vector<training::TrainerKind>> TrainerList() {
  return ListOf(TrainerKinds());
}

}  // namespace symwave::jobs::deck
