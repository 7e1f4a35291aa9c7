#include "training/encoding.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "training/sincos.hpp"

namespace symwave::training {

namespace {

std::vector<int> PortMap(const EncodingOptions& options, int ports, int features) {
  std::vector<int> map = options.map;
  if (map.empty()) {
    if (features > ports) {
      base::Fail(
          "the data have {} features but the chip has {} input ports; choose the features in "
          "network.encoding.map",
          features, ports);
    }
    for (int p = 0; p < ports; ++p) {
      const int turn = p % (features + 1);
      map.push_back(turn < features ? turn : -1);
    }
  }
  if (static_cast<int>(map.size()) != ports) {
    base::Fail(
        "network.encoding.map names {} ports but the chip has {} input ports; give one feature "
        "number "
        "for each port (-1: constant)",
        map.size(), ports);
  }
  for (const int feature : map) {
    if (feature < -1 || feature >= features) {
      base::Fail("network.encoding.map holds {}; the data have features 0 to {} (-1: constant)",
                 feature, features - 1);
    }
  }
  return map;
}

}  // namespace

Encoder::Encoder(const EncodingOptions& options, int ports, int features)
    : options_(options), map_(PortMap(options, ports, features)) {}

// The first port that gets `feature`.
int Encoder::FirstPort(int feature) const {
  return static_cast<int>(std::find(map_.begin(), map_.end(), feature) - map_.begin());
}

void Encoder::Encode(const Eigen::ArrayXXd& features, Amplitudes& launched) const {
  const Eigen::Index samples = features.rows();
  const double unit = 1.0 / std::sqrt(static_cast<double>(Ports()));
  launched.Resize(samples, Ports());
  if (options_.kind == Encoding::Amplitude) {
    launched.Im() = 0.0;
    for (int p = 0; p < Ports(); ++p) {
      const int feature = map_[static_cast<std::size_t>(p)];
      if (feature < 0) {
        launched.Re().col(p) = unit;
      } else {
        launched.Re().col(p) =
            unit * (options_.bias + (1 - options_.bias) * features.col(feature).max(0.0));
      }
    }
    return;
  }
  Eigen::ArrayXd angle(samples);
  for (int p = 0; p < Ports(); ++p) {
    const int feature = map_[static_cast<std::size_t>(p)];
    if (feature < 0) {
      launched.Re().col(p) = 1.0;
      launched.Im().col(p) = 0.0;
    } else if (const int twin = FirstPort(feature); twin < p) {
      launched.Re().col(p) = launched.Re().col(twin);
      launched.Im().col(p) = launched.Im().col(twin);
    } else {
      angle = options_.range * (features.col(feature) - 0.5);
      SinCos(angle.data(), launched.Re(p), launched.Im(p), static_cast<std::size_t>(samples));
    }
  }
  launched.Planes() *= unit;
}

}  // namespace symwave::training
