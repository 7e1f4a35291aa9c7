// What fabrication does to a chip: systematic errors (the same everywhere on the chip, hence
// mirror-symmetric) and local random errors (different left and right). All random fields are
// functions of position and seed only, so they do not depend on the number of ranks.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
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
  double thickness_sigma = 0;           ///< um rms, of what thickness_bias is added to
  double thickness_correlation = 20;    ///< um
  double index_sigma = 0;               ///< rms of the core index error
  double index_correlation = 1.0;       ///< um
  std::uint64_t seed = 1;
  /// x interval in which local errors act; they fade out over 0.3 um towards its ends. Outside, as
  /// in the leads at the ports and in the PML, guides stay uniform.
  std::array<double, 2> local_extent{-std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::infinity()};

  /// Whether anything is different left and right.
  bool Local() const { return roughness != 0 || thickness_sigma != 0 || index_sigma != 0; }

  bool operator==(const FabricationErrors& o) const {
    return thickness_bias == o.thickness_bias && etch_bias == o.etch_bias &&
           sidewall_bias == o.sidewall_bias && roughness == o.roughness &&
           roughness_correlation == o.roughness_correlation &&
           thickness_sigma == o.thickness_sigma &&
           thickness_correlation == o.thickness_correlation && index_sigma == o.index_sigma &&
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
  /// No value is larger.
  double Bound() const { return scale_ * static_cast<double>(kx_.size()); }

 private:
  std::vector<double> kx_, ky_, phase_;
  double scale_;
};

/// Displacement of the outlines in units of `roughness`, index error in units of `index_sigma`, and
/// thickness of the film in units of `thickness_sigma`: independent of each other.
RandomField RoughnessField(const FabricationErrors& errors);
RandomField IndexField(const FabricationErrors& errors);
RandomField ThicknessField(const FabricationErrors& errors);

/// `sigma` * LocalShare * field, a function of (x, y).
std::function<double(double, double)> LocalError(const FabricationErrors& errors, double sigma,
                                                 const RandomField& field);

/// Outlines with etch bias and roughness: each point moves outwards by
/// etch_bias + roughness * RoughnessField * LocalShare there. UserError for correlation lengths
/// that are not positive or sizes that are negative.
std::vector<Region> Fabricate(const std::vector<Region>& design, const FabricationErrors& errors);

}  // namespace symwave::domain
