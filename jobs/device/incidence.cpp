#include "jobs/device/incidence.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/device/beam_sources.hpp"
#include "jobs/device/regions.hpp"
#include "jobs/device/waveforms.hpp"
#include "solvers/fdtd/plane_wave_power.hpp"

namespace symwave::jobs::device {

namespace {

using solvers::fdtd::Complex;
using solvers::fdtd::PlaneWave;

constexpr double kDegrees = 180 / M_PI;
/// Share of a pulse's peak at the frequency that grazes from which on it is worth a warning.
constexpr double kGrazing = 1e-2;

/// |k| across the axis of a wave.
double TransverseWaveNumber(const deck::GridOptions& grid, int axis) {
  double square = 0;
  for (int d = 0; d < grid.Dimensions(); ++d) {
    if (d != axis) square += grid.BlochOf(d) * grid.BlochOf(d);
  }
  return std::sqrt(square);
}

double IndexOf(const PlaneWave& wave, double omega) {
  return std::sqrt(wave.Background().Permittivity(omega)).real();
}

void RequirePropagation(const deck::SimulateOptions& options, const deck::SourceOptions& source,
                        int axis, const PlaneWave& wave) {
  const double k = TransverseWaveNumber(options.grid, axis);
  const double longest = *std::max_element(options.wavelengths.begin(), options.wavelengths.end());
  const double free = 2 * M_PI * IndexOf(wave, 2 * M_PI / longest) / longest;
  if (k < free) return;
  base::Fail(
      "{}: the plane wave is evanescent at {:.4f} um: grid.bloch has {:.4g} 1/um across its axis, "
      "but light in the medium at its plane has {:.4g} 1/um in all; make grid.bloch or the longest "
      "wavelength smaller",
      source.where, longest, k, free);
}

/// A box that ends on a wall, within half a cell, has no face there, but goes on in the image.
/// UserError for a wall beside the wave that its field does not stand upright on.
void EndOnWalls(const domain::Lattice& lattice, const deck::SourceOptions& source,
                PlaneWave& wave) {
  const int along = static_cast<int>(wave.axis);
  const int entry = wave.direction > 0 ? 0 : 1;
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    for (int side = 0; side < 2; ++side) {
      const domain::AxisEnd& end = lattice.End(d, side);
      if (lattice.Periodic(d) || end.pml_cells > 0 || (d == along && side == entry)) continue;
      const int wall = side == 0 ? 0 : lattice.Cells(d);
      const double slack = 0.5 * lattice.CellWidth(d, side == 0 ? 0 : wall - 1);
      const double place = lattice.Node(d, wall);
      double& bound = side == 0 ? wave.lo[d] : wave.hi[d];
      if (!std::isfinite(bound) || std::abs(bound - place) > slack) continue;
      bound = side == 0 ? -PlaneWave::kUnbounded : PlaneWave::kUnbounded;
      const bool electric = end.wall == domain::Wall::Pec;
      for (int e = 0; e < 3 && d != along; ++e) {
        if (wave.electric[e] == 0.0 || (e == d) == electric) continue;
        base::Fail(
            "{}: the box of the plane wave ends on the wall at {} = {:.6g} um, {} in "
            "grid.boundary, which does not carry its E along {}; write {} there, or end the box "
            "before the wall",
            source.where, "xyz"[d], place, electric ? "pec" : "pmc", "xyz"[e],
            electric ? "pmc" : "pec");
      }
    }
  }
}

int NearestPoint(const domain::Lattice& lattice, domain::Component c, int axis, double x) {
  int nearest = 0;
  for (int i = 1; i < lattice.Points(axis); ++i) {
    const bool nearer = std::abs(lattice.Position(c, axis, i) - x) <
                        std::abs(lattice.Position(c, axis, nearest) - x);
    if (nearer) nearest = i;
  }
  return nearest;
}

/// The lossless medium that fills the point of E next to `centre` in a plane across `axis`.
std::optional<domain::Medium> MediumAt(const TimeDomainProblem& problem, int axis,
                                       const std::vector<double>& centre) {
  const domain::Lattice& lattice = problem.lattice;
  auto c = domain::Component::Ex;
  for (int d = 0; d < 3; ++d) {
    const auto e = static_cast<domain::Component>(d);
    if (d != axis && lattice.Has(e)) c = e;
  }
  domain::IndexBox point{{0, 0, 0}, {1, 1, 1}};
  for (size_t d = 0; d < centre.size(); ++d) {
    point.lo[d] = NearestPoint(lattice, c, static_cast<int>(d), centre[d]);
    point.hi[d] = point.lo[d] + 1;
  }
  const domain::MediumBlock block = problem.media.sample(c, point);
  const auto pure = std::find_if(block.dispersive.begin(), block.dispersive.end(),
                                 [](const auto& part) { return part.share[0] == 1; });
  for (size_t m = 0; m < problem.media.media.size(); ++m) {
    const domain::Medium& medium = problem.media.media[m];
    if (medium.Anisotropic()) continue;
    const bool dispersive = pure != block.dispersive.end();
    const bool same = dispersive ? static_cast<size_t>(pure->medium) == m : medium.poles.empty();
    if (same && medium.eps_inf == block.eps[0] && medium.conductivity == 0) return medium;
  }
  return std::nullopt;
}

/// Amplitude that the PML at an end sends back of a wave with wave vector k across its axis and n w
/// in all: exp(-2 int sigma cos) of what travels, exp(-2 kappa d) of what decays by itself.
double SentBack(const TimeDomainProblem& problem, int axis, int side, double k, double nw) {
  const domain::AxisEnd& end = problem.lattice.End(axis, side);
  const int last = problem.lattice.Cells(axis) - 1;
  double depth = 0;
  for (int i = 0; i < end.pml_cells; ++i) {
    depth += problem.lattice.CellWidth(axis, side == 0 ? i : last - i);
  }
  if (k >= nw) return std::exp(-2 * std::sqrt(k * k - nw * nw) * depth);
  return std::pow(problem.engine.pml.reflection, std::sqrt(1 - k * k / (nw * nw)));
}

/// Of a wave through a whole plane that grazes along the medium at an end of its axis.
std::string GrazingEndWarning(const deck::SimulateOptions& options,
                              const TimeDomainProblem& problem, const deck::SourceOptions& source,
                              const deck::PlaneWaveOptions& given) {
  const double k = TransverseWaveNumber(options.grid, given.axis);
  if (k == 0 || !given.Flat()) return "";
  double worst = kGrazing, at = 0;
  std::string name;
  for (int side = 0; side < 2; ++side) {
    if (problem.lattice.End(given.axis, side).pml_cells == 0) continue;
    std::vector<double> centre = given.centre;
    centre[given.axis] =
        problem.lattice.Node(given.axis, side == 0 ? 0 : problem.lattice.Cells(given.axis));
    const std::optional<domain::Medium> medium = MediumAt(problem, given.axis, centre);
    if (!medium) continue;
    for (const double wavelength : options.wavelengths) {
      const double w = 2 * M_PI / wavelength;
      const double nw = w * std::sqrt(medium->Permittivity(w)).real();
      const double back = SentBack(problem, given.axis, side, k, nw);
      if (back <= worst) continue;
      worst = back;
      at = wavelength;
      name = medium->name;
    }
  }
  if (at == 0) return "";
  return fmt::format(
      "{}: at {:.4f} um the plane wave of grid.bloch grazes along {}, in which it leaves the grid: "
      "the PML there sends back about {:.2g} of its amplitude, and fluxes are off by as much; give "
      "a thicker grid.pml, or wavelengths or a grid.bloch farther from grazing",
      source.where, at, name, worst);
}

/// A wave through a whole plane runs in the medium there; one in a box around what scatters it, in
/// the background.
domain::Medium MediumOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem,
                        const deck::PlaneWaveOptions& given) {
  std::optional<domain::Medium> medium;
  if (given.Flat()) medium = MediumAt(problem, given.axis, given.centre);
  return medium ? *medium : BackgroundOf(options, problem);
}

