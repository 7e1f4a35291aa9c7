// The monitors of a deck on an engine, and what they leave in results.h5.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/time_domain_incidence.hpp"
#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/near_to_far.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::jobs {

/// What the records of a run are divided by, and where they are written.
struct MonitoredRun {
  std::string group;   ///< of results.h5, "" or "/input/NAME"
  std::string prefix;  ///< of the names of field files, "" or "NAME_"
  /// Fields are divided by it, powers by its square: of the first source's waveform at amplitude 1
  /// (of a continuous wave over the steps taken), or the incident amplitude of a port mode.
  std::function<solvers::fdtd::Complex(double omega)> spectrum;
  std::string unit;     ///< what a power is over then, for a reader
  double images = 1;    ///< mirror images that the incident mode consists of
  long source_end = 0;  ///< step from which on records ring down
  bool views = true;    ///< of the first field monitor, for the report
  Incidence incidence;  ///< of a plane wave; empty for other sources
};

/// Place before the run. References must outlive the monitors. All members are collective.
class Monitors {
 public:
  /// UserError with file:line for a monitor that does not fit into the lattice.
  Monitors(solvers::fdtd::Engine& engine, const DeckOptions& options,
           const TimeDomainProblem& problem);

  /// Writes what a run has left. Power through a box that mirror planes cut is that of the whole
  /// box. Adds totals and resonances to `summary`. Field files go to `directory`. In `run.group`:
  ///   flux/NAME/{power, share}, probe/NAME/value, resonances/NAME/{wavelength, quality, decay,
  ///   amplitude, error}, far_field/NAME/{theta, phi, intensity, power},
  /// share being there for a plane wave across a periodic grid alone; and /view.
  void Write(io::Hdf5File& file, const std::string& directory, const MonitoredRun& run,
             nlohmann::ordered_json& summary) const;

 private:
  struct Dft {
    std::string name;
    int number = 0;
    domain::IndexBox box;
    std::vector<double> wavelengths;
  };
  struct Flux {
    std::string name;
    double images = 1;  ///< power of the whole over that of the computed part
    solvers::fdtd::FluxMonitor monitor;
  };
  struct Probe {
    std::string name;
    int number = 0;
    bool resonances = false;
  };
  struct Far {
    std::string name;
    FarFieldOptions options;
    solvers::fdtd::NearToFar transform;
  };
  struct Placing;

  std::vector<double> Gains(const MonitoredRun& run) const;
  void WriteFluxes(io::Hdf5File& file, const MonitoredRun& run,
                   nlohmann::ordered_json& summary) const;
  void WriteProbes(io::Hdf5File& file, const MonitoredRun& run,
                   nlohmann::ordered_json& summary) const;
  void WriteFarFields(io::Hdf5File& file, const MonitoredRun& run) const;
  void WriteTransforms(io::Hdf5File& file, const std::string& directory,
                       const MonitoredRun& run) const;

  solvers::fdtd::Engine& engine_;
  const DeckOptions& options_;
  const TimeDomainProblem& problem_;
  std::vector<double> omegas_;
  int every_ = 1;  ///< steps between two samples, see SamplingOf
  std::vector<Flux> fluxes_;
  std::vector<Probe> probes_;
  std::vector<Far> far_fields_;
  std::vector<Dft> transforms_;
};

}  // namespace symwave::jobs
