#include "jobs/spots/hidden_results.hpp"

#include <algorithm>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/progress.hpp"

namespace symwave::jobs::spots {

using training::bench::BenchEffort;

namespace {

void WriteFrames(io::Hdf5File& file, const std::string& name,
                 const std::vector<Eigen::ArrayXXd>& frames, const std::string& text) {
  std::vector<double> values;
  for (const Eigen::ArrayXXd& frame : frames) {
    for (Eigen::Index i = 0; i < frame.rows(); ++i) {
      for (Eigen::Index j = 0; j < frame.cols(); ++j) values.push_back(frame(i, j));
    }
  }
  const auto rows = static_cast<hsize_t>(frames[0].rows());
  const auto columns = static_cast<hsize_t>(frames[0].cols());
  file.Write(name, values, {frames.size(), rows, columns}, {"1", text});
}

void WriteReading(io::Hdf5File& file, const std::string& group, const HiddenResults& results,
                  const HiddenReading& reading) {
  WriteFrames(file, group + "/frames", reading.frames,
              "light of each region over that of its position alone [frame][y][x]");
  WriteFrames(file, group + "/shares", {reading.shares},
              "part of the light of a position that is in a region [][position][region]");
  std::vector<float> camera;
  for (Eigen::Index f = 0; f < reading.camera.cols(); ++f) {
    for (Eigen::Index p = 0; p < reading.camera.rows(); ++p) {
      camera.push_back(static_cast<float>(reading.camera(p, f)));
    }
  }
  file.Write(group + "/camera", camera,
             {static_cast<hsize_t>(reading.camera.cols()), static_cast<hsize_t>(results.pixels_y),
              static_cast<hsize_t>(results.pixels_x)},
             {"1", "intensities of some frames [frame][y][x]"});
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
  std::vector<double> x, y;
  for (const auto& region : results.regions) {
    x.push_back(region.x);
    y.push_back(region.y);
  }
  file.Write(group + "/x", x, {}, {"um", "centres of the regions on the camera"});
  file.Write(group + "/y", y, {}, {"um", ""});
  file.WriteScalar(group + "/radius", results.regions[0].radius, {"um", "of the regions"});
  WriteFrames(file, group + "/truth", results.truth, "where the object shines [frame][y][x]");
  WriteReading(file, group + "/untrained", results, results.untrained);
  std::vector<std::string> names;
  for (const HiddenRun& run : results.runs) {
    names.push_back(run.name);
    WriteReading(file, group + "/trainers/" + run.name, results, run.reading);
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
  summary["symmetry_defect"] = results.symmetry_defect;
  summary["passes"] = passes;
  summary["seconds"] = results.seconds;
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
  base::Info("symmetry defect |g^T y - e^T v| / |g^T y| {:.2e}",
             summary["symmetry_defect"].get<double>());
  base::Info("an object is read at {:.0f} frames per second; scanning its positions: {:.1f}",
             summary["read_out_frames_per_second"].get<double>(),
             summary["scanning_frames_per_second"].get<double>());
}

}  // namespace symwave::jobs::spots
