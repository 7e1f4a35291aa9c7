// `symwave bench time_domain`: throughput of the leapfrog beside the memory bandwidth of the
// machine.
#pragma once

#include <mpi.h>

#include <string>

namespace symwave::jobs::throughput {

struct ThroughputOptions {
  double cells = 0;    ///< million cells in all; 0: fields of four times the last-level cache
  double seconds = 2;  ///< for each measurement
  int threads = 1;     ///< per rank
  bool json = false;
};

/// Collective. A cube of dielectric (index 1.5, every cell the same) in float32 and float64:
/// between periodic walls with and without temporal blocking, with PML on all sides, and with one
/// plane of a running transform at 20 wavelengths; a small cube that stays in the second-level
/// cache; and the STREAM triad a = b + s c on all ranks together (arrays of four times the
/// last-level cache). Returns the table, or JSON.
///
/// Bytes per cell and step are those that must cross the memory bus: every field component is read
/// and written and the coefficients are read once per pass, divided by the steps of a pass. The
/// share of STREAM is this traffic times the throughput over the triad's rate.
std::string MeasureThroughput(MPI_Comm comm, const ThroughputOptions& options);

}  // namespace symwave::jobs::throughput
