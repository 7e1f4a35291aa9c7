// results.h5, history.csv and summary.json of a job `focus`.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "io/hdf5.hpp"
#include "io/table.hpp"
#include "jobs/spots/focus_bench.hpp"

namespace symwave::jobs::spots {

/// Of the lens without aberrations at one position.
struct LensFocus {
  training::bench::SpotQuality air, scattered;
  training::bench::Frame air_frame, scattered_frame;
};

struct ScanResult {
  Eigen::ArrayXXd truth, trained, untrained;  ///< rows x columns, 0 ... 1
  double ssim_trained = 0, ssim_untrained = 0;
  double psnr_trained = 0, psnr_untrained = 0;  ///< dB
  long passes = 0;
};

struct FocusResults {
  double limit = 0;  ///< diffraction limit [um]
  double pitch = 0;
  double even_mean = 0;  ///< mean intensity on the camera with an even mask
  double symmetry_defect = 0;
  std::vector<training::bench::Spot> spots, points;
  std::vector<LensFocus> lens;
  std::vector<FocusRun> runs;
  std::optional<ScanResult> scan;
  double seconds = 0;
};

/// Within 10 % of the diffraction limit.
constexpr double kGoodWidth = 1.1;

/// Everything is collective.
void WriteFocus(io::Hdf5File& file, const FocusResults& results);
void WriteFocusHistory(MPI_Comm comm, const std::string& path, const FocusResults& results);
nlohmann::ordered_json FocusSummary(const FocusResults& results);
/// Lines for the screen.
void ReportFocus(const nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::spots
