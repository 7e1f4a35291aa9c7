// The S-parameters of a device in time domain: a run for each guided mode of its ports.
#pragma once

#include <array>

#include "jobs/checks/mesh_error.hpp"
#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/run_context.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

/// Where the planes of the report cross: in the guide of the first port, across the device's
/// middle.
std::array<double, 3> ViewPoint(const device::TimeDomainProblem& problem);

/// How the deck's ports are run, with the fields of its middle wavelength that are kept.
solvers::fdtd::ScatteringOptions PortRunOptions(const deck::SimulateOptions& options,
                                                const device::TimeDomainProblem& problem);

/// Of the run that decayed least [dB].
double EnergyDecay(const solvers::fdtd::ScatteringSpectrum& spectrum);

/// Collective. S-matrix, power, monitors and fields into the results of `context`.
void RunPorts(run::RunContext& context, const deck::SimulateOptions& options,
              const device::TimeDomainProblem& problem, const checks::MeshError& mesh_error);

}  // namespace symwave::jobs::simulate::time
