#include "io/box_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "io/array_checksum.hpp"
#include "io/write_back.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

/// What a box sums to, element by element: the definition of io/array_checksum.hpp.
std::uint64_t NaiveSum(const std::vector<float>& values, const base::ArrayPart& box) {
  std::uint64_t sum = 0, place = 0;
  for (std::uint64_t i = 0; i < box.count[0]; ++i) {
    for (std::uint64_t j = 0; j < box.count[1]; ++j) {
      for (std::uint64_t k = 0; k < box.count[2]; ++k, ++place) {
        const std::uint64_t number =
            ((box.offset[0] + i) * box.global[1] + box.offset[1] + j) * box.global[2] +
            box.offset[2] + k;
        sum += ArraySum(&values[place], sizeof(float), number, 1);
      }
    }
  }
  return sum;
}

TEST(BoxSum, DoesNotDependOnThePiecesAndIsThatOfTheWholeBox) {
  const std::vector<base::ArrayPart> boxes = {{{4, 5, 6}, {0, 0, 0}, {4, 5, 6}},
                                              {{4, 5, 6}, {1, 0, 0}, {2, 5, 6}},
                                              {{4, 5, 6}, {1, 2, 0}, {3, 3, 6}},
                                              {{4, 5, 6}, {0, 1, 2}, {4, 3, 3}},
                                              {{4, 5, 6}, {3, 4, 5}, {1, 1, 1}}};
  std::mt19937 random(5);
  for (const base::ArrayPart& box : boxes) {
    std::vector<float> values(box.count[0] * box.count[1] * box.count[2]);
    for (float& value : values) value = static_cast<float>(random());
    const std::uint64_t expected = NaiveSum(values, box);
    EXPECT_EQ(ArraySum(values.data(), sizeof(float), box), expected);
    for (const std::size_t piece : {1, 4, 7, 18, 1000}) {
      BoxSum sum(sizeof(float), box);
      for (std::size_t done = 0; done < values.size(); done += piece) {
        sum.Add(&values[done], std::min(piece, values.size() - done));
      }
      EXPECT_EQ(sum.Value(), expected) << values.size() << " elements in pieces of " << piece;
    }
  }
}

TEST(BoxSum, OfNothingIsZero) {
  BoxSum sum(4, {{4, 5}, {1, 0}, {0, 5}});
  sum.Add(nullptr, 0);
  EXPECT_EQ(sum.Value(), 0U);
}

TEST(WriteBack, ChangesNothingAndIsOnlyAdvice) {
  const testing_files::TestFolder folder;
  const std::string text(100000, 'a');
  const std::string path = folder.Write("data", text);
  const WriteBack whole(path), missing(folder / "nowhere/data");
  whole.Start(0, text.size());
  whole.Start(50, 1 << 30);  // behind the end of the file
  missing.Start(0, 10);
  EXPECT_EQ(testing_files::Content(path), text);
}

}  // namespace
}  // namespace symwave::io
