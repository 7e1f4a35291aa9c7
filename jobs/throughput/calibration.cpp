#include "jobs/throughput/calibration.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <thread>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/memory.hpp"
#include "jobs/throughput/median_seconds.hpp"

namespace symwave::jobs::throughput {

namespace {

using run::Machine;
using run::Operation;

/// Messages within a node take longer than this [s] only where a core has other work.
constexpr double kDisturbedLatency = 50e-6;

bool Wants(const CalibrationOptions& options, Operation first, Operation last) {
  if (options.wanted.empty()) return true;
  const auto found = options.wanted.lower_bound(first);
  return found != options.wanted.end() && *found <= last;
}

/// Seconds from one rank to the other and back, halved: of the times those that are not prolonged
/// by other work of the machine.
double MessageSeconds(MPI_Comm comm, std::size_t bytes, double seconds) {
  const int ranks = base::Communicator::SizeOf(comm), rank = base::Communicator::RankIn(comm);
  const int last = ranks - 1;
  std::vector<char> data(bytes);
  const auto count = static_cast<int>(bytes);
  const auto exchange = [&] {
    if (rank == 0) {
      base::Mpi(MPI_Send(data.data(), count, MPI_CHAR, last, 0, comm));
      base::Mpi(MPI_Recv(data.data(), count, MPI_CHAR, last, 0, comm, MPI_STATUS_IGNORE));
    } else if (rank == last) {
      base::Mpi(MPI_Recv(data.data(), count, MPI_CHAR, 0, 0, comm, MPI_STATUS_IGNORE));
      base::Mpi(MPI_Send(data.data(), count, MPI_CHAR, 0, 0, comm));
    }
  };
  exchange();
  // Rank 0 alone reads the clock, so that both send as often.
  std::vector<double> times;
  double spent = 0;
  bool goes_on = true;
  while (goes_on) {
    const double start = MPI_Wtime();
    exchange();
    times.push_back(0.5 * (MPI_Wtime() - start));
    spent += 2 * times.back();
    goes_on = spent < seconds || times.size() < 20;
    base::Mpi(MPI_Bcast(&goes_on, 1, MPI_CXX_BOOL, 0, comm));
  }
  const std::size_t undisturbed = times.size() / 10;
  std::nth_element(times.begin(), times.begin() + static_cast<long>(undisturbed), times.end());
  double time = times[undisturbed];
  base::Mpi(MPI_Bcast(&time, 1, MPI_DOUBLE, 0, comm));
  return time;
}

bool OnOneNode(MPI_Comm comm) {
  MPI_Comm node = MPI_COMM_NULL;
  base::Mpi(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  const bool one = base::Communicator::SizeOf(node) == base::Communicator::SizeOf(comm);
  base::Mpi(MPI_Comm_free(&node));
  return one;
}

/// False where ranks of one node wait for each other, as cores do that have other work.
bool CalibrateLinks(MPI_Comm comm, Machine& machine, double seconds) {
  if (base::Communicator::SizeOf(comm) == 1) return true;
  constexpr std::size_t large = 4 << 20;
  run::Link link;
  link.latency = MessageSeconds(comm, 8, seconds);
  link.bandwidth = static_cast<double>(large) / MessageSeconds(comm, large, seconds);
  const bool inside = OnOneNode(comm);
  if (inside && link.latency > kDisturbedLatency) return false;
  (inside ? machine.inside : machine.network) = link;
  return true;
}

/// Rank 0 writes and flushes a file.
void CalibrateDisk(MPI_Comm comm, Machine& machine) {
  if (base::Communicator::RankIn(comm) == 0) {
    constexpr std::size_t bytes = 32 << 20;
    const std::vector<char> data(bytes, 1);
    const std::string path = fmt::format("symwave_bench_{}.tmp", getpid());
    if (std::FILE* file = std::fopen(path.c_str(), "wb")) {
      const double start = MPI_Wtime();
      const bool written = std::fwrite(data.data(), 1, bytes, file) == bytes;
      std::fflush(file);
      fsync(fileno(file));
      const double seconds = MPI_Wtime() - start;
      std::fclose(file);
      if (written) machine.disk = static_cast<double>(bytes) / seconds;
      std::remove(path.c_str());
      CalibrateFieldFiles(machine);
    }
  }
  base::Mpi(MPI_Bcast(&machine.Of(Operation::FieldFile), 1, MPI_DOUBLE, 0, comm));
  base::Mpi(MPI_Bcast(&machine.disk, 1, MPI_DOUBLE, 0, comm));
}

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

}  // namespace

Machine Calibrate(MPI_Comm comm, const CalibrationOptions& options) {
  Machine machine;
  const int ranks = base::Communicator::SizeOf(comm);
  machine.where = run::kMeasuredHere;
  machine.measured = fmt::format("{} on {} rank{}", Today(), ranks, ranks == 1 ? "" : "s");
  machine.cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  machine.memory = base::NodeMemory();
  base::Mpi(MPI_Barrier(comm));
  bool trusted = true;
  if (Wants(options, Operation::Cell2d, Operation::Pole2d)) {
    CalibrateTimeDomain(machine, true, options.seconds);
  }
  if (Wants(options, Operation::Cell3d, Operation::Pole3d)) {
    CalibrateTimeDomain(machine, false, options.seconds);
  }
  if (Wants(options, Operation::ModePoint, Operation::ModePoint)) {
    CalibratePortModes(machine, options.seconds);
  }
  if (Wants(options, Operation::PortLine, Operation::PortLine)) {
    CalibratePortLines(machine, options.seconds);
  }
  if (Wants(options, Operation::Unknown, Operation::Dense)) {
    trusted = CalibrateFrequencyDomain(machine, options.seconds);
  }
  if (Wants(options, Operation::Fourier, Operation::Launch)) {
    CalibratePlanes(machine, options.seconds);
  }
  if (Wants(options, Operation::FramePoint, Operation::FieldFile)) {
    CalibrateFrames(machine, options.seconds);
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &trusted, 1, MPI_CXX_BOOL, MPI_LAND, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, machine.seconds.data(), run::kOperations, MPI_DOUBLE,
                          MPI_MAX, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &machine.float64, 1, MPI_DOUBLE, MPI_MAX, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &machine.memory, 1, MPI_DOUBLE, MPI_MIN, comm));
  base::Mpi(MPI_Bcast(&machine.cores, 1, MPI_INT, 0, comm));
  if (options.links_and_disk) {
    trusted = CalibrateLinks(comm, machine, options.seconds) && trusted;
    CalibrateDisk(comm, machine);
  }
  if (!trusted) machine.measured += ", while cores had other work: to be measured again";
  return machine;
}

}  // namespace symwave::jobs::throughput
