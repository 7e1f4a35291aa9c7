// The waveforms of a deck's sources, and whether they carry light where monitors look.
#pragma once

#include <vector>

#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::jobs::device {

solvers::fdtd::Waveform WaveformOf(const deck::WaveformOptions& given,
                                   const TimeDomainProblem& problem);

/// Steps between two samples of the monitors' transforms: eight samples of the shortest period of
/// any monitor, four of the shortest period that a source holds (to 1e-4 of its peak).
int SamplingOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// The steps of a run that its transforms take: first <= n with (n + 1) a multiple of `every`. Of a
/// continuous wave two halves of whole periods each at the end of the run, from its middle on, so
/// that neither the switching-on nor the way of the light enters.
struct SampleWindow {
  int every = 1;
  long first = 0;
  long middle = -1;  ///< steps taken when the first half is recorded; -1: there are no halves
};
SampleWindow WindowOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// The pulse of a run of ports: over the deck's wavelengths, cut where it is as small as what a run
/// leaves behind, which is shorter than to rounding.
solvers::fdtd::Waveform PulseOf(const deck::SimulateOptions& options,
                                const TimeDomainProblem& problem);

/// UserError where solver.stop.max_time ends a run before its pulses have been launched.
void CheckDuration(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// Whether a frequency is that of a continuous wave.
bool IsCarrier(const solvers::fdtd::Waveform& waveform, double omega);

/// Relative difference below which two wavelengths are the same.
constexpr double kSameWavelength = 1e-9;

/// UserError with the monitor's place where, with ports, it looks at a wavelength that is none of
/// the deck's, or its spectrum would be divided by less than 1e-3 of the peak of the first source's
/// pulse; warns of a continuous wave that is looked at elsewhere, and of several sources that
/// differ, since the first normalises.
void CheckSpectra(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

}  // namespace symwave::jobs::device
