#include "jobs/spots/focus_results.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/spots/spot_results.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using training::TrainerKind;
using training::bench::Frame;
using training::bench::SpotQuality;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double Fwhm(const SpotQuality& quality) {
  return quality.fwhm_y > 0 ? std::sqrt(quality.fwhm_x * quality.fwhm_y) : quality.fwhm_x;
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? kNone : sum / static_cast<double>(values.size());
}

template <class Entry>
std::vector<double> Each(const std::vector<Entry>& entries,
                         const std::function<double(const Entry&)>& value) {
  std::vector<double> values;
  for (const Entry& entry : entries) values.push_back(value(entry));
  return values;
}

std::vector<const FocusRun*> RunsOf(const FocusResults& results, TrainerKind kind) {
  std::vector<const FocusRun*> runs;
  for (const FocusRun& run : results.runs) {
    if (run.kind == kind) runs.push_back(&run);
  }
  return runs;
}

std::vector<TrainerKind> Kinds(const FocusResults& results) {
  std::vector<TrainerKind> kinds;
  for (const FocusRun& run : results.runs) {
    if (std::find(kinds.begin(), kinds.end(), run.kind) == kinds.end()) kinds.push_back(run.kind);
  }
  return kinds;
}

void WriteQualities(io::Hdf5File& file, const std::string& group,
                    const std::vector<SpotQuality>& qualities) {
  const auto write = [&](const char* name, const char* unit, const char* text,
                         double SpotQuality::*member) {
    std::vector<double> values;
    for (const SpotQuality& quality : qualities) values.push_back(quality.*member);
    file.Write(group + "/" + name, values, {}, {unit, text});
  };
  write("fwhm_x", "um", "full width at half maximum along x", &SpotQuality::fwhm_x);
  write("fwhm_y", "um", "along y", &SpotQuality::fwhm_y);
  write("peak", "1", "intensity of the brightest pixel of the spot", &SpotQuality::peak);
  write("background", "1", "mean intensity beyond three radii", &SpotQuality::background);
  write("share", "1", "of the light on the camera in the spot", &SpotQuality::share);
  write("psnr", "dB", "peak over the rms background", &SpotQuality::psnr);
}

void WriteRuns(io::Hdf5File& file, const FocusResults& results, TrainerKind kind) {
  const std::string group = "/focus/trainers/" + training::TrainerName(kind);
  std::vector<SpotQuality> finals;
  std::vector<const Frame*> frames;
  std::vector<std::int64_t> positions;
  for (const FocusRun* run : RunsOf(results, kind)) {
    finals.push_back(run->final);
    frames.push_back(&run->frame);
    positions.push_back(run->position);
  }
  file.Write(group + "/position", positions, {}, {"", "number of the focus"});
  WriteQualities(file, group, finals);
  WriteFrames(file, group + "/frame", frames, "what the camera saw [focus][y][x]");
}

void WriteScan(io::Hdf5File& file, const FocusResults& results) {
  if (!results.scan) return;
  const ScanResult& scan = *results.scan;
  WriteImage(file, "/focus/scan/truth", scan.truth, "target under the pixels of the scan [y][x]");
  WriteImage(file, "/focus/scan/trained", scan.trained, "image with learned foci");
  WriteImage(file, "/focus/scan/untrained", scan.untrained,
             "image with the masks of a lens without aberrations");
  WriteSpots(file, "/focus/scan", results.points, "of every point");
}

