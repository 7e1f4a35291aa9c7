#include "solvers/programmable_device.hpp"

namespace symwave::solvers {

double FixedOptics::VolumeOf(const ElementPoint& point) const {
  double volume = 1;
  for (int axis = 0; axis < 3; ++axis) {
    volume *= lattice->Weight(point.component, axis, point.at[static_cast<size_t>(axis)]);
  }
  return volume;
}

}  // namespace symwave::solvers
