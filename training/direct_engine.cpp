// One launch per sample and one per error field: what a laboratory does, and the reference that the
// port basis must equal.
#include "domain/base/error.hpp"
#include "training/network_engine.hpp"

namespace symwave::training {

namespace {

/// A block that launches whole batches; collective on the network's world.
class DirectBlock {
 public:
  DirectBlock(Network& network, int block, const Eigen::VectorXd& commands)
      : network_(network),
        block_(block),
        shape_(network.Shape(block)),
        commands_(network.BlockCommands(commands, block)) {}

  /// Outputs x samples for inputs x samples; keeps the fields in the elements.
  Eigen::MatrixXcd LaunchData(const Eigen::MatrixXcd& launched) {
    OpticalSystem* system = network_.System(block_);
    Eigen::MatrixXcd outputs(shape_.outputs, launched.cols());
    if (system) {
      system->Program(commands_);
      Transmission data = system->Transmit(launched, Side::Input);
      outputs = std::move(data.outputs);
      fields_ = std::move(data.fields);
    }
    Broadcast(network_.World(), shape_.root, outputs);
    return outputs;
  }

  /// Launches the error fields (outputs x samples), adds this block's gradient (this rank's part)
  /// and returns the measured error fields in front of the block.
  Eigen::MatrixXcd LaunchError(const Eigen::MatrixXcd& launched, ErrorPass pass,
                               Eigen::VectorXd& gradient) {
    OpticalSystem* system = network_.System(block_);
    Eigen::MatrixXcd returned(shape_.inputs, launched.cols());
    if (system) {
      const bool mirrored = pass == ErrorPass::Mirrored;
      const std::vector<int>& images = shape_.mirror_images;
      system->Program(mirrored ? MirrorCommands(commands_, images) : commands_);
      Transmission error =
          system->Transmit(launched, pass == ErrorPass::Reverse ? Side::Output : Side::Input);
      for (int e = 0; e < shape_.elements; ++e) {
        const auto data_element = static_cast<std::size_t>(e);
        const auto error_element = pass == ErrorPass::Reverse
                                       ? data_element
                                       : static_cast<std::size_t>(images[data_element]);
        gradient(shape_.first_command + e) +=
            2.0 * error.fields[error_element].cwiseProduct(fields_[data_element]).sum().real();
      }
      returned = std::move(error.outputs);
    }
    Broadcast(network_.World(), shape_.root, returned);
    return returned;
  }

 private:
  Network& network_;
  int block_;
  const BlockShape& shape_;
  Eigen::VectorXd commands_;
  std::vector<Eigen::MatrixXcd> fields_;
};

SampleSet Select(const SampleSet& samples, const std::vector<int>& batch) {
  SampleSet selected;
  selected.classes = samples.classes;
  selected.features.resize(static_cast<Eigen::Index>(batch.size()), samples.features.cols());
  for (std::size_t s = 0; s < batch.size(); ++s) {
    selected.features.row(static_cast<Eigen::Index>(s)) = samples.features.row(batch[s]);
    selected.labels.push_back(samples.labels[static_cast<std::size_t>(batch[s])]);
  }
  return selected;
}

double Accuracy(const std::vector<int>& labels, const std::vector<int>& predicted) {
  int correct = 0;
  for (std::size_t s = 0; s < labels.size(); ++s) correct += labels[s] == predicted[s] ? 1 : 0;
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

}  // namespace

Step NetworkEngine::TakeStepDirectly(const Eigen::VectorXd& commands, ErrorPass pass,
                                     const SampleSet& samples, const std::vector<int>& batch) {
  const SampleSet selected = Select(samples, batch);
  const auto blocks = static_cast<std::size_t>(network_.Blocks());
  Amplitudes encoded;
  electronics_.encoder.Encode(selected.features, encoded);
  std::vector<DirectBlock> optics;
  std::vector<Amplitudes> x(blocks), y(blocks);
  for (std::size_t b = 0; b < blocks; ++b) {
    optics.emplace_back(network_, static_cast<int>(b), commands);
    if (b == 0) {
      x[0] = encoded;
    } else {
      electronics_.reencoders[b].Apply(y[b - 1], encoded, x[b]);
    }
    y[b] = Amplitudes::FromColumns(optics[b].LaunchData(x[b].Columns()));
  }

  Step result;
  std::vector<int> predicted;
  Amplitudes error;
  result.loss = electronics_.loss.Evaluate(
      y.back(), selected.labels, 1.0 / static_cast<double>(batch.size()), predicted, &error);
  result.accuracy = Accuracy(selected.labels, predicted);
  result.gradient = Eigen::VectorXd::Zero(network_.Commands());
  for (std::size_t b = blocks; b-- > 0;) {
    error = Amplitudes::FromColumns(optics[b].LaunchError(error.Columns(), pass, result.gradient));
    if (b > 0) electronics_.reencoders[b].Backward(y[b - 1], encoded, x[b], error);
  }
  SumOverRanks(network_.World(), result.gradient.data(), network_.Commands());
  result.passes = 2L * network_.Blocks() * static_cast<long>(batch.size());
  return result;
}

}  // namespace symwave::training
