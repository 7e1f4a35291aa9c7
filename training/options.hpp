// What a deck says about data, network, hardware errors and trainers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/csv_reader.hpp"

namespace symwave::training {

/// CSV: one sample a line, numeric features and a class label (an integer from 0 or a name). The
/// first line may be a header: names of the columns, or "samples,features,class,class,...".
struct DataOptions {
  std::string file;
  bool header = true;  ///< the first line may be no data
  io::CsvSeparator separator = io::CsvSeparator::Detect;
  std::vector<std::string> columns;  ///< of the features, by name or number from 1; empty: all
  std::string label;                 ///< column of the class, the same way; empty: the last
  std::vector<std::string> classes;  ///< names in the order of the classes; empty: from the file
  double test_fraction = 0.3;
  std::uint64_t split_seed = 1;   ///< stratified by class
  std::string where;              ///< "deck.yaml:line" of `file`
  std::vector<std::string> only;  ///< classes that are kept, in this order; empty: all
  int components = 0;             ///< principal components instead of the features; 0: features
};

/// Images and labels in idx files, plain or compressed by gzip (MNIST and its relatives).
struct ImageDataOptions {
  std::string images, labels;            ///< to train
  std::string test_images, test_labels;  ///< to test
  int train_samples = 0;                 ///< 0: all
  int test_samples = 0;
  std::uint64_t seed = 0;  ///< of a random choice of that many samples; 0: the first ones
  int classes = 0;         ///< 0: the largest label of the training file + 1
  std::string where;       ///< "deck.yaml:line" of the section
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

/// What the score of a class is: its share of the light, the contrast of two detectors of its own,
/// or a quadrature of its amplitude (training/class_score.hpp).
enum class Detection { Intensity, Difference, Coherent };

/// Numbers of the outputs that are detected for one class.
struct ClassPorts {
  std::vector<int> plus;
  std::vector<int> minus;  ///< of the detector that is subtracted: difference
};

struct DetectionOptions {
  Detection kind = Detection::Intensity;
  double phase = 0;                 ///< coherent: of the local oscillator, radians
  std::vector<ClassPorts> classes;  ///< in the order of the classes; empty: outputs in groups
};

enum class LossKind { CrossEntropy, MeanSquare };
enum class OptimizerKind { Adam, Sgd };
enum class Schedule { Cosine, Constant, Step };
/// The first four follow a gradient that the objective gives; the others see losses alone.
enum class TrainerKind {
  ForwardMode,
  InSilico,
  Reverse,
  PhysicsAware,
  Spsa,
  Swarm,
  FiniteDifference
};
enum class ErrorPass { Symmetric, Mirrored, Reverse };

struct LossOptions {
  LossKind kind = LossKind::CrossEntropy;
  double gain = 10;  ///< cross-entropy: logits = gain * score of the class
};

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::Adam;
  double learning_rate = 0.05;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  ///< Adam
  double momentum = 0.9;                              ///< SGD
  Schedule schedule = Schedule::Cosine;
  double final_rate = 0.1;   ///< cosine: decay down to this part of learning_rate
  int step_epochs = 10;      ///< step: after so many epochs the rate is multiplied ...
  double step_factor = 0.5;  ///< ... by this
};

/// Ends a training whose loss (mean of an epoch) falls no more.
struct EarlyStopOptions {
  int patience = 0;          ///< epochs without a gain after which training ends; 0: never
  double smallest_gain = 0;  ///< a smaller fall of the loss is no gain
};

/// Simultaneous perturbation, two losses per step (Spall, IEEE Trans. Autom. Control 37 (1992)).
struct SpsaOptions {
  double perturbation = 0.05;  ///< of every command, rad
};

/// Particle swarm (Clerc and Kennedy, IEEE Trans. Evol. Comput. 6 (2002)).
struct SwarmOptions {
  int particles = 30;
  double inertia = 0.73;
  double cognitive = 1.5;           ///< pull to the best place of the particle
  double social = 1.5;              ///< pull to the best place of the swarm
  double range = 3.14159265358979;  ///< initial places: uniform, +- this about the first commands
};

/// Central differences, two losses per command.
struct FiniteDifferenceOptions {
  double step = 1e-3;            ///< rad
  long largest_commands = 1000;  ///< more are refused
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
  EarlyStopOptions early_stop;
  SpsaOptions spsa;
  SwarmOptions swarm;
  FiniteDifferenceOptions finite_difference;
};

/// Errors of phase shifters, attenuators and detectors (fabrication errors: domain).
struct ActuatorErrors {
  double gain_sigma = 0;    ///< relative error of every phase per command
  double offset_range = 0;  ///< uniform in [-offset_range, offset_range], radians
  double crosstalk = 0;     ///< of a phase, to the nearest other phase shifter (actuators.hpp)
  std::uint64_t drive_seed = 1;
  double detection_noise = 0;  ///< rms per quadrature, relative to sqrt(launched power / ports)
  std::uint64_t noise_seed = 1;
};

}  // namespace symwave::training
