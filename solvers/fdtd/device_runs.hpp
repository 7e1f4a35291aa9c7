// The runs of programmable devices in time domain: one per port mode, with the fields at the
// changeable points and at the ports transformed at one or several frequencies while it runs.
//
// In the leapfrog the transforms E(w') = dt sum_n E^n exp(i w' n dt) obey the frequency-domain
// equation of the same lattice exactly, with w' replaced by
//   w = 2 sin(w' dt / 2) / dt.
// The transforms are at the w' whose w are the wanted frequencies: the time step then introduces no
// error, and what remains between the two solvers is the absorption of their PMLs. Ports are
// symmetric pairs of launch and measurement (port_sheet.hpp), so that S = S^T and the gradient is
// that of this S, up to what the fields hold at the end of a run.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/lattice.hpp"
#include "solvers/fdtd/changeable_media.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/point_transforms.hpp"
#include "solvers/fdtd/port_sheet.hpp"
#include "solvers/fdtd/quadrature_pulses.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdtd {

struct TimeDomainOptions {
  double courant = 0.95;  ///< dt over the lattice's Courant limit
  PmlOptions pml;
  /// Duration of the launched pulse in periods: standard deviation of its Gaussian envelope.
  /// Longer where wavelengths lie close together (quadrature_pulses.hpp).
  double pulse_periods = 6;
  /// A run ends when the fields' amplitude (square root of the energy) has fallen by this factor.
  double residual = 1e-7;
  /// UserError beyond; 0: where the energy no longer falls, as RunControl::transit says.
  long max_steps = 0;
  /// Asked during runs: false on any rank of a run ends it with base::Interrupted. Null: never.
  std::function<bool()> goes_on;
  int threads = 1;  ///< OpenMP threads per rank
  Precision precision = Precision::Float64;
  /// Of ranks, that runs are dealt to, each with the whole device; at most one per rank or port
  /// mode.
  int groups = 1;
};

/// Optics at several frequencies on one lattice, with the same ports and points. All members are
/// collective.
class DeviceRuns {
 public:
  struct Answer {
    Eigen::VectorXcd outgoing;
    Eigen::VectorXcd points;
  };
  /// `media`: what stands on the lattice at all frequencies, also dispersive; without it there is
  /// one frequency, whose optics say, metals included. In two and three dimensions, with couplings
  /// (1/eps)_xy as in frequency domain, but those beside points whose changes may be lossy.
  /// UserError: see SolveSheets and MakeEngine.
  DeviceRuns(std::vector<FixedOptics> band, const std::optional<domain::MediumMap>& media,
             const TimeDomainOptions& options);

  /// Forgets the answers of the previous program. Engine, partition and stability analysis stay.
  void Program(size_t frequency, const std::vector<Complex>& eps_change);
  /// Runs those of the port modes that were not run since Program(). UserError for a point that
  /// would amplify, and for changes that differ between frequencies by more than the 1/w of a
  /// conductivity.
  void Run(const std::vector<int>& port_modes);
  /// Of a port mode that was run; the same on every rank.
  const Answer& Of(int port_mode, size_t frequency) const {
    return answers_[static_cast<size_t>(port_mode)][frequency];
  }

  /// What amplitudes [port mode], launched together in one run of each group, answer; not
  /// remembered.
  Answer Together(const Eigen::VectorXcd& launched, size_t frequency);

  int PortModes() const { return static_cast<int>(sheets_.front().size()); }
  const FixedOptics& Optics(size_t frequency) const { return band_[frequency]; }
  const DeviceStatistics& Statistics() const { return statistics_; }
  double TimeStep() const { return dt_; }
  /// w' of the transforms, 1/um.
  const std::vector<double>& TransformFrequencies() const { return transform_omegas_; }
  long Steps() const { return steps_; }  ///< of all runs

 private:
  /// Ranks to groups of neighbours.
  void DealRanks();
  void Prepare(const std::optional<domain::MediumMap>& media);
  void CheckChanges() const;
  void MakeMedia(const std::optional<domain::MediumMap>& media);
  /// Where fields are asked for: points and ports; beside couplings H around the points.
  void PlaceTransforms();
  void StartEngine();
  Current CurrentOf(const Eigen::VectorXcd& launched) const;
  long Transit() const;
  void LetDecay(long source_end);
  /// The answers of this group's run per frequency, points below outgoing amplitudes.
  Eigen::MatrixXcd RunOne(const Eigen::VectorXcd& launched);
  /// From the values of this rank: its part of E at a changeable point (ChangeableMedia).
  Complex FieldAt(size_t point, size_t frequency, const Eigen::VectorXcd& values) const;
  Eigen::VectorXcd Collect(const Eigen::MatrixXcd& values, const Eigen::VectorXcd& launched,
                           size_t frequency) const;

  MPI_Comm world_;
  int groups_ = 1, number_ = 0;  ///< of groups, and of this rank's
  base::Communicator group_;
  std::vector<FixedOptics> band_;
  TimeDomainOptions options_;
  const domain::Lattice& lattice_;                 // of the optics
  std::vector<std::vector<PortSheet>> sheets_;     ///< per frequency and port mode
  std::vector<std::vector<Complex>> eps_changes_;  ///< per frequency and point
  std::unique_ptr<ChangeableMedia> media_;
  std::vector<PointMedium> now_;  ///< the media at the points, as the engine has them
  bool programmed_ = false;       ///< the engine has the media of the present program
  std::unique_ptr<PointTransforms> transforms_;
  std::unique_ptr<Engine> engine_;  ///< null until the first run
  double dt_ = 0;
  std::vector<double> transform_omegas_;
  std::shared_ptr<QuadraturePulses> pulses_;  ///< of all runs
  std::vector<std::vector<Answer>> answers_;  ///< per port mode and frequency; empty: not run
  DeviceStatistics statistics_;
  long steps_ = 0;
};

}  // namespace symwave::solvers::fdtd
