// Shows synthetic frames through one of the sinks, as a run does: a sink that throws is dropped
// with one warning and the program goes on.
//   insitu_frames png|catalyst FOLDER FRAMES SIZE SCRIPT [SCRIPT of rank 1]
#include <csignal>
#include <ctime>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/runtime.hpp"
#include "domain/base/stop_signal.hpp"
#include "io/insitu/sinks.hpp"

namespace {

using namespace symwave;

/// The columns of this rank of a lattice of n points along x and less along the others, with a
/// maximum at a place of its own and a field that is odd about the centre plane in y.
io::FieldFrame Frame(MPI_Comm comm, const std::array<long, 3>& size, long number) {
  io::FieldFrame frame;
  frame.mesh = "field";
  frame.of = fmt::format("test, frame {}", number);
  frame.number = number;
  frame.time = 0.5 * static_cast<double>(number);
  frame.time_unit = "fs";
  for (size_t axis = 0; axis < 3; ++axis) {
    for (long i = 0; i < size[axis]; ++i) {
      const double centred = static_cast<double>(i) - 0.5 * static_cast<double>(size[axis] - 1);
      frame.coordinates[axis].push_back(0.05 * centred);
    }
  }
  const long ranks = base::Communicator::SizeOf(comm);
  const long rank = base::Communicator::RankIn(comm);
  const long begin = size[0] * rank / ranks;
  frame.part = {{begin, 0, 0}, {size[0] * (rank + 1) / ranks - begin, size[1], size[2]}};
  std::vector<float> odd;
  std::vector<float> peak;
  std::vector<float> core;
  const double reach = 0.025 * static_cast<double>(size[0]);
  for (const double z : frame.coordinates[2]) {
    for (const double y : frame.coordinates[1]) {
      for (long i = 0; i < frame.part.count[0]; ++i) {
        const double x = frame.coordinates[0][static_cast<size_t>(begin + i)];
        const double near = (x - 0.4 * reach) * (x - 0.4 * reach) + y * y + z * z;
        const auto grows = static_cast<double>(number + 1);
        odd.push_back(
            static_cast<float>(grows * std::sin(6 * y) * std::cos(3 * x) * std::exp(-y * y)));
        peak.push_back(static_cast<float>(grows * std::exp(-20 * near / reach)));
        core.push_back(std::abs(y) < 0.3 && std::abs(z) < 0.3 ? 12.F : 2.1F);
      }
    }
  }
  frame.arrays = {{"Ez_re", "1", odd}, {"Ez_abs", "1", peak}, {"permittivity", "1", core}};
  return frame;
}

/// A plane of unequal spacings of which the last rank, where there are two, has nothing.
io::FieldFrame Mask(MPI_Comm comm, long number) {
  io::FieldFrame frame;
  frame.mesh = "mask";
  frame.of = "test";
  frame.number = number;
  for (int i = 0; i < 20; ++i) frame.coordinates[0].push_back(0.1 * i + 0.01 * i * i);
  for (int j = 0; j < 9; ++j) frame.coordinates[1].push_back(0.2 * j);
  frame.coordinates[2] = {0.7};
  const bool all = base::Communicator::SizeOf(comm) == 1;
  const int rank = base::Communicator::RankIn(comm);
  const bool none = rank > 0 && rank + 1 == base::Communicator::SizeOf(comm);
  const long others = all ? 1 : base::Communicator::SizeOf(comm) - 1;
  frame.part.offset[0] = 20 * (none ? others : rank) / others;
  frame.part.count = {none ? 0 : 20 * (rank + 1) / others - frame.part.offset[0], 9, 1};
  std::vector<float> phase;
  for (long n = 0; n < frame.part.Points(); ++n) phase.push_back(static_cast<float>(n % 5));
  frame.arrays = {{"phase", "rad", phase}};
  return frame;
}

/// Of this process, which a busy machine does not lengthen.
double CoreSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void ShowFrames(MPI_Comm comm, const std::string& kind, const io::insitu::CatalystOptions& options,
                const std::array<long, 3>& size, long frames) {
  const double start = MPI_Wtime();
  const double begun = CoreSeconds();
  const std::unique_ptr<io::FrameSink> sink =
      kind == "png" ? io::insitu::MakePngSink({options.folder, "", {}, {}, 800})
                    : io::insitu::MakeCatalystSink(comm, options);
  base::Info("made in {:.2f} s, {:.2f} s of a core", MPI_Wtime() - start, CoreSeconds() - begun);
  for (long number = 0; number < frames; ++number) {
    const io::FieldFrame frame = Frame(comm, size, number);
    const double begin = MPI_Wtime();
    const double used = CoreSeconds();
    sink->Show(comm, frame);
    base::Info("frame {} took {:.3f} s, {:.3f} s of a core", number, MPI_Wtime() - begin,
               CoreSeconds() - used);
    sink->Show(comm, Mask(comm, number));
  }
}

int Run(int argc, char** argv) {
  MPI_Comm comm = MPI_COMM_WORLD;
  base::Require(argc >= 6, "five arguments");
  const std::string kind = argv[1];
  const std::string folder = argv[2];
  const long frames = std::stol(argv[3]);
  const long n = std::stol(argv[4]);
  std::vector<std::string> scripts;
  for (int k = 5; k < argc; ++k) {
    // "A|B": another script on rank 1.
    const std::string text = argv[k];
    const size_t bar = std::min(text.find('|'), text.size());
    const bool other = bar < text.size() && base::Communicator::RankIn(comm) == 1;
    scripts.push_back(other ? text.substr(bar + 1) : text.substr(0, bar));
  }
  const std::array<long, 3> size{n, n > 100 ? n : n * 2 / 3, n > 100 ? 1 : n / 2};

  const base::StopSignals signals;
  // One run after the other, as those of a sweep in one process.
  for (const std::string& script : scripts) {
    try {
      ShowFrames(comm, kind, {script, folder}, size, frames);
    } catch (const base::UserError& error) {
      if (!base::FailureAgreedOn(comm)) throw;
      base::Warn("in situ is off: {}", error.what());
    }
  }
  std::raise(SIGTERM);
  const std::string received = signals.Received(comm);
  base::Info("goes on; signal {}", received);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const base::Runtime runtime(argc, argv);
  return base::RunGuarded([&] { return Run(argc, argv); });
}
