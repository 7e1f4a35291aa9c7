#include "training/electronics.hpp"

#include "domain/base/error.hpp"

namespace symwave::training {

Electronics::Electronics(const ElectronicsOptions& options, const Network& network, int features,
                         int classes_of_data)
    : encoder(options.encoding, network.Shape(0).inputs, features),
      loss(options.loss, options.detection, network.Shape(network.Blocks() - 1).outputs,
           classes_of_data),
      noise(options.drive),
      classes(classes_of_data) {
  for (int b = 0; b < network.Blocks(); ++b) {
    if (options.reencoding.add_features && network.Shape(b).inputs != encoder.Ports()) {
      base::Fail(
          "network.reencoding.add_features needs the same number of ports in front of every "
          "block; block {} has {}, block 1 has {}",
          b + 1, network.Shape(b).inputs, encoder.Ports());
    }
    reencoders.emplace_back(options.reencoding, network.Shape(b).inputs);
  }
}

}  // namespace symwave::training
