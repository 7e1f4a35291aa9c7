#include "jobs/deck/schema.hpp"

#include <algorithm>
#include <filesystem>

#include "io/index_file.hpp"
#include "io/schema_text.hpp"
#include "io/schema_types.hpp"
#include "jobs/deck/frame_names.hpp"
#include "jobs/deck/layout.hpp"
#include "jobs/deck/schema_bench.hpp"
#include "jobs/deck/unused_parts.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;

Section<training::DataOptions> DataSection() {
  using training::DataOptions;
  return Section<DataOptions>("Labelled samples.")
      .Key("file", &DataOptions::file, Path(),
           "CSV file, also compressed (.gz): features and the class; relative to the deck.",
           Need::Required)
      .Key("header", &DataOptions::header, Bool(),
           "The first line may hold names or counts instead of data.")
      .Key("separator", &DataOptions::separator,
           Choice<CsvSeparator>({{"detect", CsvSeparator::Detect},
                                 {"comma", CsvSeparator::Comma},
                                 {"semicolon", CsvSeparator::Semicolon},
                                 {"tab", CsvSeparator::Tab},
                                 {"blank", CsvSeparator::Blank}}),
           "What is between the cells of a line; detect: the first of semicolon, tab, comma and "
           "blanks that the first line has.")
      .Key("columns", &DataOptions::columns, OptionalList(ListOf(Text(), 1)),
           "Columns that are features, by name or number from 1; left out: all but the label.")
      .Key("label", &DataOptions::label, Text(),
           "Column of the class, by name or number from 1; left out: the last.")
      .Key("classes", &DataOptions::classes, OptionalList(ListOf(Text(), 2)),
           "Names of the classes in their order; left out: those of the header's announcement, "
           "numbers from 0, or names in alphabetical order.")
      .Key("only", &DataOptions::only, OptionalList(ListOf(Text(), 2)),
           "Names of the classes that are kept, in this order, as a device has few outputs; left "
           "out: all.")
      .Key("components", &DataOptions::components, Integer<int>(0),
           "Principal components of the training part that the network gets instead of the "
           "features, as a device has few inputs; 0: the features.")
      .Key("test_fraction", &DataOptions::test_fraction, Real(Unit::One, {0, 1, true, true}),
           "Part of the samples that is kept for the test.")
      .Key("split_seed", &DataOptions::split_seed, Seed(),
           "Which samples are kept; the split keeps the classes' shares.")
      .Where(&DataOptions::where);
}

Type<training::Encoding> EncodingKind() {
  return Choice<training::Encoding>(
      {{"phase", training::Encoding::Phase}, {"amplitude", training::Encoding::Amplitude}});
}

Section<DeckOptions> NetworkSection() {
  using training::Activation;
  using training::EncodingOptions;
  using training::ReencodingOptions;
  const auto encoding =
      Section<EncodingOptions>("Features, scaled to 0..1 on the training part, to amplitudes.")
          .Key("kind", &EncodingOptions::kind, EncodingKind(), "What carries a feature.")
          .Key("range", &EncodingOptions::range, Real(Unit::Radian, Positive()),
               "Phase of a feature of 1.")
          .Key("bias", &EncodingOptions::bias, Real(Unit::One, Between(0, 1)),
               "Amplitude of a feature of 0, relative to that of 1.")
          .Key("map", &EncodingOptions::map, ListOf(Integer<int>(-1)),
               "Feature of every input, of a chip from top to bottom, -1 for constant light; "
               "empty: all "
               "features in turn.");
  const auto reencoding =
      Section<ReencodingOptions>("Between two blocks: measured intensities to fresh light.")
          .Key("kind", &ReencodingOptions::kind, EncodingKind(), "What carries an intensity.")
          .Key("gain", &ReencodingOptions::gain, Real(Unit::Radian, Positive()),
               "Phase per normalised intensity; for amplitudes a plain factor.")
          .Key("activation", &ReencodingOptions::activation,
               Choice<Activation>({{"linear", Activation::Linear},
                                   {"saturable", Activation::Saturable},
                                   {"sqrt", Activation::Sqrt}}),
               "Curve from intensity to signal.")
          .Key("add_features", &ReencodingOptions::add_features, Bool(),
               "The input encoding multiplies the fresh light.");
  return Section<DeckOptions>("How blocks and data form a network.")
      .Key(
          "blocks", [](auto& deck) -> auto& { return deck.training.blocks; }, Integer<int>(1, 64),
          "Number of blocks in a row.")
      .Key("inputs", &DeckOptions::inputs, OptionalList(ListOf(Text(), 1)),
           "Ports that light is launched into, by name; left out: those that face +x or +y.")
      .Key("outputs", &DeckOptions::outputs, OptionalList(ListOf(Text(), 1)),
           "Ports that are detected, in the order of the mirror images of the inputs; left out: "
           "those that face -x or -y.")
      .Embed(kSelf, DetectionKeys())
      .Key("encoding", &DeckOptions::encoding, encoding.AsType(), "Data to light.")
      .Key("reencoding", &DeckOptions::reencoding, reencoding.AsType(), "Light to light.");
}

