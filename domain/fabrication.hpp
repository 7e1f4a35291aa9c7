// What fabrication does to a chip: systematic errors (the same everywhere on the chip, hence
// mirror-symmetric) and local random errors (different left and right). All random fields are
// functions of position and seed only, so they do not depend on the number of ranks.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "domain/regions.hpp"

namespace symwave::domain {

struct FabricationErrors {
  // Systematic.
  double thickness_bias = 0;  ///< um, added to the film of `slab` materials, and in 3D to the tops
                              ///< of shapes
  double etch_bias = 0;       ///< um, every outline grows by this on each side
  double sidewall_bias = 0;   ///< degrees, added to the angle of every side wall (3D)
  // Local.
  double roughness = 0;                 ///< um rms displacement of the outlines
  double roughness_correlation = 0.05;  ///< um
  double index_sigma = 0;               ///< rms of the core index error
  double index_correlation = 1.0;       ///< um
  std::uint64_t seed = 1;
  /// x interval in which local errors act; they fade out over 0.3 um towards its ends. Outside, as
  /// in the leads at the ports and in the PML, guides stay uniform.
  std::array<double, 2> local_extent{-std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::infinity()};

  bool operator==(const FabricationErrors& o) const {
    return thickness_bias == o.thickness_bias && etch_bias == o.etch_bias &&
           sidewall_bias == o.sidewall_bias && roughness == o.roughness &&
           roughness_correlation == o.roughness_correlation && index_sigma == o.index_sigma &&
           index_correlation == o.index_correlation && seed == o.seed &&
           local_extent == o.local_extent;
  }
};

/// Share of the local errors at x: 1 inside local_extent, 0 outside, a raised cosine between.
double LocalShare(const FabricationErrors& errors, double x);

/// Gaussian random field of zero mean, unit variance and correlation exp(-r^2 / (2 length^2)):
/// sum of `terms` plane waves with Gaussian wave vectors (rms 1/length per axis) and uniform
/// phases. The same seed gives the same field with every standard library.
class RandomField {
 public:
  RandomField(std::uint64_t seed, double correlation_length, int terms = 256);
  double operator()(double x, double y) const;

 private:
  std::vector<double> kx_, ky_, phase_;
  double scale_;
};

/// Displacement of the outlines in units of `roughness`, and index error in units of `index_sigma`:
/// independent of each other.
RandomField RoughnessField(const FabricationErrors& errors);
RandomField IndexField(const FabricationErrors& errors);

/// Outlines with etch bias and roughness: each point moves outwards by
/// etch_bias + roughness * RoughnessField * LocalShare there. UserError for correlation lengths
/// that are not positive or sizes that are negative.
std::vector<Region> Fabricate(const std::vector<Region>& design, const FabricationErrors& errors);

}  // namespace symwave::domain
