#include "jobs/simulate/time/source_steps.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/simulate/time/run_end.hpp"

namespace symwave::jobs::simulate::time {

using solvers::fdtd::RunControl;
using solvers::fdtd::RunEnd;
using solvers::fdtd::RunProgress;
using solvers::fdtd::RunResult;

SourceSteps::SourceSteps(run::RunContext& context, solvers::fdtd::Engine& engine,
                         Monitors& monitors, TimeFrames& frames, const RunControl& control)
    : context_(context),
      engine_(engine),
      monitors_(monitors),
      frames_(frames),
      control_(control),
      bar_(context.StartProgress("run", std::max(1L, control.expected_steps), "step")) {}

RunResult SourceSteps::Run(const std::function<Spectrum(long step)>& spectrum_until,
                           const TimeFrames::Spectrum& frame_spectrum) {
  const bool restored = context_.Restore([&](base::StateArchive& archive) {
    frames_.SaveOrRestore(archive);
    frames_.Begin(engine_, "field", "sources", frame_spectrum);
    Exchange(archive);
  });
  if (!restored) frames_.Begin(engine_, "field", "sources", frame_spectrum);
  const long middle = monitors_.Window().middle;
  RunResult run;
  if (middle > 0 && half_done_ == 0) {
    RunControl half = control_;
    half.time = static_cast<double>(middle) * engine_.TimeStep();
    run = Go(half, std::lround(control_.time / engine_.TimeStep()) - middle);
    if (run.end != RunEnd::TimeReached) return run;
    monitors_.KeepHalf(spectrum_until(engine_.Step()));
    half_done_ = 1;
    state_ = {};
  }
  run = Go(control_, 0);
  bar_.EndHere();
  return run;
}

/// `rest`: steps after those of `control`.
RunResult SourceSteps::Go(const RunControl& control, long rest) {
  RunControl shown = control;
  shown.progress = [this, rest](RunProgress progress) {
    if (progress.steps_left >= 0) progress.steps_left += rest;
    ShowProgress(bar_, progress);
    const auto save = [this](base::StateArchive& archive) {
      frames_.SaveOrRestore(archive);
      Exchange(archive);
    };
    return context_.GoesOn(save, progress.step, TotalSteps(progress), "step");
  };
  const RunResult run = RunUntilDecayed(engine_, shown, state_);
  if (run.end == RunEnd::Stopped) context_.Stop();
  return run;
}

void SourceSteps::Exchange(base::StateArchive& archive) {
  engine_.SaveOrRestore(archive);
  SaveOrRestore(archive, "run", state_);
  archive.Value("half_done", half_done_);
  if (half_done_ != 0) monitors_.SaveOrRestoreHalves(archive);
}

}  // namespace symwave::jobs::simulate::time
