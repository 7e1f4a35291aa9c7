// The S-parameters of a device in time domain: a run for each guided mode of its ports.
#pragma once

#include "jobs/checks/mesh_error.hpp"
#include "jobs/deck/options.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/run_context.hpp"

namespace symwave::jobs::simulate::time {

/// Collective. S-matrix, power, monitors and fields into the results of `context`.
void RunPorts(run::RunContext& context, const deck::SimulateOptions& options,
              const device::TimeDomainProblem& problem, const checks::MeshError& mesh_error);

}  // namespace symwave::jobs::simulate::time
