// A programmable device solved in time domain.
#pragma once

#include <memory>
#include <vector>

#include "solvers/fdtd/device_runs.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdtd {

/// The device at one of the frequencies of its runs (device_runs.hpp).
class TimeDomainDevice : public ProgrammableDevice {
 public:
  /// At one frequency.
  TimeDomainDevice(const FixedOptics& optics, const TimeDomainOptions& options);
  TimeDomainDevice(std::shared_ptr<DeviceRuns> runs, size_t frequency);
  void Program(const std::vector<Complex>& eps_change) override;
  /// The superposition of what the port modes that appear in `launched` answer.
  Response Launch(const Eigen::MatrixXcd& launched) override;
  /// Amplitudes that leave through every port mode when `launched` [port mode] come in together, by
  /// one run.
  Eigen::VectorXcd LaunchTogether(const Eigen::VectorXcd& launched) {
    return runs_->Together(launched, frequency_).outgoing;
  }
  /// Runs count for the first of their frequencies.
  DeviceStatistics Statistics() const override;
  long Unknowns() const override { return runs_->Optics(frequency_).lattice->CellCount(); }
  int PortModes() const override { return runs_->PortModes(); }

  const DeviceRuns& Runs() const { return *runs_; }

 private:
  std::shared_ptr<DeviceRuns> runs_;
  size_t frequency_ = 0;
};

/// A device per frequency of `band`, all answered by the same runs: every port mode is run once.
/// All are to be programmed before one of them launches. Collective; see DeviceRuns.
std::vector<std::unique_ptr<ProgrammableDevice>> MakeTimeDomainDevices(
    const std::vector<FixedOptics>& band, const domain::MediumMap& media,
    const TimeDomainOptions& options);

}  // namespace symwave::solvers::fdtd
