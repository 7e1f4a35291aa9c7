// S-parameters of a device at many wavelengths: one run per input mode.
//
// A mode is launched one way from its port plane, with the profile of each wavelength (ModeLaunch),
// and all amplitudes are measured on monitor planes some cells further into the device, in uniform
// guide; beta of the lattice refers them back to the planes of the ports as given, which need not
// be nodes. S[out, in] is normalised by the incident amplitude measured at the input.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/plane_port.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/mode_store.hpp"
#include "solvers/fdtd/run_control.hpp"
#include "solvers/fdtd/waveform.hpp"
#include "solvers/yee/scattering_matrix.hpp"

namespace symwave::solvers::fdtd {

using yee::PowerShares;
using yee::ScatteringMode;

/// One run.
struct ScatteringRun {
  RunResult end;
  EngineStatistics work;  ///< of this rank
};

struct ScatteringSpectrum : yee::ScatteringMatrix {
  double mode_interpolation_error = 0;   ///< see ModeSpectrum::InterpolationError
  std::vector<std::string> mode_doubts;  ///< sentences on modes that change over the band
  double time_step = 0;                  ///< um
  std::vector<ScatteringRun> runs;       ///< per input
  bool stopped = false;  ///< by `progress`: inputs from that of the last run on are missing
  /// [input asked for][box]: this rank's part of the fields, per unit incident amplitude.
  std::vector<std::vector<DftBlock>> fields;
};

/// A run that begins or has ended.
struct ScatteringInput {
  int number = 0;
  std::string name;  ///< of the launched mode
  int port = 0;      ///< number in the list of ports
  /// Its amplitude at the port's own plane, per wavelength: of a run that begins as it is launched,
  /// of one that has ended as it was measured.
  std::vector<Complex> incident;
  long source_end = 0;  ///< step from which on nothing is launched
};

/// Fields to keep, at one wavelength.
struct FieldRequest {
  double wavelength = 1.55;  ///< one of the wavelengths, um
  std::vector<domain::IndexBox> boxes;
  std::vector<domain::Component> components;
  int inputs = std::numeric_limits<int>::max();  ///< of the first so many inputs
};

struct ScatteringOptions {
  EngineOptions engine;
  RunControl run;  ///< source_end, media and progress are set for each run, and
                   ///< expected_steps after the first
  /// The pulse; none: chosen to cover the wavelengths.
  std::optional<Waveform> waveform;
  int monitor_distance = 2;  ///< cells from a port plane into the device, at least 1
  int mode_solves = 9;       ///< frequencies at which modes are solved, see ModeSpectrum
  /// Modes of the ports that are known already, and those found from now on.
  std::shared_ptr<ModeStore> known_modes = std::make_shared<ModeStore>();
  std::optional<FieldRequest> field;
  /// Hands to an archive all that the calculation needs to go on from here.
  using SaveState = std::function<void(base::StateArchive&)>;
  /// Called on every rank at the checks of run `run` of `runs`; `save` may be called meanwhile.
  /// False on any rank stops the calculation on all.
  std::function<bool(int run, int runs, const RunProgress&, const SaveState& save)> progress;
  /// Calls what it is given with an archive of what was saved of the same calculation, which goes
  /// on there; called twice, for the inputs that had ended and for the run that was at work. Null:
  /// the calculation begins. before_run is called for the run that goes on, and neither it nor
  /// after_run for those that had ended.
  std::function<void(const SaveState& state)> resume;
  /// Called on every rank before and after the run of each input, for monitors of one's own: what
  /// is added to the engine before a run is gone after `after_run`.
  std::function<void(const ScatteringInput&, Engine&)> before_run;
  std::function<void(const ScatteringInput&, const Engine&)> after_run;
};

/// Collective on `comm`; all but `fields` and `runs[].work` is the same on every rank. UserError
/// for ports that carry no such mode, and see LocatePort, MakeEngine, RunUntilDecayed.
ScatteringSpectrum SolveScattering(MPI_Comm comm, const domain::Lattice& lattice,
                                   const domain::MediumMap& media,
                                   const std::vector<domain::PlanePort>& ports,
                                   const std::vector<double>& wavelengths,
                                   const ScatteringOptions& options);

}  // namespace symwave::solvers::fdtd
