// Dispersive media inside a PML.
//
// Coordinate stretching multiplies a wave exp(i k x) by exp(-(k / w) integral sigma dx): it absorbs
// what travels the way its phase runs and amplifies what travels against it. Guides whose
// permittivity is negative somewhere, however far from the band, carry such waves (surface
// plasmons), and rounding is enough to start them (Becache, Joly and Vinoles, Math. Comp. 87, 2775
// (2018)). They live on the oscillation of the poles, so that poles damped in proportion to sigma
// absorb them at every depth where the stretching alone would let them grow. At the front of the
// PML the damping begins at zero with sigma, and the light of the band meets no step.
#pragma once

#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

struct DampedMedia {
  domain::MediumMap map;
  std::vector<int> undamped;  ///< per medium of `map`: the given one that it is, or is a variant of
};

/// `media` with poles below pml.damped_below whose damping grows with the depth in the PML as its
/// sigma does, in steps; outside every PML nothing changes. The damped variants follow the given
/// media in the list.
DampedMedia DampPoles(const domain::Lattice& lattice, const domain::MediumMap& media,
                      const PmlOptions& pml);

}  // namespace symwave::solvers::fdtd
