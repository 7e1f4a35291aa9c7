// Every code of MUMPS has its own sentence.
#include "solvers/fdfd/mumps_error.hpp"

#include <gtest/gtest.h>

namespace symwave::solvers::fdfd {
namespace {

bool Says(int code, int detail, const std::string& part) {
  return MumpsSentence(code, detail).find(part) != std::string::npos;
}

TEST(MumpsSentence, DoesNotAskForMemoryWhereTheOperatorIsSingular) {
  for (const int code : {-6, -10, -40}) {
    EXPECT_TRUE(Says(code, 12, "singular")) << code;
    EXPECT_TRUE(Says(code, 12, "change the wavelength a little")) << code;
    EXPECT_FALSE(Says(code, 12, "more ranks")) << code;
  }
}

TEST(MumpsSentence, SaysHowMuchMemoryIsMissing) {
  for (const int code : {-5, -7, -13}) EXPECT_TRUE(Says(code, 2000000, "up to 32 MB")) << code;
  // A negative count is in millions.
  EXPECT_TRUE(Says(-13, -3, "3000000 entries, up to 48 MB"));
  for (const int code : {-8, -9, -11, -12, -14, -15, -17, -20}) {
    EXPECT_TRUE(IsWorkspaceShort(code)) << code;
    EXPECT_TRUE(Says(code, 5, "enlarged several times")) << code;
  }
  EXPECT_TRUE(Says(-19, 7, "limit of memory is short by 7 entries"));
  for (const int code : {-1, -3, -6, -10, -13, -16, -19, -40}) EXPECT_FALSE(IsWorkspaceShort(code));
}

TEST(MumpsSentence, NamesBothNumbersAndTheCauseOfTheRest) {
  EXPECT_TRUE(Says(-1, 3, "rank 3 failed first"));
  EXPECT_TRUE(Says(-16, 0, "number of unknowns"));
  EXPECT_TRUE(Says(-2, 9, "number of entries"));
  EXPECT_TRUE(Says(-3, 0, "fault of symwave"));
  EXPECT_TRUE(Says(-999, 4, "[INFOG(1) = -999, INFOG(2) = 4]"));
}

}  // namespace
}  // namespace symwave::solvers::fdfd