/// Without the check of the wavelengths.
PlaneWave MakeWave(const deck::SimulateOptions& options, const TimeDomainProblem& problem,
                   const deck::SourceOptions& source, const deck::PlaneWaveOptions& given) {
  PlaneWave wave;
  wave.axis = static_cast<domain::AxisName>(given.axis);
  wave.direction = given.forward ? 1 : -1;
  std::array<double, 3> direction{0, 0, 0};
  direction[given.axis] = wave.direction;
  wave.electric = UnitField(given.polarization, direction, problem.lattice, source.amplitude);
  const domain::Medium medium = MediumOf(options, problem, given);
  wave.eps = medium.eps_inf;
  wave.poles = medium.poles;
  wave.waveform = WaveformOf(source.waveform, problem);
  std::copy(given.centre.begin(), given.centre.end(), wave.origin.begin());
  for (size_t d = 0; d < given.size.size(); ++d) {
    const int axis = static_cast<int>(d);
    // A mirror plane through the box stands in for its lower half.
    const bool mirrored = options.grid.SymmetryOf(axis) != deck::MirrorPlane::None;
    const bool flat = given.Flat() && axis == given.axis;
    const bool endless = problem.lattice.Periodic(axis);
    const double low = given.centre[d] - given.size[d] / 2;
    if (!endless && !(mirrored && low <= 0) && !(flat && !given.forward)) wave.lo[d] = low;
    if (!endless && !(flat && given.forward)) wave.hi[d] = given.centre[d] + given.size[d] / 2;
  }
  EndOnWalls(problem.lattice, source, wave);
  return wave;
}

