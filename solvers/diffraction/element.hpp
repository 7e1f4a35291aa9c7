// One linear optical element of a free-space bench.
#pragma once

#include "solvers/diffraction/plane.hpp"

namespace symwave::solvers::diffraction {

/// A reciprocal element between two planes of the same grid. All members are collective on the
/// communicator of the planes.
template <class Real>
class Element {
 public:
  virtual ~Element() = default;
  /// Light from the input to the output side, in place.
  virtual void Forward(Fields<Real>& fields) const = 0;
  /// Light the other way. By reciprocity this is the transpose (not the adjoint) of Forward:
  /// a^T Forward(b) = b^T Backward(a).
  virtual void Backward(Fields<Real>& fields) const = 0;
};

}  // namespace symwave::solvers::diffraction
