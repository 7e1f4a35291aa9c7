#include "jobs/simulate/time/memory.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "domain/base/communicator.hpp"
#include "jobs/device/beam_sources.hpp"
#include "jobs/device/places.hpp"
#include "solvers/fdtd/pole_profile.hpp"
#include "solvers/fdtd/scattering.hpp"
#include "solvers/fdtd/storage.hpp"

namespace symwave::jobs::simulate::time {

namespace {

double Number(const deck::SimulateOptions& options) {
  return options.solver.time_domain.float64 ? 8 : 4;
}

/// Values of all components in padded rows along x.
double FieldValues(const domain::Lattice& lattice) {
  using solvers::fdtd::kRowUnit;
  const int row = solvers::fdtd::RoundUp(lattice.Cells(0) + 1, kRowUnit) + kRowUnit;
  const double rows = static_cast<double>(lattice.Points(1)) * lattice.Points(2);
  return (lattice.TwoDimensional() ? 3 : 6) * rows * row;
}

/// Four values per point of every layer that holds it.
double PmlValues(const domain::Lattice& lattice) {
  double points = 0;
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const double share =
        static_cast<double>(lattice.End(axis, 0).pml_cells + lattice.End(axis, 1).pml_cells) /
        lattice.Cells(axis);
    points += share * static_cast<double>(lattice.CellCount());
  }
  return 4 * points;
}

/// Points of a box of the deck on the lattice, as nodes between its ends; PML left out.
std::array<double, 3> PointsOf(const deck::SimulateOptions& options, const domain::Lattice& lattice,
                               const std::vector<double>& centre, const std::vector<double>& size) {
  std::array<double, 3> points{1, 1, 1};
  const device::Extent extent = device::ExtentOf(options, centre, size);
  const domain::IndexBox inside = lattice.InsidePml();
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const double low = extent.centre[axis] - extent.size[axis] / 2;
    const double high = extent.centre[axis] + extent.size[axis] / 2;
    const double half = 0.5 * lattice.SmallestWidth(axis);
    double count = 0;
    for (int i = inside.lo[axis]; i < inside.hi[axis]; ++i) {
      const double at = lattice.Node(axis, i);
      if (at > low - half && at < high + half) ++count;
    }
    points[axis] = std::max(1.0, count);
  }
  return points;
}

/// Values that the transforms on the faces of a box (or on a plane) take: two pairs of E and H in
/// 3D, one in 2D, with H on both sides of the face.
double FaceValues(const std::array<double, 3>& points, bool flat, bool whole_box) {
  double values = 0;
  for (int normal = 0; normal < (flat ? 2 : 3); ++normal) {
    if (!whole_box && points[normal] > 1) continue;
    double area = 1;
    for (int axis = 0; axis < 3; ++axis) area *= axis == normal ? 1 : points[axis];
    values += (whole_box ? 2 : 1) * (flat ? 3 : 6) * area;
  }
  return values;
}

/// Points of a port's window.
double WindowPoints(const domain::Lattice& lattice, const domain::PlanePort& port) {
  double points = 1;
  int across = 0;
  for (const int axis : domain::Across(domain::AxisOf(port.faces))) {
    const double span = port.span[across++];
    if (!lattice.TwoDimensional() || axis < 2) points *= span / lattice.SmallestWidth(axis) + 1;
  }
  return points;
}

/// Signals that follow a port mode over a band, as found in silicon guides over 0.1 and 0.3 um.
constexpr double kModeSignals = 7;

/// Bytes of driven points: as they are made, and as the engine keeps and sorts them.
double DriveBytes(const deck::SimulateOptions& options, const device::DrivenPoints& driven) {
  const double made = sizeof(solvers::fdtd::CurrentSeries) * driven.points + 16 * driven.signals;
  const double kept = 40 * driven.points + 2 * 2 * Number(options) * driven.signals;
  return made + kept;
}

double SourceBytes(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem) {
  if (!options.sources.empty()) return DriveBytes(options, device::PointsOfBeams(options, problem));
  double largest = 0;
  for (const domain::PlanePort& port : problem.ports) {
    const double components = problem.lattice.TwoDimensional() ? 2 : 4;
    largest = std::max(largest, components * WindowPoints(problem.lattice, port));
  }
  return DriveBytes(options, {largest, kModeSignals * largest});
}

/// Six complex components at every solved frequency.
double ModeBytes(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem) {
  if (!options.sources.empty()) return 0;
  const size_t most = solvers::fdtd::ScatteringOptions().mode_solves;
  const auto solves = static_cast<double>(std::min(options.wavelengths.size(), most));
  double values = 0;
  for (const domain::PlanePort& port : problem.ports) {
    const auto modes = static_cast<double>(port.modes.size());
    values += 6 * solves * modes * WindowPoints(problem.lattice, port);
  }
  return 16 * values;
}

/// What transforms keep of a step, and their bytes.
struct Kept {
  double values = 0, products = 0, bytes = 0;
  Kept& operator+=(const Kept& other) {
    values += other.values;
    products += other.products;
    bytes += other.bytes;
    return *this;
  }
};

/// The transforms of a deck.
class Transforms {
 public:
  Transforms(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem)
      : options_(options), problem_(problem), flat_(problem.lattice.TwoDimensional()) {}

