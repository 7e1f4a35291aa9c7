#include "jobs/device/beam_sources.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/device/incidence.hpp"
#include "jobs/device/waveforms.hpp"
#include "solvers/fdtd/equivalence.hpp"

namespace symwave::jobs::device {

namespace {

using solvers::fdtd::Complex;
using solvers::fdtd::GaussianBeam;

/// Share of a pulse's peak below which its light is not looked at; of monitors, too.
constexpr double kWeakestLevel = 1e-3;
/// Amplitude at the end of the angular spectrum from which on the focus visibly is no Gaussian.
constexpr double kHorizon = 0.05;
/// Loss over a wavelength, and deviation of a medium on the plane, that are worth a sentence.
constexpr double kLossy = 1e-3;
constexpr double kSameMedium = 1e-6;
/// Lines across the plane in 3D on which the media are looked at.
constexpr int kLines = 9;

std::array<double, 3> PointOf(const std::vector<double>& position) {
  std::array<double, 3> place{0, 0, 0};
  std::copy(position.begin(), position.end(), place.begin());
  return place;
}

int AxisOf(const deck::BeamOptions& given) {
  const auto flat = std::find(given.size.begin(), given.size.end(), 0.0);
  return static_cast<int>(flat - given.size.begin());
}

/// Node at or next to a coordinate that the lattice holds.
int NodeAt(const domain::Lattice& lattice, int axis, double position) {
  const int node = lattice.NearestNode(axis, position);
  return std::clamp(node, 0, lattice.Points(axis) - 1);
}

/// What one point of a block holds, as one medium.
domain::Medium MediumOf(const domain::MediumBlock& block, const std::vector<domain::Medium>& media,
                        size_t n) {
  domain::Medium medium{"", block.eps[n], 0, {}};
  if (!block.conductivity.empty()) medium.conductivity = block.conductivity[n];
  for (const auto& part : block.dispersive) {
    for (domain::Pole pole : media[part.medium].poles) {
      pole.strength *= part.share[n];
      if (pole.strength != 0) medium.poles.push_back(pole);
    }
  }
  return medium;
}

/// A component of E along the plane.
domain::Component AlongPlane(const domain::Lattice& lattice, int axis) {
  const auto first = static_cast<domain::Component>((axis + 1) % 3);
  return lattice.Has(first) ? first : static_cast<domain::Component>((axis + 2) % 3);
}

domain::Medium MediumAtPlane(const TimeDomainProblem& problem, const GaussianBeam& beam) {
  const domain::Lattice& lattice = problem.lattice;
  const int a = static_cast<int>(beam.axis);
  domain::IndexBox box;
  for (int d = 0; d < 3; ++d) {
    const double along =
        beam.towards[a] != 0 ? (beam.focus[a] - beam.position) / beam.towards[a] : 0.0;
    const double at = d == a ? beam.position : beam.focus[d] - along * beam.towards[d];
    box.lo[d] = d == 2 && lattice.TwoDimensional() ? 0 : NodeAt(lattice, d, at);
    box.hi[d] = box.lo[d] + 1;
  }
  const auto block = problem.media.sample(AlongPlane(lattice, a), box);
  return MediumOf(block, problem.media.media, 0);
}

/// Of everything that divides by the first source's spectrum, where the beam's pulse holds light.
std::array<double, 2> BandOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem,
                             const solvers::fdtd::Waveform& waveform) {
  std::array<double, 2> band = problem.OmegaBand();
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const auto* dft = std::get_if<deck::DftMonitorOptions>(&monitor.what);
    if (!dft) continue;
    for (const double wavelength : dft->wavelengths) {
      band[0] = std::min(band[0], 2 * M_PI / wavelength);
      band[1] = std::max(band[1], 2 * M_PI / wavelength);
    }
  }
  const double reach = waveform.Deviation() * std::sqrt(-2 * std::log(kWeakestLevel));
  band[0] = std::max(band[0], waveform.Omega() - reach);
  band[1] = std::min(band[1], waveform.Omega() + reach);
  return band[0] < band[1] ? band : std::array<double, 2>{0, 0};
}

/// Largest deviation of the permittivity on the plane, within two waists of the beam's axis or more
/// where it is wider, from that of the beam's medium; with its place across the plane.
struct Deviation {
  double size = 0;
  std::array<double, 3> at{};
};

Deviation DeviationOnPlane(const TimeDomainProblem& problem, const GaussianBeam& beam) {
  const domain::Lattice& lattice = problem.lattice;
  const int a = static_cast<int>(beam.axis);
  const int u = (a + 1) % 3, v = (a + 2) % 3;
  const domain::Component c = AlongPlane(lattice, a);
  const double omega = beam.waveform.Omega();
  const Complex eps = beam.medium.Permittivity(omega);
  domain::IndexBox inside = lattice.InsidePml();
  inside.lo[a] = NodeAt(lattice, a, beam.position);
  inside.hi[a] = inside.lo[a] + 1;
  // Lines along the longer axis of the plane.
  const int across = inside.Extent(u) < inside.Extent(v) ? u : v;
  const int count = std::min(kLines, inside.Extent(across));
  Deviation found;
  for (int line = 0; line < count; ++line) {
    domain::IndexBox box = inside;
    box.lo[across] += count == 1 ? 0 : line * (inside.Extent(across) - 1) / (count - 1);
    box.hi[across] = box.lo[across] + 1;
    const auto block = problem.media.sample(c, box);
    for (size_t n = 0; n < block.eps.size(); ++n) {
      const auto medium = MediumOf(block, problem.media.media, n);
      const double deviation = std::abs(medium.Permittivity(omega) - eps);
      if (deviation <= found.size) continue;
      found.size = deviation;
      const int along = a == u || across == u ? v : u;
      for (int d = 0; d < 3; ++d) {
        found.at[d] = lattice.Position(c, d, box.lo[d] + (d == along ? static_cast<int>(n) : 0));
      }
    }
  }
  return found;
}