Section<SweepOptions> SweepSection() {
  return Section<SweepOptions>("Training repeated over sizes of errors: curves of the report.")
      .Key("roughness", &SweepOptions::roughness, ListOf(Real(Unit::Micrometre, AtLeast(0))),
           "Values of fabrication.roughness.")
      .Key("thickness_bias", &SweepOptions::thickness_bias, ListOf(Real(Unit::Micrometre)),
           "Values of fabrication.thickness_bias.")
      .Key("thickness_sigma", &SweepOptions::thickness_sigma,
           ListOf(Real(Unit::Micrometre, AtLeast(0))), "Values of fabrication.thickness_sigma.")
      .Key("offset_range", &SweepOptions::offset_range, ListOf(Real(Unit::Radian, AtLeast(0))),
           "Values of drive.offset_range.")
      .Key("gain_sigma", &SweepOptions::gain_sigma, ListOf(Real(Unit::One, AtLeast(0))),
           "Values of drive.gain_sigma.")
      .Key("crosstalk", &SweepOptions::crosstalk, ListOf(Real(Unit::One, {0, 1, false, true})),
           "Values of drive.crosstalk.")
      .Key("epochs", &SweepOptions::epochs, Integer<int>(1), "Epochs of each training.")
      .Key("hardware", &SweepOptions::hardware, Integer<int>(1, 1000),
           "Devices per point, of seeds of drive and fabrication from those of the deck on: mean "
           "and spread.")
      .Key("reverse", &SweepOptions::reverse, Bool(),
           "Trains by reverse, too, the gradient of any device.");
}

Section<DeckOptions> MakeDeckSection() {
  return Section<DeckOptions>("Everything a run needs; sections are listed by `symwave keys NAME`.")
      .Key("job", &DeckOptions::job,
           Choice<JobKind>({{"simulate", JobKind::Simulate}, {"train", JobKind::Train}}),
           "What to do: S-parameters and fields, or the training of a chip.", Need::Required)
      .Key("title", &DeckOptions::title, Text(), "Headline of the report.")
      .Key("grid", &DeckOptions::grid, GridSection().AsType(), "The lattice.", Need::Required)
      .Key(
          "wavelength", &DeckOptions::wavelengths, WavelengthsAsListed(),
          "Vacuum wavelength, or frequency or photon energy by its unit. A training at several has "
          "one set of commands, which are radians at the first.",
          Need::Required)
      .Key("materials", &DeckOptions::materials, MapOf(MaterialSection().AsType()),
           "Materials by name.", Need::Required)
      .Key("background", &DeckOptions::background, Text(),
           "Name of the material around all shapes.", Need::Required)
      .Key("layers", &DeckOptions::layers, OptionalList(ListOf(LayerSection().AsType())),
           "Slabs over the whole plane, below all shapes; 3D.")
      .Key("shapes", &DeckOptions::shapes, ListOf(ShapeVariants().AsType()),
           "Shapes; a later one covers an earlier one.")
      .Key("layout", &DeckOptions::layout, Maybe(LayoutSection().AsType()),
           "Shapes and ports from a GDSII file; the deck's own shapes cover them.")
      .Key("ports", &DeckOptions::ports, ListOf(PortSection().AsType()),
           "Lines, in 3D rectangles, on which guided modes are launched and measured.")
      .Key("sources", &DeckOptions::sources, OptionalList(ListOf(SourceVariants().AsType())),
           "Instead of ports: dipoles, plane waves, beams.")
      .Key("monitors", &DeckOptions::monitors, OptionalList(ListOf(MonitorVariants().AsType())),
           "Fields, fluxes, probes, far fields; probes in time domain.")
      .Key("chip", &DeckOptions::chip, Maybe(ChipSection().AsType()),
           "A chip of symmetric blocks, instead of single shapes and ports.")
      .Key("elements", &DeckOptions::elements, OptionalList(ListOf(ElementSection().AsType(), 1)),
           "Trainable elements of a device of shapes, ports or a layout.")
      .Key("fabrication", &DeckOptions::fabrication, FabricationSection().AsType(),
           "What fabrication changes.")
      .Key("drive", &DeckOptions::drive, DriveSection().AsType(),
           "Errors of phase shifters and detectors.")
      .Key("data", &DeckOptions::data, OptionalList(OneOrListOf(DataSection().AsType())),
           "Labelled samples; also a list of such sections, one per wavelength.")
      .Key("network", kSelf, NetworkSection().AsType(), "Blocks and encodings.")
      .Key("training", kSelf, TrainingSection().AsType(), "Trainers and their schedule.")
      .Key("sweep", &DeckOptions::sweep, SweepSection().AsType(), "Training over error sizes.")
      .Key("solver", &DeckOptions::solver, SolverType(), "How Maxwell's equations are solved.")
      .Key("insitu", &DeckOptions::insitu, Maybe(InSituSection().AsType()),
           "Pictures while the run goes on.")
      .Key("output", &DeckOptions::output, OutputSection().AsType(), "What is written where.");
}

