#include "solvers/fdtd/port_guides.hpp"

#include <algorithm>
#include <cmath>

#include "domain/for_each_point.hpp"
#include "solvers/fdtd/port_window.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using modes::WaveguideMode;

namespace {

/// Points whose share of the mode is less than this of the largest one are left out.
constexpr double kDark = 1e-6;

double AreaAt(const Lattice& lattice, const modes::PlaneAxes& axes, Component c,
              const std::array<int, 3>& p) {
  return lattice.Weight(c, axes.u, p[axes.u]) * lattice.Weight(c, axes.v, p[axes.v]);
}

/// The transverse components of E that a lattice carries.
std::vector<Component> Transverse(const Lattice& lattice, const modes::PlaneAxes& axes) {
  std::vector<Component> components;
  for (const int axis : {axes.u, axes.v}) {
    const auto c = static_cast<Component>(axis);
    if (lattice.Has(c)) components.push_back(c);
  }
  return components;
}

/// The smallest box that holds all points of |E|^2 above kDark.
IndexBox LitBox(const Lattice& lattice, const WaveguideMode& mode) {
  const modes::PlaneAxes axes = modes::AxesOfPlane(mode.plane.axis);
  const IndexBox& window = mode.plane.box;
  IndexBox lit{window.hi, window.lo};
  double largest = 0;
  for (const Component c : Transverse(lattice, axes)) {
    for (const Complex& value : mode.Field(c)) largest = std::max(largest, std::norm(value));
  }
  for (const Component c : Transverse(lattice, axes)) {
    domain::ForEachPoint(window, [&](const std::array<int, 3>& p) {
      const auto at = static_cast<size_t>(window.Offset(p[0], p[1], p[2]));
      if (std::norm(mode.Field(c)[at]) < kDark * largest) return;
      for (int d = 0; d < 3; ++d) {
        lit.lo[d] = std::min(lit.lo[d], p[d]);
        lit.hi[d] = std::max(lit.hi[d], p[d] + 1);
      }
    });
  }
  return lit;
}

/// Power through the points of the window by index, without sign.
std::vector<double> PowerDensity(const Lattice& lattice, const WaveguideMode& mode) {
  const modes::PlaneAxes axes = modes::AxesOfPlane(mode.plane.axis);
  const IndexBox& box = mode.plane.box;
  std::vector<double> power(static_cast<size_t>(box.Count()), 0.0);
  domain::ForEachPoint(box, [&](const std::array<int, 3>& p) {
    const auto at = static_cast<size_t>(box.Offset(p[0], p[1], p[2]));
    const auto u = static_cast<Component>(axes.u);
    const auto v = static_cast<Component>(axes.v);
    power[at] = std::abs(mode.e_u[at] * mode.h_v[at]) * AreaAt(lattice, axes, u, p) +
                std::abs(mode.e_v[at] * mode.h_u[at]) * AreaAt(lattice, axes, v, p);
  });
  return power;
}

/// What lies outside one edge of a window.
struct Tail {
  double share = 0;  ///< of the mode's power
  double decay = 0;  ///< of the field [1/um]
};

/// The tail goes on beyond the edge as exp(-2 decay x), with the power that the mode has some way
/// inside: at the edge itself the window's wall bends the field.
Tail TailBeyond(const Lattice& lattice, const domain::MediumMap& media, const WaveguideMode& mode,
                const std::vector<double>& power, int axis, bool at_end, double omega) {
  const IndexBox& box = mode.plane.box;
  IndexBox edge = box;
  const int last = at_end ? box.hi[axis] - 1 : box.lo[axis];
  edge.lo[axis] = last;
  edge.hi[axis] = last + 1;
  double densest = 0;
  for (const Component c : Transverse(lattice, modes::AxesOfPlane(mode.plane.axis))) {
    for (const double eps : RealPermittivity(media, c, edge, omega)) {
      densest = std::max(densest, eps);
    }
  }
  Tail tail;
  const double square = std::norm(mode.n_eff) - densest;
  if (square <= 0) return tail;
  tail.decay = omega * std::sqrt(square);
  const int extent = box.hi[axis] - box.lo[axis];
  int inside = 1;
  const auto depth = [&](int cells) {
    return std::abs(lattice.Node(axis, at_end ? last - cells : last + cells) -
                    lattice.Node(axis, last));
  };
  while (inside + 1 < extent / 4 && depth(inside) * tail.decay < 1) ++inside;
  IndexBox layer = edge;
  layer.lo[axis] = at_end ? last - inside : last + inside;
  layer.hi[axis] = layer.lo[axis] + 1;
  double along = 0, all = 0;
  for (const double p : power) all += p;
  domain::ForEachPoint(layer, [&](const std::array<int, 3>& p) {
    along += power[static_cast<size_t>(box.Offset(p[0], p[1], p[2]))];
  });
  const double width = lattice.CellWidth(axis, layer.lo[axis]);
  tail.share = along / all / width * std::exp(-2 * tail.decay * depth(inside)) / (2 * tail.decay);
  return tail;
}

/// Adds up what lies outside the open edges of the window.
void FindOutside(const Lattice& lattice, const domain::MediumMap& media, const WaveguideMode& mode,
                 double omega, yee::PortGuide& guide) {
  constexpr double kHeld = 1e-5;
  const std::vector<double> power = PowerDensity(lattice, mode);
  const IndexBox& box = mode.plane.box;
  const modes::PlaneAxes axes = modes::AxesOfPlane(mode.plane.axis);
  for (const int axis : {axes.u, axes.v}) {
    if (lattice.TwoDimensional() && axis == 2) continue;
    for (const bool at_end : {false, true}) {
      const bool whole = at_end ? box.hi[axis] == lattice.Points(axis) : box.lo[axis] == 0;
      if (whole && lattice.End(axis, at_end ? 1 : 0).pml_cells == 0) continue;
      const Tail tail = TailBeyond(lattice, media, mode, power, axis, at_end, omega);
      guide.outside += tail.share;
      if (tail.share > kHeld) {
        guide.wider = std::max(guide.wider, std::log(tail.share / kHeld) / (2 * tail.decay));
      }
    }
  }
}

yee::PortGuide GuideOf(const Lattice& lattice, const domain::MediumMap& media,
                       const domain::PlanePort& port, const domain::PortPlane& plane,
                       const WaveguideMode& mode, double omega) {
  const modes::PlaneAxes axes = modes::AxesOfPlane(plane.axis);
  yee::PortGuide guide;
  guide.port = port.name;
  guide.where = port.where;
  guide.axis = plane.axis;
  guide.forward = plane.forward;
  guide.curvature = yee::CurvatureOf(port);
  guide.wavelength = 2 * M_PI / omega;
  guide.n_eff = mode.n_eff.real();
  for (int i = 0; i <= lattice.Cells(plane.axis); ++i) {
    guide.position.push_back(lattice.Node(plane.axis, i));
  }
  guide.plane = plane.node;
  const int cells = lattice.Cells(plane.axis);
  guide.inside = {lattice.Node(plane.axis, lattice.End(plane.axis, 0).pml_cells),
                  lattice.Node(plane.axis, cells - lattice.End(plane.axis, 1).pml_cells)};
  guide.ends = {lattice.Node(plane.axis, 0), lattice.Node(plane.axis, cells)};
  guide.ahead = 3;
  const IndexBox lit = LitBox(lattice, mode);
  const std::vector<Component> components = Transverse(lattice, axes);
  double sum = 0;
  for (const Component c : components) {
    domain::ForEachPoint(lit, [&](const std::array<int, 3>& p) {
      const auto at = static_cast<size_t>(mode.plane.box.Offset(p[0], p[1], p[2]));
      guide.across.push_back(
          {lattice.Position(c, axes.u, p[axes.u]),
           lattice.TwoDimensional() && axes.v == 2 ? 0.0 : lattice.Position(c, axes.v, p[axes.v])});
      guide.area.push_back(AreaAt(lattice, axes, c, p));
      guide.weight.push_back(std::norm(mode.Field(c)[at]) * guide.area.back());
      sum += guide.weight.back();
    });
  }
  for (double& weight : guide.weight) weight /= sum;
  guide.eps = [&media, components, lit, omega, axis = plane.axis](int node) {
    IndexBox box = lit;
    box.lo[axis] = node;
    box.hi[axis] = node + 1;
    std::vector<double> eps;
    for (const Component c : components) {
      const std::vector<double> values = RealPermittivity(media, c, box, omega);
      eps.insert(eps.end(), values.begin(), values.end());
    }
    return eps;
  };
  FindOutside(lattice, media, mode, omega, guide);
  return guide;
}

}  // namespace

