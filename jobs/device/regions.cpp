#include "jobs/device/regions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "jobs/device/places.hpp"
#include "solvers/fdtd/equivalence.hpp"

namespace symwave::jobs::device {

namespace {

using solvers::fdtd::PlaneWave;

/// Ends in nodes along an axis; those of a wave only where it has a face.
struct Interval {
  int low = 0, high = 0;
  bool low_face = true, high_face = true;
};
using NodeBox = std::array<Interval, 3>;

NodeBox BoxOf(const domain::Lattice& lattice, const PlaneWave& wave) {
  NodeBox box;
  for (int d = 0; d < 3; ++d) {
    box[d].low_face = std::isfinite(wave.lo[d]);
    box[d].high_face = std::isfinite(wave.hi[d]);
    box[d].low = box[d].low_face ? lattice.NearestNode(d, wave.lo[d]) : 0;
    box[d].high = box[d].high_face ? lattice.NearestNode(d, wave.hi[d]) : lattice.Cells(d);
  }
  return box;
}

NodeBox BoxOf(const domain::Lattice& lattice, const Extent& extent) {
  NodeBox box;
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    box[d].low = lattice.NearestNode(d, extent.centre[d] - extent.size[d] / 2);
    box[d].high = lattice.NearestNode(d, extent.centre[d] + extent.size[d] / 2);
  }
  return box;
}

enum class Region { Scattered, On, Across, Total };

/// Where a monitor stands that is a box, or flat along `flat` (-1: a box).
Region RegionOf(const NodeBox& monitor, const NodeBox& wave, int flat) {
  bool outside = true, inside = true, on = false;
  for (int d = 0; d < 3; ++d) {
    const Interval& m = monitor[d];
    const Interval& w = wave[d];
    if ((w.low_face && m.high < w.low) || (w.high_face && m.low > w.high)) {
      return Region::Scattered;
    }
    for (const bool low : {true, false}) {
      if (low ? !w.low_face : !w.high_face) continue;
      const int end = low ? m.low : m.high, face = low ? w.low : w.high;
      const int deep = low ? end - face : face - end;  // nodes into the total field
      on = on || (deep == 0 && (flat < 0 || flat == d));
      outside = outside && deep < 0;
      // A plane may end where the box does.
      inside = inside && (deep > 0 || (deep == 0 && flat >= 0 && flat != d));
    }
  }
  if (on) return Region::On;
  if (inside) return Region::Total;
  return flat < 0 && outside ? Region::Scattered : Region::Across;
}

struct Looked {
  const std::vector<double>* centre = nullptr;
  const std::vector<double>* size = nullptr;
  const char* what = "";
};

Looked LookAt(const deck::MonitorOptions& monitor) {
  if (const auto* flux = std::get_if<deck::FluxMonitorOptions>(&monitor.what)) {
    return {&flux->centre, &flux->size, "flux"};
  }
  if (const auto* far = std::get_if<deck::FarFieldOptions>(&monitor.what)) {
    return {&far->centre, &far->size, "far field"};
  }
  if (const auto* plane = std::get_if<deck::DiffractionOptions>(&monitor.what)) {
    return {&plane->centre, &plane->size, "diffraction"};
  }
  return {};
}

std::string WarningOf(const deck::MonitorOptions& monitor, const char* what, Region region,
                      bool box) {
  const char* remedy =
      box ? "let its box enclose that of the wave, two cells away at least, for the scattered "
            "light, or stand two cells inside for the total"
          : "move it two cells at least to one side, or end it there";
  switch (region) {
    case Region::On:
      return fmt::format(
          "{}: monitor {} lies on a face of the plane wave's box, between the total and the "
          "scattered field, and its {} is that of neither; {}",
          monitor.where, monitor.name, what, remedy);
    case Region::Across:
      return fmt::format(
          "{}: monitor {} reaches from the total field in the plane wave's box into the scattered "
          "field outside, and its {} is that of neither; {}",
          monitor.where, monitor.name, what, remedy);
    case Region::Total:
      if (!box) break;
      return fmt::format(
          "{}: monitor {} stands in the plane wave's box: its {} is that of the total field (a "
          "flux: minus what is absorbed inside); for the scattered light let it enclose the box",
          monitor.where, monitor.name, what);
    case Region::Scattered:
      break;
  }
  return "";
}

}  // namespace

std::vector<std::string> RegionWarnings(const deck::SimulateOptions& options,
                                        const domain::Lattice& lattice, const PlaneWave& wave) {
  std::vector<std::string> warnings;
  const NodeBox wave_box = BoxOf(lattice, wave);
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const Looked looked = LookAt(monitor);
    if (looked.centre == nullptr || std::holds_alternative<deck::FarFieldOptions>(monitor.what))
      continue;
    const auto zero = std::find(looked.size->begin(), looked.size->end(), 0.0);
    const bool box = zero == looked.size->end();
    const int flat = box ? -1 : static_cast<int>(zero - looked.size->begin());
    deck::AtPlace(monitor.where, [&] {
      const NodeBox node_box = BoxOf(lattice, ExtentOf(options, *looked.centre, *looked.size));
      const std::string warning =
          WarningOf(monitor, looked.what, RegionOf(node_box, wave_box, flat), box);
      if (!warning.empty()) warnings.push_back(warning);
    });
  }
  return warnings;
}

void RequireScatteredField(const deck::SimulateOptions& options, const domain::Lattice& lattice,
                           const PlaneWave& wave, const deck::MonitorOptions& monitor) {
  const Looked looked = LookAt(monitor);
  const NodeBox box = BoxOf(lattice, ExtentOf(options, *looked.centre, *looked.size));
  const Region region = RegionOf(box, BoxOf(lattice, wave), -1);
  const std::string warning = WarningOf(monitor, looked.what, region, true);
  if (!warning.empty()) base::Fail("{}", warning);
}

}  // namespace symwave::jobs::device
