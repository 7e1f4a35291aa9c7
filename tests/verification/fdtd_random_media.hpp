// Media that are rough on the scale of a cell and a short pulse, for tests of exact discrete
// identities.
#pragma once

#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include "domain/base/random.hpp"
#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/signal.hpp"

namespace symwave::verification {

/// A value in 0..1 that depends on seed and point alone.
inline double Noise(int seed, const std::array<int, 3>& p) {
  const int cell = (p[2] * 1009 + p[1]) * 1013 + p[0];
  return base::ToUniform(
      base::MixSeed(static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(cell)));
}

/// eps_inf in 1..3, conductivity in some planes, a Lorentz and a Drude pole in others; `unfold`
/// maps a point of a component to the point whose values it shares (images, periods).
using Unfold = std::function<std::array<int, 3>(domain::Component, std::array<int, 3>)>;
inline domain::MediumMap RandomMedia(const Unfold& unfold) {
  domain::MediumMap map;
  domain::Medium dispersive;
  dispersive.name = "dispersive";
  dispersive.poles = {{30, 6, 0.5}, {5, 0, 0.2}};
  map.media = {domain::Medium{"glass", 2, 0.3, {}}, dispersive};
  map.sample = [unfold](domain::Component c, const domain::IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    block.dispersive.push_back({1, {}});
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          const auto p = unfold(c, {i, j, k});
          const int seed = static_cast<int>(c);
          block.eps.push_back(1 + 2 * Noise(seed, p));
          block.conductivity.push_back(p[1] % 5 < 2 ? Noise(seed + 10, p) : 0);
          block.dispersive[0].share.push_back(p[0] % 7 < 3 ? Noise(seed + 20, p) : 0);
        }
      }
    }
    return block;
  };
  return map;
}

/// A pulse of 200 steps, the same function of the step for J and K.
class StepPulse : public solvers::fdtd::SignalSet {
 public:
  int Count() const override { return 1; }
  void Evaluate(long step, double* values) override {
    const double t = static_cast<double>(step) / 14;
    values[0] = std::exp(-2 * (t - 3) * (t - 3)) * std::sin(7 * t);
  }
  long EndStep() const override { return 200; }
};

}  // namespace symwave::verification
