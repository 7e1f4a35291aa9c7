#include "training/network_engine.hpp"

#include "domain/base/error.hpp"

namespace symwave::training {

NetworkEngine::NetworkEngine(Network& network, const ElectronicsOptions& options, int features,
                             int classes)
    : network_(network), electronics_(options, network, features, classes) {}

Step NetworkEngine::TakeStep(const Eigen::VectorXd& commands, ErrorPass pass,
                             const SampleSet& samples, const std::vector<int>& batch,
                             std::uint64_t step) {
  Step result;
  result.responses = network_.Measure(commands, pass);
  const SampleSums sums =
      SamplePass(electronics_, network_.World()).Learn(result.responses, samples, batch, step);
  result.loss = sums.loss;
  result.accuracy = sums.Accuracy();
  result.gradient = Eigen::VectorXd::Zero(network_.Commands());
  for (int b = 0; b < network_.Blocks(); ++b) {
    const auto block = static_cast<std::size_t>(b);
    const PortResponse& response = result.responses[block];
    result.defects.push_back(TransposeDefect(response));
    if (network_.System(b)) {
      result.gradient.segment(network_.Shape(b).first_command, network_.Shape(b).elements) =
          ContractOverlaps(response, sums.correlations[block]);
    }
  }
  SumOverRanks(network_.World(), result.gradient.data(), network_.Commands());
  result.passes = 2L * network_.Blocks() * static_cast<long>(batch.size());
  return result;
}

SampleSums NetworkEngine::Probe(const Eigen::VectorXd& commands, const SampleSet& samples,
                                const std::vector<int>& batch, std::uint64_t step) {
  return SamplePass(electronics_, network_.World())
      .Probe(network_.MeasureData(commands), samples, batch, step);
}

SampleSums NetworkEngine::Evaluate(const Eigen::VectorXd& commands, const SampleSet& samples,
                                   std::uint64_t step) {
  return Evaluate(network_.MeasureData(commands), samples, step);
}

SampleSums NetworkEngine::Evaluate(const std::vector<PortResponse>& responses,
                                   const SampleSet& samples, std::uint64_t step) const {
  return SamplePass(electronics_, network_.World()).Test(responses, samples, step);
}

void RefuseAsymmetry(const std::vector<double>& defects, ErrorPass pass, double threshold) {
  if (pass == ErrorPass::Reverse) return;
  for (std::size_t b = 0; b < defects.size(); ++b) {
    if (defects[b] <= threshold) continue;
    if (pass == ErrorPass::Symmetric) {
      base::Fail(
          "training.error_pass symmetric: block {} is not symmetric, norm(W - W^T) / norm(W) "
          "= {:.3g} is above training.symmetry_threshold = {:.3g}; use error_pass reverse, or "
          "mirrored for a cascade of masks whose fixed optics are symmetric, or set "
          "training.ignore_asymmetry: true",
          b + 1, defects[b], threshold);
    }
    base::Fail(
        "training.error_pass mirrored: block {} with mirrored commands is not the transpose, "
        "norm(W_mirrored - W^T) / norm(W) = {:.3g} is above training.symmetry_threshold = "
        "{:.3g}; use error_pass reverse, or set training.ignore_asymmetry: true",
        b + 1, defects[b], threshold);
  }
}

}  // namespace symwave::training
