#include "solvers/fdtd/port_sheet.hpp"

#include <cmath>

#include "domain/for_each_point.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdtd/port_spectra.hpp"
#include "solvers/modes/profile_sign.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::kI;

namespace {

std::vector<PortSheet> SheetsOfLines(const FixedOptics& optics) {
  const fdfd::PlanePoints points(*optics.lattice);
  std::vector<PortSheet> sheets;
  for (const fdfd::PortMode& port : fdfd::SolvePorts(optics.comm, points, optics.media,
                                                     optics.omega, optics.ports, *optics.known)) {
    PortSheet sheet;
    sheet.direct = port.direct;
    for (size_t k = 0; k < port.source.size(); ++k) {
      std::array<int, 3> point{0, 0, 0};
      point[static_cast<size_t>(port.line.Normal())] = port.line.plane;
      point[static_cast<size_t>(port.line.Across())] = port.line.begin + static_cast<int>(k);
      for (size_t axis = 0; axis < 2; ++axis) point[axis] += points.First(static_cast<int>(axis));
      sheet.points.push_back({{Component::Ez, point}, port.source[k]});
    }
    sheets.push_back(std::move(sheet));
  }
  return sheets;
}

/// Of the wave that travels into the device: of E, or where amplitudes are those of H, such that H
/// has a positive first lobe.
double SignOfLaunch(const FixedOptics& optics, const modes::WaveguideMode& mode, bool forward) {
  if (optics.lattice->Fields() != domain::FieldSet::Hz) return 1;
  return modes::SignOfProfile(mode.h_v) * (forward ? 1 : -1);
}

PortSheet SheetOf(const FixedOptics& optics, const domain::PlanePort& port, bool forward,
                  const modes::WaveguideMode& mode) {
  const domain::Lattice& lattice = *optics.lattice;
  const modes::PlaneAxes axes = modes::AxesOfPlane(mode.plane.axis);
  const double at = port.at[static_cast<size_t>(axes.n)];
  const double offset = (forward ? 1 : -1) * (at - lattice.Node(axes.n, mode.plane.node));
  const Complex reference = std::exp(Complex(0, -offset) * mode.beta);
  const Complex scale = Complex(0, -2) * optics.omega * reference *
                        static_cast<double>(axes.orientation) *
                        std::cos(0.5 * mode.cell * mode.beta) * SignOfLaunch(optics, mode, forward);
  PortSheet sheet;
  sheet.direct = reference * reference;
  for (const int axis : {axes.u, axes.v}) {
    const Component e = domain::ElectricAlong(axis);
    if (!lattice.Has(e)) continue;
    const std::vector<Complex>& h = axis == axes.u ? mode.h_v : mode.h_u;
    domain::ForEachPoint(mode.plane.box, [&](const std::array<int, 3>& p) {
      const Complex value = h[static_cast<size_t>(mode.plane.box.Offset(p[0], p[1], p[2]))];
      const double area =
          lattice.Weight(e, axes.u, p[axes.u]) * lattice.Weight(e, axes.v, p[axes.v]);
      if (value == 0.0 || area == 0) return;
      sheet.points.push_back({{e, p}, (axis == axes.u ? scale : -scale) * value * area});
    });
  }
  return sheet;
}

}  // namespace

std::vector<PortSheet> SolveSheets(const FixedOptics& optics) {
  const domain::Lattice& lattice = *optics.lattice;
  if (lattice.Fields() == domain::FieldSet::Ez) return SheetsOfLines(optics);
  std::vector<SpectrumRequest> requests;
  for (const domain::PlanePort& port : optics.ports) {
    requests.push_back({port, domain::LocatePort(lattice, port), true});
  }
  // Of the continuum: the engine is transformed where its steps stand for this frequency.
  const domain::MediumMap media =
      domain::MakeMediumMap(lattice, optics.media, domain::SteppedFrequency(optics.omega, 0));
  const std::vector<ModeSpectrum> spectra =
      SolveSpectra(optics.comm, lattice, media, requests, {optics.omega}, {});
  std::vector<PortSheet> sheets;
  for (size_t p = 0; p < spectra.size(); ++p) {
    for (int m = 0; m < spectra[p].Modes(); ++m) {
      sheets.push_back(
          SheetOf(optics, optics.ports[p], requests[p].plane.forward, spectra[p].At(m, 0)));
    }
  }
  return sheets;
}

}  // namespace symwave::solvers::fdtd
