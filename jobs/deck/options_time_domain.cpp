// Checks of what belongs to the third dimension and to the time domain.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "domain/base/error.hpp"
#include "domain/plane_port.hpp"
#include "jobs/deck/periodic_check.hpp"
#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;

constexpr const char* kAxes = "xyz";
constexpr double kLeastAmplitude = 1e-12, kLargestAmplitude = 1e12;

std::string PointText(int dimensions) {
  return dimensions == 3 ? "[x, y, z]" : "[x, y]";
}

/// Every list of coordinates has as many entries as the grid has axes.
void CheckEntries(const DeckOptions& options, const std::string& where, const std::string& key,
                  const std::vector<double>& values) {
  const int dimensions = options.grid.Dimensions();
  if (static_cast<int>(values.size()) == dimensions) return;
  Fail("{}: {} has {} entries, but grid.size makes the deck {}-dimensional; write {}", where, key,
       values.size(), dimensions, PointText(dimensions));
}

void CheckAxes(const GridOptions& grid) {
  const auto check = [&](const std::string& key, size_t count, bool one_is_enough) {
    if (count == 0 || static_cast<int>(count) == grid.Dimensions()) return;
    if (one_is_enough && count == 1) return;
    Fail("{}: grid.{} has {} entries, but grid.size has {}; give one per axis", grid.where, key,
         count, grid.Dimensions());
  };
  check("cell", grid.cell.size(), true);
  check("boundary", grid.boundary.size(), false);
  check("symmetry", grid.symmetry.size(), false);
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    const auto sides = grid.EndingOf(axis).sides;
    const bool periodic = sides[0] == Ending::Periodic;
    if (periodic != (sides[1] == Ending::Periodic)) {
      Fail("{}: grid.boundary: {} is periodic on one side only; an axis is periodic on both",
           grid.where, kAxes[axis]);
    }
    if (grid.SymmetryOf(axis) == MirrorPlane::None) continue;
    if (periodic || sides[0] != sides[1]) {
      Fail(
          "{}: grid.symmetry: a mirror plane of {} needs equal ends of the axis that are not "
          "periodic; change grid.boundary or grid.symmetry",
          grid.where, kAxes[axis]);
    }
  }
}

void CheckBloch(const DeckOptions& options) {
  const GridOptions& grid = options.grid;
  if (grid.bloch.empty()) return;
  if (static_cast<int>(grid.bloch.size()) != grid.Dimensions()) {
    Fail(
        "{}: grid.bloch has {} entries, but grid.size has {}; give one per axis, 0 where there "
        "is none",
        grid.where, grid.bloch.size(), grid.Dimensions());
  }
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    if (grid.BlochOf(axis) == 0 || grid.Periodic(axis)) continue;
    Fail(
        "{}: grid.bloch: {} has the wave number {} 1/um, but is not periodic; write periodic for "
        "it in grid.boundary, or 0",
        grid.where, kAxes[axis], grid.BlochOf(axis));
  }
  if (options.InTimeDomain() && grid.HasBloch() && (options.chip || !options.ports.empty())) {
    Fail(
        "{}: grid.bloch: ports have no modes across a Bloch phase; light it with sources instead "
        "of {}, or remove it",
        grid.where, options.chip ? "a chip" : "ports");
  }
}

void CheckRefinements(const GridOptions& grid) {
  for (const Refinement& part : grid.refine) {
    if (part.axis >= grid.Dimensions()) {
      Fail("{}: grid.refine: the grid has no axis {}", part.where, kAxes[part.axis]);
    }
    const double half = grid.size[part.axis] / 2;
    if (!(part.from < part.to) || part.from < -half || part.to > half) {
      Fail("{}: grid.refine: {} to {} um is no interval within {} to {} um", part.where, part.from,
           part.to, -half, half);
    }
    if (part.cell > grid.Cell(part.axis)) {
      Fail("{}: grid.refine: cell = {} um is larger than grid.cell = {} um", part.where, part.cell,
           grid.Cell(part.axis));
    }
  }
}

const LayerOptions* FindLayer(const DeckOptions& options, const std::string& name) {
  for (const LayerOptions& layer : options.layers) {
    if (layer.name == name) return &layer;
  }
  return nullptr;
}

