// The forward-mode engine: gradients of a network of optical systems from launches alone.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "training/electronics.hpp"
#include "training/network.hpp"
#include "training/sample_pass.hpp"
#include "training/split.hpp"

namespace symwave::training {

struct Step {
  double loss = 0;      ///< mean over the batch, at the commands of the step
  double accuracy = 0;  ///< of the batch
  Eigen::VectorXd gradient;
  /// TransposeDefect of every block.
  std::vector<double> defects;
  /// Columns of light that a laboratory would launch: K data and K error passes per sample.
  long passes = 0;
  std::vector<PortResponse> responses;
};

/// All members are collective on the network's world.
class NetworkEngine {
 public:
  /// `network` must outlive the engine.
  NetworkEngine(Network& network, const ElectronicsOptions& options, int features, int classes);
  NetworkEngine(const NetworkEngine&) = delete;
  NetworkEngine& operator=(const NetworkEngine&) = delete;

  /// Loss and gradient of the mean over `batch` (numbers of samples) by the port basis: one design
  /// and P launches (2 P unless symmetric) per block, whatever the number of samples. `step`
  /// numbers the detection noise.
  Step TakeStep(const Eigen::VectorXd& commands, ErrorPass pass, const SampleSet& samples,
                const std::vector<int>& batch, std::uint64_t step);

  /// The same by one launch of every sample and one of every error field, without detection noise:
  /// the reference of the port basis.
  Step TakeStepDirectly(const Eigen::VectorXd& commands, ErrorPass pass, const SampleSet& samples,
                        const std::vector<int>& batch);

  /// Loss and confusion matrix of the samples `batch` at these commands, without a gradient.
  SampleSums Probe(const Eigen::VectorXd& commands, const SampleSet& samples,
                   const std::vector<int>& batch, std::uint64_t step);

  /// Loss and confusion matrix of all samples at these commands.
  SampleSums Evaluate(const Eigen::VectorXd& commands, const SampleSet& samples,
                      std::uint64_t step = 0);
  /// The same with responses that were measured before.
  SampleSums Evaluate(const std::vector<PortResponse>& responses, const SampleSet& samples,
                      std::uint64_t step = 0) const;

  Network& Optics() { return network_; }

 private:
  Network& network_;
  Electronics electronics_;
};

/// UserError when a block is too asymmetric for the error pass: defect above `threshold`.
void RefuseAsymmetry(const std::vector<double>& defects, ErrorPass pass, double threshold);

}  // namespace symwave::training
