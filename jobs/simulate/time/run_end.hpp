// How a run in time domain goes on and ends, for the eye.
#pragma once

#include "io/progress.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::jobs::simulate::time {

/// Steps of the whole run, estimated where it ends by decay; 0: not known.
long TotalSteps(const solvers::fdtd::RunProgress& progress);

/// Moves the bar to a run's step and notes Mcells/s and the field energy. The total is estimated
/// where the run ends by decay, and where nothing is known of it that of the longest run.
void ShowProgress(io::Progress& bar, const solvers::fdtd::RunProgress& progress);

/// Logs how a run ended, a warning where it did not converge. UserError where it held no field.
void ReportEnd(const solvers::fdtd::RunResult& run);

}  // namespace symwave::jobs::simulate::time
