// Runs in time domain that answer a device at several wavelengths.
#pragma once

#include <memory>
#include <vector>

#include "solvers/fdtd/device_runs.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::training::chip {

/// The devices of one lattice, ports, points and media without dispersion or loss at several
/// frequencies: every port mode is run once for all of them. A program of one of them programs all,
/// and what was run stays known until another comes. All members are collective.
class SharedRuns : public std::enable_shared_from_this<SharedRuns> {
 public:
  /// `omegas` in 1/um, of all devices.
  SharedRuns(std::vector<double> omegas, const solvers::fdtd::TimeDomainOptions& options);

  /// That of optics.omega. The first call says what the optics of all are. UserError as DeviceRuns.
  std::unique_ptr<solvers::ProgrammableDevice> DeviceOf(const solvers::FixedOptics& optics);

  void Program(const std::vector<solvers::Complex>& eps_change);

 private:
  std::vector<double> omegas_;
  solvers::fdtd::TimeDomainOptions options_;
  std::shared_ptr<solvers::fdtd::DeviceRuns> runs_;
  std::vector<solvers::Complex> programmed_;
};

}  // namespace symwave::training::chip
