// Free-space propagation between parallel planes by the angular spectrum.
//
//   U(x, y, d) = F^-1 { H(fx, fy) F { U(x, y, 0) } },   H = exp(i k d sqrt(1 - (lambda fx)^2 -
//   (lambda fy)^2))
//
// on planes padded with zeros, with H set to zero beyond |f| = 1 / (lambda sqrt((2 df d)^2 + 1)),
// where its phase is no longer sampled (Matsushima and Shimobaba, Opt. Express 17, 19662 (2009)).
#pragma once

#include <string>
#include <vector>

#include "solvers/diffraction/element.hpp"
#include "solvers/diffraction/plane_filter.hpp"

namespace symwave::solvers::diffraction {

enum class PropagationMethod {
  AngularSpectrum,  ///< exact for scalar waves within the band
  Fresnel,          ///< paraxial transfer function exp(-i pi lambda d f^2), for comparison
};

struct PropagationOptions {
  double wavelength = 0.532;  ///< in the medium [um]
  double distance = 0;        ///< um
  PropagationMethod method = PropagationMethod::AngularSpectrum;
  /// Width of the padded plane over that of the plane; at 2 no light that leaves the window comes
  /// back at its other side.
  double padding = 2;
  bool band_limit = true;
  int threads = 1;  ///< planes are dealt to them
};

/// What the sampling of a plane and a distance allow.
struct SamplingCheck {
  int padded = 0;            ///< samples of the padded plane along x
  double band_limit = 0;     ///< 1/um
  double nyquist = 0;        ///< 1 / (2 pitch) [1/um]
  double plain_samples = 0;  ///< lambda d / pitch^2: samples the method needs without a band limit
  double fresnel_phase = 0;  ///< largest phase error of the paraxial form in the window [rad]
};
SamplingCheck CheckSampling(const PlaneGrid& grid, const PropagationOptions& options);

/// Sentences on what a user should change; empty where all is well. UserError for what cannot work
/// at all: pitch below lambda / 2 leaves evanescent samples, a band limit of fewer than 8 samples.
std::vector<std::string> PropagationWarnings(const PlaneGrid& grid,
                                             const PropagationOptions& options);

/// Forward equals Backward: the kernel is even. The numbers are the same on every number of ranks
/// of the share's communicator.
template <class Real>
class Propagation final : public Element<Real> {
 public:
  Propagation(const PlaneShare& share, const PropagationOptions& options);
  void Forward(Fields<Real>& fields) const override { filter_.Apply(fields); }
  void Backward(Fields<Real>& fields) const override { filter_.Apply(fields); }
  FilterWork Work() const { return filter_.Work(); }
  double Bytes() const { return filter_.Bytes(); }

 private:
  PlaneFilter<Real> filter_;
};

}  // namespace symwave::solvers::diffraction
