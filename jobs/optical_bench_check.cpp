// Checks across the sections of a deck with a bench, without physics.
#include <cmath>
#include <set>

#include "domain/base/error.hpp"
#include "jobs/schema_bench.hpp"

namespace symwave::jobs {

namespace {

using base::Fail;
using training::TrainerKind;

const std::string& PlaceOf(const io::DeckNode& root, const char* section) {
  const io::DeckNode* node = root.Find(section);
  return node ? node->where : root.where;
}

/// Random parts need the length over which they change.
void CheckScatter(const training::bench::ScatterOptions& scatter, const std::string& where) {
  if (scatter.screen.rms > 0 && scatter.screen.correlation <= 0) {
    Fail("{}: scatter.screen.rms = {} rad needs scatter.screen.correlation, a length", where,
         scatter.screen.rms);
  }
  if (scatter.medium.thickness > 0 && scatter.medium.correlation <= 0) {
    Fail("{}: scatter.medium.thickness = {} um needs scatter.medium.correlation, a length", where,
         scatter.medium.thickness);
  }
}

void CheckLengths(const OpticalBenchOptions& bench, const std::string& where) {
  const training::bench::ScatterOptions& scatter = bench.errors.scatter;
  const double distance = bench.geometry.distance;
  if (scatter.medium.thickness > distance) {
    Fail("{}: scatter.medium.thickness = {} um does not fit into bench.distance = {} um", where,
         scatter.medium.thickness, distance);
  }
  if (2 * std::abs(scatter.screen_shift) > distance) {
    Fail(
        "{}: scatter.screen_shift = {} um takes the screen out of the path; at most half of "
        "bench.distance, {} um",
        where, scatter.screen_shift, distance / 2);
  }
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
  const training::bench::DetectionErrors& detection = bench.errors.detection;
  if (detection.bits > 0 && detection.photons == 0) {
    Fail("{}: errors.detection.bits = {} needs errors.detection.photons; 0 means no camera noise",
         PlaceOf(root, "errors"), detection.bits);
  }
  CheckScatter(bench.errors.scatter, PlaceOf(root, "scatter"));
  CheckLengths(bench, PlaceOf(root, "scatter"));
}

void CheckTrainers(const DeckOptions& options, const io::DeckNode& root) {
  const training::TrainingOptions& training = options.training;
  const std::string& where = PlaceOf(root, "training");
  if (std::set<TrainerKind>(training.trainers.begin(), training.trainers.end()).size() !=
      training.trainers.size()) {
    Fail("{}: training.trainers names a trainer twice", where);
  }
  if (training.error_pass != training::ErrorPass::Symmetric) {
    Fail(
        "{}: training.error_pass belongs to chips; on a bench the trainer reverse sends the error "
        "from the output side: remove error_pass",
        where);
  }
  const training::bench::BenchGeometry& geometry = options.bench.geometry;
  const long commands =
      static_cast<long>(geometry.pixels_x) * geometry.pixels_y * options.bench.network->layers;
  for (const TrainerKind kind : training.trainers) {
    const long most = training.finite_difference.largest_commands;
    if (kind != TrainerKind::FiniteDifference || commands <= most) continue;
    Fail(
        "{}: the trainer finite_difference would measure {} losses per step, two for each of {} "
        "commands; take fewer bench.pixels or network.layers, or raise "
        "training.finite_difference.largest_commands = {}",
        where, 2 * commands, commands, most);
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
  for (const double shift : sweep.off_centre) {
    if (2 * std::abs(shift) <= bench.geometry.distance) continue;
    Fail(
        "{}: sweep.off_centre = {} um takes the screen out of the path; at most half of "
        "bench.distance, {} um",
        where, shift, bench.geometry.distance / 2);
  }
}

}  // namespace

void CheckBenchOptions(const DeckOptions& options, const io::DeckNode& root) {
  const OpticalBenchOptions& bench = options.bench;
  if (options.job != JobKind::Train) {
    CheckPlanes(bench, root);
    CheckSpotOptions(options, root);
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
}

}  // namespace symwave::jobs
