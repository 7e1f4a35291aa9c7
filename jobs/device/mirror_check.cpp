#include "jobs/device/mirror_check.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "jobs/device/incidence.hpp"
#include "solvers/modes/mode_demand.hpp"

namespace symwave::jobs::device {

namespace {

using base::Fail;
using domain::Component;

const char* NameOf(deck::MirrorPlane mirror) {
  return mirror == deck::MirrorPlane::Pec ? "pec" : "pmc";
}

deck::MirrorPlane Other(deck::MirrorPlane mirror) {
  return mirror == deck::MirrorPlane::Pec ? deck::MirrorPlane::Pmc : deck::MirrorPlane::Pec;
}

/// The plane under which a point current along `c` on it is even: one that does not hold the
/// component at zero.
deck::MirrorPlane PlaneOf(Component c, int axis) {
  const bool along_normal = static_cast<int>(domain::DirectionOf(c)) == axis;
  return along_normal == domain::IsElectric(c) ? deck::MirrorPlane::Pec : deck::MirrorPlane::Pmc;
}

/// One mirror plane of a deck.
struct Mirror {
  const deck::GridOptions& grid;
  int axis;
  deck::MirrorPlane plane;

  char Axis() const { return "xyz"[axis]; }
  double Slack() const { return 1e-6 * grid.Cell(axis); }
  bool On(double position) const { return std::abs(position) <= Slack(); }
  std::string Remove() const {
    return fmt::format("write none for {} in grid.symmetry ({})", Axis(), grid.where);
  }
};

std::vector<Mirror> MirrorsOf(const deck::GridOptions& grid) {
  std::vector<Mirror> mirrors;
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    if (grid.SymmetryOf(axis) != deck::MirrorPlane::None) {
      mirrors.push_back({grid, axis, grid.SymmetryOf(axis)});
    }
  }
  return mirrors;
}

/// A source against one mirror plane.
struct SourceOn {
  const Mirror& mirror;
  const domain::Lattice& lattice;

  void RequireCentred(const char* what, const std::vector<double>& at) const {
    const double position = at[mirror.axis];
    if (mirror.On(position)) return;
    Fail(
        "the {} stands at {} = {:.6g} um, beside the mirror plane {} = 0 of grid.symmetry: the "
        "half model would add its mirror image as a second source; move it to {} = 0, or {}",
        what, mirror.Axis(), position, mirror.Axis(), mirror.Axis(), mirror.Remove());
  }

  void RequireAlong(const char* what, const std::vector<double>& direction) const {
    if (std::abs(direction[mirror.axis]) <= 1e-9) return;
    Fail(
        "the {} runs towards {}{} across the mirror plane {} = 0 of grid.symmetry, under which it "
        "is not its own image; let it run along the plane, or {}",
        what, direction[mirror.axis] > 0 ? '+' : '-', mirror.Axis(), mirror.Axis(),
        mirror.Remove());
  }

  /// E along the normal is even about a PEC plane, E in the plane about a PMC plane.
  void RequireParity(const char* what, const std::vector<double>& polarization,
                     const std::vector<double>& direction) const {
    std::array<double, 3> towards{0, 0, 0};
    std::copy(direction.begin(), direction.end(), towards.begin());
    const auto e = UnitField(polarization, towards, lattice, 1);
    double across = 0;
    for (int d = 0; d < 3; ++d) across += d == mirror.axis ? 0 : std::norm(e[d]);
    const double normal = std::abs(e[mirror.axis]);
    across = std::sqrt(across);
    if (std::min(normal, across) > 1e-6) {
      Fail(
          "the E field of the {} has a part across the mirror plane {} = 0 of grid.symmetry and "
          "one within it, and no mirror plane suits both; turn its polarization, or {}",
          what, mirror.Axis(), mirror.Remove());
    }
    const deck::MirrorPlane needed =
        normal > across ? deck::MirrorPlane::Pec : deck::MirrorPlane::Pmc;
    if (mirror.plane == needed) return;
    Fail(
        "the E field of the {} stands {} the mirror plane {} = 0, where grid.symmetry: {} lets it "
        "vanish; write {} for {} in grid.symmetry ({}), or none",
        what, normal > across ? "across" : "in", mirror.Axis(), NameOf(mirror.plane),
        NameOf(needed), mirror.Axis(), mirror.grid.where);
  }

  void operator()(const deck::DipoleOptions& dipole) const {
    RequireCentred("dipole", dipole.at);
    if (PlaneOf(dipole.component, mirror.axis) == mirror.plane) return;
    Fail(
        "the dipole lies on the mirror plane {} = 0, where grid.symmetry: {} holds {} at zero; "
        "write {} for {} in grid.symmetry ({}), or none",
        mirror.Axis(), NameOf(mirror.plane), domain::NameOf(dipole.component),
        NameOf(Other(mirror.plane)), mirror.Axis(), mirror.grid.where);
  }

