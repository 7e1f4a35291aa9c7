// Bandwidth of checkpoints beside that of the disk, one JSON line per measurement and one of
// medians:
//   mpirun -n 2 checkpoint_bench [--folder .] [--cells 512x512x1024] [--fields 6] [--split x|y]
//
// The state is `fields` float32 arrays of `cells` (z fastest), cut into parts along the first or
// the second axis. The disk's own rate is that of one process that writes as many bytes from a
// buffer of 4 MB and calls fsync, as `dd bs=4M conv=fsync` does; the two take turns, so that both
// see the same disturbances, and a checkpoint is compared with the mean of those before and after
// it. It is saved as CheckpointStore saves: written, closed, flushed; the time to read it back and
// compare stands apart, and `share_verified` has it in.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/runtime.hpp"
#include "io/atomic_file.hpp"
#include "io/checkpoint_archive.hpp"
#include "io/hdf5.hpp"
#include "io/whole_file.hpp"

namespace {

using namespace symwave;
using Json = nlohmann::ordered_json;

struct Options {
  std::string folder = ".", cells = "512x512x1024", split = "x";
  int fields = 1;
  int repeats = 5;
  double every_min = 10;
};

/// Seconds of one checkpoint, and of the disk for as many bytes; `wait`: in both, without a core.
struct Seconds {
  double close = 0, flush = 0, verify = 0, wait = 0;
  double disk = 0, disk_wait = 0;
  double Written() const { return close + flush; }
  double Whole() const { return close + flush + verify; }
  double Share() const { return disk / Written(); }
  double ShareVerified() const { return disk / Whole(); }
  double ShareUndisturbed() const { return (disk - disk_wait) / (Written() - wait); }
};

double Now() {
  return MPI_Wtime();
}

/// Seconds for which this process has been ready to run without a core; 0 where the system does not
/// tell.
double CoreWait() {
  std::ifstream file("/proc/self/schedstat");
  double run = 0, wait = 0;
  file >> run >> wait;
  return 1e-9 * wait;
}

/// Collective: rank 0 does the work, all wait. Seconds, and those without a core.
std::pair<double, double> DiskSeconds(const std::string& path, double bytes) {
  constexpr std::size_t size = 4 << 20;
  std::vector<float> buffer(size / sizeof(float));
  for (std::size_t k = 0; k < buffer.size(); ++k) buffer[k] = static_cast<float>(k % 1021);
  const bool first = base::Communicator::RankIn(MPI_COMM_WORLD) == 0;
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = Now(), waited = CoreWait();
  base::AgreeOnFailure(MPI_COMM_WORLD, [&] {
    if (!first) return;
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    bool good = file >= 0;
    for (auto left = static_cast<std::size_t>(bytes); good && left > 0;) {
      const std::size_t count = std::min(left, size);
      good = write(file, buffer.data(), count) == static_cast<ssize_t>(count);
      left -= count;
    }
    good = good && fsync(file) == 0;
    close(file);
    if (!good) base::Fail("{}: cannot be written", path);
  });
  const std::pair<double, double> seconds{Now() - start, CoreWait() - waited};
  if (first) unlink(path.c_str());
  MPI_Barrier(MPI_COMM_WORLD);
  return seconds;
}

base::ArrayPart PartOf(const Options& options) {
  std::vector<std::uint64_t> shape;
  std::istringstream list(options.cells);
  for (std::string n; std::getline(list, n, 'x');) shape.push_back(std::stoull(n));
  base::ArrayPart part{shape, std::vector<std::uint64_t>(shape.size(), 0), shape};
  const std::size_t axis = options.split == "x" ? 0 : 1;
  const auto rank = static_cast<std::uint64_t>(base::Communicator::RankIn(MPI_COMM_WORLD));
  const auto ranks = static_cast<std::uint64_t>(base::Communicator::SizeOf(MPI_COMM_WORLD));
  part.offset.at(axis) = shape[axis] * rank / ranks;
  part.count[axis] = shape[axis] * (rank + 1) / ranks - part.offset[axis];
  return part;
}

/// Collective. A checkpoint of `fields` arrays is written, verified and removed.
Seconds SaveOnce(const std::string& path, std::vector<float>& values, const base::ArrayPart& part,
                 int fields) {
  const MPI_Comm comm = MPI_COMM_WORLD;
  Seconds seconds;
  MPI_Barrier(comm);
  const double start = Now(), waited = CoreWait();
  io::Hdf5File file = io::Hdf5File::Create(comm, path);
  io::CheckpointArchive archive(file, false);
  for (int f = 0; f < fields; ++f) {
    archive.Array("fields/" + std::to_string(f), values.data(), part);
  }
  file.Close();
  const double closed = Now();
  io::FlushFile(comm, path);
  const double written = Now();
  seconds.wait = CoreWait() - waited;
  const std::string fault = io::CheckFile(comm, path).fault;
  if (!fault.empty()) base::Fail("{}", fault);
  seconds.close = closed - start;
  seconds.flush = written - closed;
  seconds.verify = Now() - written;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &seconds.wait, 1, MPI_DOUBLE, MPI_MIN, comm));
  if (base::Communicator::RankIn(comm) == 0) unlink(path.c_str());
  return seconds;
}

