// Groups that work on their own meet when one of them calls, and only then.
#include "domain/base/group_meeting.hpp"

#include <gtest/gtest.h>

#include "domain/base/packed_values.hpp"
#include "domain/base/rank_groups.hpp"

namespace symwave::base {
namespace {

TEST(GroupMeeting, EveryGroupComesWhenOneHasCalled) {
  const RankGroups groups(MPI_COMM_WORLD, 1);
  GroupMeeting meeting(groups.World(), groups.Group());
  for (int round = 0; round < 20; ++round) {
    // Nobody has called.
    EXPECT_FALSE(meeting.Called(false));
    MPI_Barrier(MPI_COMM_WORLD);
    // The groups of even or of odd number, or one alone, call after steps of their own number.
    const bool calls = round % 3 == 2 ? groups.Number() == round % groups.Count()
                                      : groups.Count() == 1 || groups.Number() % 2 == round % 3;
    long steps = 0;
    while (!meeting.Called(calls && steps > 3L * groups.Number())) ++steps;
    EXPECT_TRUE(!calls || groups.Count() > 1 || steps == 1);
    meeting.Come();
    EXPECT_FALSE(meeting.Called(false)) << "all calls are answered";
    MPI_Barrier(MPI_COMM_WORLD);
  }
}

TEST(GroupMeeting, RanksOfAGroupHearTheSame) {
  // One group of all ranks but the first: its leader hears for them.
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  const Communicator group = Communicator::Split(MPI_COMM_WORLD, rank == 0 ? 0 : 1, rank);
  GroupMeeting meeting(MPI_COMM_WORLD, group.Get());
  for (int round = 0; round < 10; ++round) {
    int heard = 0;
    while (heard == 0) {
      heard = meeting.Called(rank == 0) ? 1 : 0;
      int sum = heard;
      MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_INT, MPI_SUM, group.Get());
      ASSERT_TRUE(sum == 0 || sum == group.Size());
    }
    meeting.Come();
  }
}

struct Holder {
  std::int64_t count = 0;
  double number = 0;
  std::string name;
  std::vector<double> numbers;
  std::vector<std::complex<double>> amplitudes;
  double mine = 0;

  void SaveOrRestore(StateArchive& archive) {
    archive.Value("count", count);
    archive.Value("number", number);
    archive.Value("name", name);
    archive.Values("numbers", numbers);
    archive.Values("amplitudes", amplitudes);
    archive.Array("mine", &mine, {{1}, {0}, {1}});
  }
};

TEST(PackedValues, TakeAllButTheArrays) {
  Holder holder{7, 0.1, "nine", {1, 2.5}, {{0, 1}}, 3};
  PackedValues packed;
  EXPECT_FALSE(packed.Restoring());
  holder.SaveOrRestore(packed);
  Holder taken;
  taken.mine = 5;
  const std::vector<char> bytes = packed.Bytes();
  PackedValues from(bytes);
  EXPECT_TRUE(from.Restoring());
  taken.SaveOrRestore(from);
  EXPECT_EQ(taken.count, 7);
  EXPECT_EQ(taken.number, 0.1);
  EXPECT_EQ(taken.name, "nine");
  EXPECT_EQ(taken.numbers, holder.numbers);
  EXPECT_EQ(taken.amplitudes, holder.amplitudes);
  EXPECT_EQ(taken.mine, 5);
}

}  // namespace
}  // namespace symwave::base
