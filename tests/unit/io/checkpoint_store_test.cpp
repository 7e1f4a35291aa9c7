#include "io/checkpoint_store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "domain/base/log.hpp"
#include "io/array_checksum.hpp"
#include "io/hdf5.hpp"
#include "io/whole_file.hpp"
#include "tests/unit/io/checkpoint_states.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

namespace fs = std::filesystem;
using base::Communicator;
using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;
using testing_files::TestState;

int Rank() {
  return Communicator::RankIn(MPI_COMM_WORLD);
}

CheckpointStore::Exchange Hand(TestState& state) {
  return [&state](base::StateArchive& archive) { state.Exchange(archive); };
}

std::string SaveSeed(CheckpointStore& store, MPI_Comm comm, double seed, int px = 1, int py = 1) {
  TestState state(comm, px, py);
  state.Fill(seed);
  return store.Save({"simulate", "a test", "0.1", "step", state.step, 9000, {}}, Hand(state));
}

/// The state that is restored on these ranks is the one of `seed`.
void ExpectRestores(MPI_Comm comm, const std::string& folder, double seed, int px, int py) {
  const CheckpointStore store(comm, folder);
  TestState expected(comm, px, py), state(comm, px, py);
  expected.Fill(seed);
  const auto info = store.Restore({}, nullptr, Hand(state));
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->done, expected.step);
  EXPECT_TRUE(state == expected) << px << " x " << py << " blocks";
}

