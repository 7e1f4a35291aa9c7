// The monitors of a deck on an engine, and what they leave in results.h5.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/near_to_far.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::jobs {

/// Place before the run. References must outlive the monitors. All members are collective.
class Monitors {
 public:
  /// UserError with file:line for a monitor that does not fit into the lattice.
  Monitors(solvers::fdtd::Engine& engine, const DeckOptions& options,
           const TimeDomainProblem& problem);

  /// Fields are divided by the spectrum of `waveform` (that of the first source at amplitude 1; of
  /// a continuous wave over the steps taken), powers by its square: they are those of the deck's
  /// amplitudes. Power through a box that mirror planes cut is that of the whole box.
  /// `source_end`: step from which on records ring down. Adds totals and resonances to `summary`.
  /// Field files go to `directory`.
  ///   /wavelength, /source/spectrum, /flux/NAME/power, /probe/NAME/{time, value},
  ///   /resonances/NAME/{wavelength, quality, decay, amplitude, error},
  ///   /far_field/NAME/{theta, phi, intensity, power}, /view.
  void Write(io::Hdf5File& file, const std::string& directory,
             const solvers::fdtd::Waveform& waveform, long source_end,
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

  solvers::fdtd::Complex SpectrumOf(const solvers::fdtd::Waveform& waveform, double omega) const;
  std::vector<double> Gains(const solvers::fdtd::Waveform& waveform) const;
  void WriteFluxes(io::Hdf5File& file, const std::vector<double>& gains,
                   nlohmann::ordered_json& summary) const;
  void WriteProbes(io::Hdf5File& file, long source_end, nlohmann::ordered_json& summary) const;
  void WriteFarFields(io::Hdf5File& file, const std::vector<double>& gains) const;
  void WriteTransforms(io::Hdf5File& file, const std::string& directory,
                       const solvers::fdtd::Waveform& waveform) const;

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
