#include "solvers/fdtd/mode_source.hpp"

namespace symwave::solvers::fdtd {

ModeSource LaunchOf(const modes::WaveguideMode& mode, int direction, const Waveform& waveform,
                    Complex amplitude) {
  ModeSource source;
  const domain::IndexBox& box = mode.plane.box;
  source.plane = {mode.plane.axis, mode.plane.node, direction, box.lo, box.hi};
  source.mode = [&mode](domain::Component c, std::array<int, 3> point) -> Complex {
    point[mode.plane.axis] = mode.plane.node;
    if (!mode.plane.box.Contains(point[0], point[1], point[2])) return 0;
    return mode.Field(c)[mode.plane.box.Offset(point[0], point[1], point[2])];
  };
  source.wave_number = mode.beta;
  source.group_index = mode.group_index;
  source.amplitude = amplitude;
  source.waveform = waveform;
  return source;
}

Current ModeCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                    const ModeSource& source) {
  const LaunchPlane& plane = source.plane;
  const double half_width = 0.5 * lattice.CellWidth(plane.axis, plane.HalfBehind());
  const Complex electric = source.amplitude;
  const Complex magnetic = static_cast<double>(plane.inward) * source.amplitude *
                           std::exp(Complex(0, -1) * source.wave_number * half_width);
  const IncidentField incident = [&](domain::Component c, const std::array<int, 3>& point) {
    return (domain::IsElectric(c) ? electric : magnetic) * source.mode(c, point);
  };
  const double group_index = source.group_index > 0
                                 ? source.group_index
                                 : source.wave_number.real() / source.waveform.Omega();
  return LaunchCurrent(lattice, dt, held, plane, incident, source.waveform,
                       group_index * half_width);
}

}  // namespace symwave::solvers::fdtd
