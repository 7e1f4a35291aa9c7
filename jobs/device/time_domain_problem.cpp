#include "jobs/device/time_domain_problem.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/frequency_media.hpp"
#include "domain/pole_media.hpp"
#include "domain/yee_media.hpp"
#include "jobs/device/beam_sources.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/device_lattice.hpp"
#include "jobs/device/incidence.hpp"
#include "jobs/device/media.hpp"
#include "jobs/device/mirror_check.hpp"
#include "jobs/device/structure.hpp"
#include "solvers/fdtd/stability.hpp"

namespace symwave::jobs::device {

namespace {

domain::MediumMap LayoutMedia(const deck::SimulateOptions& options, const Device& device) {
  const double wavelength = options.MiddleWavelength();
  const auto table = MaterialTable(options, wavelength, options.fabrication.thickness_bias);
  if (options.wavelengths.size() > 1) {
    const bool lossy = std::any_of(table.begin(), table.end(),
                                   [](const auto& entry) { return entry.second.imag() > 0; });
    base::Warn("chips and fabrication errors have the index of {:.4f} um at all wavelengths{}",
               wavelength,
               lossy ? ", and an Im eps that grows with the wavelength, right there only; narrow "
                       "wavelength for the loss"
                     : "");
  }
  const domain::PermittivityMap media = MediaAt(device, options, wavelength, options.fabrication);
  for (const auto& [name, eps] : table) {
    if (eps.real() > 0 || options.wavelengths.size() == 1) continue;
    base::Fail(
        "{}: materials.{} has eps {:.4g} {:+.4g}i at {:.4f} um; in time domain chips and "
        "fabrication errors take metals at one wavelength: give one",
        options.materials.at(name).where, name, eps.real(), eps.imag(), wavelength);
  }
  return domain::MakeMediumMap(*device.lattice, media,
                               domain::SteppedFrequency(2 * M_PI / wavelength, 0));
}

domain::MediumMap StructureMedia(const deck::SimulateOptions& options, const Device& device,
                                 const TimeDomainProblem& problem,
                                 std::vector<domain::Medium> media) {
  for (domain::Medium& medium : media) {
    deck::AtPlace(options.materials.at(medium.name).where, [&] {
      medium = domain::SimplifyPoles(medium, problem.OmegaBand(), problem.time_step);
    });
  }
  return domain::MakeMediumMap(problem.lattice, *device.structure, media, problem.OmegaBand());
}

solvers::fdtd::EngineOptions EngineOptionsOf(const deck::SimulateOptions& options) {
  const deck::TimeDomainOptions& given = options.solver.time_domain;
  solvers::fdtd::EngineOptions engine;
  engine.precision =
      given.float64 ? solvers::fdtd::Precision::Float64 : solvers::fdtd::Precision::Float32;
  engine.courant = given.courant.value_or(deck::kDefaultCourant);
  engine.block = given.block;
  engine.threads = given.threads;
  const auto eps = MaterialTable(options, options.MiddleWavelength()).at(options.background);
  engine.pml.index = std::max(1.0, std::sqrt(eps).real());
  return engine;
}

bool Lossless(const std::vector<domain::Medium>& media) {
  return std::all_of(media.begin(), media.end(), [](const domain::Medium& medium) {
    return medium.conductivity == 0 &&
           std::all_of(medium.poles.begin(), medium.poles.end(),
                       [](const domain::Pole& pole) { return pole.damping == 0; });
  });
}

/// Where a medium is unstable with the default Courant number: 0.98 of what it allows. A medium
/// that no time step makes stable is left to RequireStable.
void LowerTimeStep(TimeDomainProblem& problem) {
  double limit = problem.time_step;
  std::string name;
  for (const domain::Medium& medium : problem.media.media) {
    if (solvers::fdtd::LargestAmplification(problem.lattice, medium, problem.time_step) <=
        1 + 1e-9) {
      continue;
    }
    const double allowed = solvers::fdtd::LargestStableTimeStep(problem.lattice, medium);
    if (allowed == 0 || 0.98 * allowed >= limit) continue;
    limit = 0.98 * allowed;
    name = medium.name;
  }
  if (name.empty()) return;
  problem.time_step = limit;
  problem.engine.courant = limit / problem.lattice.CourantLimit();
  base::Info(
      "solver.courant is lowered from {} to {:.4g}, which medium '{}' needs: {:.0f} % more steps",
      deck::kDefaultCourant, problem.engine.courant, name,
      100 * (deck::kDefaultCourant / problem.engine.courant - 1));
}

/// The media, and a time step that keeps them stable.
void AddMedia(const deck::SimulateOptions& options, const Device& device,
              TimeDomainProblem& problem) {
  const TimeStepping stepping{problem.lattice, problem.time_step};
  const std::vector<domain::Medium> media = options.InTimeDomain()
                                                ? TimeDomainMedia(options, stepping)
                                                : MediaToLookAt(options, stepping);
  problem.lossless = Lossless(media);
  if (!options.InTimeDomain()) {
    problem.media =
        domain::MakeMediumMap(problem.lattice, *device.structure, media, problem.OmegaBand());
    return;
  }
  problem.media = NeedsLayout(options) ? LayoutMedia(options, device)
                                       : StructureMedia(options, device, problem, media);
  if (!NeedsLayout(options)) problem.fits = MediaFits(options, problem.media.media);
  RequireFits(options, problem.fits);
  if (!options.solver.time_domain.courant) LowerTimeStep(problem);
  deck::AtPlace(options.grid.where, [&] {
    solvers::fdtd::RequireStable(problem.lattice, problem.media.media, problem.time_step);
    solvers::fdtd::RequirePml(problem.engine.pml);
  });
}

}  // namespace

std::array<double, 2> TimeDomainProblem::OmegaBand() const {
  return {2 * M_PI / wavelengths[1], 2 * M_PI / wavelengths[0]};
}

TimeDomainProblem BuildTimeDomain(const deck::SimulateOptions& options) {
  return BuildTimeDomain(options, BuildDevice(options));
}

TimeDomainProblem BuildTimeDomain(const deck::SimulateOptions& options, const Device& device) {
  TimeDomainProblem problem{
      *device.lattice, {}, device.ports, EngineOptionsOf(options), 0, {}, 1, true, {}, {}, 0};
  problem.time_step = problem.engine.courant * problem.lattice.CourantLimit();
  problem.wavelengths = WavelengthBand(options.wavelengths);
  const auto band = problem.OmegaBand();
  problem.engine.pml.damped_below = band[0];
  problem.middle_omega = options.wavelengths.size() == 1 ? 2 * M_PI / options.wavelengths.front()
                                                         : 0.5 * (band[0] + band[1]);
  problem.resolution = device.resolution;
  AddMedia(options, device, problem);
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    if (options.grid.SymmetryOf(axis) != deck::MirrorPlane::None) problem.mirror_copies *= 2;
  }
  RequireMirroredSources(options, problem);
  RequireMirroredMonitors(options);
  problem.launch_delay = std::max(LaunchDelay(options, problem), PlaneWaveDelay(options, problem));
  return problem;
}

