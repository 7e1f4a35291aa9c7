#include "solvers/fdtd/mode_monitor.hpp"

#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"
#include "solvers/fdtd/located_port.hpp"
#include "solvers/modes/curved_mode.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using modes::WaveguideMode;

namespace {

std::vector<Component> Carried(const domain::Lattice& lattice, Component a, Component b) {
  std::vector<Component> components;
  for (const Component c : {a, b}) {
    if (lattice.Has(c)) components.push_back(c);
  }
  return components;
}

/// sum field * profile * dA over this rank's points of a transform, at one frequency; all planes
/// along the normal are multiplied by the one profile.
struct PlaneSum {
  const domain::Lattice& lattice;
  const modes::PlaneAxes& axes;
  const IndexBox& profile_box;

  Complex operator()(const DftBlock& block, Component field, int w,
                     const std::vector<Complex>& profile, Component area_of) const {
    int number = -1;
    for (size_t c = 0; c < block.components.size(); ++c) {
      if (block.components[c] == field) number = static_cast<int>(c);
    }
    if (number < 0) return 0;
    Complex sum = 0;
    std::array<int, 3> p{};
    for (p[2] = block.box.lo[2]; p[2] < block.box.hi[2]; ++p[2]) {
      for (p[1] = block.box.lo[1]; p[1] < block.box.hi[1]; ++p[1]) {
        for (p[0] = block.box.lo[0]; p[0] < block.box.hi[0]; ++p[0]) {
          std::array<int, 3> q = p;
          q[axes.n] = profile_box.lo[axes.n];
          const double area = lattice.Weight(area_of, axes.u, p[axes.u]) *
                              lattice.Weight(area_of, axes.v, p[axes.v]);
          sum += block.At(number, w, p[0], p[1], p[2]) * area *
                 profile[static_cast<size_t>(profile_box.Offset(q[0], q[1], q[2]))];
        }
      }
    }
    return sum;
  }
};

}  // namespace

ModeMonitor::ModeMonitor(yee::Transforms& fields, const modes::WaveguidePlane& plane,
                         std::vector<double> omegas, int every)
    : fields_(fields), plane_(plane), omegas_(std::move(omegas)) {
  const domain::Lattice& lattice = fields.Lattice();
  RequireEqualCells(lattice, plane);
  const modes::PlaneAxes axes = modes::AxesOfPlane(plane.axis);
  IndexBox nodes = plane.box;
  nodes.lo[plane.axis] = plane.node;
  nodes.hi[plane.axis] = plane.node + 1;
  IndexBox halves = nodes;
  --halves.lo[plane.axis];
  electric_ = fields.AddDft(
      {nodes, Carried(lattice, domain::ElectricAlong(axes.u), domain::ElectricAlong(axes.v)),
       omegas_, every});
  magnetic_ = fields.AddDft(
      {halves, Carried(lattice, domain::MagneticAlong(axes.u), domain::MagneticAlong(axes.v)),
       omegas_, every});
}

ModeAmplitudes ModeMonitor::Amplitudes(const ModeSpectrum& modes) const {
  base::Require(modes.Omegas().size() == omegas_.size(), "modes at the monitor's frequencies");
  const modes::PlaneAxes axes = modes::AxesOfPlane(plane_.axis);
  const DftBlock electric = fields_.Dft(electric_);
  const DftBlock magnetic = fields_.Dft(magnetic_);
  const domain::Lattice& lattice = fields_.Lattice();
  const PlaneSum sum{lattice, axes, modes.Plane().box};
  const modes::GuideCurve& curve = modes.Plane().curve;
  const double beside = lattice.Node(plane_.axis, plane_.node) - curve.along;
  const long frequencies = static_cast<long>(omegas_.size());
  // Columns: a_+ + a_- at all frequencies, then a_+ - a_-.
  Eigen::MatrixXcd sums = Eigen::MatrixXcd::Zero(modes.Modes(), 2 * frequencies);
  const bool here = !electric.box.Empty() || !magnetic.box.Empty();
  base::Require(!here || modes.HasFields(), "who has points of a port has the fields of its modes");
  const Component u = domain::ElectricAlong(axes.u), v = domain::ElectricAlong(axes.v);
  for (int m = 0; here && m < modes.Modes(); ++m) {
    for (int w = 0; w < frequencies; ++w) {
      const WaveguideMode mode = modes.At(m, static_cast<size_t>(w));
      const auto overlaps = [&](const WaveguideMode& of) -> std::array<Complex, 2> {
        const Complex of_e = sum(electric, u, w, of.h_v, u) - sum(electric, v, w, of.h_u, v);
        const Complex of_h = sum(magnetic, domain::MagneticAlong(axes.v), w, of.e_u, u) -
                             sum(magnetic, domain::MagneticAlong(axes.u), w, of.e_v, v);
        return {0.5 * axes.orientation * std::cos(0.5 * of.cell * of.beta) * of_e,
                0.25 * axes.orientation * of_h};
      };
      std::array<Complex, 2> found;
      if (curve.Straight()) {
        found = overlaps(mode);
      } else {
        // A wave that travels one way is told by the fields, there, of that which travels the
        // other.
        const auto forward = overlaps(modes::OnPlaneBeside(lattice, mode, -beside));
        const auto backward = overlaps(modes::OnPlaneBeside(lattice, mode, beside));
        const Complex plus = 0.5 * (forward[0] + forward[1]);
        const Complex minus = 0.5 * (backward[0] - backward[1]);
        found = {plus + minus, plus - minus};
      }
      sums(m, w) = found[0];
      sums(m, frequencies + w) = found[1];
    }
  }
  base::SumInPlace(fields_.Comm(), sums.data(), static_cast<size_t>(sums.size()));
  const auto total = sums.leftCols(frequencies);
  const auto difference = sums.rightCols(frequencies);
  return {0.5 * (total + difference), 0.5 * (total - difference)};
}

}  // namespace symwave::solvers::fdtd