const Section<DeckOptions>& DeckSection() {
  static const Section<DeckOptions> section = MakeDeckSection();
  return section;
}

/// `solver: time_domain` as the section that it is short for.
void ExpandSolver(DeckNode& root) {
  for (auto& [key, node] : root.entries) {
    if (key != "solver" || node.kind != DeckNode::Kind::Scalar) continue;
    DeckNode section;
    section.kind = DeckNode::Kind::Section;
    section.where = node.where;
    section.entries.emplace_back("method", node);
    node = section;
  }
}

void ApplyOverrides(DeckNode& root, const std::vector<Override>& overrides) {
  for (const Override& value : overrides) {
    if (value.key.rfind("solver.", 0) == 0) ExpandSolver(root);
    ApplyOverride(root, value);
  }
}

std::vector<Override> Parsed(const std::vector<std::string>& assignments) {
  std::vector<Override> overrides;
  overrides.reserve(assignments.size());
  for (const std::string& assignment : assignments) {
    overrides.push_back(ParseOverride(assignment));
  }
  return overrides;
}

/// A bench needs none of what describes a chip: a sentence instead of a list of known keys.
void RefuseMixture(const DeckNode& root) {
  const DeckNode* bench = root.Find("bench");
  if (!bench) return;
  for (const char* name : {"grid", "materials", "background", "layers", "shapes", "layout", "ports",
                           "sources", "monitors", "chip", "fabrication", "drive", "solver"}) {
    if (const DeckNode* node = root.Find(name)) {
      base::Fail(
          "{}: {} describes a chip, but {} has a section bench; a deck has one of the two: remove "
          "{} or bench",
          node->where, name, bench->where, name);
    }
  }
}

Deck FinishBench(const DeckFile& file, Deck deck, const std::string& folder) {
  RefuseMixture(file.root);
  BenchDeckSection().Read(file.root, {"", folder}, deck.options);
  deck.options.bench.present = true;
  if (deck.options.job == JobKind::Train && !deck.options.bench.network) {
    deck.options.bench.network.emplace();
  }
  CheckBenchOptions(deck.options, file.root);
  CompleteFrames(deck.options);
  deck.resolved = YamlText(BenchDeckSection().Write(deck.options));
  return deck;
}

/// Takes out what the job does not use and the deck does not give.
void EraseUnused(Json& resolved, const DeckNode& root, const DeckOptions& options) {
  if (options.job != JobKind::Simulate) return;
  std::vector<std::string> sections = UnusedSections(options);
  sections.push_back("fabrication");
  for (const std::string& name : sections) {
    if (!root.Find(name)) resolved.erase(name);
  }
  const DeckNode* solver = root.Find("solver");
  for (const std::string& key : OtherSolverKeys(options)) {
    if (!solver || !solver->Find(key)) resolved["solver"].erase(key);
  }
}

/// Takes out what the deck gets from the layout's file again when it is read.
void EraseLayout(Json& resolved, const LayoutOptions& layout) {
  const auto erase = [&](const char* key, size_t count, bool first) {
    if (count == 0) return;
    Json& list = resolved[key];
    Json kept = Json::array();
    for (size_t k = 0; k < list.size(); ++k) {
      if (first ? k >= count : k + count < list.size()) kept.push_back(list[k]);
    }
    list = kept;
  };
  erase("shapes", layout.shapes, true);
  erase("layers", layout.slabs, true);
  erase("ports", layout.port_count, false);
}

/// Collective: reads the tables of the materials.
void ReadTables(MPI_Comm comm, DeckOptions& options) {
  for (auto& [name, material] : options.materials) {
    const std::string& path = material.table.file;
    if (path.empty()) continue;
    try {
      const std::string text = ReadTextFile(comm, path, "table of the index", 64L << 20);
      material.table.rows =
          std::make_shared<const domain::TabulatedIndex>(ParseIndexFile(text, path));
    } catch (const base::UserError& error) {
      base::Fail("{}: materials.{}.table: {}", material.where, name, error.what());
    }
  }
}

