#include "io/schema.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <variant>

#include "io/schema_text.hpp"
#include "io/schema_types.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using base::Unit;
using testing_files::Says;
using testing_files::Sentence;

enum class Colour { Red, Green };

struct Lamp {
  double width = 2;
  Colour colour = Colour::Green;
  std::string where;
};
struct Bulb {
  double watt = 40;
};
struct Tube {
  int count = 1;
};
struct Source {
  std::variant<Bulb, Tube> kind;
};

struct Room {
  Lamp lamp;
  std::vector<int> seats{1, 2};
  bool open = true;
  std::optional<Lamp> spare;
  std::map<std::string, Lamp> lamps;
  std::vector<Source> sources;
  std::string file;
};

Section<Lamp> LampSection() {
  return Section<Lamp>("A lamp.")
      .Key("width", &Lamp::width, Real(Unit::Micrometre, Positive()), "Its width.")
      .Key("colour", &Lamp::colour,
           Choice<Colour>({{"red", Colour::Red}, {"green", Colour::Green}}), "Its colour.")
      .Removed("power", "write a source of type bulb")
      .Where(&Lamp::where);
}

Variants<Source> SourceVariants() {
  return Variants<Source>("type", "A source.")
      .Add(
          "bulb",
          Section<Source>("A bulb.").Embed(
              [](auto& s) -> auto& { return std::get<Bulb>(s.kind); },
              Section<Bulb>("").Key("watt", &Bulb::watt, Real(Unit::One), "Power.")),
          [](Source& s) { s.kind = Bulb{}; },
          [](const Source& s) { return std::holds_alternative<Bulb>(s.kind); })
      .Add(
          "tube",
          Section<Source>("A tube.").Embed(
              [](auto& s) -> auto& { return std::get<Tube>(s.kind); },
              Section<Tube>("").Key("count", &Tube::count, Integer<int>(1, 9), "How many.",
                                    Need::Required)),
          [](Source& s) { s.kind = Tube{}; },
          [](const Source& s) { return std::holds_alternative<Tube>(s.kind); });
}

Section<Room> RoomSection() {
  return Section<Room>("A room.")
      .Key("lamp", &Room::lamp, LampSection().AsType(), "The lamp.", Need::Required)
      .Key("seats", &Room::seats, ListOf(Integer<int>(0, 10), 1, 3), "Seats.")
      .Key("open", &Room::open, Bool(), "Open.")
      .Key("spare", &Room::spare, Maybe(LampSection().AsType()), "A spare lamp.")
      .Key("lamps", &Room::lamps, MapOf(LampSection().AsType()), "Named lamps.")
      .Key("sources", &Room::sources, ListOf(SourceVariants().AsType()), "Sources.")
      .Key("file", &Room::file, Path(), "A file.");
}

Room Read(const std::string& text) {
  Room room;
  RoomSection().Read(ParseDeck(text, "in/r.yaml"), {"", "in"}, room);
  return room;
}

std::string Error(const std::string& text) {
  return Sentence([&] { Read(text); });
}

TEST(Schema, ReadsIntoTheStructAndKeepsDefaults) {
  const Room room = Read(
      "lamp: {width: 500 nm}\nopen: off\nlamps: {a: {colour: red}}\n"
      "sources: [{type: tube, count: 3}, {type: bulb}]\nfile: data/x.csv\n");
  EXPECT_EQ(room.lamp.width, 0.5);
  EXPECT_EQ(room.lamp.colour, Colour::Green);
  EXPECT_EQ(room.lamp.where, "in/r.yaml:1");
  EXPECT_EQ(room.seats, (std::vector<int>{1, 2}));
  EXPECT_FALSE(room.open);
  EXPECT_FALSE(room.spare);
  EXPECT_EQ(room.lamps.at("a").colour, Colour::Red);
  EXPECT_EQ(std::get<Tube>(room.sources[0].kind).count, 3);
  EXPECT_EQ(std::get<Bulb>(room.sources[1].kind).watt, 40);
  EXPECT_EQ(room.file, "in/data/x.csv");
}

TEST(Schema, UnknownKeyNamesNearestAndAll) {
  EXPECT_EQ(Error("lamp:\n  widht: 3\n"),
            "in/r.yaml:2: lamp.widht is not a known key (did you mean lamp.width?)\n"
            "       keys of lamp: width [um], colour");
  EXPECT_TRUE(Says(Error("lamp: {}\nzzzzzz: 1\n"),
                   "zzzzzz is not a known key\n       keys of the deck: lamp, seats"));
  EXPECT_TRUE(Says(Error("lamp: {}\nsources: [{type: tube, cuont: 3}]\n"),
                   "sources[0].cuont is not a known key (did you mean sources[0].count?)\n"
                   "       keys of sources[0]: type, count"));
}

