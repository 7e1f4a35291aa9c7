// What the results of the jobs that bring light into spots have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "training/bench/spot_metrics.hpp"

namespace symwave::jobs::spots {

/// Collective: x and y [um] of every spot; `text` says what they are.
void WriteSpots(io::Hdf5File& file, const std::string& group,
                const std::vector<training::bench::Spot>& spots, const std::string& text);

/// Collective: intensities [frame][y][x] in single precision; nothing without frames.
void WriteFrames(io::Hdf5File& file, const std::string& name,
                 const std::vector<const training::bench::Frame*>& frames, const std::string& text);

/// Collective: images of one size [image][y][x].
void WriteImages(io::Hdf5File& file, const std::string& name,
                 const std::vector<Eigen::ArrayXXd>& images, const std::string& text);
/// Collective: [y][x].
void WriteImage(io::Hdf5File& file, const std::string& name, const Eigen::ArrayXXd& image,
                const std::string& text);

/// Ends a summary.
void AddTotals(nlohmann::ordered_json& summary, double symmetry_defect,
               const nlohmann::ordered_json& passes, double seconds);
/// A line for the screen.
void ReportSymmetry(const nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::spots
