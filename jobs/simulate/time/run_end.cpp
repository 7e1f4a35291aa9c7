#include "jobs/simulate/time/run_end.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"

namespace symwave::jobs::simulate::time {

long TotalSteps(const solvers::fdtd::RunProgress& progress) {
  return progress.steps_left >= 0 ? progress.step + progress.steps_left : 0;
}

void ShowProgress(io::Progress& bar, const solvers::fdtd::RunProgress& progress) {
  if (progress.steps_left >= 0) {
    bar.Expect(TotalSteps(progress), progress.fixed_end ? io::Total::Exact : io::Total::About);
  } else {
    bar.Expect(progress.latest_step, io::Total::AtMost);
  }
  bar.Set(progress.step,
          fmt::format("{:.0f} Mcells/s, {:.0f} dB", progress.mcells_per_second, progress.decibel));
}

void ReportEnd(const solvers::fdtd::RunResult& run) {
  std::string message = run.message;
  const std::string name = "max_steps";
  if (const size_t at = message.find(name); at != std::string::npos) {
    message.replace(at, name.size(), "solver.stop.max_time");
  }
  if (run.end == solvers::fdtd::RunEnd::NoField) {
    base::Fail("{}; check the places, components and amplitudes of the sources", message);
  }
  if (run.converged) {
    base::Info("{}", message);
  } else {
    base::Warn("{}", message);
  }
}

}  // namespace symwave::jobs::simulate::time
