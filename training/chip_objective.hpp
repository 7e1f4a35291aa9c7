// A network of chips as an objective: its engine, the samples, and how the error travels.
#pragma once

#include "training/network_engine.hpp"
#include "training/objective.hpp"

namespace symwave::training {

struct ChipObjectiveOptions {
  ErrorPass error_pass = ErrorPass::Symmetric;
  /// The commands of an element and of its mirror image stay equal (a cascade whose masks repeat in
  /// reverse order); the symmetric error pass needs it.
  bool tied = true;
  double symmetry_threshold = 0.1;
  bool ignore_asymmetry = false;
};

/// `in_silico` uses the deck's error pass on its model; trainers that see losses alone keep the
/// ties. UserError for `physics_aware`.
ChipObjectiveOptions MakeChipOptions(TrainerKind kind, const TrainingOptions& training);

/// Every rank holds all commands. All members are collective on the network's world.
class ChipObjective final : public Objective {
 public:
  /// References must outlive the objective.
  ChipObjective(NetworkEngine& engine, const SampleSet& train, const SampleSet& test,
                const ChipObjectiveOptions& options);

  MPI_Comm World() const override { return engine_.Optics().World(); }
  MPI_Comm CommandComm() const override { return MPI_COMM_SELF; }
  Eigen::Index Commands() const override { return engine_.Optics().Commands(); }
  Eigen::Index FirstCommand() const override { return 0; }
  Eigen::Index AllCommands() const override { return engine_.Optics().Commands(); }
  bool Periodic(Eigen::Index command) const override;
  int Samples() const override { return train_.Samples(); }

  /// Every step measures the symmetry of the blocks. UserError when at step 0 a block is too
  /// asymmetric for the error pass.
  Measurement Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  Measurement Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  /// At the commands that Learn measured last no block is measured again.
  Measurement Test(const Eigen::VectorXd& commands, std::uint64_t step) override;
  /// Mirror images get the command of their element; attenuators cannot amplify: a negative loss
  /// becomes none.
  void Constrain(Eigen::VectorXd& commands) const override;

 private:
  void Tie(Eigen::VectorXd& gradient) const;

  NetworkEngine& engine_;
  const SampleSet& train_;
  const SampleSet& test_;
  ChipObjectiveOptions options_;
  std::vector<bool> attenuators_;  ///< of every command
  Eigen::VectorXd learned_;        ///< commands of `responses_`
  std::vector<PortResponse> responses_;
};

}  // namespace symwave::training
