// What plans are made of, measured on this machine: `symwave bench all`, and for a check where no
// file knows the machine.
#pragma once

#include <mpi.h>

#include <set>

#include "jobs/run/machine.hpp"

namespace symwave::jobs::throughput {

/// What is not seen beside noise [s].
constexpr double kLeastSeconds = 1e-12;

struct CalibrationOptions {
  double seconds = 0.3;  ///< for each measurement
  /// What is wanted: solvers without a part of it are left out. Empty: all.
  std::set<run::Operation> wanted;
  bool links_and_disk = true;
};

/// Collective. All ranks work at once, each on its own: rates are those of the slowest. Links:
/// between the first and the last rank, where there is more than one. Disk: to a file in the
/// current folder that is removed. Where timings contradict each other Machine::measured says that
/// the cores were busy.
run::Machine Calibrate(MPI_Comm comm, const CalibrationOptions& options);

/// Rates of one solver into `machine`; of this rank.
void CalibrateTimeDomain(run::Machine& machine, bool flat, double seconds);
/// False where the timings of two grids contradict each other, as beside much other work.
bool CalibrateFrequencyDomain(run::Machine& machine, double seconds);
void CalibratePortModes(run::Machine& machine, double seconds);
void CalibratePortLines(run::Machine& machine, double seconds);
void CalibratePlanes(run::Machine& machine, double seconds);
void CalibrateFrames(run::Machine& machine, double seconds);
/// By the clock: writes some files of this process into the current folder and removes them.
/// UserError where they cannot be written.
void CalibrateFieldFiles(run::Machine& machine);

}  // namespace symwave::jobs::throughput
