// Features to launched amplitudes.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "training/amplitudes.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// See EncodingOptions.
class Encoder {
 public:
  /// UserError: more features than ports without a map, a map that names another number of ports or
  /// a feature that does not exist.
  Encoder(const EncodingOptions& options, int ports, int features);

  /// `features` samples x features in [0, 1] -> samples x ports.
  void Encode(const Eigen::ArrayXXd& features, Amplitudes& launched) const;
  int Ports() const { return static_cast<int>(map_.size()); }

 private:
  int FirstPort(int feature) const;

  EncodingOptions options_;
  std::vector<int> map_;
};

}  // namespace symwave::training