void CheckHeight(const std::string& where, const std::string& key, std::array<double, 2> z) {
  if (z[0] < z[1]) return;
  Fail("{}: {} = [{}, {}] um must be [bottom, top] with bottom below top", where, key, z[0], z[1]);
}

void CheckLayerOf(const DeckOptions& options, const ShapeOptions& shape, size_t number) {
  if (FindLayer(options, shape.layer)) return;
  std::vector<std::string> names;
  std::string list;
  for (const LayerOptions& layer : options.layers) {
    if (layer.name.empty()) continue;
    names.push_back(layer.name);
    list += (list.empty() ? "" : ", ") + layer.name;
  }
  const std::string nearest = base::Nearest(shape.layer, names);
  Fail("{}: {}.layer = \"{}\" is not the name of a layer{}; layers with a name: {}", shape.where,
       options.ShapeName(number), shape.layer,
       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest),
       list.empty() ? "none" : list);
}

void CheckHeights(const DeckOptions& options) {
  const bool flat = options.grid.Dimensions() == 2;
  for (const LayerOptions& layer : options.layers) {
    if (flat)
      Fail("{}: layers belong to three dimensions; give grid.size a third entry", layer.where);
    CheckHeight(layer.where, "z", layer.z);
  }
  for (size_t k = 0; k < options.shapes.size(); ++k) {
    const ShapeOptions& shape = options.shapes[k];
    const bool has_layer = !shape.layer.empty();
    if (flat && (shape.z || has_layer)) {
      Fail("{}: {} has a height, but the deck is two-dimensional; remove {}", shape.where,
           options.ShapeName(k), shape.z ? "z" : "layer");
    }
    if (flat && shape.sidewall != 90) {
      Fail(
          "{}: {} has an inclined side wall, but the deck is two-dimensional; remove "
          "sidewall",
          shape.where, options.ShapeName(k));
    }
    if (domain::SolidOf(shape.geometry)) continue;
    if (!flat && static_cast<bool>(shape.z) == has_layer) {
      Fail("{}: {} needs either z: [bottom, top] or layer: the name of a layer", shape.where,
           options.ShapeName(k));
    }
    if (shape.z) CheckHeight(shape.where, options.ShapeName(k) + ".z", *shape.z);
    if (has_layer) CheckLayerOf(options, shape, k);
  }
}

/// The mode of a port over a mirror plane is that of the whole port, or of none.
void CheckMirroredSpan(const DeckOptions& options, const PortOptions& port, int axis, double span) {
  if (options.grid.SymmetryOf(axis) == MirrorPlane::None) return;
  const double slack = 1e-6 * options.grid.Cell(axis);
  const double middle = port.at[axis], low = middle - span / 2, high = middle + span / 2;
  if (high <= slack) {
    Fail(
        "{}: port {} ends at {} = {:.6g} um on the side of a mirror plane that is not computed; "
        "move it to its mirror image",
        port.where, port.name, kAxes[axis], high);
  }
  if (low >= -slack || std::abs(middle) <= slack) return;
  Fail(
      "{}: port {} reaches over a mirror plane of grid.symmetry ({} = 0) without being centred on "
      "it; move it to {} = 0, or let its span end at the plane",
      port.where, port.name, kAxes[axis], kAxes[axis]);
}

void CheckPortShapes(const DeckOptions& options) {
  const size_t across = options.grid.Dimensions() - 1;
  for (const PortOptions& port : options.ports) {
    CheckEntries(options, port.where, "ports.at", port.at);
    if (port.span.size() != across) {
      Fail("{}: port {} has {} entry in span; a port of {} dimensions needs {}", port.where,
           port.name, port.span.size(), across + 1, across == 2 ? "[width, height]" : "one length");
    }
    if (port.axis >= options.grid.Dimensions()) {
      Fail("{}: port {} faces along z, but the deck is two-dimensional", port.where, port.name);
    }
    for (size_t k = 0; k < across; ++k) {
      CheckMirroredSpan(options, port, domain::Across(port.axis)[k], port.span[k]);
    }
  }
}