/// Calls `use` with every beam of the deck, its source and its options; errors get its place.
template <class Use>
void ForEachBeam(const deck::SimulateOptions& options, const TimeDomainProblem& problem,
                 Use&& use) {
  for (const deck::SourceOptions& source : options.sources) {
    const auto* given = std::get_if<deck::BeamOptions>(&source.what);
    if (!given) continue;
    deck::AtPlace(source.where, [&] { use(source, BeamOf(options, problem, source, *given)); });
  }
}

std::string MediumWarning(const TimeDomainProblem& problem, const GaussianBeam& beam) {
  const Complex eps = beam.medium.Permittivity(beam.waveform.Omega());
  const Deviation deviation = DeviationOnPlane(problem, beam);
  if (deviation.size > kSameMedium * std::abs(eps)) {
    return fmt::format(
        "the plane of the beam crosses media: permittivity {:.4g} on its axis, off by {:.2g} at "
        "({:.4g}, {:.4g}, {:.4g}) um; the beam is that of its axis' medium, elsewhere light goes "
        "backwards and aside: put the plane where one medium fills it",
        eps.real(), deviation.size, deviation.at[0], deviation.at[1], deviation.at[2]);
  }
  const double loss = 2 * M_PI * std::abs(eps.imag()) / eps.real();
  if (loss > kLossy) {
    return fmt::format(
        "the medium at the plane of the beam takes {:.1g} of the power per wavelength; the beam is "
        "launched as if it took none: power and waist are not those of the focus",
        loss);
  }
  return "";
}

}  // namespace

GaussianBeam BeamOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem,
                    const deck::SourceOptions& source, const deck::BeamOptions& given) {
  const int axis = AxisOf(given);
  GaussianBeam beam;
  beam.axis = static_cast<domain::AxisName>(axis);
  beam.position = given.centre[axis];
  beam.towards = PointOf(given.direction);
  beam.focus = PointOf(given.focus.empty() ? given.centre : given.focus);
  beam.waist = given.waist;
  beam.electric = UnitField(given.polarization, beam.towards, problem.lattice, source.amplitude);
  beam.medium = MediumAtPlane(problem, beam);
  beam.waveform = WaveformOf(source.waveform, problem);
  beam.band = BandOf(options, problem, beam.waveform);
  return beam;
}

double LaunchDelay(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  double delay = 0;
  ForEachBeam(options, problem, [&](const deck::SourceOptions&, const GaussianBeam& beam) {
    delay = std::max(delay, GaussianBeamLead(problem.lattice, problem.time_step, beam));
  });
  return delay;
}

DrivenPoints PointsOfBeams(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  const domain::Lattice& lattice = problem.lattice;
  DrivenPoints all;
  ForEachBeam(options, problem, [&](const deck::SourceOptions&, const GaussianBeam& beam) {
    double points = lattice.TwoDimensional() ? 2 : 4;
    for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
      if (d != static_cast<int>(beam.axis)) points *= lattice.InsidePml().Extent(d);
    }
    all.points += points;
    all.signals += points * GaussianBeamSignals(lattice, problem.time_step, beam);
  });
  return all;
}

std::vector<double> BeamPower(const deck::SimulateOptions& options,
                              const TimeDomainProblem& problem, const deck::SourceOptions& source,
                              const deck::BeamOptions& given) {
  const GaussianBeam beam = BeamOf(options, problem, source, given);
  std::vector<double> power;
  for (const double wavelength : options.wavelengths) {
    power.push_back(
        GaussianBeamPower(problem.lattice, problem.time_step, beam, 2 * M_PI / wavelength));
  }
  return power;
}

std::vector<std::string> BeamWarnings(const deck::SimulateOptions& options,
                                      const TimeDomainProblem& problem) {
  std::vector<std::string> warnings;
  ForEachBeam(options, problem, [&](const deck::SourceOptions& source, const GaussianBeam& beam) {
    const std::string of_medium = MediumWarning(problem, beam);
    if (!of_medium.empty()) warnings.push_back(source.where + ": " + of_medium);
    const double horizon = SpectrumAtHorizon(problem.lattice, problem.time_step, beam);
    if (horizon <= kHorizon) return;
    warnings.push_back(fmt::format(
        "{}: waves along the plane of the beam have {:.2g} of the amplitude of those along its "
        "axis, and what lies beyond is not launched: the focus is wider than the waist of {:.4g} "
        "um and no longer Gaussian; make the waist larger, or turn the direction towards the "
        "plane's "
        "normal",
        source.where, horizon, beam.waist));
  });
  return warnings;
}

}  // namespace symwave::jobs::device
