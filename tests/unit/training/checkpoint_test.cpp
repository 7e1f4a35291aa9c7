#include "training/checkpoint.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "tests/unit/training/matrix_optics.hpp"
#include "training/chip_objective.hpp"
#include "training/trainer.hpp"

namespace symwave::training::testing {
namespace {

/// A fingerprint of a deck (io/fingerprint.hpp).
const std::string kDeck = R"([["training.seed","1"]])";

/// A file name for each number of ranks, removed at the end.
class CheckpointFile : public ::testing::Test {
 protected:
  CheckpointFile()
      : path(std::filesystem::temp_directory_path() /
             ("symwave_checkpoint_np" + std::to_string(base::Communicator::SizeOf(MPI_COMM_WORLD)) +
              ".h5")) {}
  ~CheckpointFile() override {
    MPI_Barrier(MPI_COMM_WORLD);
    if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
      std::remove(path.c_str());
      std::remove((path + ".previous").c_str());
    }
    MPI_Barrier(MPI_COMM_WORLD);
  }
  std::string Complaint(const std::string& fingerprint) {
    try {
      ReadCheckpoint(MPI_COMM_WORLD, path, fingerprint);
    } catch (const base::UserError& error) {
      return error.what();
    }
    return "no complaint";
  }
  std::string path;
};

TEST_F(CheckpointFile, ResumedTrainingEqualsAnUninterruptedOneBitByBit) {
  Network network(MPI_COMM_WORLD,
                  {SymmetricBlock(MPI_COMM_WORLD, 6, 1), SymmetricBlock(MPI_COMM_WORLD, 6, 2)});
  ElectronicsOptions electronics;
  electronics.drive.detection_noise = 0.01;
  Engine engine(network, electronics, 4, 3);
  const SampleSet train = RandomSamples(40, 4, 3, 9);
  const SampleSet test = RandomSamples(20, 4, 3, 10);
  TrainingOptions training;
  training.epochs = 9;
  training.batch = 16;
  ChipObjective objective(engine, train, test, MakeChipOptions(TrainerKind::ForwardMode, training));
  Trainer trainer(objective, {TrainerKind::ForwardMode, training, {}});
  TrainerState whole = trainer.Start("forward_mode");
  trainer.Run(whole, [&](const TrainerState& state) {
    Checkpoint checkpoint{kDeck, {}};
    checkpoint.Set(state);
    if (state.epoch == 4) WriteCheckpoint(MPI_COMM_WORLD, path, checkpoint);
    return true;
  });
  Checkpoint checkpoint = ReadCheckpoint(MPI_COMM_WORLD, path, kDeck);
  ASSERT_NE(checkpoint.Find("forward_mode"), nullptr);
  TrainerState resumed = *checkpoint.Find("forward_mode");
  EXPECT_EQ(resumed.epoch, 4);
  trainer.Run(resumed, [](const TrainerState&) { return true; });

  EXPECT_EQ(resumed.commands, whole.commands);
  EXPECT_EQ(resumed.optimizer.first, whole.optimizer.first);
  EXPECT_EQ(resumed.optimizer.second, whole.optimizer.second);
  EXPECT_EQ(resumed.optimizer.steps, whole.optimizer.steps);
  EXPECT_EQ(resumed.passes, whole.passes);
  ASSERT_EQ(resumed.history.size(), whole.history.size());
  for (std::size_t k = 0; k < whole.history.size(); ++k) {
    EXPECT_EQ(resumed.history[k].epoch, whole.history[k].epoch);
    EXPECT_EQ(resumed.history[k].loss, whole.history[k].loss);
    EXPECT_EQ(resumed.history[k].test_accuracy, whole.history[k].test_accuracy);
    EXPECT_EQ(resumed.history[k].gradient_norm, whole.history[k].gradient_norm);
    EXPECT_EQ(resumed.history[k].passes, whole.history[k].passes);
  }
}

TEST_F(CheckpointFile, KeepsSeveralTrainings) {
  Checkpoint checkpoint{kDeck, {}};
  for (const char* name : {"forward_mode", "roughness/0.002/reverse"}) {
    TrainerState state;
    state.name = name;
    state.commands = RandomVector(5, 3);
    state.optimizer = Optimizer::Start(5);
    checkpoint.Set(state);
  }
  checkpoint.Set(checkpoint.trainers.front());
  EXPECT_EQ(checkpoint.trainers.size(), 2u);
  WriteCheckpoint(MPI_COMM_WORLD, path, checkpoint);
  const Checkpoint read = ReadCheckpoint(MPI_COMM_WORLD, path, kDeck);
  ASSERT_EQ(read.trainers.size(), 2u);
  EXPECT_EQ(read.trainers[1].name, "roughness/0.002/reverse");
  EXPECT_EQ(read.trainers[1].commands, RandomVector(5, 3));
  EXPECT_TRUE(read.trainers[1].history.empty());
  EXPECT_EQ(read.Find("in_silico"), nullptr);
}

TEST_F(CheckpointFile, RefusesAnotherDeck) {
  WriteCheckpoint(MPI_COMM_WORLD, path, {kDeck, {}});
  const std::string complaint = Complaint(R"([["training.seed","2"]])");
  EXPECT_NE(complaint.find("made with training.seed: 1, and the deck now says 2"),
            std::string::npos)
      << complaint;
  EXPECT_NE(complaint.find(path), std::string::npos) << complaint;
}

TEST_F(CheckpointFile, RefusesWhatIsMissingOrTruncated) {
  EXPECT_NE(Complaint(kDeck).find(path), std::string::npos);
  Checkpoint checkpoint{kDeck, {}};
  TrainerState state;
  state.name = "forward_mode";
  state.commands = RandomVector(2000, 3);
  state.optimizer = Optimizer::Start(2000);
  checkpoint.Set(state);
  WriteCheckpoint(MPI_COMM_WORLD, path, checkpoint);
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
    std::string bytes;
    {
      std::ifstream in(path, std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    std::ofstream(path, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  const std::string complaint = Complaint(kDeck);
  EXPECT_NE(complaint.find(path), std::string::npos) << complaint;
}

TEST_F(CheckpointFile, NoticesAChangedNumber) {
  Checkpoint checkpoint{kDeck, {}};
  TrainerState state;
  state.name = "forward_mode";
  state.commands = Eigen::VectorXd::Constant(3, 1234.5678);
  state.optimizer = Optimizer::Start(3);
  checkpoint.Set(state);
  WriteCheckpoint(MPI_COMM_WORLD, path, checkpoint);
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
    std::string bytes;
    {
      std::ifstream in(path, std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    const double number = 1234.5678;
    const std::size_t place =
        bytes.find(std::string(reinterpret_cast<const char*>(&number), sizeof number));
    ASSERT_NE(place, std::string::npos);
    bytes[place] = static_cast<char>(bytes[place] ^ 1);
    std::ofstream(path, std::ios::binary) << bytes;
  }
  MPI_Barrier(MPI_COMM_WORLD);
  const std::string complaint = Complaint(kDeck);
  EXPECT_NE(complaint.find("damaged"), std::string::npos) << complaint;
}

}  // namespace
}  // namespace symwave::training::testing