/// Of every run of a trainer.
nlohmann::ordered_json TrainerSummary(const FocusResults& results, TrainerKind kind) {
  std::vector<double> fwhm, psnr, share, passes, to_limit, enhancement;
  long reached = 0;
  double widest = 0;
  for (const FocusRun* run : RunsOf(results, kind)) {
    fwhm.push_back(Fwhm(run->final));
    widest = std::max({widest, run->final.fwhm_x, run->final.fwhm_y});
    psnr.push_back(run->final.psnr);
    share.push_back(run->final.share);
    passes.push_back(static_cast<double>(run->history.back().passes));
    enhancement.push_back(run->final.peak / results.even_mean);
    const FocusRecord* first = FirstLasting(*run, kGoodWidth * results.limit);
    if (first == nullptr) continue;
    ++reached;
    to_limit.push_back(static_cast<double>(first->passes));
  }
  return {{"foci", fwhm.size()},
          {"fwhm_um", Mean(fwhm)},
          {"widest_fwhm_um", widest},
          {"fwhm_over_limit", Mean(fwhm) / results.limit},
          {"psnr_db", Mean(psnr)},
          {"share", Mean(share)},
          {"enhancement", Mean(enhancement)},
          {"passes", Mean(passes)},
          {"foci_at_limit", reached},
          {"passes_to_limit", Mean(to_limit)}};
}

/// Where a rival without a gradient was best, and what forward mode needed to be as good there.
void CompareRivals(const FocusResults& results, nlohmann::ordered_json& summary) {
  for (const TrainerKind kind : Kinds(results)) {
    if (!training::IsGradientFree(kind)) continue;
    std::vector<double> best_passes, forward_passes, ratio;
    for (const FocusRun* rival : RunsOf(results, kind)) {
      const auto best = std::min_element(
          rival->history.begin(), rival->history.end(),
          [](const FocusRecord& a, const FocusRecord& b) { return a.loss < b.loss; });
      best_passes.push_back(static_cast<double>(best->passes));
      for (const FocusRun* run : RunsOf(results, TrainerKind::ForwardMode)) {
        if (run->position != rival->position) continue;
        const FocusRecord* first = FirstBelow(*run, best->loss);
        if (first == nullptr) continue;
        forward_passes.push_back(static_cast<double>(first->passes));
        ratio.push_back(forward_passes.back() / best_passes.back());
      }
    }
    nlohmann::ordered_json& entry = summary[training::TrainerName(kind)];
    entry["passes_to_best"] = Mean(best_passes);
    entry["forward_mode_passes_to_same_loss"] = Mean(forward_passes);
    entry["forward_mode_pass_ratio"] = Mean(ratio);
  }
}

}  // namespace

void WriteFocus(io::Hdf5File& file, const FocusResults& results) {
  base::FaultPoint("focus/results");
  file.WriteScalar("/focus/limit", results.limit,
                   {"um", "0.886 wavelength distance / width of the plane"});
  file.WriteScalar("/focus/pitch", results.pitch, {"um", "of the pixels of all frames"});
  file.WriteScalar("/focus/even_mean", results.even_mean,
                   {"1", "mean intensity on the camera with an even mask"});
  WriteSpots(file, "/focus", results.spots, "of every focus, from the centre of the plane");
  std::vector<SpotQuality> air, scattered;
  std::vector<const Frame*> air_frames, scattered_frames;
  for (const LensFocus& lens : results.lens) {
    air.push_back(lens.air);
    scattered.push_back(lens.scattered);
    air_frames.push_back(&lens.air_frame);
    scattered_frames.push_back(&lens.scattered_frame);
  }
  WriteQualities(file, "/focus/lens_in_air", air);
  WriteFrames(file, "/focus/lens_in_air/frame", air_frames, "the lens without the scatterer");
  WriteQualities(file, "/focus/lens_scattered", scattered);
  WriteFrames(file, "/focus/lens_scattered/frame", scattered_frames,
              "the lens through the scatterer");
  std::vector<std::string> names;
  for (const TrainerKind kind : Kinds(results)) {
    names.push_back(training::TrainerName(kind));
    WriteRuns(file, results, kind);
  }
  file.WriteTexts("/focus/trainer_names", names);
  WriteScan(file, results);
}

