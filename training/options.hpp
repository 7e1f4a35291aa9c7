// What a deck says about data, network, hardware errors and trainers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace symwave::training {

/// CSV: one sample a line, numeric features, then the class label (integer from 0). The first line
/// may be a header: names of the columns, or "samples,features,class,class,...".
struct DataOptions {
  std::string file;
  bool header = true;  ///< the first line is not data when a cell of it is no number
  double test_fraction = 0.3;
  std::uint64_t split_seed = 1;  ///< stratified by class
  std::string where;             ///< "deck.yaml:line" of `file`
};

enum class Encoding { Phase, Amplitude };
enum class Activation { Linear, Saturable, Sqrt };

/// Features f in [0, 1] (min-max scaling learned on the training part) to port amplitudes. The
/// laser has unit power, an equal part for each of P ports:
///   phase      x_p = exp(i range (f - 1/2)) / sqrt(P)
///   amplitude  x_p = (bias + (1 - bias) f) / sqrt(P)
struct EncodingOptions {
  Encoding kind = Encoding::Phase;
  double range = 3.14159265358979;  ///< radians for the full range (phase)
  double bias = 0.1;  ///< amplitude of a feature of 0, 1 for a feature of 1 (amplitude)
  /// Feature of each port, -1: constant. Empty: the features in turn and then a constant port, the
  /// phase reference without which a common phase of all features would not be seen.
  std::vector<int> map;
};

/// Between blocks: measured intensities I to new amplitudes, J = I P:
///   phase      x_p = exp(i gain a(J_p)) / sqrt(P)
///   amplitude  x_p = gain a(J_p) / sqrt(P)
/// with the activation a(J) = J, J / (1 + J), or sqrt(J + 1e-4) - 1e-2.
struct ReencodingOptions {
  Encoding kind = Encoding::Phase;
  double gain = 3.14159265358979;  ///< radians (phase) or amplitude per activation
  Activation activation = Activation::Linear;
  bool add_features = false;  ///< the input encoding multiplies the re-encoded amplitudes
};

enum class LossKind { CrossEntropy, MeanSquare };
enum class OptimizerKind { Adam, Sgd };
enum class TrainerKind { ForwardMode, InSilico, Reverse };
enum class ErrorPass { Symmetric, Mirrored, Reverse };

struct LossOptions {
  LossKind kind = LossKind::CrossEntropy;
  double gain = 10;  ///< cross-entropy: logits = gain * class share of the detected light
};

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::Adam;
  double learning_rate = 0.05;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  ///< Adam
  double momentum = 0.9;                              ///< SGD
  double final_rate = 0.1;  ///< cosine decay down to this part of learning_rate
};

struct TrainingOptions {
  int blocks = 2;
  int epochs = 150;             ///< full-batch steps
  int batch = 0;                ///< samples per step, 0: all
  std::uint64_t seed = 1;       ///< initial commands and batch order
  double initial_spread = 0.1;  ///< rms of the initial commands, radians
  std::vector<TrainerKind> trainers{TrainerKind::ForwardMode, TrainerKind::InSilico,
                                    TrainerKind::Reverse};
  ErrorPass error_pass = ErrorPass::Symmetric;
  double symmetry_threshold = 0.1;  ///< norm(W - W^T) / norm(W) above which `symmetric` is refused
  bool ignore_asymmetry = false;
  int checkpoint_every = 10;  ///< epochs
};

/// Errors of phase shifters, attenuators and detectors (fabrication errors: domain).
struct DriveErrors {
  double gain_sigma = 0;    ///< relative error of every phase per command
  double offset_range = 0;  ///< uniform in [-offset_range, offset_range], radians
  std::uint64_t drive_seed = 1;
  double detection_noise = 0;  ///< rms per quadrature, relative to sqrt(launched power / ports)
  std::uint64_t noise_seed = 1;
};

}  // namespace symwave::training
