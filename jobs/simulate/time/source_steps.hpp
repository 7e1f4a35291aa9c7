// The steps of a run of sources, which can be stopped and gone on with.
#pragma once

#include <functional>

#include "jobs/run/run_context.hpp"
#include "jobs/simulate/time/monitors.hpp"
#include "jobs/simulate/time/time_frames.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::jobs::simulate::time {

/// References must outlive it. All members are collective.
class SourceSteps {
 public:
  using Spectrum = std::function<solvers::fdtd::Complex(double omega)>;

  /// `engine` with its sources and monitors at its first step; `frames` before Begin.
  SourceSteps(run::RunContext& context, solvers::fdtd::Engine& engine, Monitors& monitors,
              TimeFrames& frames, const solvers::fdtd::RunControl& control);

  /// Begins the frames and goes to the end, from the checkpoint of a run that is resumed; leaves by
  /// RunContext::Stop. In the middle of the window of a continuous wave the monitors keep their
  /// first half, over `spectrum_until` the step, as frames have transforms over `frame_spectrum`.
  solvers::fdtd::RunResult Run(const std::function<Spectrum(long step)>& spectrum_until,
                               const TimeFrames::Spectrum& frame_spectrum);

 private:
  void Exchange(base::StateArchive& archive);
  solvers::fdtd::RunResult Go(const solvers::fdtd::RunControl& control, long rest);

  run::RunContext& context_;
  solvers::fdtd::Engine& engine_;
  Monitors& monitors_;
  TimeFrames& frames_;
  solvers::fdtd::RunControl control_;
  io::Progress bar_;
  std::int64_t half_done_ = 0;  ///< whether the first half is kept
  solvers::fdtd::RunState state_;
};

}  // namespace symwave::jobs::simulate::time
