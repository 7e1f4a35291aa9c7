#include "jobs/spots/hidden_results.hpp"

#include <algorithm>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/progress.hpp"
#include "jobs/spots/spot_results.hpp"

namespace symwave::jobs::spots {

using training::bench::BenchEffort;

namespace {

void WriteReading(io::Hdf5File& file, const std::string& group, const HiddenReading& reading) {
  WriteImages(file, group + "/frames", reading.frames,
              "light of each region over that of its position alone [frame][y][x]");
  WriteImages(file, group + "/shares", {reading.shares},
              "part of the light of a position that is in a region [][position][region]");
  std::vector<const training::bench::Frame*> camera;
  for (const training::bench::Frame& frame : reading.camera) camera.push_back(&frame);
  WriteFrames(file, group + "/camera", camera, "intensities of some frames [frame][y][x]");
}

nlohmann::ordered_json ReadingSummary(const HiddenReading& reading) {
  const double own = reading.shares.matrix().diagonal().mean();
  const double wrong = (reading.shares.sum() - reading.shares.matrix().trace()) /
                       static_cast<double>(reading.shares.rows());
  return {{"bit_accuracy", reading.accuracy},
          {"ssim", reading.ssim},
          {"psnr_db", reading.psnr},
          {"share", own},
          {"crosstalk", wrong / (own + wrong)}};
}

}  // namespace

double LaboratorySeconds(const BenchEffort& effort, const deck::HiddenObjectOptions& options) {
  // A field takes four frames of the camera.
  return static_cast<double>(effort.launches) / options.modulator_rate +
         static_cast<double>(4 * effort.fields + effort.intensities) / options.camera_rate;
}

void WriteHiddenObject(io::Hdf5File& file, const HiddenResults& results) {
  base::FaultPoint("hidden/results");
  const std::string group = "/hidden_object";
  file.WriteScalar(group + "/pitch", results.pitch, {"um", "of the pixels of the camera"});
  WriteSpots(file, group, results.regions, "centres of the regions on the camera");
  file.WriteScalar(group + "/radius", results.regions[0].radius, {"um", "of the regions"});
  WriteImages(file, group + "/truth", results.truth, "where the object shines [frame][y][x]");
  WriteReading(file, group + "/untrained", results.untrained);
  std::vector<std::string> names;
  for (const HiddenRun& run : results.runs) {
    names.push_back(run.name);
    WriteReading(file, group + "/trainers/" + run.name, run.reading);
  }
  file.WriteTexts(group + "/trainer_names", names);
}

nlohmann::ordered_json HiddenSummary(const HiddenResults& results,
                                     const deck::HiddenObjectOptions& options) {
  nlohmann::ordered_json summary;
  const auto positions = static_cast<double>(results.regions.size());
  summary["positions"] = results.regions.size();
  summary["untrained"] = ReadingSummary(results.untrained);
  long passes = 0;
  for (const HiddenRun& run : results.runs) {
    nlohmann::ordered_json entry = ReadingSummary(run.reading);
    entry["passes"] = run.passes;
    entry["laboratory_training_seconds"] = LaboratorySeconds(run.effort, options);
    summary[run.name] = entry;
    passes += run.passes;
  }
  summary["read_out_frames_per_second"] = options.camera_rate;
  summary["scanning_frames_per_second"] =
      std::min(options.camera_rate, options.modulator_rate) / positions;
  AddTotals(summary, results.symmetry_defect, passes, results.seconds);
  return summary;
}

void ReportHidden(const nlohmann::ordered_json& summary) {
  for (const auto& [name, entry] : summary.items()) {
    if (!entry.is_object()) continue;
    base::Info(
        "{:<13} {:5.1f} % of the bits, structural similarity {:.2f}, {:.1f} dB, crosstalk {:.1f} %",
        name, 100 * entry["bit_accuracy"].get<double>(), entry["ssim"].get<double>(),
        entry["psnr_db"].get<double>(), 100 * entry["crosstalk"].get<double>());
    if (!entry.contains("passes")) continue;
    base::Info("{:<13} {} passes, {} in a laboratory", name, entry["passes"].get<long>(),
               io::Progress::Duration(entry["laboratory_training_seconds"].get<double>()));
  }
  ReportSymmetry(summary);
  base::Info("an object is read at {:.0f} frames per second; scanning its positions: {:.1f}",
             summary["read_out_frames_per_second"].get<double>(),
             summary["scanning_frames_per_second"].get<double>());
}

}  // namespace symwave::jobs::spots
