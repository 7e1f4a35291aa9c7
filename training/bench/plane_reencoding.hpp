// The electronics between two layers: measured fields to launched ones, and back for the error.
#pragma once

#include "training/bench/pixel_range.hpp"

namespace symwave::training::bench {

/// With u = y sqrt(N / sum |y|^2), of unit rms over the N pixels of the plane,
///   x = f(|u|^2) u / sqrt(N),   f as in PlaneActivation,     intensity: x = |u|^2 / sqrt(N)
/// plus the encoded image with `skip`. Without an activation x has unit power. A dark plane stays
/// dark. All members are collective on the ranks that share the planes.
template <class Real>
class PlaneReencoder {
 public:
  PlaneReencoder(const PlaneNetworkOptions& options, const PixelRange& layout)
      : options_(options), layout_(layout) {}

  /// `encoded`: of the same samples; used with `skip`.
  void Apply(const Planes<Real>& y, const Planes<Real>& encoded, Planes<Real>& x) const;
  /// The activation `intensity` from |y|^2.
  void ApplyIntensities(const RealPlanes<Real>& intensities, const Planes<Real>& encoded,
                        Planes<Real>& x) const;

  /// With error = dL/dx on entry (dL = 2 Re(g^T dx)), error = dL/dy on return. x depends on y and
  /// on conj(y), therefore  dL/dy = (dx/dy)^T g + (dx/dconj(y))^H conj(g).
  void Backward(const Planes<Real>& y, Planes<Real>& error) const;

 private:
  /// sqrt(N / sum |y|^2) of every plane, 0 for a dark one.
  Eigen::ArrayXd Scales(Eigen::ArrayXd powers) const;

  PlaneNetworkOptions options_;
  PixelRange layout_;
};

}  // namespace symwave::training::bench