  void operator()(const deck::PlaneWaveOptions& wave) const {
    std::vector<double> direction(wave.centre.size(), 0.0);
    direction[wave.axis] = wave.forward ? 1 : -1;
    RequireAlong("plane wave", direction);
    RequireCentred("box of the plane wave", wave.centre);
    RequireParity("plane wave", wave.polarization, direction);
  }

  void operator()(const deck::BeamOptions& beam) const {
    RequireAlong("beam", beam.direction);
    RequireCentred("plane of the beam", beam.centre);
    if (!beam.focus.empty()) RequireCentred("focus of the beam", beam.focus);
    RequireParity("beam", beam.polarization, beam.direction);
  }
};

/// Walls without PML that are no mirror planes of the deck and on which a dipole lies.
struct WallOfDipole {
  int axis = 0, side = 0;
  deck::MirrorPlane kind = deck::MirrorPlane::Pec;
};
std::vector<WallOfDipole> WallsUnder(const deck::DipoleOptions& dipole,
                                     const deck::SimulateOptions& options,
                                     const domain::Lattice& lattice) {
  std::vector<WallOfDipole> walls;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    for (int side = 0; side < 2; ++side) {
      const domain::AxisEnd& end = lattice.End(axis, side);
      const bool mirror = side == 0 && options.grid.SymmetryOf(axis) != deck::MirrorPlane::None;
      if (mirror || end.pml_cells > 0 || end.wall == domain::Wall::Periodic) continue;
      const double wall = lattice.Node(axis, side == 0 ? 0 : lattice.Cells(axis));
      if (std::abs(dipole.at[axis] - wall) > 1e-6 * options.grid.Cell(axis)) continue;
      walls.push_back(
          {axis, side,
           end.wall == domain::Wall::Pec ? deck::MirrorPlane::Pec : deck::MirrorPlane::Pmc});
    }
  }
  return walls;
}

std::string WallText(const WallOfDipole& wall) {
  return fmt::format("the {} wall at the {} end of {}", NameOf(wall.kind),
                     wall.side == 0 ? "low" : "high", "xyz"[wall.axis]);
}

void RequireFieldOnWalls(const deck::DipoleOptions& dipole, const deck::SimulateOptions& options,
                         const domain::Lattice& lattice) {
  for (const WallOfDipole& wall : WallsUnder(dipole, options, lattice)) {
    if (PlaneOf(dipole.component, wall.axis) == wall.kind) continue;
    Fail(
        "the dipole lies on {} (grid.boundary), which holds {} at zero: it gives no light; move it "
        "into the grid, or change grid.boundary",
        WallText(wall), domain::NameOf(dipole.component));
  }
}

struct MonitorPlace {
  const std::vector<double>* centre = nullptr;
  const std::vector<double>* size = nullptr;  ///< null: a point
};

MonitorPlace PlaceOf(const deck::MonitorOptions& monitor) {
  struct Visit {
    MonitorPlace operator()(const deck::DftMonitorOptions& m) const { return {&m.centre, &m.size}; }
    MonitorPlace operator()(const deck::FluxMonitorOptions& m) const {
      return {&m.centre, &m.size};
    }
    MonitorPlace operator()(const deck::FarFieldOptions& m) const { return {&m.centre, &m.size}; }
    MonitorPlace operator()(const deck::DiffractionOptions& m) const {
      return {&m.centre, &m.size};
    }
    MonitorPlace operator()(const deck::ProbeOptions& m) const { return {&m.at, nullptr}; }
  };
  return std::visit(Visit{}, monitor.what);
}

void RequireMirrored(const Mirror& mirror, const deck::MonitorOptions& monitor) {
  const MonitorPlace place = PlaceOf(monitor);
  const double middle = (*place.centre)[mirror.axis];
  const double half = place.size ? (*place.size)[mirror.axis] / 2 : 0;
  if (middle + half < -mirror.Slack()) {
    Fail(
        "{}: monitor {} ends at {} = {:.6g} um on the side of a mirror plane that is not computed "
        "(grid.symmetry keeps {} > 0); move it to its mirror image, or {}",
        monitor.where, monitor.name, mirror.Axis(), middle + half, mirror.Axis(), mirror.Remove());
  }
  if (middle - half >= -mirror.Slack() || mirror.On(middle)) return;
  Fail(
      "{}: monitor {} reaches over a mirror plane of grid.symmetry (coordinate {} = 0) without "
      "being centred on it; centre it there, end it at the plane, or {}",
      monitor.where, monitor.name, mirror.Axis(), mirror.Remove());
}

void RequireMirrored(const Mirror& mirror, const deck::PortOptions& port) {
  if (port.axis == mirror.axis) {
    Fail(
        "{}: port {} faces along {}, across the mirror plane {} = 0 of grid.symmetry: the half "
        "model would drive it together with its image on the other side; {}",
        port.where, port.name, mirror.Axis(), mirror.Axis(), mirror.Remove());
  }
  if (mirror.On(port.at[mirror.axis])) return;
  Fail(
      "{}: port {} stands at {} = {:.6g} um beside the mirror plane {} = 0 of grid.symmetry: the "
      "half model would drive it together with its image, and its row of S is not that of one "
      "port; centre the ports on the plane, or {}",
      port.where, port.name, mirror.Axis(), port.at[mirror.axis], mirror.Axis(), mirror.Remove());
}

