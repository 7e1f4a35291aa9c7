// What ranks do when some of them fail.
#include "domain/base/agreement.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/try_on_all.hpp"
#include "io/hdf5.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave {
namespace {

using base::Communicator;
using base::UserError;

const MPI_Comm kWorld = MPI_COMM_WORLD;

int Rank() {
  return Communicator::RankIn(kWorld);
}
int Size() {
  return Communicator::SizeOf(kWorld);
}
bool Last() {
  return Rank() == Size() - 1;
}

/// Asks in its destructor, as the owners of what all ranks hold together do.
struct Owner {
  MPI_Comm comm;
  bool& may;
  ~Owner() { may = base::MayCommunicate(comm); }
};

TEST(Agreement, KeepsTheKindOfTheFailureOfOneRank) {
  const auto fail = [](auto error) {
    base::AgreeOnFailure(kWorld, [&] {
      if (Last()) throw error;
    });
  };
  EXPECT_THROW(fail(std::bad_alloc()), std::bad_alloc);
  EXPECT_THROW(fail(base::InternalError("ours")), base::InternalError);
  EXPECT_THROW(fail(UserError("theirs")), UserError);
  try {
    fail(std::runtime_error("of a library"));
    FAIL() << "nothing thrown";
  } catch (const base::InternalError& error) {
    EXPECT_STREQ(error.what(), "of a library");
  }
}

TEST(Agreement, CleanUpWaitsForNobodyUnlessAllRanksFailedTogether) {
  bool may = false;
  try {
    const Owner owner{kWorld, may};
    base::AgreeOnFailure(kWorld, [] { base::Fail("agreed"); });
  } catch (const UserError&) {
    EXPECT_TRUE(base::FailureAgreedOn(kWorld));
  }
  EXPECT_TRUE(may);

  bool alone = false;
  try {
    const Owner world{kWorld, may};
    const Owner self{MPI_COMM_SELF, alone};
    if (Last()) base::Fail("alone");
  } catch (const UserError&) {
    EXPECT_EQ(base::FailureAgreedOn(kWorld), Size() == 1);
  }
  EXPECT_EQ(may, !Last() || Size() == 1);
  EXPECT_TRUE(alone);
  { const Owner owner{kWorld, may}; }
  EXPECT_TRUE(may) << "the failure is over";
}

TEST(Agreement, OfAGroupIsNoneOfTheWorld) {
  const Communicator group = Communicator::Split(kWorld, Last() ? 1 : 0);
  bool in_group = false, in_world = false;
  try {
    const Owner first{group.Get(), in_group};
    const Owner second{kWorld, in_world};
    base::AgreeOnFailure(group.Get(), [] { base::Fail("in every group"); });
  } catch (const UserError&) {
  }
  EXPECT_TRUE(in_group);
  EXPECT_EQ(in_world, Size() == 1);
}

TEST(Agreement, FailureOfAGroupReachesAllGroups) {
  const Communicator group = Communicator::Split(kWorld, Last() ? 1 : 0);
  const auto work = [&] {
    base::AgreeOnGroupFailure(kWorld, group.Get(), [&] {
      base::AgreeOnFailure(group.Get(), [] {
        if (Last()) base::Fail("the last group");
      });
    });
  };
  EXPECT_THROW(work(), UserError);
}

TEST(Agreement, AnyOtherFailureOfAGroupPasses) {
  if (Size() == 1) GTEST_SKIP() << "one rank agrees with itself";
  const auto work = [] {
    base::AgreeOnGroupFailure(kWorld, kWorld, [] { throw std::runtime_error("not agreed"); });
  };
  EXPECT_THROW(work(), std::runtime_error);
}

TEST(TryOnAll, GoesOnWhereAllRanksHadTheError) {
  EXPECT_EQ(base::TryOnAll(kWorld, [] {}), "");
  EXPECT_EQ(base::TryOnAll(kWorld, [] { base::Fail("each by itself"); }), "each by itself");
  EXPECT_EQ(base::TryOnAll(kWorld,
                           [] {
                             base::AgreeOnFailure(kWorld, [] {
                               if (Last()) base::Fail("agreed");
                             });
                           }),
            "agreed");
  if (Size() == 1) return;
  const auto last_alone = [] {
    base::TryOnAll(kWorld, [] {
      if (Last()) base::Fail("one rank");
    });
  };
  EXPECT_THROW(last_alone(), UserError);
}

TEST(Agreement, AFileLeftOpenIsNoObstacle) {
  const testing_files::TestFolder folder;
  const std::string path = folder / "left_open.h5";
  const auto write = [&](bool fails) {
    io::Hdf5File file = io::Hdf5File::Create(kWorld, path);
    file.WriteScalar("/number", fails ? 1.0 : 2.0);
    if (fails) base::Fail("every rank by itself");
    file.Close();
  };
  EXPECT_THROW(write(true), UserError);
  write(false);
  io::Hdf5File file = io::Hdf5File::OpenRead(kWorld, path);
  EXPECT_EQ(file.ReadScalar<double>("/number"), 2);
  file.Close();
}

}  // namespace
}  // namespace symwave
