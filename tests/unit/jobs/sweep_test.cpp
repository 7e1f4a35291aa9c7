// Sweep files: their members, refusals in one sentence, numbers that stay when a sweep grows, and
// the merged table.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "domain/base/error.hpp"
#include "domain/base/shared_counters.hpp"
#include "jobs/sweep/collected_table.hpp"
#include "jobs/sweep/member_list.hpp"
#include "jobs/sweep/members.hpp"
#include "jobs/sweep/sweep_file.hpp"

namespace symwave::jobs::sweep {
namespace {

std::vector<Member> MembersOf(const std::string& text) {
  return Expand(ParseSweep(text, "s.yaml"));
}

std::vector<std::string> TextsOf(const std::string& text) {
  std::vector<std::string> texts;
  for (const Member& member : MembersOf(text)) texts.push_back(member.Text());
  return texts;
}

std::string ErrorOf(const std::string& text) {
  try {
    MembersOf(text);
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "";
}

void ExpectError(const std::string& text, const std::string& start, const std::string& part) {
  const std::string error = ErrorOf(text);
  EXPECT_EQ(error.rfind(start, 0), 0u) << error;
  EXPECT_NE(error.find(part), std::string::npos) << error;
}

TEST(Sweep, GridHasAllCombinationsAndTheLastKeyIsFastest) {
  const std::vector<std::string> expected{"a = 1 um, b.c = x", "a = 1 um, b.c = y",
                                          "a = 2 um, b.c = x", "a = 2 um, b.c = y"};
  EXPECT_EQ(TextsOf("grid: {a: [1 um, 2 um], b.c: [x, y]}"), expected);
}

TEST(Sweep, RangesHoldBothEndsInTheirUnit) {
  const std::vector<std::string> expected{"a = 0.4 um", "a = 0.45 um", "a = 0.5 um"};
  EXPECT_EQ(TextsOf("grid: {a: {from: 0.4 um, to: 0.5 um, count: 3}}"), expected);
  EXPECT_EQ(TextsOf("grid: {a: {from: 3, to: 1, count: 3}}"),
            (std::vector<std::string>{"a = 3", "a = 2", "a = 1"}));
}

TEST(Sweep, BlocksMultiplyAndZipGoesSideBySide) {
  const std::vector<std::string> expected{
      "g = 1, z[0] = 5, z[1] = [1, 2], s = 1", "g = 1, z[0] = 5, z[1] = [1, 2], s = 2",
      "g = 1, z[0] = 6, z[1] = {k: v}, s = 1", "g = 1, z[0] = 6, z[1] = {k: v}, s = 2"};
  EXPECT_EQ(
      TextsOf("seeds: {s: 2}\nzip: {'z[0]': [5, 6], 'z[1]': [[1, 2], {k: v}]}\ngrid: {g: [1]}"),
      expected);
}

TEST(Sweep, RandomNumbersDependOnSeedAndKeyAlone) {
  const auto values = [](const std::string& more, const std::string& count = "8") {
    std::vector<std::string> texts;
    for (const Member& member : MembersOf("random: {count: " + count + ", " + more + "}")) {
      texts.push_back(member.Values()[0].second);
    }
    return texts;
  };
  const std::vector<std::string> eight = values("keys: {a: {from: 1 um, to: 2 um}}");
  EXPECT_EQ(eight, values("seed: 1, keys: {a: {from: 1 um, to: 2 um}, b: {mean: 0, sigma: 1}}"));
  EXPECT_NE(eight, values("seed: 2, keys: {a: {from: 1 um, to: 2 um}}"));
  EXPECT_NE(eight, values("keys: {b: {from: 1 um, to: 2 um}}"));
  const std::vector<std::string> nine = values("keys: {a: {from: 1 um, to: 2 um}}", "9");
  EXPECT_TRUE(std::equal(eight.begin(), eight.end(), nine.begin()));
  EXPECT_EQ(std::set<std::string>(eight.begin(), eight.end()).size(), 8u);
  for (const std::string& value : eight) {
    EXPECT_GT(std::stod(value), 1);
    EXPECT_LT(std::stod(value), 2);
    EXPECT_EQ(value.substr(value.size() - 3), " um");
  }
}

TEST(Sweep, NormalNumbersHaveMeanAndWidth) {
  double sum = 0, squares = 0;
  const std::vector<Member> members =
      MembersOf("random: {count: 2000, keys: {a: {mean: 5, sigma: 2}}}");
  for (const Member& member : members) {
    const double x = std::stod(member.Values()[0].second);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / 2000, variance = squares / 2000 - mean * mean;
  EXPECT_NEAR(mean, 5, 4 * 2 / std::sqrt(2000.0));  // four standard errors
  EXPECT_NEAR(std::sqrt(variance), 2, 4 * 2 / std::sqrt(2 * 2000.0));
}

TEST(Sweep, UnitsOfAPairAreConverted) {
  const std::vector<Member> members = MembersOf("grid: {a: {from: 0.4 um, to: 500 nm, count: 2}}");
  EXPECT_EQ(members[0].Text(), "a = 0.4 um");
  EXPECT_EQ(members[1].Text(), "a = 0.5 um");
  EXPECT_EQ(MembersOf("grid: {a: {from: 0, to: 20 nm, count: 2}}")[1].Text(), "a = 20 nm");
  ExpectError("grid: {a: {from: 1 um, to: 2 fs, count: 2}}", "s.yaml:1: from of a is 1 um", "2 fs");
}

TEST(Sweep, RefusalsNameFileAndLine) {
  ExpectError("grids: {a: [1]}", "s.yaml:1: grids is not a known key", "did you mean grid?");
  ExpectError("deck: d.yaml\n", "s.yaml:1: nothing is swept", "grid, zip, random or seeds");
  ExpectError("grid:\n  a: 3\n", "s.yaml:2: a must be a list of values", "it is 3");
  ExpectError("grid:\n  a: []\n", "s.yaml:2: a must be a list", "it is []");
  ExpectError("grid:\n  a: {from: 1 um, to: 2, count: 3}\n", "s.yaml:2: from of a is 1 um",
              "to is 2: write both");
  ExpectError("grid:\n  a: {from: 1, to: 2}\n", "s.yaml:2: a.count is missing", "How many values");
  ExpectError("grid:\n  a: {from: 1, to: 2, count: 1}\n", "s.yaml:2: a has a count of 1", "a list");
  ExpectError("grid:\n  a: {from: x, to: 2, count: 2}\n", "s.yaml:2: a.from must be a number", "x");
  ExpectError("zip:\n  a: [1]\n  b: [1, 2]\n", "s.yaml:3: b has 2 values and a has 1", "zip");
  ExpectError("grid: {a.b: [1]}\nseeds:\n  a: 2\n", "s.yaml:3: a is swept already, as a.b", ":1");
  ExpectError("grid:\n  a[2].b: [1]\n  a.2.b: [1]\n", "s.yaml:3: a.2.b is swept already", ":2");
  ExpectError("grid: {output.directory: [x]}", "s.yaml:1: output.directory cannot be swept",
              "folder");
  ExpectError("random:\n  keys: {a: {from: 0, to: 1}}\n", "s.yaml:1: random.count is missing", "");
  ExpectError("random: {count: 2, keys: {a: {mean: 0, to: 1}}}", "s.yaml:1: a.to is not a known",
              "");
  ExpectError("random: {count: 2, keys: {a: {mean: 0, sigma: -1}}}", "s.yaml:1: a.sigma must be",
              "");
  ExpectError("grid: {a: {from: 1, to: 2, count: 1000}, b: {from: 1, to: 2, count: 1000}}",
              "s.yaml: 1000000 members", "100000");
}

TEST(Sweep, MembersKeepTheirNumbersWhenValuesAreAdded) {
  MemberList before;
  for (const Member& member : MembersOf("grid: {a: [2, 4]}"))
    before.members.push_back(member.Values());
  const std::vector<Member> more =
      InOrderOf(before, MembersOf("grid: {a: [1, 2, 3, 4]}"), "list", "s.yaml");
  std::vector<std::string> texts(more.size());
  std::transform(more.begin(), more.end(), texts.begin(), [](const Member& member) {
    return std::to_string(member.number) + ": " + member.Text();
  });
  EXPECT_EQ(texts, (std::vector<std::string>{"1: a = 2", "2: a = 4", "3: a = 1", "4: a = 3"}));
  try {
    InOrderOf(before, MembersOf("grid: {a: [2, 3]}"), "DIR/list", "s.yaml");
    FAIL();
  } catch (const base::UserError& error) {
    EXPECT_NE(std::string(error.what()).find("DIR/list: member 2 of this folder (a = 4)"),
              std::string::npos)
        << error.what();
  }
}

TEST(Sweep, TableHasUnitsStatesAndTheUnionOfNumbers) {
  MemberList list;
  list.members = {{{"w", "0.4 um"}, {"m", "a, b"}}, {{"w", "0.5 um"}, {"m", "c"}}};
  const std::vector<MemberResult> results{
      {1, MemberState::Done, "", {{"x", 0.1}, {"y", 2}}},
      {2, MemberState::Failed, "say \"no\"", {}},
  };
  EXPECT_EQ(CsvText(list, results),
            "member,w [um],m,state,reason,x,y\r\n"
            "1,0.4,\"a, b\",done,,0.1,2\r\n"
            "2,0.5,c,failed,\"say \"\"no\"\"\",,\r\n");
}

TEST(SharedCounters, EveryNumberIsTakenOnce) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  base::SharedCounters counters(MPI_COMM_WORLD, 2);
  std::vector<int> taken(100, 0);
  for (;;) {
    const auto next = static_cast<std::size_t>(counters.Add(1, 1));
    if (next >= taken.size()) break;
    ++taken[next];
  }
  MPI_Allreduce(MPI_IN_PLACE, taken.data(), 100, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  EXPECT_EQ(taken, std::vector<int>(100, 1));
  EXPECT_EQ(counters.Get(0), 0);
  EXPECT_EQ(counters.Get(1), 100 + ranks);
}

}  // namespace
}  // namespace symwave::jobs::sweep
