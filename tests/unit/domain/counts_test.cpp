// Counts near the limits of 32 bits, and messages in pieces, on limits that are injected.
#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/packing.hpp"
#include "domain/base/rank_groups.hpp"

namespace symwave::base {
namespace {

constexpr long kMost = std::numeric_limits<int>::max();

TEST(CheckedCast, HoldsWhatFits) {
  EXPECT_EQ(CheckedCast<int>(kMost, "values"), std::numeric_limits<int>::max());
  EXPECT_EQ(CheckedCast<int>(-kMost - 1, "values"), std::numeric_limits<int>::min());
  EXPECT_EQ(MessageCount(std::size_t{7}), 7);
  EXPECT_EQ(CheckedCast<PetscInt>(12L, "unknowns", 12), 12);
}

TEST(CheckedCast, RefusesOneMore) {
  EXPECT_THROW(CheckedCast<int>(kMost + 1, "values"), UserError);
  EXPECT_THROW(CheckedCast<int>(-kMost - 2, "values"), UserError);
  EXPECT_THROW(CheckedCast<int>(std::numeric_limits<std::size_t>::max(), "values"), UserError);
  EXPECT_THROW(CheckedCast<PetscInt>(13L, "unknowns", 12), UserError);
}

TEST(CheckedCast, SaysWhatIsTooLargeAndWhatToDo) {
  try {
    MessageCount(std::size_t{1} << 32);
    FAIL() << "2^32 values passed";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "4294967296 values of one message between ranks: more than the 2147483647 that "
                 "can be counted there; start more ranks, take larger cells or ask for fewer "
                 "results at once");
  }
}

std::vector<double> Numbers(int rank, std::size_t count) {
  std::vector<double> numbers;
  for (std::size_t n = 0; n < count; ++n) numbers.push_back(std::sin(1.7 * rank + 0.3 * n));
  return numbers;
}

TEST(Messages, SumsInPiecesAreThoseOfOneMessage) {
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  std::vector<double> whole = Numbers(rank, 1001), pieces = whole;
  SumInPlace(MPI_COMM_WORLD, whole.data(), whole.size());
  SumInPlace(MPI_COMM_WORLD, pieces.data(), pieces.size(), 10);
  // A message of few values may be summed in another order of the ranks: rounding.
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_NEAR(whole[n], pieces[n], 1e-15);
  double expected = 0;
  for (int r = 0; r < Communicator::SizeOf(MPI_COMM_WORLD); ++r) expected += Numbers(r, 1001)[1000];
  EXPECT_NEAR(pieces[1000], expected, 1e-14);
}

TEST(Messages, BroadcastsInPieces) {
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  const int root = Communicator::SizeOf(MPI_COMM_WORLD) - 1;
  std::vector<double> values = Numbers(rank, 101);
  Broadcast(MPI_COMM_WORLD, values.data(), values.size() * sizeof(double), root, 7);
  EXPECT_EQ(values, Numbers(root, 101));
}

TEST(Messages, PassesOnInPieces) {
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  const int ranks = Communicator::SizeOf(MPI_COMM_WORLD);
  const std::vector<double> sent = Numbers(rank, 101);
  std::vector<double> received(101);
  SendAndReceive(MPI_COMM_WORLD, sent.data(), (rank + 1) % ranks, received.data(),
                 (rank + ranks - 1) % ranks, 101, 13);
  EXPECT_EQ(received, Numbers((rank + ranks - 1) % ranks, 101));
}

TEST(Packing, GivesBackWhatWasPackedOnEveryRank) {
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  Packer packer;
  packer.Add(std::string(static_cast<std::size_t>(3 * rank), 'a'));
  packer.Add(rank);
  packer.Add(Numbers(rank, 5));
  for (const std::size_t most : {kMostPerMessage, std::size_t{11}}) {
    const auto all = GatherFromAll(MPI_COMM_WORLD, packer.Bytes(), most);
    ASSERT_EQ(static_cast<int>(all.size()), Communicator::SizeOf(MPI_COMM_WORLD));
    for (int r = 0; r < static_cast<int>(all.size()); ++r) {
      Unpacker packed(all[static_cast<std::size_t>(r)]);
      std::string text;
      int number = -1;
      std::vector<double> numbers;
      packed.Take(text);
      packed.Take(number);
      packed.Take(numbers);
      EXPECT_EQ(text.size(), static_cast<std::size_t>(3 * r));
      EXPECT_EQ(number, r);
      EXPECT_EQ(numbers, Numbers(r, 5));
      EXPECT_TRUE(packed.AtEnd());
      EXPECT_THROW(packed.Take(number), InternalError);
    }
  }
}

TEST(Messages, ReachTheirRanksInPieces) {
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  const int ranks = Communicator::SizeOf(MPI_COMM_WORLD);
  std::vector<std::vector<char>> for_rank;
  for (int r = 0; r < ranks; ++r) {
    for_rank.emplace_back(static_cast<std::size_t>(10 * rank + r), static_cast<char>('a' + r));
  }
  const auto from = Exchange(MPI_COMM_WORLD, for_rank, 3);
  for (int r = 0; r < ranks; ++r) {
    EXPECT_EQ(
        from[static_cast<std::size_t>(r)],
        std::vector<char>(static_cast<std::size_t>(10 * r + rank), static_cast<char>('a' + rank)));
  }
}

TEST(RankGroups, HoldAllRanksAndDealAllItems) {
  const int ranks = Communicator::SizeOf(MPI_COMM_WORLD);
  for (int per_group = 1; per_group <= ranks + 1; ++per_group) {
    for (const int most : {1, 2, 100}) {
      const RankGroups groups(MPI_COMM_WORLD, per_group, most);
      EXPECT_LE(groups.Count(), most);
      EXPECT_EQ(groups.Count(), std::min(most, std::max(1, ranks / per_group)));
      EXPECT_GE(Communicator::SizeOf(groups.Group()), std::min(per_group, ranks));
      EXPECT_EQ(groups.LeadsGroup(),
                groups.LeaderOf(groups.Number()) == Communicator::RankIn(MPI_COMM_WORLD));
      std::vector<std::vector<char>> mine;
      for (const long item : groups.Mine(7)) {
        EXPECT_EQ(groups.GroupOf(item), groups.Number());
        mine.emplace_back(static_cast<std::size_t>(item), 'x');
      }
      const auto all = groups.Collect(7, mine);
      for (std::size_t item = 0; item < 7; ++item) {
        EXPECT_EQ(all[item], std::vector<char>(item, 'x'));
      }
    }
  }
}

TEST(RankGroups, HaveAsManyRanksAsAnItemNeeds) {
  EXPECT_EQ(RanksFor(1e9, 4e9, 64), 1);
  EXPECT_EQ(RanksFor(9e9, 4e9, 64), 3);
  EXPECT_EQ(RanksFor(1e12, 4e9, 64), 64);
}

}  // namespace
}  // namespace symwave::base
