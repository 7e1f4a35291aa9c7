// Time limits of SLURM and words of a shell.
#include <gtest/gtest.h>

#include <string>

#include "domain/base/error.hpp"
#include "jobs/submit/batch_script.hpp"
#include "jobs/submit/wall_time.hpp"

namespace symwave::jobs::submit {
namespace {

TEST(WallTime, AllFormsOfSlurm) {
  EXPECT_EQ(SecondsOf("90"), 90 * 60);
  EXPECT_EQ(SecondsOf("90:30"), 90 * 60 + 30);
  EXPECT_EQ(SecondsOf("02:00:05"), 2 * 3600 + 5);
  EXPECT_EQ(SecondsOf("1-12"), 36 * 3600);
  EXPECT_EQ(SecondsOf("1-12:30"), 36 * 3600 + 30 * 60);
  EXPECT_EQ(SecondsOf("1-12:30:01"), 36 * 3600 + 30 * 60 + 1);
}

TEST(WallTime, RefusesWhatSlurmWouldReadOtherwise) {
  for (const char* time : {"", "2h", "1:2:3:4", "1-", "-5", "1.5", "02:00:00 ", "0", "0:59"}) {
    EXPECT_THROW(SecondsOf(time), base::UserError) << time;
  }
}

TEST(WallTime, RefusesPartsThatAreTooLarge) {
  EXPECT_EQ(SecondsOf("120:59"), 120 * 60 + 59);
  EXPECT_EQ(SecondsOf("48:00:00"), 48 * 3600);
  for (const char* time : {"02:99", "02:60:00", "1-24", "1-12:60", "1-12:30:60"}) {
    EXPECT_THROW(SecondsOf(time), base::UserError) << time;
  }
  try {
    SecondsOf("02:99");
  } catch (const base::UserError& error) {
    EXPECT_NE(std::string(error.what()).find("SLURM takes it for 4 min"), std::string::npos);
  }
}

TEST(WallTime, MarginIsATenthWithinBounds) {
  EXPECT_EQ(StopMargin(60), 30);
  EXPECT_EQ(StopMargin(300), 60);
  EXPECT_EQ(StopMargin(3600), 360);
  EXPECT_EQ(StopMargin(86400), 600);
}

TEST(BatchScript, WordsOfAShell) {
  EXPECT_EQ(ShellWord("grid.cell=0.04um"), "grid.cell=0.04um");
  EXPECT_EQ(ShellWord(""), "''");
  EXPECT_EQ(ShellWord("a b"), "'a b'");
  EXPECT_EQ(ShellWord("it's $HOME"), R"('it'\''s $HOME')");
}

TEST(BatchScript, FolderIsAbsolute) {
  SubmitOptions options;
  options.directory = "out/../out/chip/";
  EXPECT_EQ(AbsoluteDirectory(options, "/home/x"), "/home/x/out/chip");
  options.directory = "/scratch/chip";
  EXPECT_EQ(AbsoluteDirectory(options, "/home/x"), "/scratch/chip");
}

TEST(BatchScript, RefusesFoldersThatNoDirectiveCanName) {
  SubmitOptions options;
  options.time = "60";
  options.directory = "out/\"chip\"";
  EXPECT_THROW(BatchScript(options, "/bin/symwave", "/home/x"), base::UserError);
  options.directory = "out/chip\n#SBATCH --nodes=99";
  EXPECT_THROW(BatchScript(options, "/bin/symwave", "/home/x"), base::UserError);
}

}  // namespace
}  // namespace symwave::jobs::submit