TEST(CheckpointStore, RestoresOnOtherRanksAndInOtherBlocks) {
  const TestFolder folder;
  const int size = Communicator::SizeOf(MPI_COMM_WORLD);
  for (int writers = 1; writers <= size; ++writers) {
    const std::string path = folder / ("by" + std::to_string(writers));
    const auto group = Communicator::Split(MPI_COMM_WORLD, Rank() < writers ? 0 : 1);
    if (Rank() < writers) {
      CheckpointStore store(group.Get(), path);
      SaveSeed(store, group.Get(), 1 + writers, writers % 2 == 0 ? 2 : 1,
               writers % 2 == 0 ? writers / 2 : writers);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    for (int readers = 1; readers <= size; ++readers) {
      const auto readers_group = Communicator::Split(MPI_COMM_WORLD, Rank() < readers ? 0 : 1);
      if (Rank() >= readers) continue;
      ExpectRestores(readers_group.Get(), path, 1 + writers, readers, 1);
      ExpectRestores(readers_group.Get(), path, 1 + writers, 1, readers);
    }
    MPI_Barrier(MPI_COMM_WORLD);
  }
}

TEST(CheckpointStore, ChecksumsDoNotDependOnTheRanks) {
  const TestFolder folder;
  CheckpointStore together(MPI_COMM_WORLD, folder / "together");
  const std::string shared =
      SaveSeed(together, MPI_COMM_WORLD, 2, 1, Communicator::SizeOf(MPI_COMM_WORLD));
  CheckpointStore alone(MPI_COMM_SELF, folder / ("alone" + std::to_string(Rank())));
  const std::string own = SaveSeed(alone, MPI_COMM_SELF, 2);
  const Hdf5File a = Hdf5File::OpenRead(MPI_COMM_SELF, shared);
  const Hdf5File b = Hdf5File::OpenRead(MPI_COMM_SELF, own);
  for (const char* name : {"/state/fields/Ez", "/state/fields/memory", "/state/transform"}) {
    EXPECT_EQ(a.ReadAttribute<std::uint64_t>(name, "checksum"),
              b.ReadAttribute<std::uint64_t>(name, "checksum"));
  }
}

TEST(ArrayChecksum, SeesEveryBitAndEveryPlace) {
  std::vector<float> values(50, 1.5F);
  values[7] = 2.5F;
  const std::uint64_t sum = ArraySum(values.data(), 4, 0, 50);
  EXPECT_EQ(sum, ArraySum(values.data(), 4, 0, 20) + ArraySum(values.data() + 20, 4, 20, 30));
  std::swap(values[7], values[8]);
  EXPECT_NE(sum, ArraySum(values.data(), 4, 0, 50));
  std::swap(values[7], values[8]);
  for (int bit = 0; bit < 1600; ++bit) {
    auto* bytes = reinterpret_cast<unsigned char*>(values.data());
    bytes[bit / 8] ^= 1 << bit % 8;
    EXPECT_NE(sum, ArraySum(values.data(), 4, 0, 50)) << bit;
    bytes[bit / 8] ^= 1 << bit % 8;
  }
  // mix(1 + 9E3779B97F4A7C15h), worked out with Python's integers.
  const std::uint64_t one = 1;
  EXPECT_EQ(ArraySum(&one, 8, 0, 1), 0x9A1FC203F2E6FBC3U);
}

TEST(CheckpointStore, KeepsTheLastOnesAndRemovesWhatAKilledRunLeft) {
  const TestFolder folder;
  folder.Write("checkpoint_000007.h5.tmp", "half");
  folder.Write("checkpoint_mine.h5.tmp", "not ours");
  CheckpointStore store(MPI_COMM_WORLD, folder / "", "checkpoint", 2);
  for (const double seed : {1.0, 2.0, 3.0}) SaveSeed(store, MPI_COMM_WORLD, seed);
  const std::vector<std::string> files = store.Files();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_TRUE(Says(files[0], "checkpoint_000002.h5")) << files[0];
  EXPECT_TRUE(Says(files[1], "checkpoint_000003.h5")) << files[1];
  EXPECT_FALSE(fs::exists(folder / "checkpoint_000007.h5.tmp"));
  EXPECT_TRUE(fs::exists(folder / "checkpoint_mine.h5.tmp"));
  MPI_Barrier(MPI_COMM_WORLD);
}

TEST(CheckpointStore, GroupsOfRanksHaveStoresOfTheirOwn) {
  const TestFolder folder;
  const auto group = Communicator::Split(MPI_COMM_WORLD, Rank());
  const std::string name = "checkpoint-" + std::to_string(Rank());
  CheckpointStore store(group.Get(), folder / "all", name);
  SaveSeed(store, group.Get(), Rank());
  MPI_Barrier(MPI_COMM_WORLD);
  const auto names = ListStores(MPI_COMM_WORLD, folder / "all");
  ASSERT_EQ(static_cast<int>(names.size()), Communicator::SizeOf(MPI_COMM_WORLD));
  for (const std::string& each : names) {
    EXPECT_TRUE(CheckpointStore(MPI_COMM_WORLD, folder / "all", each).Newest().has_value());
  }
}

TEST(CheckpointStore, PassesOverADamagedOneWithAWarning) {
  const TestFolder folder;
  CheckpointStore store(MPI_COMM_WORLD, folder / "");
  SaveSeed(store, MPI_COMM_WORLD, 1);
  const std::string newest = SaveSeed(store, MPI_COMM_WORLD, 2);
  if (Rank() == 0) fs::resize_file(newest, fs::file_size(newest) - 100);
  MPI_Barrier(MPI_COMM_WORLD);
  base::ClearWarnings();
  ExpectRestores(MPI_COMM_WORLD, folder / "", 1, 1, 1);
  if (Rank() == 0) {
    ASSERT_EQ(base::Warnings().size(), 1U);
    EXPECT_TRUE(Says(base::Warnings()[0], "checkpoint_000002.h5: ")) << base::Warnings()[0];
    EXPECT_TRUE(Says(base::Warnings()[0], "truncated")) << base::Warnings()[0];
  }
  // It is none of those that are kept.
  SaveSeed(store, MPI_COMM_WORLD, 3);
  const std::vector<std::string> files = store.Files();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_TRUE(Says(files[0], "checkpoint_000001.h5")) << files[0];
  EXPECT_TRUE(Says(files[1], "checkpoint_000003.h5")) << files[1];
}

TEST(CheckpointStore, NamesTheKeyThatDiffers) {
  const TestFolder folder;
  CheckpointStore store(MPI_COMM_WORLD, folder / "");
  CheckpointInfo info{"train", "a test", "0.1", "epoch", 5, 9, {}};
  info.fingerprint.AddDeck("training: {rate: 0.01, epochs: 9}", nullptr);
  TestState state(MPI_COMM_WORLD, 1, 1);
  store.Save(info, Hand(state));
  const auto ignores = [](const std::string& key) {
    return KeyIsLike(key, {"training.epochs", "output.*"});
  };
  Fingerprint longer, other;
  longer.AddDeck("{training: {rate: 0.01, epochs: 20}, output: {every: 3}}", nullptr);
  other.AddDeck("training: {rate: 0.02, epochs: 9}", nullptr);
  EXPECT_TRUE(store.Restore(longer, ignores, Hand(state)).has_value());
  const std::string refused = Sentence([&] { store.Restore(other, ignores, Hand(state)); });
  EXPECT_TRUE(Says(refused,
                   "checkpoint_000001.h5: is of another run: it was made "
                   "with training.rate: 0.01, and the deck now says 0.02; set it back, "
                   "or start again without --resume"))
      << refused;
}

TEST(CheckpointStore, AWrongBitInWhatTellsRunsApartIsNoOtherRun) {
  const TestFolder folder;
  CheckpointStore store(MPI_COMM_WORLD, folder / "");
  CheckpointInfo info{"train", "a test", "0.1", "epoch", 5, 9, {}};
  info.fingerprint.AddDeck("training: {rate: 0.01}", nullptr);
  TestState state(MPI_COMM_WORLD, 1, 1);
  store.Save(info, Hand(state));
  const std::string newest = store.Save(info, Hand(state));
  if (Rank() == 0) {
    std::string bytes = Content(newest);
    const size_t place = bytes.find("training.rate");
    ASSERT_NE(place, std::string::npos);
    bytes[place + 9] ^= 0x10;
    std::ofstream(newest, std::ios::binary) << bytes;
  }
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(Sentence([&] { store.RequireSame(info.fingerprint, nullptr); }), "");
  Fingerprint other;
  other.AddDeck("training: {rate: 0.02}", nullptr);
  EXPECT_TRUE(Says(Sentence([&] { store.RequireSame(other, nullptr); }), "checkpoint_000001.h5"));
  EXPECT_TRUE(store.Restore(info.fingerprint, nullptr, Hand(state)).has_value());
}

/// Restores whatever the bytes are: right, refused with a sentence, never anything else.
void ExpectRightOrRefused(const std::string& path, const std::string& what, int* refused) {
  const std::string fault = CheckFile(MPI_COMM_SELF, path).fault;
  if (!fault.empty()) {
    ++*refused;
    EXPECT_TRUE(Says(fault, path)) << what << ": " << fault;
    return;
  }
  TestState expected(MPI_COMM_SELF, 1, 1), state(MPI_COMM_SELF, 1, 1);
  expected.Fill(1);
  const CheckpointStore store(MPI_COMM_SELF, fs::path(path).parent_path().string());
  const std::string sentence = Sentence([&] { store.Restore({}, nullptr, Hand(state)); });
  if (!sentence.empty()) ++*refused;
  EXPECT_TRUE(!sentence.empty() || state == expected) << what;
}

TEST(CheckpointStore, FlippedBitsAndTruncationsAreFound) {
  const TestFolder folder;
  const std::string mine = folder / std::to_string(Rank());
  CheckpointStore store(MPI_COMM_SELF, mine);
  const std::string path = SaveSeed(store, MPI_COMM_SELF, 1);
  const std::string good = testing_files::Content(path);
  const auto put = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  };
  std::mt19937 random(static_cast<unsigned>(17 + Rank()));
  int flips_refused = 0, cuts_refused = 0;
  const int share = Communicator::SizeOf(MPI_COMM_WORLD);  // other bits on every rank
  const int flips = 160 / share, cuts = 32 / share;
  for (int k = 0; k < flips; ++k) {
    std::string bytes = good;
    // Half of them in the first 4 kB, where HDF5's own tables lie.
    const std::size_t at = random() % (k % 2 == 0 ? 4096 : bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
    put(bytes);
    ExpectRightOrRefused(path, "bit at " + std::to_string(at), &flips_refused);
  }
  for (int k = 0; k < cuts; ++k) {
    put(good.substr(0, random() % good.size()));
    ExpectRightOrRefused(path, "cut", &cuts_refused);
  }
  EXPECT_EQ(cuts_refused, cuts);
  EXPECT_GT(flips_refused, flips / 4);  // the rest hit bytes that hold nothing
}

TEST(CheckpointStore, AFullDiskLeavesTheOlderOneWhole) {
  const TestFolder folder;
  const std::string disk = folder / "disk";
  int mounted = 0;
  if (Rank() == 0) {
    fs::create_directory(disk);
    mounted = mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") == 0 ? 1 : 0;
  }
  MPI_Bcast(&mounted, 1, MPI_INT, 0, MPI_COMM_WORLD);
  if (!mounted) GTEST_SKIP() << "no small disk can be mounted here";
  {
    CheckpointStore store(MPI_COMM_WORLD, disk);
    SaveSeed(store, MPI_COMM_WORLD, 1);
    for (const std::size_t size : {100000, 300000}) {
      std::vector<float> large(size);
      const auto count = static_cast<std::uint64_t>(size);
      const auto ranks = static_cast<std::uint64_t>(Communicator::SizeOf(MPI_COMM_WORLD));
      const base::ArrayPart part{
          {count * ranks}, {count * static_cast<std::uint64_t>(Rank())}, {count}};
      const std::string sentence = Sentence([&] {
        store.Save({"simulate", "", "", "step", 0, 0, {}}, [&](base::StateArchive& archive) {
          for (const char* name : {"a", "b", "c"}) archive.Array(name, large.data(), part);
        });
      });
      EXPECT_TRUE(Says(sentence, "checkpoint_000002.h5.tmp: ")) << sentence;
      EXPECT_TRUE(Says(sentence, "o space left on device")) << sentence;
      EXPECT_EQ(store.Files().size(), 1U);
      EXPECT_FALSE(fs::exists(disk + "/checkpoint_000002.h5.tmp"));
      MPI_Barrier(MPI_COMM_WORLD);
    }
    ExpectRestores(MPI_COMM_WORLD, disk, 1, 1, 1);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  if (Rank() == 0) {
    EXPECT_EQ(mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  {
    CheckpointStore store(MPI_COMM_WORLD, disk);
    const std::string sentence = Sentence([&] { SaveSeed(store, MPI_COMM_WORLD, 2); });
    EXPECT_TRUE(Says(sentence, "Read-only file system")) << sentence;
    ExpectRestores(MPI_COMM_WORLD, disk, 1, 1, 1);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  if (Rank() == 0) umount2(disk.c_str(), MNT_DETACH);
}

TEST(CheckpointStore, SaysWhereItCannotWrite) {
  CheckpointStore store(MPI_COMM_WORLD, "/proc/nowhere");
  const std::string sentence = Sentence([&] { SaveSeed(store, MPI_COMM_WORLD, 1); });
  EXPECT_TRUE(Says(sentence, "/proc/nowhere: cannot be made: ")) << sentence;
}

TEST(CheckpointClock, IsDueAfterTheInterval) {
  EXPECT_FALSE(CheckpointClock(MPI_COMM_WORLD, 0).Due());
  EXPECT_FALSE(CheckpointClock(MPI_COMM_WORLD, 1000).Due());
  CheckpointClock clock(MPI_COMM_WORLD, 1e-9);
  EXPECT_TRUE(clock.Due());
}

}  // namespace
}  // namespace symwave::io
