// The monitors of a deck with ports: placed anew for the run of every input.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jobs/run/run_context.hpp"
#include "jobs/simulate/time/monitors.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

/// References must outlive it. All members are collective.
class PortMonitors {
 public:
  PortMonitors(run::RunContext& context, const deck::SimulateOptions& options,
               const device::TimeDomainProblem& problem);

  /// Makes a calculation place and write the monitors; the options must not outlive this object.
  void Join(solvers::fdtd::ScatteringOptions& options);
  /// What the runs that have ended left.
  void SaveOrRestore(base::StateArchive& archive);
  /// After the last run: all of it into results.h5.
  void Collect();
  /// What the monitors found, by the name of the input.
  const nlohmann::ordered_json& Summary() const { return summary_; }

 private:
  /// Under /input/NAME of a file of its own, which is whole or absent, as Monitors lays it out:
  /// fields per unit incident amplitude (of power 1 in the computed part), fluxes over the incident
  /// power, per wavelength; probes hold the pulse as launched. Field files are field_INPUT_MONITOR.
  void Write(const solvers::fdtd::ScatteringInput& input);

  std::string PartOf(const std::string& input) const;

  run::RunContext& context_;
  const deck::SimulateOptions& options_;
  const device::TimeDomainProblem& problem_;
  std::unique_ptr<Monitors> monitors_;  ///< of the present run
  nlohmann::ordered_json summary_;
  std::vector<std::string> inputs_;  ///< that have ended
};

}  // namespace symwave::jobs::simulate::time