void WriteFocusHistory(MPI_Comm comm, const std::string& path, const FocusResults& results) {
  io::Table table(comm, path,
                  {"trainer", "position", "epoch", "loss", "share", "fwhm_x", "fwhm_y", "psnr",
                   "passes", "training_seconds"});
  for (const FocusRun& run : results.runs) {
    for (const FocusRecord& record : run.history) {
      const SpotQuality& q = record.quality;
      table.Row({training::TrainerName(run.kind), static_cast<long>(run.position), record.epoch,
                 record.loss, q.share, q.fwhm_x, q.fwhm_y, q.psnr, record.passes, record.seconds});
    }
  }
}

nlohmann::ordered_json FocusSummary(const FocusResults& results) {
  const auto air = Each<LensFocus>(results.lens, [](const LensFocus& l) { return Fwhm(l.air); });
  const auto mean = [&](const std::function<double(const LensFocus&)>& value) {
    return Mean(Each<LensFocus>(results.lens, value));
  };
  nlohmann::ordered_json summary;
  summary["diffraction_limit_um"] = results.limit;
  summary["lens_in_air"] = {{"fwhm_um", Mean(air)},
                            {"psnr_db", mean([](const LensFocus& l) { return l.air.psnr; })},
                            {"share", mean([](const LensFocus& l) { return l.air.share; })}};
  summary["lens_scattered"] = {
      {"psnr_db", mean([](const LensFocus& l) { return l.scattered.psnr; })},
      {"share", mean([](const LensFocus& l) { return l.scattered.share; })},
      {"enhancement",
       mean([&](const LensFocus& l) { return l.scattered.peak / results.even_mean; })}};
  double passes = 0;
  for (const TrainerKind kind : Kinds(results)) {
    summary[training::TrainerName(kind)] = TrainerSummary(results, kind);
  }
  for (const FocusRun& run : results.runs) passes += static_cast<double>(run.history.back().passes);
  CompareRivals(results, summary);
  if (results.scan) {
    summary["scan"] = {{"ssim", results.scan->ssim_trained},
                       {"ssim_without_learning", results.scan->ssim_untrained},
                       {"psnr_db", results.scan->psnr_trained},
                       {"psnr_db_without_learning", results.scan->psnr_untrained},
                       {"passes", results.scan->passes}};
    passes += static_cast<double>(results.scan->passes);
  }
  AddTotals(summary, results.symmetry_defect, passes, results.seconds);
  return summary;
}

void ReportFocus(const nlohmann::ordered_json& summary) {
  const auto number = [](const nlohmann::ordered_json& value) { return value.get<double>(); };
  base::Info(
      "diffraction limit {:.1f} um; lens in air {:.1f} um, {:.1f} dB; through the scatterer "
      "{:.1f} dB",
      number(summary["diffraction_limit_um"]), number(summary["lens_in_air"]["fwhm_um"]),
      number(summary["lens_in_air"]["psnr_db"]), number(summary["lens_scattered"]["psnr_db"]));
  for (const auto& [name, entry] : summary.items()) {
    if (!entry.is_object() || !entry.contains("foci")) continue;
    const double to_limit = number(entry["passes_to_limit"]);
    base::Info(
        "{:<13} {} foci, FWHM {:.1f} um, {:.1f} dB, {} of them at the limit{}; {:.0f} passes", name,
        entry["foci"].get<long>(), number(entry["fwhm_um"]), number(entry["psnr_db"]),
        entry["foci_at_limit"].get<long>(),
        std::isnan(to_limit) ? "" : fmt::format(" after {:.0f}", to_limit),
        number(entry["passes"]));
    if (!entry.contains("passes_to_best")) continue;
    const double equal = number(entry["forward_mode_passes_to_same_loss"]);
    base::Info(
        "{:<13} best after {:.0f} passes{}", name, number(entry["passes_to_best"]),
        std::isnan(equal) ? "" : fmt::format("; forward mode is as good after {:.0f}", equal));
  }
  ReportSymmetry(summary);
  if (!summary.contains("scan")) return;
  base::Info("scanned target: structural similarity {:.2f}, without learning {:.2f}",
             number(summary["scan"]["ssim"]), number(summary["scan"]["ssim_without_learning"]));
}

}  // namespace symwave::jobs::spots
