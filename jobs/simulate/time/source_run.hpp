// One run of a deck's sources with all its monitors.
#pragma once

#include <vector>

#include "jobs/checks/mesh_error.hpp"
#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/simulate/time/monitors.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::jobs::simulate::time {

/// Collective. Spectra, resonances, far fields and fields into the results of `context`.
void RunSources(run::RunContext& context, const deck::SimulateOptions& options,
                const device::TimeDomainProblem& problem, const checks::MeshError& mesh_error);

/// Refuses the sources that AddSources would refuse, without an engine. Not collective. Plane waves
/// and beams have been placed with the problem, whose pulses wait for them. UserError as
/// AddSources.
void PlaceSources(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem);

/// The currents of all sources on the points of `held`, for steps of `dt` [um]. UserError with the
/// source's place for one that does not fit into the lattice. Not collective.
std::vector<solvers::fdtd::Current> SourceCurrents(const deck::SimulateOptions& options,
                                                   const device::TimeDomainProblem& problem,
                                                   double dt, const domain::IndexBox& held);

/// The spectrum of the first source and, of a plane wave or a beam, what it carries. Collective on
/// the file's communicator.
void WriteSource(io::Hdf5File& file, const deck::SimulateOptions& options,
                 const device::TimeDomainProblem& problem, const MonitoredRun& run);

/// Adds all sources of the deck; the step at which the last one ends. UserError with the source's
/// place for one that does not fit into the lattice.
long AddSources(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
                solvers::fdtd::Engine& engine);

}  // namespace symwave::jobs::simulate::time
