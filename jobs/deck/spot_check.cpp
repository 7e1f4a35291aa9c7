// Checks across the sections of a deck of the job `focus` or `hidden_object`, without physics.
#include <algorithm>

#include "domain/base/error.hpp"
#include "jobs/deck/schema_bench.hpp"
#include "jobs/deck/spot_layout.hpp"
#include "training/bench/spot_metrics.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;
using training::TrainerKind;
using training::bench::Spot;

void RefuseSections(const io::DeckNode& root, std::initializer_list<const char*> names,
                    const char* job) {
  for (const char* name : names) {
    if (const io::DeckNode* node = root.Find(name)) {
      Fail("{}: {} has no meaning in job: {}; remove it", node->where, name, job);
    }
  }
}

/// The spots must be discs of pixels of the plane that do not meet.
void CheckSpots(const OpticalBenchOptions& bench, const std::vector<Spot>& spots,
                const std::string& where, const std::string& name) {
  const auto& g = bench.geometry;
  const training::bench::PixelRange layout{
      g.pixels_x, g.pixels_y, 0, static_cast<long>(g.pixels_x) * g.pixels_y, MPI_COMM_SELF};
  SpotRegions(layout, g.pitch, spots, where + ": " + name);
}

void CheckFocus(const DeckOptions& options, const io::DeckNode& root) {
  const OpticalBenchOptions& bench = options.bench;
  RefuseSections(root, {"data", "network", "sweep", "hidden_object"}, "focus");
  if (options.training.batch > 0) {
    Fail("{}: training.batch has no meaning in job: focus, where a focus is one sample; remove it",
         root.Find("training")->where);
  }
  if (!bench.focus) {
    Fail("{}: job: focus needs a section focus: where the light is to go", root.Find("job")->where);
  }
  const FocusOptions& focus = *bench.focus;
  const auto& scatter = bench.errors.scatter;
  if (scatter.screen.Empty() && scatter.medium.Empty()) {
    Fail(
        "{}: job: focus has nothing to focus through; give scatter.screen an rms, or "
        "scatter.medium a thickness and an index_rms",
        focus.where);
  }
  if (focus.positions > 1 && focus.width == 0) {
    Fail("{}: focus.width = 0 puts {} x {} foci into one place; give a width, or positions: 1",
         focus.where, focus.positions, focus.positions);
  }
  for (const Spot& spot : FocusSpots(bench)) CheckSpots(bench, {spot}, focus.where, "focus");
  const auto& g = bench.geometry;
  if (g.pixels_y != 1 && g.pixels_y != g.pixels_x) {
    Fail("{}: job: focus needs a square plane or one row; bench.pixels is {} x {}", bench.where,
         g.pixels_x, g.pixels_y);
  }
  // Intensities hold the frequencies up to width / (wavelength distance).
  const double limit = training::bench::DiffractionLimit(g);
  if (limit < 2 * 0.886 * g.pitch) {
    Fail(
        "{}: the focus of this bench, 0.886 wavelength distance / width = {:.3g} um, is finer than "
        "the sampling: pixels of {} um resolve {:.3g} um; raise bench.distance, or lower "
        "bench.pitch",
        bench.where, limit, g.pitch, 2 * 0.886 * g.pitch);
  }
  if (!focus.scan) return;
  if (g.pixels_y == 1) {
    Fail("{}: focus.scan needs a plane of two dimensions; bench.pixels has one row", focus.where);
  }
  for (const Spot& spot : ScanSpots(bench)) CheckSpots(bench, {spot}, focus.where, "focus.scan");
  const double size = BarTargetSize(focus.scan->bars);
  if (size > focus.scan->width) {
    Fail(
        "{}: focus.scan.bars make a target of {:.4g} um, larger than focus.scan.width = {} um; "
        "give narrower or fewer bars, or raise the width",
        focus.where, size, focus.scan->width);
  }
  const double pitch = bench.geometry.pitch;
  for (const double bar : focus.scan->bars) {
    if (bar >= pitch) continue;
    Fail("{}: focus.scan.bars: a bar of {} um is finer than the pixels of the plane, {} um",
         focus.where, bar, pitch);
  }
}

void CheckHiddenObject(const DeckOptions& options, const io::DeckNode& root) {
  const OpticalBenchOptions& bench = options.bench;
  RefuseSections(root, {"data", "network", "sweep", "focus"}, "hidden_object");
  if (!bench.hidden_object) {
    Fail("{}: job: hidden_object needs a section hidden_object: where the object is",
         root.Find("job")->where);
  }
  const HiddenObjectOptions& hidden = *bench.hidden_object;
  if (hidden.wall.Empty()) {
    Fail("{}: hidden_object.wall is no rough wall; give it an rms and a correlation", hidden.where);
  }
  if (hidden.wall.rms > 0 && hidden.wall.correlation <= 0) {
    Fail("{}: hidden_object.wall.rms = {} rad needs hidden_object.wall.correlation, a length",
         hidden.where, hidden.wall.rms);
  }
  if (bench.geometry.pixels_y == 1) {
    Fail("{}: bench.pixels has one row; a hidden object needs a plane of two dimensions",
         bench.where);
  }
  const auto& trainers = options.training.trainers;
  if (std::find(trainers.begin(), trainers.end(), TrainerKind::InSilico) != trainers.end()) {
    Fail(
        "{}: training.trainers: in_silico would have to know the light behind the hidden wall; "
        "take forward_mode, reverse, physics_aware, spsa or swarm",
        root.Find("training") ? root.Find("training")->where : root.where);
  }
  CheckSpots(bench, HiddenSources(bench), hidden.where, "hidden_object, hidden plane");
  CheckSpots(bench, HiddenRegions(bench), hidden.where, "hidden_object, camera");
}

}  // namespace

void CheckSpotOptions(const DeckOptions& options, const io::DeckNode& root) {
  if (options.job == JobKind::Focus) {
    CheckFocus(options, root);
  } else {
    CheckHiddenObject(options, root);
  }
}

}  // namespace symwave::jobs::deck
