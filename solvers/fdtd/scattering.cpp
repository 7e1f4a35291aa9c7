#include "solvers/fdtd/scattering.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/located_port.hpp"
#include "solvers/fdtd/mode_monitor.hpp"
#include "solvers/fdtd/mode_source.hpp"
#include "solvers/fdtd/port_spectra.hpp"
#include "solvers/fdtd/saved_state.hpp"
#include "solvers/fdtd/scattering_state.hpp"
#include "solvers/fdtd/unguided_flux.hpp"

namespace symwave::solvers::fdtd {

using domain::PlanePort;

namespace {

using domain::kI;

Waveform PulseOver(const std::vector<double>& omegas) {
  const auto [low, high] = std::minmax_element(omegas.begin(), omegas.end());
  return Waveform::Covering(*low, *high);
}

/// Every frequency has its own profile.
ModeSource SourceOf(const domain::Lattice& lattice, const LocatedPort& port,
                    const ModeSpectrum& spectrum, int number, const Waveform& waveform) {
  std::vector<const modes::WaveguideMode*> modes;
  for (size_t k = 0; k < spectrum.SolvedAt().size(); ++k) {
    modes.push_back(&spectrum.Solved(number, k));
  }
  return LaunchOf(lattice, spectrum.SolvedAt(), modes, port.plane.forward ? 1 : -1, waveform);
}

/// Signs of the amplitudes of waves towards larger and smaller coordinates: of E, which both have
/// alike, but in 2D of Hz where that is the field out of the plane, as in frequency domain. Hz of
/// the mode is positive where orientation is, and reversed on the way back.
std::array<double, 2> SignsOf(const domain::Lattice& lattice, int axis) {
  if (lattice.Fields() != domain::FieldSet::Hz) return {1, 1};
  const double orientation = modes::AxesOfPlane(axis).orientation;
  return {orientation, -orientation};
}

/// Incoming and outgoing amplitudes at the ports as given of all modes, modes x wavelengths, and
/// the flux out of the box between the monitors, in all and by what the port modes do not carry.
struct Measured {
  Eigen::MatrixXcd incoming, outgoing;
  std::vector<double> outward_flux, unguided_flux;
};

class ScatteringProblem {
 public:
  ScatteringProblem(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media,
                    const std::vector<PlanePort>& ports, const std::vector<double>& wavelengths,
                    const ScatteringOptions& options);
  ScatteringSpectrum Solve();

 private:
  void SolveModes(const Engine& engine);
  void ListModes();
  std::vector<int> AddFields(int input, Engine& engine) const;
  ScatteringInput Launch(int input, Engine& engine);
  Measured Run(int input, Engine& engine);
  void GoOn(Engine& engine, int input, long source_end);
  /// The runs before that of `input`, which is restored as well.
  void SaveOrRestoreEnded(base::StateArchive& archive, const domain::IndexBox& owned, int& input);
  Measured Measure(const std::vector<ModeMonitor>& monitors, const FluxMonitor& flux) const;
  /// Power lost between the port planes and their monitors, in absorbing guides.
  double LostInLeads(const Measured& measured, size_t w) const;
  void Record(int input, const Measured& measured);
  size_t FieldWavelength() const;