constexpr int kModes = 6;

std::vector<solvers::modes::WaveguideMode> ModesOf(MPI_Comm comm, const TimeDomainProblem& problem,
                                                   const domain::PlanePort& port,
                                                   const solvers::modes::ModeDemand& demand) {
  const domain::PortPlane plane = domain::LocatePort(problem.lattice, port);
  return solvers::modes::SolveDemand(
      comm, problem.lattice, problem.media,
      {plane.axis, plane.node, plane.box, {}, solvers::modes::CurveOf(port)}, problem.middle_omega,
      problem.time_step, demand);
}

/// Twice as many of each kind, and kModes at least.
solvers::modes::ModeDemand WithMore(solvers::modes::ModeDemand demand) {
  demand.count = std::max(kModes, 2 * demand.count);
  demand.te *= 2;
  demand.tm *= 2;
  return demand;
}

/// Number of the mode of `all` whose effective index is nearest.
int Nearest(const std::vector<solvers::modes::WaveguideMode>& all, std::complex<double> n_eff) {
  const auto nearest = std::min_element(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return std::abs(a.n_eff - n_eff) < std::abs(b.n_eff - n_eff);
  });
  return static_cast<int>(nearest - all.begin());
}

void AddPortParities(MPI_Comm comm, const deck::SimulateOptions& options,
                     const TimeDomainProblem& problem, std::vector<std::string>& warnings) {
  deck::SimulateOptions unmirrored = options;
  unmirrored.grid.symmetry.clear();
  const TimeDomainProblem whole = BuildTimeDomain(unmirrored);
  for (size_t p = 0; p < problem.ports.size(); ++p) {
    const domain::PlanePort& port = problem.ports[p];
    const auto demand = solvers::modes::ModeDemand::Of(port.modes, 0);
    const auto half = ModesOf(comm, problem, port, demand);
    const auto all = ModesOf(comm, whole, whole.ports[p], WithMore(demand));
    for (const domain::ModeChoice& choice : port.modes) {
      const int mode = solvers::modes::PlaceOf(choice, half);
      if (mode < 0 || all.empty()) continue;
      const int number = Nearest(all, half[mode].n_eff);
      const int named = solvers::modes::PlaceOf(choice, all);
      if (number == named) continue;
      warnings.push_back(fmt::format(
          "{}: grid.symmetry leaves out modes of port {}: its mode {} (n_eff {:.4f}) is mode {} of "
          "the whole port, whose mode {} has n_eff {:.4f}; for that one write another plane (pec "
          "or pmc) in grid.symmetry ({})",
          port.where, port.name, choice.Text(), half[mode].n_eff.real(), number, choice.Text(),
          (named < 0 ? all.back() : all[named]).n_eff.real(), options.grid.where));
    }
  }
}

}  // namespace

void RequireMirroredSources(const deck::SimulateOptions& options,
                            const TimeDomainProblem& problem) {
  const std::vector<Mirror> mirrors = MirrorsOf(options.grid);
  for (const deck::SourceOptions& source : options.sources) {
    deck::AtPlace(source.where, [&] {
      for (const Mirror& mirror : mirrors) {
        std::visit(SourceOn{mirror, problem.lattice}, source.what);
      }
      if (const auto* dipole = std::get_if<deck::DipoleOptions>(&source.what)) {
        RequireFieldOnWalls(*dipole, options, problem.lattice);
      }
    });
  }
}

void RequireMirroredMonitors(const deck::SimulateOptions& options) {
  for (const Mirror& mirror : MirrorsOf(options.grid)) {
    for (const deck::MonitorOptions& monitor : options.monitors) RequireMirrored(mirror, monitor);
    for (const deck::PortOptions& port : options.ports) RequireMirrored(mirror, port);
  }
}

std::vector<std::string> MirrorWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                        const TimeDomainProblem& problem) {
  std::vector<std::string> warnings;
  for (const deck::SourceOptions& source : options.sources) {
    const auto* dipole = std::get_if<deck::DipoleOptions>(&source.what);
    if (!dipole) continue;
    for (const WallOfDipole& wall : WallsUnder(*dipole, options, problem.lattice)) {
      warnings.push_back(fmt::format(
          "{}: the dipole lies on {} (grid.boundary) and makes up one dipole together with its "
          "image, half of what one in front of the wall radiates; move it a cell into the grid for "
          "the latter",
          source.where, WallText(wall)));
    }
  }
  if (problem.mirror_copies > 1) AddPortParities(comm, options, problem, warnings);
  return warnings;
}

}  // namespace symwave::jobs::device
