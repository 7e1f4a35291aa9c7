#include "jobs/train/chip/stage.hpp"

#include <algorithm>
#include <utility>

namespace symwave::jobs::train::chip {

namespace {

training::ElectronicsOptions ElectronicsOf(const deck::ChipTrainingOptions& options) {
  return {options.encoding, options.reencoding, options.loss, options.drive, options.detection};
}

}  // namespace

Stage::Stage(const ChipFactory& factory, ChipFactory::Chips chips, const std::vector<Task>& tasks,
             const std::vector<training::Split>& splits)
    : chips_(std::move(chips)) {
  for (size_t k = 0; k < tasks.size(); ++k) {
    networks_.push_back(std::make_unique<Learner>(factory.MakeNetwork(chips_[k]),
                                                  ElectronicsOf(tasks[k].options), splits[k]));
  }
}

Stage::Learner::Learner(training::Network network, const training::ElectronicsOptions& electronics,
                        const training::Split& samples)
    : optics(std::move(network)),
      engine(optics, electronics, samples.train.Features(), samples.train.classes),
      split(samples) {}

Stage::Tested Stage::Test(size_t wavelength, const Eigen::VectorXd& commands) {
  Learner& at = *networks_[wavelength];
  const std::vector<training::PortResponse> responses = at.optics.MeasureData(commands);
  Tested tested{at.engine.Evaluate(responses, at.split.test), {}};
  for (const training::PortResponse& block : responses) tested.transmissions.push_back(block.data);
  return tested;
}

double Stage::Accuracy(const Eigen::VectorXd& commands) {
  double sum = 0;
  for (size_t k = 0; k < Wavelengths(); ++k) sum += Test(k, commands).samples.Accuracy();
  return sum / static_cast<double>(Wavelengths());
}

training::Step Stage::TakeStep(const Eigen::VectorXd& commands, training::ErrorPass pass) {
  training::Step mean;
  for (const auto& at : networks_) {
    const training::SampleSet& samples = at->split.train;
    const training::Step step =
        at->engine.TakeStep(commands, pass, samples, training::AllSamples(samples), 0);
    if (mean.gradient.size() == 0) mean.gradient.setZero(step.gradient.size());
    mean.gradient += step.gradient / static_cast<double>(Wavelengths());
    mean.defects.resize(step.defects.size(), 0);
    for (size_t b = 0; b < step.defects.size(); ++b) {
      mean.defects[b] = std::max(mean.defects[b], step.defects[b]);
    }
  }
  return mean;
}

training::Effort Stage::Spent() const {
  training::Effort all;
  for (const auto& at : networks_) {
    const training::Effort spent = at->optics.Spent();
    all.solves += spent.solves;
    all.factorizations += spent.factorizations;
  }
  return all;
}

double Stage::LargestResidual() const {
  double largest = 0;
  for (const auto& systems : chips_) {
    for (const auto& chip : systems) {
      if (chip) largest = std::max(largest, chip->LargestResidual());
    }
  }
  return largest;
}

StageObjective::StageObjective(Stage& stage, training::TrainerKind kind,
                               const training::TrainingOptions& training) {
  std::vector<training::Objective*> parts;
  for (const auto& at : stage.networks_) {
    parts_.push_back(std::make_unique<training::ChipObjective>(
        at->engine, at->split.train, at->split.test, training::MakeChipOptions(kind, training)));
    parts.push_back(parts_.back().get());
  }
  if (parts.size() > 1) mean_.emplace(std::move(parts));
}

training::Objective& StageObjective::Get() {
  if (mean_) return *mean_;
  return *parts_.front();
}

}  // namespace symwave::jobs::train::chip
