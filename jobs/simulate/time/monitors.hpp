// The monitors of a deck on the fields of either solver, and what they leave in results.h5.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/device/incidence.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/run/evaluation.hpp"
#include "solvers/fdtd/diffraction_orders.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/near_to_far.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::jobs::simulate::time {

/// What the records of a run are divided by, and where they are written.
struct MonitoredRun {
  std::string group;   ///< of results.h5, "" or "/input/NAME"
  std::string prefix;  ///< of the names of field files, "" or "NAME_"
  /// Fields are divided by it, powers by its square: of the first source's waveform at amplitude 1
  /// (of a continuous wave over the same steps as the records, and not a number at frequencies that
  /// it does not have), or the incident amplitude of a port mode.
  std::function<solvers::fdtd::Complex(double omega)> spectrum;
  std::string unit;             ///< what a power is over then, for a reader
  double mirror_copies = 1;     ///< mirror images that the incident mode consists of
  long source_end = 0;          ///< step from which on records ring down
  bool views = true;            ///< of the first field monitor, for the report
  device::Incidence incidence;  ///< of a plane wave; empty for other sources
};

/// Difference between the halves of a continuous wave's record that is worth a warning.
constexpr double kStationary = 0.01;

/// Place before the run. References must outlive the monitors. All members are collective.
class Monitors {
 public:
  /// UserError with file:line for a monitor that does not fit into the lattice.
  Monitors(solvers::fdtd::Engine& engine, const deck::SimulateOptions& options,
           const device::TimeDomainProblem& problem);
  /// Of the frequency domain, which has no probes: the deck must have none.
  Monitors(solvers::yee::Transforms& fields, const deck::SimulateOptions& options,
           const device::TimeDomainProblem& problem);

  /// The steps that the transforms take.
  const device::SampleWindow& Window() const { return window_; }
  /// Keeps what the transforms of fluxes and far fields (without these, of fields) have at half of
  /// the window; `spectrum` as in MonitoredRun.
  void KeepHalf(const std::function<solvers::fdtd::Complex(double omega)>& spectrum);
  /// The first half, when it has been kept. Collective.
  void SaveOrRestoreHalves(base::StateArchive& archive);
  /// How far the halves of the window differ, over the whole: of the monitor of which they differ
  /// most; 0 without KeepHalf. Warns where it is more than kStationary.
  double ChangeBetweenHalves(const MonitoredRun& run) const;

  /// Writes what a run has left but fields. Power through a box that mirror planes cut is that of
  /// the whole box. Adds totals and resonances to `summary`. In `run.group`:
  ///   flux/NAME/{power, share, cross_section}, probe/NAME/value, resonances/NAME/{wavelength,
  ///   quality, decay, amplitude, error, resolved}, far_field/NAME (WriteFarField),
  ///   diffraction/NAME (WriteDiffraction),
  /// share being there for a plane wave across a periodic grid alone, cross_section for boxes
  /// around the only source, a plane wave in a box. What fails is left to `evaluation`.
  void WriteSpectra(io::Hdf5File& file, const MonitoredRun& run, nlohmann::ordered_json& summary,
                    run::Evaluation& evaluation) const;
  /// The views and field files, which take much of the disk.
  void WriteFields(io::Hdf5File& file, const std::string& directory, const MonitoredRun& run,
                   run::Evaluation& evaluation) const;

 private:
  struct Dft {
    std::string name;
    domain::IndexBox box;
    /// Of the transforms of its parts, see PlacedDft.
    std::vector<int> numbers;
    std::vector<double> wavelengths;
  };
  struct Flux {
    std::string name;
    double mirror_copies = 1;  ///< power of the whole over that of the computed part
    bool box = false;
    solvers::fdtd::FluxMonitor monitor;
  };
  struct Probe {
    std::string name;
    int number = 0;
    bool resonances = false;
  };
  struct Far {
    std::string name;
    deck::FarFieldOptions options;
    solvers::fdtd::NearToFar transform;
  };
  struct Orders {
    std::string name;
    solvers::fdtd::DiffractionOrders orders;
  };
  /// A monitor's transforms at half of the window, over the source's spectrum.
  struct HalfWindow {
    std::string name;
    std::vector<int> numbers;
    std::vector<solvers::fdtd::DftBlock> blocks;
  };
  struct Adding;

  std::vector<HalfWindow> ToCompare() const;
  std::vector<double> Gains(const MonitoredRun& run) const;
  void WriteFluxes(io::Hdf5File& file, const MonitoredRun& run,
                   nlohmann::ordered_json& summary) const;
  void WriteProbe(io::Hdf5File& file, const MonitoredRun& run, const Probe& probe) const;
  void WriteResonances(io::Hdf5File& file, const MonitoredRun& run, const Probe& probe,
                       nlohmann::ordered_json& summary) const;
  solvers::fdtd::DftBlock Normalised(
      int number, const std::function<solvers::fdtd::Complex(double)>& spectrum) const;

  void Add();

  solvers::yee::Transforms& fields_;
  solvers::fdtd::Engine* engine_;  ///< of probes; null in frequency domain
  const deck::SimulateOptions& options_;
  const device::TimeDomainProblem& problem_;
  std::vector<double> omegas_;
  device::SampleWindow window_;
  std::vector<Flux> fluxes_;
  std::vector<Probe> probes_;
  std::vector<Far> far_fields_;
  std::vector<Orders> diffraction_;
  std::vector<Dft> transforms_;
  std::vector<HalfWindow> halves_;
};

}  // namespace symwave::jobs::simulate::time
