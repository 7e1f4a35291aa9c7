// How long a core is busy with a call.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <ctime>
#include <vector>

namespace symwave::jobs::throughput {

/// Seconds for which cores have worked for this process: time that others of the machine have had
/// in between does not count, what their use of the memory costs does.
inline double CoreSeconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Where less is asked for, one call is enough.
constexpr double kHasty = 0.05;

/// CoreSeconds of one call of `work`: the median of calls for about `seconds` of the clock, three
/// at least unless in haste, after one that is not counted.
template <class Call>
double MedianSeconds(double seconds, Call&& work) {
  work();
  std::vector<double> times;
  const double start = MPI_Wtime();
  const std::size_t least = seconds < kHasty ? 1 : 3;
  while (times.size() < least || MPI_Wtime() - start < seconds) {
    const double before = CoreSeconds();
    work();
    times.push_back(CoreSeconds() - before);
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

}  // namespace symwave::jobs::throughput