std::string GrazingWarning(const deck::SimulateOptions& options, const deck::SourceOptions& source,
                           int axis, const PlaneWave& wave, double dt) {
  const double k = TransverseWaveNumber(options.grid, axis);
  if (k == 0 || wave.waveform.IsContinuous()) return "";
  const double grazing = k / IndexOf(wave, wave.waveform.Omega());
  const auto level = [&](double omega) { return std::abs(wave.waveform.Spectrum(omega, dt)); };
  const double share = level(grazing) / level(wave.waveform.Omega());
  if (grazing < wave.waveform.Omega() && share < kGrazing) return "";
  return fmt::format(
      "{}: the pulse holds {:.2g} of its peak at {:.4f} um, where the plane wave of grid.bloch "
      "grazes along its plane: such light leaves slowly and the PML reflects it; give a smaller "
      "waveform.bandwidth, shorter wavelengths or a smaller grid.bloch",
      source.where, share, 2 * M_PI / grazing);
}

}  // namespace

std::array<Complex, 3> UnitField(const std::vector<double>& polarization,
                                 const std::array<double, 3>& direction,
                                 const domain::Lattice& lattice, Complex amplitude) {
  std::array<double, 3> field{0, 0, 0};
  std::copy(polarization.begin(), polarization.end(), field.begin());
  if (lattice.Fields() == domain::FieldSet::Ez) field = {0, 0, 1};
  if (lattice.Fields() == domain::FieldSet::Hz) field = {-direction[1], direction[0], 0};
  const double length = std::hypot(field[0], field[1], field[2]);
  return {amplitude * field[0] / length, amplitude * field[1] / length,
          amplitude * field[2] / length};
}

domain::Medium BackgroundOf(const deck::SimulateOptions& options,
                            const TimeDomainProblem& problem) {
  for (const domain::Medium& medium : problem.media.media) {
    if (medium.name == options.background) return medium;
  }
  return {};
}