std::vector<double> RealPermittivity(const domain::MediumMap& media, Component component,
                                     const IndexBox& box, double omega) {
  const domain::MediumBlock block = media.sample(component, box);
  std::vector<double> eps = block.eps;
  for (const auto& part : block.dispersive) {
    const domain::Medium& medium = media.media[part.medium];
    const std::complex<double> total = medium.Permittivity(omega);
    const double susceptibility = total.real() - medium.eps_inf;
    for (size_t n = 0; n < eps.size(); ++n) eps[n] += part.share[n] * susceptibility;
  }
  return eps;
}

std::vector<yee::PortGuide> PortGuides(MPI_Comm comm, const Lattice& lattice,
                                       const domain::MediumMap& media,
                                       const std::vector<domain::PlanePort>& ports, double omega,
                                       const ModeSpectrum::Options& options, const PmlOptions& pml,
                                       ModeStore& known) {
  std::vector<SpectrumRequest> requests;
  for (const domain::PlanePort& port : ports) {
    requests.push_back({port, domain::LocatePort(lattice, port), true});
  }
  const auto spectra = SolveSpectra(comm, lattice, media, requests, {omega}, options, known);
  std::vector<yee::PortGuide> guides;
  for (size_t p = 0; p < ports.size(); ++p) {
    const domain::PlanePort& port = ports[p];
    const ModeSpectrum& spectrum = spectra[p];
    const bool neighbours =
        port.bend.radius > 0 &&
        GuidesInWindow(comm, lattice, media, port, requests[p].plane, omega).Several();
    for (int m = 0; m < spectrum.Modes(); ++m) {
      guides.push_back(GuideOf(lattice, media, port, requests[p].plane, spectrum.At(m, 0), omega));
      yee::PortGuide& guide = guides.back();
      guide.mode = domain::ModeName(port.name, port.modes[m]);
      guide.neighbours = neighbours;
      guide.returned = yee::ReturnedByPml(pml.reflection, pml.index, guide.n_eff);
      if (m == 0) guide.doubts = spectrum.AsSolved().chosen_doubts;
    }
  }
  return guides;
}

}  // namespace symwave::solvers::fdtd
