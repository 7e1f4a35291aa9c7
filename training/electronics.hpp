// Everything of a network that is not optics.
#pragma once

#include <vector>

#include "training/detection.hpp"
#include "training/encoding.hpp"
#include "training/loss.hpp"
#include "training/network.hpp"
#include "training/options.hpp"
#include "training/reencoding.hpp"

namespace symwave::training {

struct ElectronicsOptions {
  EncodingOptions encoding;
  ReencodingOptions reencoding;
  LossOptions loss;
  ActuatorErrors drive;  ///< detection noise; the rest belongs to the optical systems
  DetectionOptions detection;
};

struct Electronics {
  /// UserError when ports, features and classes do not fit together.
  Electronics(const ElectronicsOptions& options, const Network& network, int features, int classes);

  Encoder encoder;
  std::vector<Reencoder> reencoders;  ///< [b] in front of block b; [0] is not used
  OutputLoss loss;
  DetectionNoise noise;
  int classes;
};

}  // namespace symwave::training
