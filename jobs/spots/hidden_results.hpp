// results.h5 and summary.json of a job `hidden_object`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/deck/spot_options.hpp"
#include "training/bench/plane_engine.hpp"
#include "training/bench/spot_metrics.hpp"

namespace symwave::jobs::spots {

/// Frames of the camera that go into the results.
constexpr int kShownFrames = 27;

/// What one mask reads.
struct HiddenReading {
  std::vector<Eigen::ArrayXXd> frames;         ///< of the movie, light over that of a lone position
  Eigen::ArrayXXd shares;                      ///< of a lone position's light, positions x regions
  std::vector<training::bench::Frame> camera;  ///< the first frames as the camera sees them
  double accuracy = 0;                         ///< of the bits
  double ssim = 0, psnr = 0;                   ///< means over the frames
};

struct HiddenRun {
  std::string name;  ///< of the trainer
  long passes = 0;
  training::bench::BenchEffort effort;
  HiddenReading reading;
};

struct HiddenResults {
  int side = 0;  ///< positions per axis
  double pitch = 0;
  double symmetry_defect = 0;
  std::vector<training::bench::Spot> regions;
  std::vector<Eigen::ArrayXXd> truth;
  HiddenReading untrained;
  std::vector<HiddenRun> runs;
  double seconds = 0;
};

/// Seconds that the launches and frames of a training take in a laboratory, one after another.
double LaboratorySeconds(const training::bench::BenchEffort& effort,
                         const deck::HiddenObjectOptions& options);

/// Everything is collective.
void WriteHiddenObject(io::Hdf5File& file, const HiddenResults& results);
nlohmann::ordered_json HiddenSummary(const HiddenResults& results,
                                     const deck::HiddenObjectOptions& options);
/// Lines for the screen.
void ReportHidden(const nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::spots
