// Gaussian beams of a deck on its lattice.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"

namespace symwave::jobs::device {

/// The beam of a source, in the medium that stands where its axis meets its plane, over the
/// wavelengths of the deck and of its monitors at which its pulse holds light.
solvers::fdtd::GaussianBeam BeamOf(const deck::SimulateOptions& options,
                                   const TimeDomainProblem& problem,
                                   const deck::SourceOptions& source,
                                   const deck::BeamOptions& given);

/// The time [um] by which all pulses of a deck start later, so that beams can start before them and
/// be in phase with them in their foci. Not collective. UserError with the source's place for a
/// beam that cannot be made.
double LaunchDelay(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// What the beams of a deck drive: the sum over all of them of points, components and signals. Not
/// collective.
struct DrivenPoints {
  double points = 0;   ///< times components
  double signals = 0;  ///< summed over them
};
DrivenPoints PointsOfBeams(const deck::SimulateOptions& options, const TimeDomainProblem& problem);

/// Power of the beam at the wavelengths of the deck, over |waveform|^2, as flux monitors measure
/// it.
std::vector<double> BeamPower(const deck::SimulateOptions& options,
                              const TimeDomainProblem& problem, const deck::SourceOptions& source,
                              const deck::BeamOptions& given);

/// Sentences with the places of beams whose plane crosses several media or stands in one that
/// absorbs, and of beams with more angular spectrum than their plane can launch. The same on every
/// rank, not collective.
std::vector<std::string> BeamWarnings(const deck::SimulateOptions& options,
                                      const TimeDomainProblem& problem);

}  // namespace symwave::jobs::device
