// The waveforms of a deck's sources, and whether they carry light where monitors look.
#pragma once

#include <vector>

#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::jobs {

solvers::fdtd::Waveform WaveformOf(const WaveformOptions& given, const TimeDomainProblem& problem);

/// Steps between two samples of the monitors' transforms: eight samples of the shortest period of
/// any monitor, four of the shortest period that a source holds (to 1e-4 of its peak).
int SamplingOf(const DeckOptions& options, const TimeDomainProblem& problem);

/// Relative difference below which two wavelengths are the same.
constexpr double kSameWavelength = 1e-9;

/// UserError with the monitor's place where, with ports, it looks at a wavelength that is none of
/// the deck's, or its spectrum would be divided by less than 1e-3 of the peak of the first source's
/// pulse; warns of a continuous wave that is looked at elsewhere, and of several sources that
/// differ, since the first normalises.
void CheckSpectra(const DeckOptions& options, const TimeDomainProblem& problem);

}  // namespace symwave::jobs
