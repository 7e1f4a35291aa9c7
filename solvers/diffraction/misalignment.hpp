// A plane seen from a shifted and rotated grid.
#pragma once

#include <memory>

#include "solvers/diffraction/element.hpp"

namespace symwave::solvers::diffraction {

struct MisalignmentOptions {
  double shift_x = 0, shift_y = 0;  ///< um
  double rotation = 0;              ///< rad, counter-clockwise, below pi / 4 in size
  int threads = 1;
};

/// UserError for a shift as wide as the plane, for rotations beyond pi / 4 and for what one row
/// cannot do.
void CheckMisalignment(const PlaneGrid& grid, const MisalignmentOptions& options);

/// u'(r) = u(R(rotation) r + shift), as up to three shears, each a shift of the lines along one
/// axis:
///   R = K_x(-tan(rotation / 2)) K_y(sin(rotation)) K_x(-tan(rotation / 2)),   K_x(a) (x, y) =
///   (x + a y, y)
/// A line is shifted by exp(2 pi i f s) in the spectrum of the line padded to twice its length:
/// exact for light within the band. Backward shifts the other way in the opposite order, which is
/// the transpose to rounding. UserError as CheckMisalignment.
template <class Real>
class Misalignment final : public Element<Real> {
 public:
  Misalignment(const PlaneShare& share, const MisalignmentOptions& options);
  ~Misalignment() override;
  void Forward(Fields<Real>& fields) const override;
  void Backward(Fields<Real>& fields) const override;
  double Bytes() const;

 private:
  struct Shears;
  std::unique_ptr<Shears> shears_;
};

}  // namespace symwave::solvers::diffraction
