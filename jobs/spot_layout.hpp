// Where the spots of the jobs `focus` and `hidden_object` lie.
#pragma once

#include <vector>

#include "jobs/optical_bench_options.hpp"
#include "training/bench/spots.hpp"

namespace symwave::jobs {

/// Of a plane with one row all grids are a line.
std::vector<training::bench::Spot> FocusSpots(const OpticalBenchOptions& bench);
std::vector<training::bench::Spot> ScanSpots(const OpticalBenchOptions& bench);
/// Discs of the hidden plane, and the regions on the camera that read them.
std::vector<training::bench::Spot> HiddenSources(const OpticalBenchOptions& bench);
std::vector<training::bench::Spot> HiddenRegions(const OpticalBenchOptions& bench);

}  // namespace symwave::jobs
