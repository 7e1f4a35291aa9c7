// Bandwidth of checkpoints beside that of the disk, one JSON line per measurement:
//   mpirun -n 2 checkpoint_bench [--folder .] [--cells 512x512x1024] [--fields 6] [--split x|y]
//
// The state is `fields` float32 arrays of `cells` (z fastest), cut into halves along the first or
// the second axis. The disk's own rate is that of one process that writes as many bytes from a
// buffer of 1 MB and calls fsync, as `dd bs=1M conv=fsync` does, before and after.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "domain/base/communicator.hpp"
#include "domain/base/runtime.hpp"
#include "io/array_checksum.hpp"
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
  int repeats = 2;
};

double Now() {
  return MPI_Wtime();
}

/// Collective: rank 0 does the work, all wait. GB/s.
double DiskRate(const std::string& path, double bytes) {
  MPI_Barrier(MPI_COMM_WORLD);
  const double start = Now();
  base::AgreeOnFailure(MPI_COMM_WORLD, [&] {
    if (base::Communicator::RankIn(MPI_COMM_WORLD) != 0) return;
    const std::vector<char> buffer(1 << 20, 'x');
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    bool good = file >= 0;
    for (double done = 0; good && done < bytes; done += static_cast<double>(buffer.size())) {
      good = write(file, buffer.data(), buffer.size()) == static_cast<ssize_t>(buffer.size());
    }
    good = good && fsync(file) == 0;
    close(file);
    if (!good) base::Fail("{}: cannot be written", path);
  });
  const double rate = 1e-9 * bytes / (Now() - start);
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) unlink(path.c_str());
  MPI_Barrier(MPI_COMM_WORLD);
  return rate;
}

void Measure(const Options& options) {
  const MPI_Comm comm = MPI_COMM_WORLD;
  const int rank = base::Communicator::RankIn(comm), ranks = base::Communicator::SizeOf(comm);
  std::vector<std::uint64_t> shape;
  std::istringstream list(options.cells);
  for (std::string n; std::getline(list, n, 'x');) shape.push_back(std::stoull(n));
  base::ArrayPart part{shape, std::vector<std::uint64_t>(shape.size(), 0), shape};
  const std::size_t axis = options.split == "x" ? 0 : 1;
  part.offset.at(axis) = shape[axis] * rank / ranks;
  part.count[axis] = shape[axis] * (rank + 1) / ranks - part.offset[axis];
  std::size_t mine = 1;
  for (const std::uint64_t n : part.count) mine *= n;
  std::vector<float> values(mine);
  for (std::size_t k = 0; k < mine; ++k) values[k] = static_cast<float>(k % 1021);
  double bytes = 4.0 * options.fields;
  for (const std::uint64_t n : shape) bytes *= static_cast<double>(n);

  const std::string path = options.folder + "/checkpoint_bench.h5";
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    const double disk_before = DiskRate(path + ".dd", bytes);
    MPI_Barrier(comm);
    const double start = Now();
    io::Hdf5File file = io::Hdf5File::Create(comm, path);
    io::CheckpointArchive archive(file, false);
    for (int f = 0; f < options.fields; ++f) {
      archive.Array("fields/" + std::to_string(f), values.data(), part);
    }
    file.Close();
    const double closed = Now();
    io::FlushFile(comm, path);
    const double written = Now();
    const std::string fault = io::CheckFile(comm, path).fault;
    if (!fault.empty()) base::Fail("{}", fault);
    const double checked = Now();
    volatile std::uint64_t sum = io::ArraySum(values.data(), sizeof(float), part);
    (void)sum;
    const double summed = Now();
    if (rank == 0) unlink(path.c_str());
    const double disk_after = DiskRate(path + ".dd", bytes);
    const double disk = std::max(disk_before, disk_after);
    const double rate = 1e-9 * bytes / (written - start);
    const Json line = {
        {"ranks", ranks},
        {"GB", 1e-9 * bytes},
        {"disk_GB_s", disk},
        {"checkpoint_GB_s", rate},
        {"share_of_disk", rate / disk},
        {"close_s", closed - start},
        {"fsync_s", written - closed},
        {"verify_s", checked - written},
        {"checksum_GB_s_per_rank", 4e-9 * static_cast<double>(mine) / (summed - checked)}};
    if (rank == 0) std::printf("%s\n", line.dump().c_str());
  }
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
    app.add_option("--repeats", options.repeats);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error);
    }
    Measure(options);
    return 0;
  });
}
