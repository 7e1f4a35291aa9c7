// Two symmetric blocks with unknown phase offsets learn Iris by symmetric forward propagation; what
// was trained on the model without the offsets does not work on them.
#include <gtest/gtest.h>

#include "tests/unit/training/matrix_optics.hpp"
#include "training/chip_objective.hpp"
#include "training/dataset.hpp"
#include "training/split.hpp"
#include "training/trainer.hpp"

namespace symwave::training::testing {
namespace {

constexpr int kPorts = 8;

std::vector<std::shared_ptr<OpticalSystem>> TwoBlocks(bool ideal) {
  std::vector<std::shared_ptr<OpticalSystem>> blocks;
  for (const std::uint64_t seed : {31, 41}) {
    auto block = SymmetricBlock(MPI_COMM_WORLD, kPorts, seed);
    if (ideal) block->SetActuators(Eigen::VectorXd::Ones(kPorts), Eigen::VectorXd::Zero(kPorts));
    blocks.push_back(block);
  }
  return blocks;
}

TEST(Iris, ForwardModeLearnsWhereTheModelFails) {
  DataOptions data_options;
  data_options.file = "inputs/data/iris.csv";
  const Split split = SplitSamples(ReadDataset(MPI_COMM_WORLD, data_options), data_options);
  TrainingOptions training;
  training.epochs = 150;
  OptimizerOptions optimizer;
  optimizer.learning_rate = 0.2;
  ElectronicsOptions electronics;
  electronics.encoding.range = 2;

  Network hardware(MPI_COMM_WORLD, TwoBlocks(false));
  Network model(MPI_COMM_WORLD, TwoBlocks(true));
  NetworkEngine on_hardware(hardware, electronics, 4, 3);
  NetworkEngine on_model(model, electronics, 4, 3);
  const auto train = [&](NetworkEngine& engine, TrainerKind kind) {
    ChipObjective objective(engine, split.train, split.test, MakeChipOptions(kind, training));
    Trainer trainer(objective, {kind, training, optimizer});
    TrainerState state = trainer.Start(TrainerName(kind));
    trainer.Run(state, [](const TrainerState&) { return true; });
    return state.commands;
  };
  const Eigen::VectorXd forward = train(on_hardware, TrainerKind::ForwardMode);
  const Eigen::VectorXd in_silico = train(on_model, TrainerKind::InSilico);
  const double forward_accuracy = on_hardware.Evaluate(forward, split.test).Accuracy();
  const double model_accuracy = on_model.Evaluate(in_silico, split.test).Accuracy();
  const double deployed_accuracy = on_hardware.Evaluate(in_silico, split.test).Accuracy();
  RecordProperty("forward_mode", std::to_string(forward_accuracy));
  EXPECT_GT(forward_accuracy, 0.9);
  EXPECT_GT(model_accuracy, 0.9);
  EXPECT_LT(deployed_accuracy, forward_accuracy - 0.15);
}

}  // namespace
}  // namespace symwave::training::testing
