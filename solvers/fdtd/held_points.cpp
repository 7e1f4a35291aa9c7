#include "solvers/fdtd/held_points.hpp"

namespace symwave::solvers::fdtd {

bool HoldsAlong(const domain::Lattice& lattice, const domain::IndexBox& held, int axis, int i) {
  if (lattice.Periodic(axis)) {
    const int period = lattice.Cells(axis);
    const int beyond = (i - held.lo[axis]) % period;
    i = held.lo[axis] + (beyond < 0 ? beyond + period : beyond);
  }
  return i >= held.lo[axis] && i < held.hi[axis];
}

bool Holds(const domain::Lattice& lattice, const domain::IndexBox& held,
           const std::array<int, 3>& point) {
  return HoldsAlong(lattice, held, 0, point[0]) && HoldsAlong(lattice, held, 1, point[1]) &&
         HoldsAlong(lattice, held, 2, point[2]);
}

std::vector<int> ImagesAlong(const domain::Lattice& lattice, const domain::IndexBox& held, int axis,
                             int i) {
  std::vector<int> images;
  if (!HoldsAlong(lattice, held, axis, i)) return images;
  if (!lattice.Periodic(axis)) return {i};
  const int period = lattice.Cells(axis);
  const int beyond = (i - held.lo[axis]) % period;
  i = held.lo[axis] + (beyond < 0 ? beyond + period : beyond);
  for (; i < held.hi[axis]; i += period) images.push_back(i);
  return images;
}

std::vector<int> HeldAlong(const domain::Lattice& lattice, const domain::IndexBox& held, int axis,
                           int begin, int end) {
  std::vector<int> points;
  for (int i = begin; i < end; ++i) {
    if (HoldsAlong(lattice, held, axis, i)) points.push_back(i);
  }
  return points;
}

}  // namespace symwave::solvers::fdtd