double DensestIndex(const TimeDomainProblem& problem) {
  double densest = 1;
  for (const domain::Medium& medium : problem.media.media) {
    const double most = *std::max_element(medium.anisotropy.begin(), medium.anisotropy.end());
    densest =
        std::max(densest, std::sqrt(most * medium.Permittivity(problem.OmegaBand()[1])).real());
  }
  return densest;
}

double TransitTime(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  double longest = 0;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    longest = std::max(longest, problem.lattice.Along(axis).Length());
  }
  return 2 * longest * DensestIndex(problem);
}

solvers::fdtd::RunControl RunControlOf(const deck::SimulateOptions& options,
                                       const TimeDomainProblem& problem) {
  const deck::StopOptions& stop = options.solver.time_domain.stop;
  solvers::fdtd::RunControl control;
  control.decay = stop.decay.value_or(deck::kDefaultDecay);
  control.media = &problem.media;
  control.transit = std::lround(TransitTime(options, problem) / problem.time_step);
  const bool endless = std::any_of(options.sources.begin(), options.sources.end(),
                                   [](const deck::SourceOptions& source) {
                                     return source.waveform.kind == deck::WaveformKind::Continuous;
                                   });
  if (endless) {
    control.time = stop.max_time;
  } else if (stop.max_time > 0) {
    control.max_steps = static_cast<long>(std::ceil(stop.max_time / problem.time_step));
  }
  return control;
}

double PlainBytesPerCell(const deck::SimulateOptions& options) {
  const double number = options.solver.time_domain.float64 ? 8 : 4;
  const bool flat = options.grid.Dimensions() == 2;
  const int electric = !flat ? 3 : options.grid.polarization == domain::Polarization::Ez ? 1 : 2;
  const int parts = options.grid.HasBloch() ? 2 : 1;  // real and imaginary
  return parts * (flat ? 3 : 6) * number + electric * number;
}

}  // namespace symwave::jobs::device