  MPI_Comm comm_;
  const domain::Lattice& lattice_;
  const domain::MediumMap& media_;
  const std::vector<PlanePort>& ports_;
  const ScatteringOptions& options_;
  std::vector<double> omegas_;
  Waveform waveform_;
  std::vector<LocatedPort> located_;
  std::vector<ModeSpectrum> spectra_;  ///< per port
  int every_ = 1;
  RunState run_;      ///< of the input at work
  int resumed_ = -1;  ///< input whose run goes on from options.resume
  ScatteringSpectrum result_;
};

std::vector<double> OmegasOf(const std::vector<double>& wavelengths) {
  if (wavelengths.empty()) base::Fail("no wavelengths given; at least one is needed");
  std::vector<double> omegas;
  for (const double wavelength : wavelengths) {
    if (!(wavelength > 0)) base::Fail("a wavelength of {} um; it must be positive", wavelength);
    omegas.push_back(2 * M_PI / wavelength);
  }
  return omegas;
}

ScatteringProblem::ScatteringProblem(MPI_Comm comm, const domain::Lattice& lattice,
                                     const domain::MediumMap& media,
                                     const std::vector<PlanePort>& ports,
                                     const std::vector<double>& wavelengths,
                                     const ScatteringOptions& options)
    : comm_(comm),
      lattice_(lattice),
      media_(media),
      ports_(ports),
      options_(options),
      omegas_(OmegasOf(wavelengths)),
      waveform_(options.waveform ? *options.waveform : PulseOver(omegas_)) {
  base::Require(options_.monitor_distance > 0, "monitors stand in front of the sources");
  if (ports_.empty()) base::Fail("S-parameters need at least one port");
  for (const PlanePort& port : ports_) {
    located_.push_back(LocateWithMonitor(lattice_, port, options_.monitor_distance));
  }
  result_.wavelengths = wavelengths;
}

/// Whether a rank that owns `owned` measures a port: the points of its monitor, and those of the
/// box between the ports across it, on the way from which the light of its modes is taken.
bool Measures(const domain::Lattice& lattice, const domain::IndexBox& owned,
              const std::vector<LocatedPort>& ports, const LocatedPort& port) {
  const auto [lo, hi] = BoxBetween(lattice, ports);
  const int axis = port.plane.axis;
  const int face = port.plane.forward ? lo[axis] : hi[axis];
  domain::IndexBox box = port.plane.box;
  box.lo[axis] = std::min(port.monitor.node, face) - 1;
  box.hi[axis] = std::max(port.monitor.node, face) + 1;
  return !domain::Intersect(owned, box).Empty();
}

void ScatteringProblem::SolveModes(const Engine& engine) {
  base::FaultPoint("time_domain/modes");
  const double dt = engine.TimeStep();
  std::vector<SpectrumRequest> requests;
  for (size_t p = 0; p < ports_.size(); ++p) {
    requests.push_back(
        {ports_[p], located_[p].plane, Measures(lattice_, engine.Owned(), located_, located_[p])});
  }
  spectra_ = SolveSpectra(comm_, lattice_, media_, requests, omegas_, {dt, options_.mode_solves},
                          *options_.known_modes);
  for (const ModeSpectrum& spectrum : spectra_) {
    result_.mode_interpolation_error =
        std::max(result_.mode_interpolation_error, spectrum.InterpolationError());
    const auto& doubts = spectrum.AsSolved().followed_doubts;
    result_.mode_doubts.insert(result_.mode_doubts.end(), doubts.begin(), doubts.end());
  }
  ListModes();
  every_ = StepsBetweenSamples(*std::max_element(omegas_.begin(), omegas_.end()), dt);
  result_.time_step = dt;
}

void ScatteringProblem::ListModes() {
  for (size_t p = 0; p < ports_.size(); ++p) {
    const ModeSpectrum& spectrum = spectra_[p];
    for (int m = 0; m < spectrum.Modes(); ++m) {
      ScatteringMode mode;
      mode.choice = ports_[p].modes[m];
      mode.name = domain::ModeName(ports_[p].name, mode.choice);
      mode.port = static_cast<int>(p);
      for (size_t w = 0; w < omegas_.size(); ++w) {
        const modes::WaveguideMode at = spectrum.At(m, w);
        mode.n_eff.push_back(at.n_eff);
        mode.group_index.push_back(at.group_index);
      }
      const modes::WaveguideMode centre = spectrum.At(m, omegas_.size() / 2);
      mode.te_fraction = centre.te_fraction;
      mode.effective_area = centre.effective_area;
      result_.modes.push_back(std::move(mode));
    }
  }
}

size_t ScatteringProblem::FieldWavelength() const {
  const auto& all = result_.wavelengths;
  for (size_t w = 0; w < all.size(); ++w) {
    if (std::abs(all[w] - options_.field->wavelength) < 1e-9 * all[w]) return w;
  }
  base::Fail("fields are asked for at {} um, which is none of the wavelengths",
             options_.field->wavelength);
}

void ScatteringProblem::GoOn(Engine& engine, int input, long source_end) {
  RunControl control = options_.run;
  control.source_end = source_end;
  control.media = &media_;
  // The same lattice: the inputs after the first take about as long as the longest before them.
  for (size_t k = 0; k < result_.runs.size(); ++k) {
    const long steps = result_.runs[k].end.last.step;
    control.expected_steps = k == 0 ? steps : std::max(control.expected_steps, steps);
  }
  const int runs = static_cast<int>(result_.modes.size());
  const ScatteringOptions::SaveState save = [&](base::StateArchive& archive) {
    int at_work = input;
    SaveOrRestoreEnded(archive, engine.Owned(), at_work);
    engine.SaveOrRestore(archive);
    SaveOrRestore(archive, "run", run_);
  };
  if (options_.progress) {
    control.progress = [&](const RunProgress& p) {
      return options_.progress(input, runs, p, save);
    };
  }
  const RunResult end = RunUntilDecayed(engine, control, run_);
  result_.runs.push_back({end, engine.Statistics()});
  result_.stopped = end.end == RunEnd::Stopped;
}

std::vector<int> ScatteringProblem::AddFields(int input, Engine& engine) const {
  std::vector<int> numbers;
  if (!options_.field || input >= options_.field->inputs) return numbers;
  for (const domain::IndexBox& box : options_.field->boxes) {
    numbers.push_back(
        engine.AddDft({box, options_.field->components, {omegas_[FieldWavelength()]}, every_}));
  }
  return numbers;
}

ScatteringInput ScatteringProblem::Launch(int input, Engine& engine) {
  ScatteringMode& launched = result_.modes[input];
  const auto& port_modes = ports_[launched.port].modes;
  const int number = static_cast<int>(
      std::find(port_modes.begin(), port_modes.end(), launched.choice) - port_modes.begin());
  // Ranks that hold no point of the port need its profile, too, to know the pulse and its end.
  const ModeSpectrum spectrum = WithFieldsEverywhere(comm_, spectra_[launched.port]);
  const ModeLaunch launch(lattice_, engine.TimeStep(),
                          SourceOf(lattice_, located_[launched.port], spectrum, number, waveform_));
  launched.launch_error = launch.Error();
  const Current current = launch.OnPoints(engine.Held());
  engine.AddCurrent(current);
  ScatteringInput begun{input, launched.name, launched.port, {}, current.signals->EndStep()};
  const LocatedPort& port = located_[launched.port];
  const double sign = SignsOf(lattice_, port.plane.axis)[port.plane.forward ? 0 : 1];
  for (size_t w = 0; w < omegas_.size(); ++w) {
    const Complex phase = kI * omegas_[w] * (launch.Lead() + launched.n_eff[w] * port.offset);
    begun.incident.push_back(sign * waveform_.Spectrum(omegas_[w], engine.TimeStep()) *
                             std::exp(phase));
  }
  return begun;
}

void ScatteringProblem::SaveOrRestoreEnded(base::StateArchive& archive,
                                           const domain::IndexBox& owned, int& input) {
  std::vector<double> asked = result_.wavelengths;
  for (const ScatteringMode& mode : result_.modes) {
    asked.push_back(mode.port);
    asked.push_back(mode.choice.Code());
  }
  RequireSame(archive, "scattering/asked", asked, "the wavelengths or the port modes");
  SaveOrRestoreInteger(archive, "scattering/input", input);
  for (int ended = 0; ended < input; ++ended) {
    const size_t n = static_cast<size_t>(ended);
    const bool kept = options_.field && ended < options_.field->inputs;
    if (archive.Restoring()) {
      result_.runs.emplace_back();
      if (kept) result_.fields.emplace_back();
      for (size_t box = 0; kept && box < options_.field->boxes.size(); ++box) {
        result_.fields.back().push_back({Intersect(owned, options_.field->boxes[box]),
                                         options_.field->components,
                                         {omegas_[FieldWavelength()]},
                                         {}});
      }
    }
    std::vector<DftBlock> none;
    SaveOrRestoreInput(archive, "scattering/" + std::to_string(ended), ended, result_,
                       result_.runs[n], kept ? result_.fields[n] : none);
  }
}

Measured ScatteringProblem::Run(int input, Engine& engine) {
  base::FaultPoint("time_domain/run");
  ScatteringInput launched = Launch(input, engine);
  std::vector<ModeMonitor> monitors;
  for (const LocatedPort& p : located_) monitors.emplace_back(engine, p.monitor, omegas_, every_);
  const auto [lo, hi] = BoxBetween(lattice_, located_);
  const FluxMonitor flux(engine, BoxFaces(lattice_, lo, hi), omegas_, every_);
  const std::vector<int> fields = AddFields(input, engine);
  if (options_.before_run) options_.before_run(launched, engine);
  run_ = {};
  if (resumed_ == input) {
    options_.resume([&](base::StateArchive& archive) {
      engine.SaveOrRestore(archive);
      SaveOrRestore(archive, "run", run_);
    });
  }
  GoOn(engine, input, launched.source_end);
  if (result_.stopped) return {};
  const Measured measured = Measure(monitors, flux);
  if (!fields.empty()) result_.fields.emplace_back();
  for (const int field : fields) {
    DftBlock block = engine.Dft(field);
    for (Complex& value : block.values) value /= measured.incoming(input, FieldWavelength());
    result_.fields.back().push_back(std::move(block));
  }
  if (options_.after_run) {
    for (long w = 0; w < measured.incoming.cols(); ++w) {
      launched.incident[static_cast<size_t>(w)] = measured.incoming(input, w);
    }
    options_.after_run(launched, engine);
  }
  return measured;
}

Measured ScatteringProblem::Measure(const std::vector<ModeMonitor>& monitors,
                                    const FluxMonitor& flux) const {
  const long modes = static_cast<long>(result_.modes.size());
  const long wavelengths = static_cast<long>(omegas_.size());
  Measured measured{Eigen::MatrixXcd(modes, wavelengths),
                    Eigen::MatrixXcd(modes, wavelengths),
                    flux.Spectrum(),
                    {}};
  std::vector<GuidedWaves> waves;
  long row = 0;
  for (size_t p = 0; p < located_.size(); ++p) {
    const ModeAmplitudes amplitudes = monitors[p].Amplitudes(spectra_[p]);
    const bool forward = located_[p].plane.forward;
    waves.push_back({&spectra_[p], amplitudes, located_[p].monitor, forward});
    const auto signs = SignsOf(lattice_, located_[p].plane.axis);
    for (int m = 0; m < spectra_[p].Modes(); ++m, ++row) {
      for (long w = 0; w < wavelengths; ++w) {
        const Complex beta = result_.modes[row].n_eff[w] * omegas_[w];
        const Complex way = std::exp(kI * beta * located_[p].distance);
        const Complex plus = signs[0] * amplitudes.forward(m, w);
        const Complex minus = signs[1] * amplitudes.backward(m, w);
        measured.incoming(row, w) = (forward ? plus : minus) / way;
        measured.outgoing(row, w) = (forward ? minus : plus) * way;
      }
    }
  }
  measured.unguided_flux = UnguidedFlux(comm_, lattice_, flux, waves);
  return measured;
}

double ScatteringProblem::LostInLeads(const Measured& measured, size_t w) const {
  double lost = 0;
  for (size_t row = 0; row < result_.modes.size(); ++row) {
    const double beta = result_.modes[row].n_eff[w].imag() * omegas_[w];
    const double kept = std::exp(-2 * beta * located_[result_.modes[row].port].distance);
    const auto r = static_cast<long>(row), c = static_cast<long>(w);
    lost += std::norm(measured.incoming(r, c)) * (1 - kept) +
            std::norm(measured.outgoing(r, c)) * (1 / kept - 1);
  }
  return lost;
}

void ScatteringProblem::Record(int input, const Measured& measured) {
  for (size_t w = 0; w < omegas_.size(); ++w) {
    const long column = static_cast<long>(w);
    const Complex incident = measured.incoming(input, column);
    const double incident_power = std::norm(incident);
    result_.s[w].col(input) = measured.outgoing.col(column) / incident;
    result_.incoming[w].col(input) = measured.incoming.col(column) / incident;
    const double outgoing = measured.outgoing.col(column).squaredNorm() / incident_power;
    PowerShares& shares = result_.power[w][input];
    shares.reflected = std::norm(result_.s[w](input, input));
    shares.transmitted = outgoing - shares.reflected;
    shares.radiated = measured.unguided_flux[w] / incident_power;
    shares.absorbed = (LostInLeads(measured, w) - measured.outward_flux[w]) / incident_power;
  }
}

ScatteringSpectrum ScatteringProblem::Solve() {
  const std::unique_ptr<Engine> engine = MakeEngine(comm_, lattice_, media_, options_.engine);
  SolveModes(*engine);
  const int inputs = static_cast<int>(result_.modes.size());
  result_.s.assign(omegas_.size(), Eigen::MatrixXcd::Zero(inputs, inputs));
  result_.incoming = result_.s;
  result_.power.assign(omegas_.size(), std::vector<PowerShares>(inputs));
  if (options_.resume) {
    options_.resume([&](base::StateArchive& archive) {
      SaveOrRestoreEnded(archive, engine->Owned(), resumed_);
    });
  }
  for (int input = std::max(0, resumed_); input < inputs; ++input) {
    engine->Reset();
    const Measured measured = Run(input, *engine);
    if (result_.stopped) return std::move(result_);
    Record(input, measured);
  }
  for (const Eigen::MatrixXcd& s : result_.s) {
    result_.reciprocity_defect.push_back((s - s.transpose()).norm() / s.norm());
  }
  return std::move(result_);
}

}  // namespace

ScatteringSpectrum SolveScattering(MPI_Comm comm, const domain::Lattice& lattice,
                                   const domain::MediumMap& media,
                                   const std::vector<PlanePort>& ports,
                                   const std::vector<double>& wavelengths,
                                   const ScatteringOptions& options) {
  return ScatteringProblem(comm, lattice, media, ports, wavelengths, options).Solve();
}

}  // namespace symwave::solvers::fdtd