/// `remedy`: what else can be done.
void CheckComponent(const DeckOptions& options, const std::string& where,
                    domain::Component component, const std::string& remedy) {
  if (options.grid.Dimensions() == 3) return;
  const bool ez = options.grid.polarization == domain::Polarization::Ez;
  const bool out_of_plane = domain::DirectionOf(component) == domain::AxisName::Z;
  if ((domain::IsElectric(component) == out_of_plane) == ez) return;
  Fail("{}: {} is zero everywhere in 2D with grid.polarization {}, whose fields are {}: {}", where,
       domain::NameOf(component), ez ? "Ez" : "Hz", ez ? "Ez, Hx and Hy" : "Hz, Ex and Ey", remedy);
}

int FlatAxes(const std::vector<double>& size) {
  return static_cast<int>(std::count(size.begin(), size.end(), 0.0));
}

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

template <class Wave>
void CheckWave(const DeckOptions& options, const std::string& where, const Wave& wave,
               const std::vector<double>& direction) {
  CheckEntries(options, where, "centre", wave.centre);
  CheckEntries(options, where, "size", wave.size);
  CheckEntries(options, where, "direction", direction);
  if (Dot(direction, direction) == 0) {
    Fail("{}: direction is zero; give the direction of propagation", where);
  }
  if (options.grid.Dimensions() == 2) {
    if (wave.polarization.empty()) return;
    Fail("{}: polarization belongs to three dimensions; in 2D it is grid.polarization", where);
  }
  CheckEntries(options, where, "polarization", wave.polarization);
  const double along = Dot(direction, wave.polarization);
  const double scale =
      std::sqrt(Dot(direction, direction) * Dot(wave.polarization, wave.polarization));
  if (scale == 0 || std::abs(along) > 1e-6 * scale) {
    Fail("{}: polarization must be a direction at right angles to direction", where);
  }
}

struct SourceCheck {
  const DeckOptions& options;
  const std::string& where;

  void operator()(const DipoleOptions& dipole) const {
    CheckEntries(options, where, "at", dipole.at);
    CheckComponent(options, where, dipole.component, "choose component among these");
  }
  void operator()(const PlaneWaveOptions& wave) const {
    if (wave.axis >= options.grid.Dimensions()) {
      Fail("{}: the wave travels along z, but the deck is two-dimensional", where);
    }
    std::vector<double> direction(options.grid.size.size(), 0.0);
    direction[wave.axis] = 1;
    CheckWave(options, where, wave, direction);
    if (options.grid.Periodic(wave.axis)) {
      Fail("{}: the wave travels along {}, which is periodic{}; end {} in pml, or change direction",
           where, kAxes[wave.axis],
           options.grid.BlochOf(wave.axis) == 0 ? "" : " with a wave number in grid.bloch",
           kAxes[wave.axis]);
    }
    if (FlatAxes(wave.size) > (wave.Flat() ? 1 : 0)) {
      Fail(
          "{}: the box of a plane wave has an extent along every axis, its plane across periodic "
          "axes along every axis but {}, that of its direction",
          where, kAxes[wave.axis]);
    }
    CheckAcross(wave);
  }
  /// A plane, and a box along periodic axes, goes on without an edge.
  void CheckAcross(const PlaneWaveOptions& wave) const {
    const GridOptions& grid = options.grid;
    for (int axis = 0; axis < grid.Dimensions(); ++axis) {
      if (axis == wave.axis) continue;
      if (!grid.Periodic(axis)) {
        if (!wave.Flat()) continue;
        Fail(
            "{}: a plane wave launched in a plane (size 0 along {}) needs a periodic grid across, "
            "but {} is not; change grid.boundary, or give the wave a box",
            where, kAxes[wave.axis], kAxes[axis]);
      }
      if (wave.size[axis] >= grid.size[axis] * (1 - 1e-9)) continue;
      Fail(
          "{}: the plane wave is {} um wide along {}, which is periodic; give it the whole period "
          "of {} um",
          where, wave.size[axis], kAxes[axis], grid.size[axis]);
    }
  }
  void operator()(const BeamOptions& beam) const {
    if (options.grid.HasBloch()) {
      Fail(
          "{}: a beam does not repeat with the phase of grid.bloch; take a plane_wave, or remove "
          "grid.bloch",
          where);
    }
    CheckWave(options, where, beam, beam.direction);
    if (!beam.focus.empty()) CheckEntries(options, where, "focus", beam.focus);
    if (FlatAxes(beam.size) == 1) return;
    Fail("{}: a beam is launched in a plane: exactly one entry of size must be 0", where);
  }
};

