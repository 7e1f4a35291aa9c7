// Shared memory of a node: every rank reads what the others wrote, and all go without together.
#include "domain/base/shared_memory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/base/waiting.hpp"

namespace {

using namespace symwave;
using Word = std::atomic<std::int64_t>;

TEST(SharedMemory, RanksReadWhatOthersWrite) {
  const base::Node node(MPI_COMM_WORLD);
  const int size = base::Communicator::SizeOf(node.Comm());
  const int mine = base::Communicator::RankIn(node.Comm());
  // Pieces of unequal size, the first of rank 0 empty but for its first word.
  const base::SharedMemory memory(node, sizeof(Word) + 5000u * static_cast<size_t>(mine));
  ASSERT_TRUE(memory.Available());
  const auto word = [&memory](int rank) { return reinterpret_cast<Word*>(memory.Of(rank)); };
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.Of(mine)) % 64, 0u);
  EXPECT_EQ(*word(mine), 0);
  if (mine > 0) memory.Of(mine)[4000] = static_cast<char>(mine);
  word(mine)->store(100 + mine, std::memory_order_release);
  for (int rank = 0; rank < size; ++rank) {
    base::WaitUntil([&] { return word(rank)->load(std::memory_order_acquire) != 0; });
    EXPECT_EQ(*word(rank), 100 + rank);
    if (rank > 0) {
      EXPECT_EQ(memory.Of(rank)[4000], rank);
    }
  }
  base::Mpi(MPI_Barrier(node.Comm()));
}

TEST(SharedMemory, AllRanksGoWithoutWhereOneCannot) {
  const base::Node node(MPI_COMM_WORLD);
  const size_t bytes = base::Communicator::RankIn(node.Comm()) == 0
                           ? std::numeric_limits<std::int64_t>::max() / 2
                           : 64;
  EXPECT_FALSE(base::SharedMemory(node, bytes).Available());
  EXPECT_TRUE(base::SharedMemory(node, 64).Available());
}

TEST(SharedMemory, NodesOfPartsOfAJobKnowTheirRanks) {
  const int world = base::Communicator::RankIn(MPI_COMM_WORLD);
  const auto part = base::Communicator::Split(MPI_COMM_WORLD, world % 2);
  const base::Node node(part.Get());
  for (int rank = 0; rank < part.Size(); ++rank) {
    ASSERT_TRUE(node.Has(rank));  // the tests run on one node
    EXPECT_EQ(node.RankHere(rank), rank);
  }
}

}  // namespace
