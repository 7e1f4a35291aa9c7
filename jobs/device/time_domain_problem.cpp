#include "jobs/device/time_domain_problem.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/graded_axis.hpp"
#include "domain/layout_media.hpp"
#include "domain/pole_media.hpp"
#include "domain/ports.hpp"
#include "domain/yee_media.hpp"
#include "jobs/device/beam_sources.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/incidence.hpp"
#include "jobs/device/lattice_placement.hpp"
#include "jobs/device/media.hpp"
#include "jobs/device/mirror_check.hpp"
#include "jobs/device/resolution.hpp"
#include "jobs/device/structure.hpp"
#include "solvers/fdtd/stability.hpp"

namespace symwave::jobs::device {

namespace {

using domain::AxisEnd;

/// Cells of the PML at one side: the wanted thickness in cells of that side's width.
int PmlCells(const deck::GridOptions& grid, int axis, int side, double outermost) {
  if (side == 0 && grid.SymmetryOf(axis) != deck::MirrorPlane::None) return 0;
  if (grid.EndingOf(axis).sides[side] != deck::Ending::Pml) return 0;
  return std::max(1, static_cast<int>(std::lround(grid.pml / outermost)));
}

domain::Axis MakeAxis(const deck::GridOptions& grid, int axis, const AxisPlacement& placement,
                      std::array<AxisEnd, 2>& ends) {
  domain::GradedAxisOptions graded = AxisOptions(grid, axis);
  graded.nodes = placement.nodes;
  if (placement.node) {
    const auto moved = MovedEnds(graded.low, graded.high, *placement.node, graded.cell);
    graded.low = moved[0];
    graded.high = moved[1];
  }
  const domain::Axis inside = domain::GradedAxis(graded);
  const std::array<double, 2> outermost{inside.Width(0), inside.Width(inside.Cells() - 1)};
  for (int side = 0; side < 2; ++side) {
    graded.pml_cells[side] = ends[side].pml_cells = PmlCells(grid, axis, side, outermost[side]);
    switch (grid.EndingOf(axis).sides[side]) {
      case deck::Ending::Pml:
      case deck::Ending::Pec:
        ends[side].wall = domain::Wall::Pec;
        break;
      case deck::Ending::Pmc:
        ends[side].wall = domain::Wall::Pmc;
        break;
      case deck::Ending::Periodic:
        ends[side].wall = domain::Wall::Periodic;
        break;
    }
  }
  const deck::MirrorPlane mirror = grid.SymmetryOf(axis);
  if (mirror != deck::MirrorPlane::None) {
    ends[0].wall = mirror == deck::MirrorPlane::Pec ? domain::Wall::Pec : domain::Wall::Pmc;
  }
  return domain::GradedAxis(graded);
}

domain::MediumMap LayoutMedia(const deck::SimulateOptions& options,
                              const domain::Lattice& lattice) {
  if (!SharesLattice(options)) {
    base::Fail(
        "{}: fabrication errors of outlines need square cells without symmetry, periodic ends and "
        "refinement",
        options.grid.where);
  }
  const double wavelength = options.MiddleWavelength();
  if (options.wavelengths.size() > 1) {
    const auto table = MaterialTable(options, wavelength, options.fabrication.thickness_bias);
    const bool lossy = std::any_of(table.begin(), table.end(),
                                   [](const auto& entry) { return entry.second.imag() > 0; });
    base::Warn("chips and fabrication errors have the index of {:.4f} um at all wavelengths{}",
               wavelength,
               lossy ? ", and an Im eps that grows with the wavelength, right there only; narrow "
                       "wavelength for the loss"
                     : "");
  }
  const Device device = BuildDevice(options);
  return domain::MakeMediumMap(lattice, device.grid,
                               MakeLayout(device, options, wavelength, options.fabrication),
                               2 * M_PI / wavelength);
}

domain::MediumMap StructureMedia(const deck::SimulateOptions& options,
                                 const TimeDomainProblem& problem,
                                 std::vector<domain::Medium> media) {
  for (domain::Medium& medium : media) {
    deck::AtPlace(options.materials.at(medium.name).where, [&] {
      medium = domain::SimplifyPoles(medium, problem.OmegaBand(), problem.time_step);
    });
  }
  return domain::MakeMediumMap(problem.lattice, StructureOf(options), media, problem.OmegaBand());
}

domain::PlanePort FromLine(const domain::Port& line) {
  domain::PlanePort port;
  port.name = line.name;
  port.modes = line.modes;
  port.where = line.where;
  port.at = {line.at.x, line.at.y, 0};
  port.span = {line.span, line.span};
  port.faces = static_cast<domain::Direction>(line.faces);
  return port;
}

domain::PlanePort PortOf(const deck::PortOptions& given) {
  domain::PlanePort port;
  port.name = given.name;
  std::copy(given.at.begin(), given.at.end(), port.at.begin());
  port.faces = static_cast<domain::Direction>(2 * given.axis + (given.forward ? 0 : 1));
  port.span = {given.span[0], given.span.back()};
  port.modes = given.modes;
  port.where = given.where;
  return port;
}

std::vector<domain::PlanePort> PortsOf(const deck::SimulateOptions& options) {
  std::vector<domain::PlanePort> ports;
  if (SharesLattice(options)) {
    const Device device = BuildDevice(options);
    for (const domain::Port& line : device.ports) ports.push_back(FromLine(line));
  } else {
    for (const deck::PortOptions& port : options.ports) ports.push_back(PortOf(port));
  }
  return ports;
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

}  // namespace

std::array<double, 2> TimeDomainProblem::OmegaBand() const {
  return {2 * M_PI / wavelengths[1], 2 * M_PI / wavelengths[0]};
}

domain::Lattice LatticeOf(const deck::SimulateOptions& options) {
  const deck::GridOptions& grid = options.grid;
  if (SharesLattice(options)) {
    return deck::AtPlace(grid.where, [&] { return domain::LatticeOf(BuildDevice(options).grid); });
  }
  deck::RequireCellCount(grid, grid.size, true);
  std::optional<domain::Lattice> lattice;
  deck::AtPlace(grid.where, [&] {
    std::array<std::array<AxisEnd, 2>, 3> ends;
    std::vector<domain::Axis> axes;
    const std::array<AxisPlacement, 3> placement = PlaceLattice(options);
    for (int axis = 0; axis < grid.Dimensions(); ++axis) {
      axes.push_back(MakeAxis(grid, axis, placement[axis], ends[axis]));
    }
    std::array<double, 3> phases{0, 0, 0};
    for (int axis = 0; axis < grid.Dimensions(); ++axis) {
      phases[axis] = grid.BlochOf(axis) * axes[axis].Length();
    }
    if (axes.size() == 3) {
      lattice.emplace(std::array<domain::Axis, 3>{axes[0], axes[1], axes[2]}, ends, phases);
      return;
    }
    const auto fields =
        grid.polarization == domain::Polarization::Ez ? domain::FieldSet::Ez : domain::FieldSet::Hz;
    lattice.emplace(fields, std::array<domain::Axis, 2>{axes[0], axes[1]},
                    std::array<std::array<AxisEnd, 2>, 2>{ends[0], ends[1]},
                    std::array<double, 2>{phases[0], phases[1]});
  });
  return *lattice;
}

namespace {

/// A body's box as a layer with nothing beside it.
domain::StructureLayer BoxAround(const domain::PaintedSolid& body) {
  const auto& [low, high] = body.solid.Bounds();
  const domain::Polygon seen{
      {low[0], low[1]}, {high[0], low[1]}, {high[0], high[1]}, {low[0], high[1]}};
  return {low[2], high[2], "", {{body.material, {seen}}}};
}

/// What stands on the lattice, as drawn: the layers of the structure, one in 2D, and the boxes
/// around bodies.
std::vector<domain::StructureLayer> LayersOf(const deck::SimulateOptions& options) {
  if (!SharesLattice(options)) {
    const domain::Structure structure = StructureOf(options);
    std::vector<domain::StructureLayer> layers = structure.Layers();
    for (const domain::PaintedSolid& painted : structure.Painted()) {
      if (painted.body) layers.push_back(BoxAround(painted));
    }
    return layers;
  }
  return {LayerOf(BuildDevice(options))};
}

}  // namespace

TimeDomainProblem BuildTimeDomain(const deck::SimulateOptions& options) {
  TimeDomainProblem problem{
      LatticeOf(options), {}, {}, EngineOptionsOf(options), 0, {}, 1, true, {}, {}, 0};
  problem.time_step = problem.engine.courant * problem.lattice.CourantLimit();
  problem.wavelengths = WavelengthBand(options.wavelengths);
  const auto band = problem.OmegaBand();
  problem.engine.pml.damped_below = band[0];
  problem.middle_omega = options.wavelengths.size() == 1 ? 2 * M_PI / options.wavelengths.front()
                                                         : 0.5 * (band[0] + band[1]);
  problem.resolution = ResolutionOf(options, problem.lattice, LayersOf(options));
  RequireResolution(options.grid.where, problem.resolution);
  const std::vector<domain::Medium> media =
      TimeDomainMedia(options, {problem.lattice, problem.time_step});
  problem.media = NeedsLayout(options) ? LayoutMedia(options, problem.lattice)
                                       : StructureMedia(options, problem, media);
  if (!NeedsLayout(options)) problem.fits = MediaFits(options, problem.media.media);
  RequireFits(options, problem.fits);
  if (!options.solver.time_domain.courant) LowerTimeStep(problem);
  problem.lossless = Lossless(media);
  if (!options.ports.empty() || options.chip) problem.ports = PortsOf(options);
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    if (options.grid.SymmetryOf(axis) != deck::MirrorPlane::None) problem.mirror_copies *= 2;
  }
  deck::AtPlace(options.grid.where, [&] {
    solvers::fdtd::RequireStable(problem.lattice, problem.media.media, problem.time_step);
    solvers::fdtd::RequirePml(problem.engine.pml);
  });
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
