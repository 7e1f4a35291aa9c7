// Noise of coherent detection at the output ports.
#pragma once

#include <cstdint>

#include "training/amplitudes.hpp"
#include "training/options.hpp"

namespace symwave::training {

enum class PassKind { Data, Error, Evaluation };

/// Adds Gaussian noise to both quadratures of measured amplitudes; rms per quadrature is
/// detection_noise * sqrt(launched power / ports). Every number depends on (seed, step, kind,
/// block, sample, port) alone, never on how the samples are spread over ranks.
class DetectionNoise {
 public:
  DetectionNoise(double size, std::uint64_t seed) : size_(size), seed_(seed) {}
  explicit DetectionNoise(const ActuatorErrors& drive)
      : DetectionNoise(drive.detection_noise, drive.noise_seed) {}

  struct Pass {
    std::uint64_t step = 0;
    PassKind kind = PassKind::Data;
    int block = 0;
  };
  /// `samples` holds the number of each row's sample in its data set.
  void Add(const Pass& pass, const int* samples, const Amplitudes& launched,
           Amplitudes& measured) const;
  bool Silent() const { return size_ == 0; }

 private:
  double size_;
  std::uint64_t seed_;
};

}  // namespace symwave::training
