// The errors of an optical bench that the section sweep goes through.
#pragma once

#include <string>
#include <vector>

#include "jobs/deck/optical_bench_options.hpp"

namespace symwave::jobs::deck {

/// One list of the section sweep and the error that it changes.
struct BenchSweepAxis {
  const char* name;
  const char* unit;
  bool even;
  const std::vector<double> BenchSweepOptions::*sizes;
  double& (*error)(training::bench::BenchErrors&);
};

extern const std::vector<BenchSweepAxis> kBenchSweepAxes;

/// A size of the section sweep.
struct SweepPoint {
  std::string name;  ///< as "sweep.shift = 8 um"
  training::bench::BenchErrors errors;
};
/// All of them, without the point of the deck.
std::vector<SweepPoint> SweepPoints(const OpticalBenchOptions& bench);

}  // namespace symwave::jobs::deck
