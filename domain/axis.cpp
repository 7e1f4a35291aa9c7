#include "domain/axis.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::domain {

Axis::Axis(std::vector<double> faces) : faces_(std::move(faces)) {
  if (faces_.size() < 2) base::Fail("an axis of the grid needs at least one cell");
  for (size_t i = 1; i < faces_.size(); ++i) {
    if (!(faces_[i] > faces_[i - 1])) base::Fail("the faces of a grid axis must increase");
  }
}

Axis Axis::Uniform(double cell, int count) {
  std::vector<double> faces(count + 1);
  for (int i = 0; i <= count; ++i) faces[i] = (i - 0.5 * count) * cell;
  return Axis(std::move(faces));
}

double Axis::Position(Stagger stagger, int i) const {
  return stagger == Stagger::Centre ? Centre(i) : Face(i);
}

double Axis::Spacing(int i) const {
  if (i == 0) return Width(0);
  if (i == Cells()) return Width(Cells() - 1);
  return 0.5 * (Width(i - 1) + Width(i));
}

int Axis::CellAt(double position) const {
  if (position < faces_.front() || position >= faces_.back()) return -1;
  const auto above = std::upper_bound(faces_.begin(), faces_.end(), position);
  return static_cast<int>(above - faces_.begin()) - 1;
}

}  // namespace symwave::domain
