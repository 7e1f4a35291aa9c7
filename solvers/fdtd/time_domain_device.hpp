// A programmable device solved in time domain: one run per port mode, with the fields at the
// changeable points and at the ports transformed at one frequency while it runs.
//
// In the leapfrog the transforms E(w') = dt sum_n E^n exp(i w' n dt) obey the frequency-domain
// equation of the same lattice exactly, with w' replaced by
//   w = 2 sin(w' dt / 2) / dt.
// The device transforms at the w' whose w is the wanted frequency: the time step then introduces no
// error, and what remains between the two solvers is the absorption of their PMLs. Ports are
// symmetric pairs of launch and measurement (port_sheet.hpp), so that S = S^T and the gradient is
// that of this S, up to what the fields hold at the end of a run.
#pragma once

#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/port_sheet.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdtd {

struct TimeDomainOptions {
  double courant = 0.95;  ///< dt over the lattice's Courant limit
  PmlOptions pml;
  /// Duration of the launched pulse in periods: standard deviation of its Gaussian envelope.
  double pulse_periods = 6;
  /// A run ends when the fields' amplitude (square root of the energy) has fallen by this factor.
  double residual = 1e-7;
  long max_steps = 2000000;  ///< UserError beyond
  int threads = 1;           ///< OpenMP threads per rank
};

class TimeDomainDevice : public ProgrammableDevice {
 public:
  /// In two and three dimensions; media without couplings (1/eps)_xy. UserError: see SolveSheets
  /// and MakeEngine.
  TimeDomainDevice(const FixedOptics& optics, const TimeDomainOptions& options);
  /// Forgets the responses of the previous program. A point that would amplify is a UserError of
  /// the next Launch().
  void Program(const std::vector<Complex>& eps_change) override;
  /// Runs the port modes that appear in `launched` and were not run since Program(); the response
  /// is their superposition.
  Response Launch(const Eigen::MatrixXcd& launched) override;
  DeviceStatistics Statistics() const override { return statistics_; }
  long Unknowns() const override { return lattice_.CellCount(); }
  int PortModes() const override { return static_cast<int>(sheets_.size()); }

  double TimeStep() const { return dt_; }
  /// w' of the transforms, 1/um.
  double TransformFrequency() const { return transform_omega_; }
  long Steps() const { return steps_; }  ///< of all runs

 private:
  struct Answer {
    Eigen::VectorXcd outgoing;
    Eigen::VectorXcd points;
  };
  Answer Run(int port_mode);
  /// Launches amplitude 1.
  Current PortCurrent(const PortSheet& sheet) const;
  void StartEngine();
  void LetDecay(Engine& engine, long source_end);
  Answer Collect(const Engine& engine, const std::vector<int>& dfts, int port_mode) const;

  FixedOptics optics_;
  TimeDomainOptions options_;
  const domain::Lattice& lattice_;  // of the optics
  std::vector<PortSheet> sheets_;
  domain::MediumMap media_;
  std::unique_ptr<Engine> engine_;  ///< of the present program, null until it runs
  double dt_ = 0;
  double transform_omega_ = 0;
  std::vector<Answer> answers_;  ///< per port mode; empty vectors where not run
  DeviceStatistics statistics_;
  long steps_ = 0;
};

}  // namespace symwave::solvers::fdtd