Deck Finish(MPI_Comm comm, const DeckFile& file) {
  Deck deck{file.path, file.text, "", {}};
  DeckOptions& options = deck.options;
  const std::string folder = std::filesystem::path(file.path).parent_path().string();
  if (file.root.Find("bench")) return FinishBench(file, std::move(deck), folder);
  DeckSection().Read(file.root, {"", folder}, options);
  // So that the one in the middle of the list is the middle one; tasks keep the order of the deck.
  if (options.job != JobKind::Train) {
    std::sort(options.wavelengths.begin(), options.wavelengths.end());
  }
  options.background_where = file.root.Find("background")->where;
  if (const DeckNode* chip = file.root.Find("chip")) options.chip_where = chip->where;
  ReadTables(comm, options);
  const DeckNode* grid = file.root.Find("grid");
  ExpandLayout(comm, grid->Find("size") != nullptr, options);
  CheckOptions(options, file.root);
  CompleteFrames(options);
  options.unused = UnusedParts(options, file.root);
  Json resolved = DeckSection().Write(options);
  if (options.chip) resolved["grid"].erase("size");  // follows from the chip
  if (options.layout) EraseLayout(resolved, *options.layout);
  EraseUnused(resolved, file.root, options);
  deck.resolved = FrequencyComment(options.wavelengths) + YamlText(resolved);
  return deck;
}

}  // namespace

Section<CheckpointOptions> CheckpointSection() {
  return Section<CheckpointOptions>("The state of a run, from which --resume goes on.")
      .Key("every", &CheckpointOptions::every, Real(Unit::Second, AtLeast(0)),
           "Wall-clock time between two checkpoints; 0: only when the run is asked to stop.")
      .Key("keep", &CheckpointOptions::keep, Integer<int>(1, 1000), "The newest files to keep.");
}

Section<OutputOptions> OutputSection() {
  return Section<OutputOptions>("What is written where.")
      .Key("fields", kSelf, FieldFilesType(),
           "Field files for ParaView: on, off, or which ones and when.")
      .Key("checkpoint", &OutputOptions::checkpoint, CheckpointSection().AsType(),
           "When the state is kept.")
      .Key("directory", &OutputOptions::directory, Text(),
           "Output folder, from the working directory; left out: out/<name of the deck>.");
}

Deck ReadDeck(MPI_Comm comm, const std::string& path, const std::vector<std::string>& overrides) {
  DeckFile file = ReadDeckFile(comm, path, {});
  ApplyOverrides(file.root, Parsed(overrides));
  return Finish(comm, file);
}

Deck ReadDeckText(const std::string& text, const std::string& path,
                  const std::vector<std::string>& overrides) {
  return ReadDeckText(MPI_COMM_SELF, text, path, Parsed(overrides));
}

Deck ReadDeckText(MPI_Comm comm, const std::string& text, const std::string& path,
                  const std::vector<Override>& overrides) {
  DeckFile file{path, text, ParseDeck(text, path)};
  ApplyOverrides(file.root, overrides);
  return Finish(comm, file);
}

std::string DeckText(const DeckOptions& options) {
  return YamlText(DeckSection().Write(options));
}

std::string KeysTable(const std::string& section) {
  const SectionInfo& chips = *DeckSection().Info();
  const SectionInfo& benches = *BenchDeckSection().Info();
  const std::string first = section.substr(0, section.find('.'));
  if (!HasKeys(chips, first))
    return io::KeysTable(HasKeys(benches, first) ? benches : chips, section);
  if (!HasKeys(benches, section)) return io::KeysTable(chips, section);
  const std::string table = io::KeysTable(benches, section);
  if (!HasKeys(chips, section)) return table;
  const std::string other = io::KeysTable(chips, section);
  if (other == table) return table;
  return other + "\nDecks with a section bench\n" + table;
}

nlohmann::ordered_json DeckJsonSchema() {
  Json schema = io::DeckSchema(*DeckSection().Info(), "symwave deck");
  const Json bench = io::DeckSchema(*BenchDeckSection().Info(), "symwave deck with a bench");
  Json whole = {{"$schema", schema["$schema"]}, {"title", schema["title"]}};
  whole["if"] = {{"required", Json::array({"bench"})}};
  for (const auto& [name, part] : {std::pair("then", bench), std::pair("else", schema)}) {
    whole[name] = part;
    whole[name].erase("$schema");
  }
  return whole;
}

}  // namespace symwave::jobs::deck