TEST(Schema, RemovedKeysSayWhatToWrite) {
  EXPECT_EQ(Error("lamp:\n  power: 3\n"),
            "in/r.yaml:2: lamp.power is no longer a key; write a source of type bulb");
}

TEST(Schema, MissingAndWrongValues) {
  EXPECT_TRUE(Says(Error("open: on\n"), "lamp is missing: The lamp."));
  EXPECT_TRUE(Says(Error("lamp: 3\n"), "lamp must be a section"));
  EXPECT_TRUE(Says(Error("lamp:\n"), "lamp is empty"));
  EXPECT_EQ(Error("lamp: {width: -1}\n"),
            "in/r.yaml:1: lamp.width = -1 um is out of range; it must be > 0 um");
  EXPECT_TRUE(Says(Error("lamp: {width: 1 umm}\n"), "lamp.width: \"1 umm\" has the unknown unit"));
  EXPECT_TRUE(Says(Error("lamp: {width: [1]}\n"), "must be a number [um], but is a list"));
  EXPECT_TRUE(Says(Error("lamp: {width: }\n"), "but is empty"));
  EXPECT_TRUE(Says(Error("lamp: {colour: gren}\n"), "(did you mean green?); it is one of"));
  EXPECT_TRUE(Says(Error("lamp: {}\nopen: maybe\n"), "must be on or off, but is \"maybe\""));
  EXPECT_TRUE(Says(Error("lamp: {}\nseats: [1, 11]\n"), "seats[1] = 11 is out of range"));
  EXPECT_TRUE(Says(Error("lamp: {}\nseats: [1.5]\n"), "must be an integer, but is \"1.5\""));
  EXPECT_TRUE(Says(Error("lamp: {}\nseats: 4\n"), "must be a list of 1 to 3 integer"));
  EXPECT_TRUE(
      Says(Error("lamp: {}\nseats: []\n"), "is empty; give 1 or more, or leave the key out"));
  EXPECT_TRUE(Says(Error("lamp: {}\nsources: [{count: 1}]\n"), "sources[0].type is missing"));
  EXPECT_TRUE(Says(Error("lamp: {}\nsources: [{type: tub}]\n"), "(did you mean tube?)"));
  EXPECT_TRUE(Says(Error("lamp: {}\nsources: [{type: tube}]\n"), "sources[0].count is missing"));
}

TEST(Schema, ResolvedTextReadsBackAsTheSame) {
  const Room room = Read("lamp: {}\nspare: {}\nsources: [{type: bulb, watt: 0.1}]\nlamps: {}\n");
  const std::string text = YamlText(RoomSection().Write(room));
  EXPECT_TRUE(Says(text, "width: 2 um"));
  EXPECT_EQ(YamlText(RoomSection().Write(Read(text))), text);
}

TEST(Schema, TableNamesUnitsRangesAndDefaults) {
  const std::string table = KeysTable(*RoomSection().Info(), "lamp");
  EXPECT_TRUE(Says(table, "lamp: A lamp."));
  EXPECT_TRUE(Says(table, "real [um], > 0"));
  EXPECT_TRUE(Says(table, "2 um"));
  EXPECT_TRUE(Says(KeysTable(*RoomSection().Info(), "sources.tube"), "1 to 9"));
  EXPECT_TRUE(Says(KeysTable(*RoomSection().Info(), "lamp.width"), "Its width."));
  EXPECT_TRUE(
      Says(Sentence([] { KeysTable(*RoomSection().Info(), "lanp"); }), "did you mean lamp"));
}

TEST(Schema, JsonSchemaIsStrict) {
  const Json schema = DeckSchema(*RoomSection().Info(), "room");
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["required"], Json::array({"lamp"}));
  EXPECT_EQ(schema["properties"]["lamp"]["properties"]["colour"]["enum"][0], "red");
  EXPECT_EQ(schema["properties"]["sources"]["items"]["oneOf"][1]["properties"]["type"]["const"],
            "tube");
}

TEST(Schema, PlainTextThatYamlWouldMisreadIsQuoted) {
  EXPECT_EQ(YamlText({{"a", "~"}, {"b", ""}}), "a: \"~\"\nb: \"\"\n");
  EXPECT_EQ(ParseDeck(YamlText({{"a", "x: y # z"}}), "t").Find("a")->text, "x: y # z");
}

}  // namespace
}  // namespace symwave::io
