// Free space with thin elements in it.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include "solvers/diffraction/optical_path.hpp"
#include "solvers/diffraction/propagation.hpp"

namespace symwave::solvers::diffraction {

/// A thin element at `z` um behind the begin of a path.
template <class Real>
struct Layer {
  double z = 0;
  std::shared_ptr<const Element<Real>> element;
};

/// The same layers seen from the other end of a path of this length.
template <class Real>
std::vector<Layer<Real>> Mirrored(const std::vector<Layer<Real>>& layers, double length);

/// Propagations of one bench, each distance planned once (equal within 1e-6 um).
template <class Real>
class Propagations {
 public:
  /// `common.distance` is not used. `share` must outlive this.
  Propagations(const PlaneShare& share, const PropagationOptions& common)
      : share_(&share), common_(common) {}

  /// Collective for a distance that was not asked for before.
  std::shared_ptr<const Propagation<Real>> Over(double distance);
  /// Summed over all distances.
  FilterWork Work() const;
  double Bytes() const;

 private:
  const PlaneShare* share_;
  PropagationOptions common_;
  std::map<long long, std::shared_ptr<const Propagation<Real>>> made_;
};

/// Free space of `length` um with the layers in it. Layers outside 0 ... length are an internal
/// error. Collective.
template <class Real>
std::shared_ptr<const OpticalPath<Real>> LayeredPath(Propagations<Real>& propagations,
                                                     double length,
                                                     std::vector<Layer<Real>> layers);

}  // namespace symwave::solvers::diffraction
