#include "training/mean_objective.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/base/error.hpp"

namespace symwave::training {

MeanObjective::MeanObjective(std::vector<Objective*> parts) : parts_(std::move(parts)) {
  base::Require(!parts_.empty(), "there is an objective");
  for (const Objective* part : parts_) {
    base::Require(part->AllCommands() == AllCommands(), "objectives have the same commands");
    samples_ = std::max(samples_, part->Samples());
  }
}

/// `weight`: of the mean over a batch, in an epoch.
void MeanObjective::Add(const Measurement& measured, double weight, Measurement& mean) const {
  const double share = weight / static_cast<double>(parts_.size());
  mean.loss += share * measured.loss;
  mean.accuracy += share * measured.accuracy;
  mean.defect = std::max(mean.defect, measured.defect);
  mean.passes += measured.passes;
  mean.parts.push_back({weight * measured.loss, weight * measured.accuracy});
  if (measured.gradient.size() == 0) return;
  if (mean.gradient.size() == 0) mean.gradient.setZero(measured.gradient.size());
  mean.gradient += share * measured.gradient;
}

template <class Measure>
Measurement MeanObjective::MeanOver(const std::vector<int>& batch, Measure&& measure) const {
  Measurement mean;
  for (Objective* part : parts_) {
    std::vector<int> own;
    std::copy_if(batch.begin(), batch.end(), std::back_inserter(own),
                 [&](int sample) { return sample < part->Samples(); });
    if (own.empty()) {
      mean.parts.emplace_back();
      continue;
    }
    const double of_epoch = static_cast<double>(own.size()) / part->Samples();
    Add(measure(*part, own), of_epoch / (static_cast<double>(batch.size()) / samples_), mean);
  }
  return mean;
}

Measurement MeanObjective::Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                                 std::uint64_t step) {
  Measurement mean = MeanOver(batch, [&](Objective& part, const std::vector<int>& own) {
    return part.Learn(commands, own, step);
  });
  if (mean.gradient.size() == 0) mean.gradient.setZero(commands.size());
  return mean;
}

Measurement MeanObjective::Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                                 std::uint64_t step) {
  return MeanOver(batch, [&](Objective& part, const std::vector<int>& own) {
    return part.Probe(commands, own, step);
  });
}

Measurement MeanObjective::Test(const Eigen::VectorXd& commands, std::uint64_t step) {
  Measurement mean;
  for (Objective* part : parts_) Add(part->Test(commands, step), 1, mean);
  return mean;
}

}  // namespace symwave::training
