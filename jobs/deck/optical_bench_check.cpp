// Checks across the sections of a deck with a bench, without physics.
#include <algorithm>
#include <set>

#include "domain/base/error.hpp"
#include "jobs/deck/bench_sweep_axes.hpp"
#include "jobs/deck/schema_bench.hpp"
#include "training/bench/bench_paths.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using training::TrainerKind;

const std::string& PlaceOf(const io::DeckNode& root, const char* section) {
  const io::DeckNode* node = root.Find(section);
  return node ? node->where : root.where;
}

/// What building the bench would refuse, with the place in the deck in front of its sentence.
template <class Check>
void CheckAt(const std::string& where, const std::string& name, Check&& check) {
  try {
    check();
  } catch (const base::UserError& error) {
    Fail("{}: {}: {}", where, name, error.what());
  }
}

void CheckErrors(const OpticalBenchOptions& bench, const io::DeckNode& root) {
  const training::bench::ScreenOptions& screen = bench.errors.scatter.screen;
  if (screen.rms > 0 && screen.correlation <= 0) {
    Fail("{}: scatter.screen.rms = {} rad needs scatter.screen.correlation, a length",
         PlaceOf(root, "scatter"), screen.rms);
  }
  CheckAt(PlaceOf(root, "scatter"), "scatter",
          [&] { CheckScatter(bench.geometry, bench.errors.scatter); });
  CheckAt(PlaceOf(root, "errors"), "errors.alignment",
          [&] { CheckAlignment(bench.geometry, bench.errors.alignment); });
  for (const SweepPoint& point : SweepPoints(bench)) {
    CheckAt(PlaceOf(root, "sweep"), point.name, [&] {
      CheckScatter(bench.geometry, point.errors.scatter);
      CheckAlignment(bench.geometry, point.errors.alignment);
    });
  }
}

/// A camera without photons has no converter.
void CheckConverter(const OpticalBenchOptions& bench, const io::DeckNode& root) {
  const training::bench::DetectionErrors& detection = bench.errors.detection;
  if (detection.bits == 0 || detection.photons > 0) return;
  const std::vector<SweepPoint> points = SweepPoints(bench);
  const bool light = std::all_of(points.begin(), points.end(), [](const SweepPoint& point) {
    return point.errors.detection.photons > 0;
  });
  if (light && !points.empty()) return;
  Fail(
      "{}: errors.detection.bits = {} needs errors.detection.photons, or a sweep of photons alone; "
      "0 photons mean a camera without noise and without a converter",
      PlaceOf(root, "errors"), detection.bits);
}

void CheckPlanes(const OpticalBenchOptions& bench, const io::DeckNode& root) {
  if (bench.geometry.pixels_x < 2) {
    Fail("{}: bench.pixels = {} along x; a plane needs at least 2", bench.where,
         bench.geometry.pixels_x);
  }
  const int rows = bench.geometry.pixels_y, ranks = bench.compute.ranks_per_plane;
  if (ranks > rows) {
    Fail("{}: compute.ranks_per_plane = {}, but a plane has {} row{} of bench.pixels to share",
         PlaceOf(root, "compute"), ranks, rows, rows == 1 ? "" : "s");
  }
  CheckConverter(bench, root);
  const double width =
      bench.geometry.pitch * std::max(bench.geometry.pixels_x, bench.geometry.pixels_y);
  for (const auto& [name, radius] :
       {std::pair("errors.modulator.crosstalk", bench.errors.modulator.crosstalk),
        {"errors.launch.phase.crosstalk", bench.errors.launch.phase.crosstalk}}) {
    if (radius <= width) continue;
    Fail(
        "{}: {} = {} um is wider than the plane of {} um; give the radius over which neighbouring "
        "pixels blur, a fraction of bench.pitch = {} um",
        PlaceOf(root, "errors"), name, radius, width, bench.geometry.pitch);
  }
}

/// `name`: of the list.
void CheckList(const DeckOptions& options, const std::vector<TrainerKind>& trainers,
               const std::string& where, const char* name) {
  if (std::set<TrainerKind>(trainers.begin(), trainers.end()).size() != trainers.size()) {
    Fail("{}: {} names a trainer twice", where, name);
  }
  const training::bench::BenchGeometry& geometry = options.bench.geometry;
  const long layers = options.bench.network ? options.bench.network->layers : 1;
  const long commands = layers * geometry.pixels_x * geometry.pixels_y;
  const long most = options.training.finite_difference.largest_commands;
  for (const TrainerKind kind : trainers) {
    if (kind != TrainerKind::FiniteDifference || commands <= most) continue;
    Fail(
        "{}: {}: finite_difference would measure {} losses per step, two for each of {} commands; "
        "take fewer bench.pixels or network.layers, or raise "
        "training.finite_difference.largest_commands = {}",
        where, name, 2 * commands, commands, most);
  }
}

void CheckTrainers(const DeckOptions& options, const io::DeckNode& root) {
  const training::TrainingOptions& training = options.training;
  const std::string& where = PlaceOf(root, "training");
  CheckList(options, training.trainers, where, "training.trainers");
  if (options.bench.sweep) {
    CheckList(options, options.bench.sweep->trainers, PlaceOf(root, "sweep"), "sweep.trainers");
  }
  if (training.error_pass != training::ErrorPass::Symmetric) {
    Fail(
        "{}: training.error_pass belongs to chips; on a bench the trainer reverse sends the error "
        "from the output side: remove error_pass",
        where);
  }
}

void CheckSweep(const BenchSweepOptions& sweep, const OpticalBenchOptions& bench,
                const std::string& where) {
  const training::bench::ScreenOptions& screen = bench.errors.scatter.screen;
  if (!sweep.off_centre.empty() && screen.Empty()) {
    Fail(
        "{}: sweep.off_centre moves a screen that is not there; give scatter.screen an rms or an "
        "aberration",
        where);
  }
  if (!sweep.screen.empty() && screen.correlation <= 0) {
    Fail("{}: sweep.screen needs scatter.screen.correlation, a length", where);
  }
}

}  // namespace

void CheckBenchOptions(const DeckOptions& options, const io::DeckNode& root) {
  const OpticalBenchOptions& bench = options.bench;
  if (options.job != JobKind::Train) {
    CheckSpotOptions(options, root);
    CheckPlanes(bench, root);
    CheckErrors(bench, root);
    CheckTrainers(options, root);
    return;
  }
  if (!bench.data) {
    Fail("{}: job: train on a bench needs a section data: images and labels",
         root.Find("job")->where);
  }
  for (const char* name : {"focus", "hidden_object"}) {
    if (const io::DeckNode* node = root.Find(name)) {
      Fail("{0}: {1} belongs to job: {1}; remove it or change job", node->where, name);
    }
  }
  CheckPlanes(bench, root);
  CheckTrainers(options, root);
  if (bench.sweep) CheckSweep(*bench.sweep, bench, PlaceOf(root, "sweep"));
  CheckErrors(bench, root);
}

}  // namespace symwave::jobs::deck