PlaneWave PlaneWaveOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem,
                      const deck::SourceOptions& source, const deck::PlaneWaveOptions& given) {
  PlaneWave wave = MakeWave(options, problem, source, given);
  RequirePropagation(options, source, given.axis, wave);
  return wave;
}

double PlaneWaveDelay(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  double delay = 0;
  for (const deck::SourceOptions& source : options.sources) {
    const auto* given = std::get_if<deck::PlaneWaveOptions>(&source.what);
    if (!given) continue;
    deck::AtPlace(source.where, [&] {
      const PlaneWave wave = PlaneWaveOf(options, problem, source, *given);
      delay =
          std::max(delay, solvers::fdtd::PlaneWaveLead(problem.lattice, problem.time_step, wave));
    });
  }
  return delay;
}

std::optional<Incidence> IncidenceOf(const deck::SimulateOptions& options,
                                     const TimeDomainProblem& problem) {
  if (options.sources.empty()) return std::nullopt;
  const deck::SourceOptions& source = options.sources.front();
  if (const auto* beam = std::get_if<deck::BeamOptions>(&source.what)) {
    if (options.sources.size() > 1) return std::nullopt;
    return Incidence{{}, BeamPower(options, problem, source, *beam), {}};
  }
  const auto* given = std::get_if<deck::PlaneWaveOptions>(&source.what);
  if (!given) return std::nullopt;
  const PlaneWave wave = PlaneWaveOf(options, problem, source, *given);
  const double k = TransverseWaveNumber(options.grid, given->axis);
  double area = 1;
  for (int d = 0; d < options.grid.Dimensions(); ++d) {
    if (d != given->axis) area *= problem.lattice.Along(d).Length();
  }
  Incidence incidence;
  for (const double wavelength : options.wavelengths) {
    const double omega = 2 * M_PI / wavelength;
    incidence.angle.push_back(kDegrees * std::asin(k / (omega * IndexOf(wave, omega))));
    const double intensity =
        solvers::fdtd::PowerPerArea(problem.lattice, wave, problem.time_step, omega);
    if (given->Flat()) {
      incidence.power.push_back(area * intensity);
    } else {
      incidence.intensity.push_back(intensity);
    }
  }
  return incidence;
}

std::string AngleText(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  const std::optional<Incidence> incidence = IncidenceOf(options, problem);
  if (!incidence || !options.grid.HasBloch()) return "";
  std::string text;
  const size_t count = incidence->angle.size();
  for (size_t k = 0; k < std::min<size_t>(count, 3); ++k) {
    const size_t w = count <= 3 ? k : k * (count - 1) / 2;
    text += fmt::format("{}{:.2f} deg at {:.4f} um", text.empty() ? "" : ", ", incidence->angle[w],
                        options.wavelengths[w]);
  }
  return text;
}

std::vector<std::string> PlaneWaveWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                           const TimeDomainProblem& problem) {
  std::vector<std::string> warnings;
  for (const deck::SourceOptions& source : options.sources) {
    const auto* given = std::get_if<deck::PlaneWaveOptions>(&source.what);
    if (!given) continue;
    deck::AtPlace(source.where, [&] {
      const PlaneWave wave = PlaneWaveOf(options, problem, source, *given);
      const std::string warning =
          solvers::fdtd::PlaneWaveWarning(comm, problem.lattice, problem.media, wave);
      if (!warning.empty()) warnings.push_back(source.where + ": " + warning);
      const std::string grazing =
          GrazingWarning(options, source, given->axis, wave, problem.time_step);
      if (!grazing.empty()) warnings.push_back(grazing);
      const std::string at_end = GrazingEndWarning(options, problem, source, *given);
      if (!at_end.empty()) warnings.push_back(at_end);
      const auto regions = RegionWarnings(options, problem.lattice, wave);
      warnings.insert(warnings.end(), regions.begin(), regions.end());
    });
  }
  return warnings;
}

}  // namespace symwave::jobs::device
