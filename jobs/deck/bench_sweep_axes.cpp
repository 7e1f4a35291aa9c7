#include "jobs/deck/bench_sweep_axes.hpp"

#include <fmt/format.h>

namespace symwave::jobs::deck {

using training::bench::BenchErrors;

const std::vector<BenchSweepAxis> kBenchSweepAxes = {
    {"defocus", "rad", true, &BenchSweepOptions::defocus,
     [](BenchErrors& e) -> double& { return e.scatter.screen.defocus; }},
    {"spherical", "rad", true, &BenchSweepOptions::spherical,
     [](BenchErrors& e) -> double& { return e.scatter.screen.spherical; }},
    {"screen", "rad", true, &BenchSweepOptions::screen,
     [](BenchErrors& e) -> double& { return e.scatter.screen.rms; }},
    {"coma", "rad", false, &BenchSweepOptions::coma,
     [](BenchErrors& e) -> double& { return e.alignment.coma; }},
    {"shift", "um", false, &BenchSweepOptions::shift,
     [](BenchErrors& e) -> double& { return e.alignment.shift_x; }},
    {"rotation", "rad", false, &BenchSweepOptions::rotation,
     [](BenchErrors& e) -> double& { return e.alignment.rotation; }},
    {"off_centre", "um", false, &BenchSweepOptions::off_centre,
     [](BenchErrors& e) -> double& { return e.scatter.screen_shift; }},
    {"photons", "", true, &BenchSweepOptions::photons,
     [](BenchErrors& e) -> double& { return e.detection.photons; }},
    {"noise", "", true, &BenchSweepOptions::noise,
     [](BenchErrors& e) -> double& { return e.detection.field_noise; }}};

std::vector<SweepPoint> SweepPoints(const OpticalBenchOptions& bench) {
  std::vector<SweepPoint> points;
  if (!bench.sweep) return points;
  for (const BenchSweepAxis& axis : kBenchSweepAxes) {
    const std::string unit = axis.unit[0] == '\0' ? "" : std::string(" ") + axis.unit;
    for (const double size : (*bench.sweep).*axis.sizes) {
      points.push_back({fmt::format("sweep.{} = {}{}", axis.name, size, unit), bench.errors});
      axis.error(points.back().errors) = size;
    }
  }
  return points;
}

}  // namespace symwave::jobs::deck
