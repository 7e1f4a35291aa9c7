#include "jobs/simulate/time/job.hpp"

#include <utility>

#include "domain/base/communicator.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/simulate/time/memory.hpp"
#include "jobs/simulate/time/placed_monitors.hpp"
#include "jobs/simulate/time/plan.hpp"
#include "jobs/simulate/time/port_runs.hpp"
#include "jobs/simulate/time/source_run.hpp"
#include "jobs/simulate/time/work.hpp"
#include "solvers/fdtd/engine_check.hpp"
#include "solvers/fdtd/located_port.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

namespace {

/// What a run would refuse when it builds its engine and adds sources and monitors to it, or ports;
/// without fields, so that it says the same of a grid of any size. Collective.
void RequirePlaces(MPI_Comm comm, const deck::SimulateOptions& options,
                   const device::TimeDomainProblem& problem) {
  deck::AtPlace(options.grid.where, [&] {
    solvers::fdtd::RequireEngine(comm, problem.lattice, problem.media, problem.engine);
  });
  PlaceSources(options, problem);
  if (options.sources.empty() && !problem.ports.empty()) {
    solvers::fdtd::RequirePortPlaces(problem.lattice, problem.ports,
                                     solvers::fdtd::ScatteringOptions().monitor_distance);
  }
  PlaceMonitors(options, problem);
  device::CheckSpectra(options, problem);
}

class TimeDomainSimulation : public run::Job {
 public:
  TimeDomainSimulation(MPI_Comm comm, deck::SimulateOptions options)
      : comm_(comm), options_(std::move(options)), problem_(device::BuildTimeDomain(options_)) {
    device::CheckDuration(options_, problem_);
  }

  run::MemoryNeed Memory() override {
    memory_ = EstimateMemory(comm_, options_, problem_);
    return NeedOfSteps(options_, memory_, base::Communicator::SizeOf(comm_));
  }

  std::vector<std::string> Check() override {
    RequirePlaces(comm_, options_, problem_);
    return checks::TimeDomainWarnings(comm_, options_, problem_);
  }

  std::string Plan(bool fits) override {
    const TimeDomainPlan plan = PlanTimeDomain(comm_, options_, problem_, memory_, fits);
    return TimeDomainPlanText(options_, plan, base::Communicator::SizeOf(comm_));
  }

  run::Work CountWork() override { return CountSteps(comm_, options_, problem_, memory_); }

  void Run(run::RunContext& context) override {
    const checks::MeshError mesh_error = checks::EstimateMeshError(comm_, options_, problem_);
    checks::LogLattice(options_, mesh_error);
    const auto run = options_.sources.empty() ? RunPorts : RunSources;
    run(context, options_, problem_, mesh_error);
  }

 private:
  MPI_Comm comm_;
  deck::SimulateOptions options_;
  device::TimeDomainProblem problem_;
  MemoryEstimate memory_;  ///< after Memory
};

}  // namespace

std::unique_ptr<run::Job> MakeTimeDomainSimulation(MPI_Comm comm,
                                                   const deck::SimulateOptions& options) {
  return std::make_unique<TimeDomainSimulation>(comm, options);
}

}  // namespace symwave::jobs::simulate::time
