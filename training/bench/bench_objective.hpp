// A network of phase masks on a bench as an objective of the trainers.
#pragma once

#include <memory>

#include "training/bench/plane_engine.hpp"
#include "training/objective.hpp"
#include "training/trainer_state.hpp"

namespace symwave::training::bench {

struct BenchObjectiveOptions {
  TrainerKind kind = TrainerKind::ForwardMode;
  PlaneNetworkOptions network;
  LossOptions loss;
  int tile = 8;
  ErrorLaunchOptions error_launch;  ///< on the bench; a model launches exactly
};

///   trainer            data pass   error pass
///   forward_mode       bench       bench, from the input side
///   reverse            bench       bench, from the output side
///   physics_aware      bench       model, from the output side
///   in_silico          model       model, from the output side; tested on the bench
///   losses alone       bench       -
/// A rank holds the commands of its pixels of every mask (CommandParts: the layers).
template <class Real>
class BenchObjective final : public Objective {
 public:
  /// References must outlive the objective; `model` is the bench without errors. The last two may
  /// be the same: a bench without errors.
  BenchObjective(const BenchRanks& ranks, const BenchObjectiveOptions& options,
                 const ImageSets& images, BenchSystem<Real>& bench, BenchSystem<Real>& model);
  ~BenchObjective() override;

  MPI_Comm World() const override;
  MPI_Comm CommandComm() const override;
  Eigen::Index Commands() const override;
  Eigen::Index FirstCommand() const override;
  Eigen::Index AllCommands() const override;
  Eigen::Index CommandParts() const override;
  int Samples() const override;

  Measurement Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  Measurement Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  Measurement Test(const Eigen::VectorXd& commands, std::uint64_t step) override;

  /// Test with the confusion matrix.
  PlaneResult Classify(const Eigen::VectorXd& commands, std::uint64_t step);
  /// What learns, and what is tested: the latter is always the bench.
  PlaneEngine<Real>& Learner();
  PlaneEngine<Real>& Deployed();
  /// On the bench, of Learn and Probe: without the tests.
  BenchEffort Spent() const;
  /// The same of a whole training, as its state tells: `state` may come from a checkpoint.
  BenchEffort EffortOf(const TrainerState& state) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace symwave::training::bench