Json Line(const Seconds& seconds, double gigabytes) {
  return {{"disk_GB_s", gigabytes / seconds.disk},
          {"checkpoint_GB_s", gigabytes / seconds.Written()},
          {"share_of_disk", seconds.Share()},
          {"share_undisturbed", seconds.ShareUndisturbed()},
          {"share_verified", seconds.ShareVerified()},
          {"close_s", seconds.close},
          {"flush_s", seconds.flush},
          {"verify_s", seconds.verify},
          {"wait_s", seconds.wait},
          {"disk_wait_s", seconds.disk_wait}};
}

/// Lower quartile, median and upper quartile.
template <class Of>
Json Quartiles(const std::vector<Seconds>& all, Of&& of) {
  std::vector<double> values;
  values.reserve(all.size());
  for (const Seconds& one : all) values.push_back(of(one));
  std::sort(values.begin(), values.end());
  const auto at = [&](std::size_t quarter) { return values[(values.size() - 1) * quarter / 4]; };
  return {at(1), at(2), at(3)};
}

Json Medians(const Options& options, const std::vector<Seconds>& all, double gigabytes) {
  const auto share_of_time = [&](const Seconds& s) { return s.Whole() / (60 * options.every_min); };
  return {
      {"ranks", base::Communicator::SizeOf(MPI_COMM_WORLD)},
      {"GB", gigabytes},
      {"repeats", all.size()},
      {"quartiles_disk_GB_s", Quartiles(all, [&](const Seconds& s) { return gigabytes / s.disk; })},
      {"quartiles_share_of_disk", Quartiles(all, std::mem_fn(&Seconds::Share))},
      {"quartiles_share_undisturbed", Quartiles(all, std::mem_fn(&Seconds::ShareUndisturbed))},
      {"quartiles_share_verified", Quartiles(all, std::mem_fn(&Seconds::ShareVerified))},
      {"every_min", options.every_min},
      {"quartiles_share_of_run", Quartiles(all, share_of_time)}};
}

void Measure(const Options& options) {
  const bool first = base::Communicator::RankIn(MPI_COMM_WORLD) == 0;
  const base::ArrayPart part = PartOf(options);
  std::size_t mine = 1;
  for (const std::uint64_t n : part.count) mine *= n;
  std::vector<float> values(mine);
  for (std::size_t k = 0; k < mine; ++k) values[k] = static_cast<float>(k % 1021);
  double bytes = 4.0 * options.fields;
  for (const std::uint64_t n : part.global) bytes *= static_cast<double>(n);

  const std::string path = options.folder + "/checkpoint_bench.h5";
  std::vector<Seconds> all;
  auto before = DiskSeconds(path + ".dd", bytes);
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    Seconds seconds = SaveOnce(path, values, part, options.fields);
    const auto after = DiskSeconds(path + ".dd", bytes);
    seconds.disk = 0.5 * (before.first + after.first);
    seconds.disk_wait = 0.5 * (before.second + after.second);
    before = after;
    if (first) std::printf("%s\n", Line(seconds, 1e-9 * bytes).dump().c_str());
    all.push_back(seconds);
  }
  if (first) std::printf("%s\n", Medians(options, all, 1e-9 * bytes).dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  base::Runtime runtime(argc, argv);
  return base::RunGuarded([&] {
    Options options;
    CLI::App app{"Bandwidth of checkpoints"};
    app.add_option("--folder", options.folder, "on the disk to measure");
    app.add_option("--cells", options.cells, "shape of a field");
    app.add_option("--fields", options.fields);
    app.add_option("--split", options.split, "x or y");
    app.add_option("--repeats", options.repeats)->check(CLI::PositiveNumber);
    app.add_option("--every", options.every_min, "minutes between checkpoints of a run");
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error);
    }
    Measure(options);
    return 0;
  });
}
