#include "solvers/modes/curved_mode.hpp"

#include <algorithm>
#include <cmath>

#include "domain/for_each_point.hpp"

namespace symwave::solvers::modes {

using domain::Component;

namespace {

/// Calls visit(point, offset, coordinate on the axis of the curve) for the points of a component.
template <class Visit>
void ForEachPointOf(const domain::Lattice& lattice, const WaveguideMode& mode, Component component,
                    const Visit& visit) {
  const domain::IndexBox& box = mode.plane.box;
  const int axis = mode.plane.curve.axis;
  domain::ForEachPoint(box, [&](const std::array<int, 3>& p) {
    const auto at = static_cast<size_t>(box.Offset(p[0], p[1], p[2]));
    visit(p, at, lattice.Position(component, axis, p[axis]));
  });
}

}  // namespace

WaveguideMode OnPlaneBeside(const domain::Lattice& lattice, const WaveguideMode& mode,
                            double distance) {
  const GuideCurve& curve = mode.plane.curve;
  if (curve.Straight()) return mode;
  const domain::IndexBox& box = mode.plane.box;
  const PlaneAxes axes = AxesOfPlane(mode.plane.axis);
  WaveguideMode beside = mode;
  const auto turn = [&](Component component, std::vector<Complex>& field,
                        const std::vector<Complex>& along, int step) {
    const bool tilts = static_cast<int>(domain::DirectionOf(component)) == curve.axis;
    ForEachPointOf(
        lattice, mode, component, [&](const std::array<int, 3>& p, size_t at, double position) {
          if (tilts) {
            // The component along the circle stands half a cell before and behind.
            std::array<int, 3> next = p;
            next[curve.axis] =
                std::clamp(p[curve.axis] + step, box.lo[curve.axis], box.hi[curve.axis] - 1);
            const auto other = static_cast<size_t>(box.Offset(next[0], next[1], next[2]));
            field[at] -= distance / (position - curve.centre) * 0.5 * (along[at] + along[other]);
          }
          const double way = curve.WayAt(position);
          field[at] *= std::exp(Complex(0, distance * (1 / way - 1)) * mode.beta);
        });
  };
  turn(domain::ElectricAlong(axes.u), beside.e_u, mode.e_n, 1);
  turn(domain::ElectricAlong(axes.v), beside.e_v, mode.e_n, 1);
  turn(domain::MagneticAlong(axes.u), beside.h_u, mode.h_n, -1);
  turn(domain::MagneticAlong(axes.v), beside.h_v, mode.h_n, -1);
  return beside;
}

WaveguideMode WithPlainH(const domain::Lattice& lattice, const WaveguideMode& mode) {
  const GuideCurve& curve = mode.plane.curve;
  if (curve.Straight()) return mode;
  const PlaneAxes axes = AxesOfPlane(mode.plane.axis);
  const Complex half = 0.5 * mode.cell * mode.beta;
  WaveguideMode plain = mode;
  for (const int axis : {axes.u, axes.v}) {
    std::vector<Complex>& field = axis == axes.u ? plain.h_u : plain.h_v;
    ForEachPointOf(lattice, mode, domain::MagneticAlong(axis),
                   [&](const std::array<int, 3>&, size_t at, double position) {
                     field[at] *= std::cos(half) / std::cos(half / curve.WayAt(position));
                   });
  }
  return plain;
}

}  // namespace symwave::solvers::modes