struct MonitorCheck {
  const DeckOptions& options;
  const std::string& where;

  template <class Box>
  void CheckBox(const Box& box) const {
    CheckEntries(options, where, "centre", box.centre);
    CheckEntries(options, where, "size", box.size);
  }
  void operator()(const DftMonitorOptions& dft) const {
    CheckBox(dft);
    for (const domain::Component c : dft.components) {
      CheckComponent(options, where, c, "name these in components, or leave it out for all");
    }
  }
  void operator()(const FluxMonitorOptions& flux) const {
    CheckBox(flux);
    if (FlatAxes(flux.size) <= 1) return;
    Fail("{}: flux passes through a plane (one entry of size is 0) or out of a box (none is)",
         where);
  }
  void operator()(const ProbeOptions& probe) const {
    CheckEntries(options, where, "at", probe.at);
    CheckComponent(options, where, probe.component, "choose component among these");
    if (!probe.resonances || options.wavelengths.size() > 1) return;
    Fail("{}: resonances are searched between the wavelengths of the deck; give at least two",
         where);
  }
  void operator()(const FarFieldOptions& far) const {
    if (options.grid.HasBloch()) {
      Fail(
          "{}: near_to_far needs a body that stands alone, but grid.bloch repeats it; take a "
          "monitor of type diffraction, or remove grid.bloch",
          where);
    }
    CheckBox(far);
    if (FlatAxes(far.size) == 0) return;
    Fail("{}: the box of a far field must have an extent along every axis", where);
  }
  void operator()(const DiffractionOptions& plane) const {
    CheckBox(plane);
    CheckDiffractionPlane(options, where, plane);
  }
};

void CheckSources(const DeckOptions& options) {
  for (const SourceOptions& source : options.sources) {
    if (!options.ports.empty()) {
      Fail("{}: ports launch their own light; remove either sources or ports", source.where);
    }
    if (source.amplitude == 0.0) {
      Fail(
          "{}: amplitude is 0, and the source gives no light; make it another number, or remove it",
          source.where);
    }
    const double size = std::abs(source.amplitude);
    if (size < kLeastAmplitude || size > kLargestAmplitude) {
      Fail(
          "{}: |amplitude| = {:.3g} is out of range; it must be {:.0e} to {:.0e}, so that fields "
          "and powers keep their digits; they go with the amplitude and its square: take 1",
          source.where, size, kLeastAmplitude, kLargestAmplitude);
    }
    std::visit(SourceCheck{options, source.where}, source.what);
    const bool endless = source.waveform.kind == WaveformKind::Continuous;
    const double end = options.solver.time_domain.stop.max_time;
    if (endless && options.InTimeDomain() && end == 0) {
      Fail("{}: a continuous wave never ends; give solver.stop.max_time", source.where);
    }
  }
  for (const MonitorOptions& monitor : options.monitors) {
    std::visit(MonitorCheck{options, monitor.where}, monitor.what);
  }
}

/// What the frequency domain does not have.
void CheckFrequencyDomain(const DeckOptions& options) {
  const auto refuse = [](const std::string& where, const std::string& what) {
    Fail("{}: {} the time domain; add `solver: time_domain`", where, what);
  };
  if (options.job != JobKind::Simulate) return;
  for (const MonitorOptions& monitor : options.monitors) {
    if (options.sources.empty()) refuse(monitor.where, "monitors of runs of ports need");
    if (!std::holds_alternative<ProbeOptions>(monitor.what)) continue;
    refuse(monitor.where, "probes record a field over time, which needs");
  }
}

}  // namespace

void CheckTimeDomainOptions(const DeckOptions& options) {
  if (options.chip && options.grid.Dimensions() == 3) {
    Fail("{}: a chip is two-dimensional; remove grid.size", options.chip_where);
  }
  CheckAxes(options.grid);
  CheckBloch(options);
  CheckRefinements(options.grid);
  CheckHeights(options);
  CheckPortShapes(options);
  CheckSources(options);
  CheckPeriodicAxes(options);
  if (!options.InTimeDomain()) CheckFrequencyDomain(options);
}

}  // namespace symwave::jobs::deck
