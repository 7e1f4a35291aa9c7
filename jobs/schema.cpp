#include "jobs/schema.hpp"

#include <filesystem>

#include "io/schema_text.hpp"
#include "io/schema_types.hpp"
#include "jobs/schema_sections.hpp"

namespace symwave::jobs {

namespace {

using namespace symwave::io;
using base::Unit;

/// The same object: sections of the deck that fill members of one struct.
constexpr auto kSelf = [](auto& value) -> auto& {
  return value;
};

Section<training::DataOptions> DataSection() {
  using training::DataOptions;
  return Section<DataOptions>("Labelled samples.")
      .Key("file", &DataOptions::file, Path(),
           "CSV file: features, then the class from 0; relative to the deck.", Need::Required)
      .Key("header", &DataOptions::header, Bool(),
           "The first line may hold names or counts instead of data.")
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
               "Feature of every port from top to bottom, -1 for constant light; empty: all "
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
      .Key("encoding", &DeckOptions::encoding, encoding.AsType(), "Data to light.")
      .Key("reencoding", &DeckOptions::reencoding, reencoding.AsType(), "Light to light.");
}

Section<training::OptimizerOptions> OptimizerSection() {
  using training::OptimizerKind;
  using training::OptimizerOptions;
  const auto fraction = Real(Unit::One, {0, 1, false, true});
  return Section<OptimizerOptions>("How a gradient changes the commands.")
      .Key("kind", &OptimizerOptions::kind,
           Choice<OptimizerKind>({{"adam", OptimizerKind::Adam}, {"sgd", OptimizerKind::Sgd}}),
           "Method.")
      .Key("learning_rate", &OptimizerOptions::learning_rate, Real(Unit::One, Positive()),
           "Step in radians (adam) or radians per unit of gradient (sgd).")
      .Key("beta1", &OptimizerOptions::beta1, fraction, "Adam: memory of the gradient.")
      .Key("beta2", &OptimizerOptions::beta2, fraction, "Adam: memory of its square.")
      .Key("epsilon", &OptimizerOptions::epsilon, Real(Unit::One, Positive()),
           "Adam: smallest divisor.")
      .Key("momentum", &OptimizerOptions::momentum, fraction, "Sgd: memory of the step.")
      .Key("final_rate", &OptimizerOptions::final_rate, Real(Unit::One, Between(0, 1)),
           "Part of learning_rate that is left at the end of its cosine decay.");
}

Section<training::LossOptions> LossSection() {
  using training::LossKind;
  using training::LossOptions;
  return Section<LossOptions>("What training makes small.")
      .Key("kind", &LossOptions::kind,
           Choice<LossKind>(
               {{"cross_entropy", LossKind::CrossEntropy}, {"mean_square", LossKind::MeanSquare}}),
           "Loss on the detected class intensities.")
      .Key("gain", &LossOptions::gain, Real(Unit::One, Positive()),
           "Cross entropy: logit per share of the detected light.");
}

Section<training::TrainingOptions> TrainingKeys() {
  using training::ErrorPass;
  using training::TrainerKind;
  using training::TrainingOptions;
  return Section<TrainingOptions>("Trainers and their schedule.")
      .Key("trainers", &TrainingOptions::trainers,
           ListOf(Choice<TrainerKind>({{"forward_mode", TrainerKind::ForwardMode},
                                       {"in_silico", TrainerKind::InSilico},
                                       {"reverse", TrainerKind::Reverse}}),
                  1),
           "forward_mode on the hardware, in_silico on the ideal model, reverse through the "
           "output ports.")
      .Key("error_pass", &TrainingOptions::error_pass,
           Choice<ErrorPass>({{"symmetric", ErrorPass::Symmetric},
                              {"mirrored", ErrorPass::Mirrored},
                              {"reverse", ErrorPass::Reverse}}),
           "How the error travels: through the same device, the device with mirrored commands, or "
           "from the output ports.")
      .Key("epochs", &TrainingOptions::epochs, Integer<int>(1), "Passes over the data.")
      .Key("batch", &TrainingOptions::batch, Integer<int>(0), "Samples per step, 0 for all.")
      .Key("seed", &TrainingOptions::seed, Seed(), "Initial commands and order of the batches.")
      .Key("initial_spread", &TrainingOptions::initial_spread, Real(Unit::Radian, AtLeast(0)),
           "Rms of the initial commands.")
      .Key("symmetry_threshold", &TrainingOptions::symmetry_threshold, Real(Unit::One, Positive()),
           "norm(W - W^T) / norm(W) above which error_pass: symmetric is refused.")
      .Key("ignore_asymmetry", &TrainingOptions::ignore_asymmetry, Bool(),
           "Train with a wrong gradient rather than refuse.")
      .Key("checkpoint_every", &TrainingOptions::checkpoint_every, Integer<int>(1),
           "Epochs between two checkpoints.");
}

Section<DeckOptions> TrainingSection() {
  return Section<DeckOptions>("Trainers and their schedule.")
      .Embed(&DeckOptions::training, TrainingKeys())
      .Key("loss", &DeckOptions::loss, LossSection().AsType(), "What training makes small.")
      .Key("optimizer", &DeckOptions::optimizer, OptimizerSection().AsType(),
           "How a gradient changes the commands.");
}

Section<SweepOptions> SweepSection() {
  return Section<SweepOptions>("Training repeated over sizes of errors: curves of the report.")
      .Key("roughness", &SweepOptions::roughness, ListOf(Real(Unit::Micrometre, AtLeast(0))),
           "Values of fabrication.roughness.")
      .Key("thickness_bias", &SweepOptions::thickness_bias, ListOf(Real(Unit::Micrometre)),
           "Values of fabrication.thickness_bias.")
      .Key("offset_range", &SweepOptions::offset_range, ListOf(Real(Unit::Radian, AtLeast(0))),
           "Values of drive.offset_range.")
      .Key("epochs", &SweepOptions::epochs, Integer<int>(1), "Epochs of each training.");
}

Section<OutputOptions> OutputSection() {
  return Section<OutputOptions>("What is written where.")
      .Key("fields", &OutputOptions::fields, Bool(), "Field files for ParaView.")
      .Key("directory", &OutputOptions::directory, Text(),
           "Output folder, from the working directory; left out: out/<name of the deck>.");
}

Section<DeckOptions> MakeDeckSection() {
  return Section<DeckOptions>("Everything a run needs; sections are listed by `symwave keys NAME`.")
      .Key("job", &DeckOptions::job,
           Choice<JobKind>({{"simulate", JobKind::Simulate}, {"train", JobKind::Train}}),
           "What to do: S-parameters and fields, or the training of a chip.", Need::Required)
      .Key("title", &DeckOptions::title, Text(), "Headline of the report.")
      .Key("grid", &DeckOptions::grid, GridSection().AsType(), "The lattice.", Need::Required)
      .Key("wavelength", &DeckOptions::wavelengths, Wavelengths(), "Vacuum wavelength.",
           Need::Required)
      .Key("materials", &DeckOptions::materials, MapOf(MaterialSection().AsType()),
           "Materials by name.", Need::Required)
      .Key("background", &DeckOptions::background, Text(),
           "Name of the material around all shapes.", Need::Required)
      .Key("layers", &DeckOptions::layers, OptionalList(ListOf(LayerSection().AsType())),
           "Slabs over the whole plane, below all shapes; 3D.")
      .Key("shapes", &DeckOptions::shapes, ListOf(ShapeVariants().AsType()),
           "Shapes; a later one covers an earlier one.")
      .Key("ports", &DeckOptions::ports, ListOf(PortSection().AsType()),
           "Lines, in 3D rectangles, on which guided modes are launched and measured.")
      .Key("sources", &DeckOptions::sources, OptionalList(ListOf(SourceVariants().AsType())),
           "Instead of ports: dipoles, plane waves, beams; time domain.")
      .Key("monitors", &DeckOptions::monitors, OptionalList(ListOf(MonitorVariants().AsType())),
           "Fields, fluxes, probes, far fields; time domain.")
      .Key("chip", &DeckOptions::chip, Maybe(ChipSection().AsType()),
           "A chip of symmetric blocks, instead of single shapes and ports.")
      .Key("fabrication", &DeckOptions::fabrication, FabricationSection().AsType(),
           "What fabrication changes.")
      .Key("drive", &DeckOptions::drive, DriveSection().AsType(),
           "Errors of phase shifters and detectors.")
      .Key("data", &DeckOptions::data, Maybe(DataSection().AsType()), "Labelled samples.")
      .Key("network", kSelf, NetworkSection().AsType(), "Blocks and encodings.")
      .Key("training", kSelf, TrainingSection().AsType(), "Trainers and their schedule.")
      .Key("sweep", &DeckOptions::sweep, SweepSection().AsType(), "Training over error sizes.")
      .Key("solver", &DeckOptions::solver, SolverType(), "How Maxwell's equations are solved.")
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

void ApplyOverrides(DeckNode& root, const std::vector<std::string>& overrides) {
  for (const std::string& assignment : overrides) {
    if (assignment.rfind("solver.", 0) == 0) ExpandSolver(root);
    ApplyOverride(root, assignment);
  }
}

Deck Finish(const DeckFile& file) {
  Deck deck{file.path, file.text, "", {}};
  DeckOptions& options = deck.options;
  const std::string folder = std::filesystem::path(file.path).parent_path().string();
  DeckSection().Read(file.root, {"", folder}, options);
  options.background_where = file.root.Find("background")->where;
  if (const DeckNode* chip = file.root.Find("chip")) options.chip_where = chip->where;
  CheckOptions(options, file.root);
  Json resolved = DeckSection().Write(options);
  if (options.chip) resolved["grid"].erase("size");  // follows from the chip
  deck.resolved = YamlText(resolved);
  return deck;
}

}  // namespace

Deck ReadDeck(MPI_Comm comm, const std::string& path, const std::vector<std::string>& overrides) {
  DeckFile file = ReadDeckFile(comm, path, {});
  ApplyOverrides(file.root, overrides);
  return Finish(file);
}

Deck ReadDeckText(const std::string& text, const std::string& path,
                  const std::vector<std::string>& overrides) {
  DeckFile file{path, text, ParseDeck(text, path)};
  ApplyOverrides(file.root, overrides);
  return Finish(file);
}

std::string KeysTable(const std::string& section) {
  return io::KeysTable(*DeckSection().Info(), section);
}

nlohmann::ordered_json DeckJsonSchema() {
  return io::DeckSchema(*DeckSection().Info(), "symwave deck");
}

}  // namespace symwave::jobs
