// Aberrations in the pupil of optics that image a plane on another one.
#pragma once

#include "solvers/diffraction/element.hpp"
#include "solvers/diffraction/plane_filter.hpp"
#include "solvers/diffraction/thin_optics.hpp"

namespace symwave::solvers::diffraction {

struct PupilOptions {
  /// On the circle through the corners of the pupil; beyond it the phase of its rim.
  Zernikes aberrations;
  double half_width_x = 0, half_width_y = 0;  ///< of the pupil [1/um]; 0 along an axis of one pixel
  double padding = 2;
  int threads = 1;
};

/// u <- F^-1 { exp(i phase(fx, fy)) F u } on the padded plane. Backward has the pupil turned by 180
/// degrees, exp(i phase(-fx, -fy)), which is the transpose: odd aberrations tell the sides apart.
template <class Real>
class Pupil final : public Element<Real> {
 public:
  Pupil(const PlaneShare& share, const PupilOptions& options);
  void Forward(Fields<Real>& fields) const override { forward_.Apply(fields); }
  void Backward(Fields<Real>& fields) const override { backward_.Apply(fields); }
  FilterWork Work() const;
  double Bytes() const { return forward_.Bytes() + backward_.Bytes(); }

 private:
  PlaneFilter<Real> forward_, backward_;
};

}  // namespace symwave::solvers::diffraction
