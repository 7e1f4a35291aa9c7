// Several tasks of one set of commands, such as a chip's at several wavelengths.
#pragma once

#include <vector>

#include "training/objective.hpp"

namespace symwave::training {

/// The mean of the losses, accuracies and gradients of objectives whose commands, ties and periods
/// are the same; passes add up, the defect is the largest. Samples are numbered as those of the
/// objective with most of them: of a batch, another one takes the numbers that it has, with the
/// weight that makes an epoch its mean over all of its samples. All members are collective on the
/// world of the objectives.
class MeanObjective final : public Objective {
 public:
  /// They must outlive this one.
  explicit MeanObjective(std::vector<Objective*> parts);

  MPI_Comm World() const override { return parts_.front()->World(); }
  MPI_Comm CommandComm() const override { return parts_.front()->CommandComm(); }
  Eigen::Index Commands() const override { return parts_.front()->Commands(); }
  Eigen::Index FirstCommand() const override { return parts_.front()->FirstCommand(); }
  Eigen::Index AllCommands() const override { return parts_.front()->AllCommands(); }
  Eigen::Index CommandParts() const override { return parts_.front()->CommandParts(); }
  bool Periodic(Eigen::Index command) const override { return parts_.front()->Periodic(command); }
  int Samples() const override { return samples_; }

  Measurement Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  Measurement Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  Measurement Test(const Eigen::VectorXd& commands, std::uint64_t step) override;
  void Constrain(Eigen::VectorXd& commands) const override { parts_.front()->Constrain(commands); }

 private:
  template <class Measure>
  Measurement MeanOver(const std::vector<int>& batch, Measure&& measure) const;
  void Add(const Measurement& measured, double weight, Measurement& mean) const;

  std::vector<Objective*> parts_;
  int samples_ = 0;
};

}  // namespace symwave::training
