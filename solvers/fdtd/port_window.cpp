#include "solvers/fdtd/port_window.hpp"

namespace symwave::solvers::fdtd {

domain::PortGuides GuidesInWindow(MPI_Comm comm, const domain::Lattice& lattice,
                                  const domain::MediumMap& media, const domain::PlanePort& port,
                                  const domain::PortPlane& plane, double omega) {
  const modes::WaveguidePlane whole{plane.axis, plane.node, plane.box, {}, {}};
  const modes::PlaneAxes axes = modes::AxesOfPlane(plane.axis);
  domain::PortWindow window;
  bool endless = false;
  for (int k = 0; k < 2; ++k) {
    const int axis = k == 0 ? axes.u : axes.v;
    const bool flat = lattice.TwoDimensional() && axis == 2;
    const int lo = plane.box.lo[axis];
    const int hi = plane.box.hi[axis];
    for (int i = lo; i < hi; ++i) window.positions[k].push_back(lattice.Node(axis, i));
    window.centre[k] = flat ? 0 : port.at[static_cast<size_t>(axis)];
    window.axes[k] = "xyz"[axis];
    window.open[k] = {!flat && (lo > 0 || lattice.End(axis, 0).pml_cells > 0),
                      !flat && (hi < lattice.Points(axis) || lattice.End(axis, 1).pml_cells > 0)};
    endless = endless || (!flat && lattice.Periodic(axis) && hi - lo == lattice.Points(axis));
  }
  window.eps = endless ? std::vector<double>(plane.box.Count(), 1.0)
                       : modes::PlanePermittivity(comm, lattice, media, whole, omega);
  return domain::FindGuides(std::move(window));
}

modes::WaveguidePlane PlaneOfOwnGuide(const domain::PlanePort& port, const domain::PortPlane& plane,
                                      const domain::PortGuides& guides) {
  modes::WaveguidePlane own{plane.axis, plane.node, plane.box, {}, modes::CurveOf(port)};
  if (!guides.own || !guides.Several()) return own;
  const modes::PlaneAxes axes = modes::AxesOfPlane(plane.axis);
  own.media = plane.box;
  for (int k = 0; k < 2; ++k) {
    const int axis = k == 0 ? axes.u : axes.v;
    own.media.lo[axis] = plane.box.lo[axis] + guides.lo[k];
    own.media.hi[axis] = plane.box.lo[axis] + guides.hi[k];
  }
  return own;
}

}  // namespace symwave::solvers::fdtd
