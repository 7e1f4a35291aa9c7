#include "io/fingerprint.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

TEST(Fingerprint, FlattensYaml) {
  const auto flat = FlattenYaml("grid: {cell: 0.05, size: [4, 3]}\nsources: []\ntitle: a b\n");
  const std::vector<Fingerprint::Entry> expected{{"grid.cell", "0.05"},
                                                 {"grid.size[0]", "4"},
                                                 {"grid.size[1]", "3"},
                                                 {"sources", "[]"},
                                                 {"title", "a b"}};
  EXPECT_EQ(flat, expected);
  EXPECT_TRUE(FlattenYaml("").empty());
  EXPECT_TRUE(Says(Sentence([] { FlattenYaml("a: [1"); }), "the deck is not YAML"));
}

TEST(Fingerprint, PatternsHoldKeys) {
  const std::vector<std::string> patterns{"output.*", "*.threads", "title"};
  for (const char* key : {"output.every", "output.checkpoint.keep", "compute.threads", "title"}) {
    EXPECT_TRUE(KeyIsLike(key, patterns)) << key;
  }
  for (const char* key : {"outputs.every", "threads", "title.short", "grid.cell"}) {
    EXPECT_FALSE(KeyIsLike(key, patterns)) << key;
  }
}

TEST(Fingerprint, TheLastBitsOfANumberDoNotDecide) {
  const auto of = [](const std::string& value) {
    Fingerprint fingerprint;
    fingerprint.Add("key", value);
    return fingerprint;
  };
  const auto same = [&](const std::string& a, const std::string& b) {
    return of(a).WhyNotFrom(of(b), "x.h5", nullptr).empty();
  };
  EXPECT_TRUE(same("1.5750000000000002 um", "1.575 um"));
  EXPECT_FALSE(same("1.575000000000002 um", "1.575 um"));
  EXPECT_FALSE(same("1.575 um", "1.575 nm"));
  EXPECT_FALSE(same("9007199254740993", "9007199254740992"));  // a seed
  EXPECT_FALSE(same("a.yaml", "b.yaml"));
}

TEST(Fingerprint, NamesWhatDiffers) {
  const auto from = [](const std::string& before, const std::string& now) {
    Fingerprint saved, present;
    saved.AddDeck(before, nullptr);
    present.AddDeck(now, nullptr);
    return present.WhyNotFrom(Fingerprint::FromText(saved.Text(), "c.h5"), "c.h5",
                              [](const std::string& key) { return key == "epochs"; });
  };
  EXPECT_EQ(from("{rate: 1, epochs: 5}", "{epochs: 50, rate: 1}"), "");
  EXPECT_EQ(from("{rate: 1}", "{rate: 2}"),
            "c.h5: is of another run: it was made with rate: 1, and the deck now "
            "says 2; set it back, or start again without --resume");
  EXPECT_TRUE(Says(from("{rate: 1, pml: 2}", "{rate: 1}"),
                   "it was made with pml: 2, which the deck lacks now;"));
  EXPECT_TRUE(Says(from("{rate: 1}", "{rate: 1, pml: 2}"),
                   "it was made without pml, and the deck now says 2;"));
  EXPECT_TRUE(Says(Sentence([] { Fingerprint::FromText("[[1]]", "c.h5"); }), "c.h5: is damaged"));
}

TEST(Fingerprint, TheContentOfAFileDecidesNotItsFolder) {
  const TestFolder folder;
  const auto of = [](const std::string& path) {
    Fingerprint fingerprint;
    fingerprint.AddFile(MPI_COMM_WORLD, "data/iris.csv", path);
    return fingerprint;
  };
  const Fingerprint saved = of(folder.Write("a.csv", "1,2\n"));
  EXPECT_EQ(of(folder.Write("moved.csv", "1,2\n")).WhyNotFrom(saved, "c.h5"), "");
  const std::string refused = of(folder.Write("b.csv", "1,3\n")).WhyNotFrom(saved, "c.h5");
  EXPECT_TRUE(Says(refused, "it was made with data/iris.csv of 4 bytes (checksum ")) << refused;
  EXPECT_TRUE(Says(refused, "and there is now 4 bytes (checksum ")) << refused;
  EXPECT_TRUE(Says(Sentence([&] { of(folder / "none.csv"); }), "none.csv: cannot be read"));
}

}  // namespace
}  // namespace symwave::io
