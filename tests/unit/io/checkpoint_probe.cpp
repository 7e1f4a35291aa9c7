// Writes checkpoints to be killed while it does: checkpoint_probe FOLDER save PLACE | check.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "domain/base/error.hpp"
#include "domain/base/runtime.hpp"
#include "io/checkpoint_store.hpp"
#include "tests/unit/io/checkpoint_states.hpp"

namespace {

using namespace symwave;
using testing_files::TestState;

void Save(io::CheckpointStore& store, std::int64_t seed) {
  TestState state(MPI_COMM_WORLD, 1, base::Communicator::SizeOf(MPI_COMM_WORLD));
  state.Fill(static_cast<double>(seed));
  store.Save({"probe", "", "", "step", seed, 0, {}},
             [&](base::StateArchive& archive) { state.Exchange(archive); });
}

/// Prints the number of the checkpoint that is found, after comparing every value.
int Check(const io::CheckpointStore& store) {
  TestState state(MPI_COMM_WORLD, 1, base::Communicator::SizeOf(MPI_COMM_WORLD));
  const auto info = store.Restore({}, nullptr, [&](base::StateArchive& a) { state.Exchange(a); });
  if (!info) base::Fail("there is no whole checkpoint");
  TestState expected = state;
  expected.Fill(static_cast<double>(info->done));
  if (!(state == expected)) base::Fail("checkpoint {} is not what was saved", info->done);
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
    std::printf("found %d\n", static_cast<int>(info->done));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  base::Runtime runtime(argc, argv);
  return base::RunGuarded([&] {
    const std::string folder = argv[1], mode = argv[2];
    io::CheckpointStore store(MPI_COMM_WORLD, folder, "checkpoint", 2);
    if (mode == "check") return Check(store);
    Save(store, 1);
    Save(store, 2);
    setenv("SYMWAVE_TEST_DELAY", (std::string(argv[3]) + ":60").c_str(), 1);
    std::ofstream(folder + "/ready-" + std::to_string(runtime.Rank()));
    Save(store, 3);
    return 0;
  });
}
