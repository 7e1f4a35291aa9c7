// Trainable phase shifters and attenuators: stretches of guide whose index can be changed.
#pragma once

#include <complex>
#include <vector>

#include "domain/shapes.hpp"

namespace symwave::domain {

/// Inside its box the complex index of the material there becomes n + dn * profile, where profile
/// rises from 0 to 1 and back along x by raised-cosine steps of length `switching`, and is 1
/// across. Nominal calibration: a phase of `phase` radians and an attenuation of `attenuation`
/// nepers need dn = (phase + i attenuation) / (k0 * effective_length) / confinement.
struct Segment {
  Point centre;
  double length = 3;     ///< along x, um
  double width = 1.5;    ///< along y, um
  double switching = 1;  ///< um
  /// Length of a uniform segment with the same phase: length - switching.
  double EffectiveLength() const { return length - switching; }
  /// Profile at x; 0 outside.
  double Profile(double x) const;
};

}  // namespace symwave::domain
