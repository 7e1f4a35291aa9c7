#include <gtest/gtest.h>

#include "jobs/deck/schema.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::jobs {
namespace {

using testing_files::Says;
using testing_files::Sentence;

const std::string kGuide = R"(job: simulate
grid: {cell: 50 nm, size: [8 um, 5 um]}
wavelength: 1.55 um
materials:
  core: {slab: {thickness: 220 nm, film: Si, below: SiO2, above: glass}}
  glass: {index: [1.44, 0.001]}
  other: {epsilon: 2.1}
background: glass
shapes:
  - {type: straight, material: core, from: [-10 um, 0], to: [10 um, 0], width: 0.45 um}
  - {type: ring, material: core, centre: [0, 0], radius: 3, width: 0.4, end_angle: 1 rad}
ports:
  - {name: in, at: [-3 um, 0], faces: +x, span: 4 um, modes: [0, 1]}
  - {name: out, at: [3 um, 0], faces: -x, span: 4 um}
)";

deck::Deck Read(const std::vector<std::string>& overrides = {}) {
  return deck::ReadDeckText(kGuide, "in/guide.yaml", overrides);
}

std::string Error(const std::string& assignment) {
  return Sentence([&] { Read({assignment}); });
}

TEST(DeckLanguage, FillsTheOptions) {
  const deck::DeckOptions options = Read().options;
  EXPECT_EQ(options.job, deck::JobKind::Simulate);
  EXPECT_EQ(options.grid.Cell(1), 0.05);
  EXPECT_EQ(options.grid.size[1], 5);
  EXPECT_EQ(options.wavelengths, std::vector<double>{1.55});
  EXPECT_EQ(options.materials.at("core").slab->thickness, 0.22);
  EXPECT_EQ(options.materials.at("glass").index->imag(), 0.001);
  EXPECT_EQ(options.materials.at("other").epsilon->real(), 2.1);
  EXPECT_EQ(options.materials.at("core").where, "in/guide.yaml:5");
  EXPECT_EQ(options.background_where, "in/guide.yaml:8");
  EXPECT_EQ(std::get<domain::Straight>(options.shapes[0].geometry).from.x, -10);
  EXPECT_NEAR(std::get<domain::Ring>(options.shapes[1].geometry).end_angle, 57.29577951, 1e-8);
  EXPECT_EQ(options.shapes[1].where, "in/guide.yaml:11");
  EXPECT_EQ(options.ports[0].modes, (std::vector<domain::ModeChoice>{0, 1}));
  EXPECT_EQ(options.ports[1].axis, 0);
  EXPECT_FALSE(options.ports[1].forward);
  EXPECT_FALSE(options.chip || !options.data.empty());
}

TEST(DeckLanguage, WavelengthsInThreeForms) {
  EXPECT_EQ(Read({"wavelength=[1.5, 1550 nm]"}).options.wavelengths,
            (std::vector<double>{1.5, 1.55}));
  const auto band = Read({"wavelength={from: 1.5, to: 1.6, count: 3}"}).options.wavelengths;
  ASSERT_EQ(band.size(), 3u);
  EXPECT_DOUBLE_EQ(band[1], 1.55);
  EXPECT_TRUE(Says(Error("wavelength=1550"), "out of range; it must be 0.05 to 100 um"));
}

TEST(DeckLanguage, ResolvedDeckReadsBack) {
  const deck::Deck deck = Read();
  EXPECT_EQ(deck::ReadDeckText(deck.resolved, "resolved.yaml", {}).resolved, deck.resolved);
}

TEST(DeckLanguage, ShippedDecksReadOnAllRanksAndResolve) {
  for (const char* path : {"inputs/waveguide.yaml", "inputs/coupler.yaml", "inputs/iris_chip.yaml",
                           "inputs/cascade_chip.yaml"}) {
    const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, path, {});
    EXPECT_EQ(deck::ReadDeckText(deck.resolved, path, {}).resolved, deck.resolved) << path;
  }
  const deck::DeckOptions iris =
      deck::ReadDeck(MPI_COMM_WORLD, "inputs/iris_chip.yaml", {}).options;
  EXPECT_EQ(iris.data.front().file, "inputs/data/iris.csv");
  EXPECT_EQ(iris.training.blocks, 2);
  EXPECT_EQ(iris.chip->ports, 8);
}

TEST(DeckLanguage, ChecksAcrossSections) {
  EXPECT_TRUE(Says(Error("background=glas"), "(did you mean glass?); materials: core, glass"));
  EXPECT_TRUE(Says(Error("background=Si"), "add Si: {model: Si} to materials"));
  EXPECT_TRUE(Says(Error("materials.core.slab.film=Sj"), "materials.core.slab.film names"));
  EXPECT_TRUE(Says(Error("materials.core.slab.mode=TX0"), "write TE0, TE1"));
  EXPECT_TRUE(Says(Error("materials.glass.epsilon=2"), "exactly one of the keys"));
  EXPECT_TRUE(Says(Error("materials.new.model=SiO"), "not a built-in material (did you mean Si"));
  EXPECT_TRUE(Says(Error("ports.1.name=in"), "there is already a port named in"));
  EXPECT_TRUE(Says(Error("ports.0.modes=[1, 1]"), "names a mode twice"));
  EXPECT_TRUE(Says(Error("ports=[]"), "the deck has no ports"));
  EXPECT_TRUE(Says(Error("shapes=[]"), "neither shapes nor a chip"));
  EXPECT_TRUE(Says(Error("job=train"), "job: train needs a section data"));
  EXPECT_TRUE(Says(Error("chip.ports=4"), "a chip makes its own ports"));
  EXPECT_TRUE(Says(Error("grid.pml=10 nm"), "thinner than a cell"));
  EXPECT_TRUE(Says(Error("grid.cel=1"), "--set grid.cel=1: grid.cel is not a known key"));
}

TEST(DeckLanguage, KeysAndJsonSchemaComeFromTheSameDeclaration) {
  EXPECT_TRUE(Says(deck::KeysTable(""), "wavelength"));
  EXPECT_TRUE(Says(deck::KeysTable("shapes"), "type: s_bend"));
  EXPECT_TRUE(Says(deck::KeysTable("training.optimizer"), "learning_rate"));
  const auto schema = deck::DeckJsonSchema();
  const auto& chips = schema["else"];
  EXPECT_EQ(chips["additionalProperties"], false);
  EXPECT_EQ(chips["properties"]["shapes"]["items"]["oneOf"].size(), 17u);
  EXPECT_TRUE(schema["then"]["properties"]["bench"]["properties"].contains("pitch"));
}

}  // namespace
}  // namespace symwave::jobs
