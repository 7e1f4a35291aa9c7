// Threads of the linear algebra in jobs on a bench.
#pragma once

#include <Eigen/Core>

#include "jobs/deck/optical_bench_options.hpp"

namespace symwave::jobs::train::bench {

/// Else Eigen's products would take every core of the node for each rank.
inline void UseBenchThreads(const deck::OpticalBenchOptions& bench) {
  Eigen::setNbThreads(bench.compute.threads);
}

}  // namespace symwave::jobs::train::bench
