// The monitors of a deck with ports: placed anew for the run of every input.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "io/hdf5.hpp"
#include "jobs/time_domain_monitors.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs {

/// References must outlive it. All members are collective.
class PortMonitors {
 public:
  PortMonitors(io::Hdf5File& file, const std::string& directory, const DeckOptions& options,
               const TimeDomainProblem& problem, Evaluation& evaluation);

  /// Makes a calculation place and write the monitors; the options must not outlive this object.
  void Join(solvers::fdtd::ScatteringOptions& options);
  /// What the monitors found, by the name of the input.
  const nlohmann::ordered_json& Summary() const { return summary_; }

 private:
  /// Under /input/NAME of results.h5 as Monitors lays it out: fields per unit incident amplitude
  /// (of power 1 in the computed part), fluxes over the incident power, per wavelength; probes hold
  /// the pulse as launched. Field files are field_INPUT_MONITOR.
  void Write(const solvers::fdtd::ScatteringInput& input);

  io::Hdf5File& file_;
  std::string directory_;
  const DeckOptions& options_;
  const TimeDomainProblem& problem_;
  Evaluation& evaluation_;
  std::unique_ptr<Monitors> monitors_;  ///< of the present run
  nlohmann::ordered_json summary_;
};

}  // namespace symwave::jobs
