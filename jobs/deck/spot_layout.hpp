// Where the spots of the jobs `focus` and `hidden_object` lie.
#pragma once

#include <vector>

#include "jobs/deck/optical_bench_options.hpp"
#include "training/bench/spots.hpp"

namespace symwave::jobs::deck {

/// Of a plane with one row all grids are a line.
std::vector<training::bench::Spot> FocusSpots(const OpticalBenchOptions& bench);
std::vector<training::bench::Spot> ScanSpots(const OpticalBenchOptions& bench);
/// Discs of the hidden plane, and the regions on the camera that read them.
std::vector<training::bench::Spot> HiddenSources(const OpticalBenchOptions& bench);
std::vector<training::bench::Spot> HiddenRegions(const OpticalBenchOptions& bench);

/// Of the bars of a target in their widths: their length, as three bars and two gaps are wide; the
/// gap between the two triples and, in the narrowest bars, between groups.
constexpr double kBarLength = 5;
constexpr double kBarGap = 2;

/// All groups side by side [um].
double BarTargetWidth(const std::vector<double>& bars);
/// Width or height of all groups together, the larger of the two [um].
double BarTargetSize(const std::vector<double>& bars);

}  // namespace symwave::jobs::deck