  Kept operator()(const deck::DftMonitorOptions& dft) const {
    const size_t components = dft.components.empty() ? (flat_ ? 3 : 6) : dft.components.size();
    auto points = PointsOf(options_, problem_.lattice, dft.centre, dft.size);
    // Field files take halves on both sides of their nodes; without them it is what the report
    // shows of the first monitor.
    for (int axis = 0; axis < (flat_ ? 2 : 3) && options_.output.MonitorFiles(); ++axis)
      ++points[axis];
    double count = points[0] * points[1] * points[2];
    if (!options_.output.MonitorFiles() && !flat_) count = Planes(points);
    return Of(static_cast<double>(components) * count, std::max<size_t>(1, dft.wavelengths.size()));
  }
  Kept operator()(const deck::FluxMonitorOptions& flux) const {
    return Faces(flux.centre, flux.size);
  }
  Kept operator()(const deck::FarFieldOptions& far) const { return Faces(far.centre, far.size); }
  Kept operator()(const deck::DiffractionOptions& plane) const {
    return Faces(plane.centre, plane.size);
  }
  Kept operator()(const deck::ProbeOptions&) const { return {}; }

  Kept OfMonitors() const {
    Kept kept;
    for (const deck::MonitorOptions& monitor : options_.monitors) {
      deck::AtPlace(monitor.where, [&] { kept += std::visit(*this, monitor.what); });
    }
    return kept;
  }

  /// The field, the planes of the ports and the box around the device.
  Kept OfPorts() const {
    const domain::Lattice& lattice = problem_.lattice;
    const domain::IndexBox inside = lattice.InsidePml();
    std::array<double, 3> points{1, 1, 1};
    for (int axis = 0; axis < (flat_ ? 2 : 3); ++axis) points[axis] = inside.Extent(axis);
    const double shown =
        options_.output.fields || flat_ ? points[0] * points[1] * points[2] : Planes(points);
    double values = FaceValues(points, flat_, true);
    for (const domain::PlanePort& port : problem_.ports) {
      values += (flat_ ? 3 : 6) * WindowPoints(lattice, port);
    }
    Kept kept = Of((flat_ ? 1 : 3) * shown, 1);
    return kept += Of(values, options_.wavelengths.size());
  }

  /// Of frames: the transforms that they show, the arrays of one, and the components that are
  /// brought to the nodes one after another.
  Kept OfFrames() const {
    std::vector<std::string> names;
    if (options_.insitu) names = options_.insitu->fields;
    if (options_.output.chosen) {
      const auto& what = options_.output.chosen->what;
      names.insert(names.end(), what.begin(), what.end());
    }
    if (names.empty()) return {};
    std::set<std::string> transformed;
    for (const std::string& name : names) {
      if (name.find('_') != std::string::npos) transformed.insert(name.substr(0, 2));
    }
    const bool all = std::count(names.begin(), names.end(), "abs") > 0;
    const double components = static_cast<double>(transformed.size()) + (all ? (flat_ ? 2 : 3) : 0);
    const auto points = static_cast<double>(problem_.lattice.InsidePml().Count());
    constexpr double kOnTheWay = 48;  // bytes: a component as doubles, as complex numbers, on nodes
    Kept kept = Of(components * points, 1);
    const bool float64 = options_.output.chosen && options_.output.chosen->float64;
    kept.bytes += points * (kOnTheWay + (float64 ? 8 : 4) * static_cast<double>(names.size()));
    return kept;
  }

 private:
  static double Planes(const std::array<double, 3>& points) {
    return points[0] * points[1] + points[1] * points[2] + points[0] * points[2];
  }
  /// Sums in complex doubles, and a buffer of samples that is not larger and has 32 at most.
  Kept Of(double values, size_t omegas) const {
    const double sums = 16.0 * static_cast<double>(omegas);
    return {values, values * static_cast<double>(omegas),
            values * (sums + std::min(sums, 32 * Number(options_)))};
  }
  Kept Faces(const std::vector<double>& centre, const std::vector<double>& size) const {
    const bool whole = std::find(size.begin(), size.end(), 0.0) == size.end();
    const double values =
        FaceValues(PointsOf(options_, problem_.lattice, centre, size), flat_, whole);
    return Of(values, options_.wavelengths.size());
  }

  const deck::SimulateOptions& options_;
  const device::TimeDomainProblem& problem_;
  bool flat_;
};

/// Of the dispersive media: two numbers per pole; their shares are rows that many others have, too.
double PolarizationBytes(MPI_Comm comm, const deck::SimulateOptions& options,
                         const device::TimeDomainProblem& problem) {
  const auto poles = solvers::fdtd::SamplePoles(comm, problem.lattice, problem.media);
  return Number(options) * 2 * poles.mean *
         static_cast<double>(problem.lattice.AllPoints().Count());
}

}  // namespace

MemoryEstimate EstimateMemory(MPI_Comm comm, const deck::SimulateOptions& options,
                              const device::TimeDomainProblem& problem) {
  const domain::Lattice& lattice = problem.lattice;
  const double number = Number(options);
  const double parts = lattice.HasBlochPhase() ? 2 : 1;  // real and imaginary
  const int fields = lattice.TwoDimensional() ? 3 : 6;
  const double numbers = device::PlainBytesPerCell(options) - parts * fields * number;
  MemoryEstimate estimate;
  estimate.fields = parts * number * FieldValues(lattice);
  estimate.pml = parts * number * PmlValues(lattice);
  estimate.media = numbers * static_cast<double>(lattice.CellCount()) +
                   PolarizationBytes(comm, options, problem);
  const Transforms transforms(options, problem);
  Kept kept = transforms.OfMonitors();
  if (options.sources.empty()) kept += transforms.OfPorts();
  kept += transforms.OfFrames();
  estimate.transforms = kept.bytes;
  estimate.values = kept.values;
  estimate.products = kept.products;
  estimate.sources = SourceBytes(options, problem);
  estimate.modes = ModeBytes(options, problem);
  return estimate;
}

run::MemoryNeed MemoryEstimate::Need(int ranks) const {
  run::MemoryNeed need;
  need.each = modes;
  need.shared = Shared();
  need.faces = sources;
  need.sharing = ranks;
  return need;
}

}  // namespace symwave::jobs::simulate::time
