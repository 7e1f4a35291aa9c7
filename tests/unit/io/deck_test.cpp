#include "io/deck.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Says;
using testing_files::Sentence;

std::string ParseError(const std::string& text) {
  return Sentence([&] { ParseDeck(text, "x.yaml"); });
}

TEST(Deck, KeepsPlacesOrderAndQuotes) {
  const DeckNode root = ParseDeck("a: 1\nb:\n  - {c: \"2\"}\n  - x\nd: ~\n", "x.yaml");
  ASSERT_EQ(root.entries.size(), 3u);
  EXPECT_EQ(root.entries[0].first, "a");
  EXPECT_EQ(root.Find("a")->where, "x.yaml:1");
  EXPECT_EQ(root.Find("b")->where, "x.yaml:2");
  const DeckNode& item = root.Find("b")->items[0];
  EXPECT_EQ(item.where, "x.yaml:3");
  EXPECT_TRUE(item.Find("c")->quoted);
  EXPECT_EQ(item.Find("c")->text, "2");
  EXPECT_EQ(root.Find("b")->items[1].where, "x.yaml:4");
  EXPECT_EQ(root.Find("d")->kind, DeckNode::Kind::Null);
  EXPECT_EQ(root.Find("e"), nullptr);
}

TEST(Deck, RefusesWhatIsNotADeck) {
  EXPECT_TRUE(Says(ParseError(""), "x.yaml: the file is empty"));
  EXPECT_TRUE(Says(ParseError("# only a comment\n"), "the file is empty"));
  EXPECT_TRUE(Says(ParseError("- a\n- b\n"), "lines `key: value`"));
  EXPECT_TRUE(Says(ParseError(std::string("a: \0b", 5)), "not a text file"));
  EXPECT_TRUE(Says(ParseError("a: [1, 2\nb: 3\n"), "not valid YAML"));
  EXPECT_TRUE(Says(ParseError("a: 1\n  b: 2\n"), "x.yaml:2: not valid YAML"));
  EXPECT_TRUE(Says(ParseError("a: *nothing\n"), "x.yaml:1: not valid YAML"));
  EXPECT_TRUE(Says(ParseError("a: 1\n---\nb: 2\n"), "one YAML document"));
  EXPECT_TRUE(Says(ParseError("[1, 2]: 3\n"), "a key must be a word"));
}

TEST(Deck, RefusesDuplicateKeysEverywhere) {
  EXPECT_EQ(ParseError("a: 1\nb: 2\na: 3\n"),
            "x.yaml:3: the key a stands twice, first at x.yaml:1; remove one");
  EXPECT_TRUE(Says(ParseError("s:\n  - {k: 1, k: 2}\n"), "the key k stands twice"));
}

TEST(Deck, RefusesHostileNesting) {
  std::string deep = "a: ";
  for (int k = 0; k < 200; ++k) deep += "[";
  for (int k = 0; k < 200; ++k) deep += "]";
  EXPECT_TRUE(Says(ParseError(deep), "nested deeper than"));
  EXPECT_NE(ParseError("a: &a [*a]\n"), "");
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int k = 1; k < 9; ++k) {
    const std::string before = " *a" + std::to_string(k - 1);
    laughs += "a" + std::to_string(k) + ": &a" + std::to_string(k) + " [";
    for (int n = 0; n < 10; ++n) laughs += (n ? "," : "") + before;
    laughs += "]\n";
  }
  EXPECT_TRUE(Says(ParseError(laughs), "more than 1000000 values"));
}

TEST(Deck, OverridesReplaceAndMake) {
  DeckNode root = ParseDeck("grid: {cell: 1}\nshapes: [{width: 1}, {width: 2}]\n", "x.yaml");
  ApplyOverride(root, "grid.cell=40 nm");
  EXPECT_EQ(root.Find("grid")->Find("cell")->text, "40 nm");
  EXPECT_EQ(root.Find("grid")->Find("cell")->where, "--set grid.cell=40 nm");
  ApplyOverride(root, "shapes.1.width=7");
  EXPECT_EQ(root.Find("shapes")->items[1].Find("width")->text, "7");
  ApplyOverride(root, "shapes[0].width=8 um");
  EXPECT_EQ(root.Find("shapes")->items[0].Find("width")->text, "8 um");
  ApplyOverride(root, "training.trainers=[forward_mode, reverse]");
  EXPECT_EQ(root.Find("training")->Find("trainers")->items[1].text, "reverse");
  ApplyOverride(root, "title=a=b");
  EXPECT_EQ(root.Find("title")->text, "a=b");
}

TEST(Deck, FlowTextReadsBack) {
  const std::string text =
      "{a: [1 um, -0.5], b: {c: \"x, y\", d: \"say \\\"no\\\"\"}, e: \"\", f: ~, g: \"1\", h: w:v}";
  const DeckNode root = ParseDeck(text, "x.yaml");
  EXPECT_EQ(FlowText(root), text);
}

TEST(Deck, OverridesExplainThemselves) {
  const DeckNode root = ParseDeck("grid: {cell: 1}\nshapes: [{width: 1}]\n", "x.yaml");
  const auto error = [&root](const std::string& assignment) {
    DeckNode copy = root;
    return Sentence([&] { ApplyOverride(copy, assignment); });
  };
  EXPECT_TRUE(Says(error("grid.cell"), "--set grid.cell: write --set key.sub=value"));
  EXPECT_TRUE(Says(error("=3"), "write --set"));
  EXPECT_TRUE(Says(error("grid..cell=3"), "empty part"));
  EXPECT_TRUE(Says(error("shapes.4.width=3"), "has only 1 entries"));
  EXPECT_TRUE(Says(error("shapes.first.width=3"), "write the number of an entry"));
  EXPECT_TRUE(Says(error("shapes[4].width=3"), "shapes has only 1 entries"));
  EXPECT_TRUE(
      Says(error("shapes[0.width=3"), "entry of a list goes by its number, as in shapes[0]"));
  EXPECT_TRUE(Says(error("shapes[x].width=3"), "as in shapes[0]"));
  EXPECT_TRUE(Says(error("grid[0].cell=3"), "grid is a section, not a list"));
  EXPECT_TRUE(Says(error("ports[0].at=3"), "ports is not in the deck"));
  EXPECT_TRUE(Says(error("grid.cell[0]=3"), "grid.cell is the value \"1\", not a list"));
  EXPECT_TRUE(Says(error("grid.cell.x=3"), "grid.cell is the value \"1\", not a section"));
  EXPECT_TRUE(Says(error("grid.cell=[1"), "--set grid.cell=[1: not valid YAML"));
}

}  // namespace
}  // namespace symwave::io
