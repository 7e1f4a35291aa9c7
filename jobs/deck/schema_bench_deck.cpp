// A deck with a section `bench` as a whole.
#include "jobs/deck/schema_bench.hpp"

namespace symwave::jobs::deck {

using namespace symwave::io;

namespace {

constexpr auto kBench = [](auto& deck) -> auto& {
  return deck.bench;
};
constexpr auto kErrors = [](auto& deck) -> auto& {
  return deck.bench.errors;
};
constexpr auto kScatter = [](auto& deck) -> auto& {
  return deck.bench.errors.scatter;
};

/// One wavelength; the geometry of the bench gets it.
Type<DeckOptions> BenchWavelength() {
  const Type<double> type = Wavelength();
  return {type.info,
          [type](const DeckNode& node, const Context& context, DeckOptions& deck) {
            type.read(node, context, deck.bench.geometry.wavelength);
            deck.wavelengths.assign(1, deck.bench.geometry.wavelength);
          },
          [type](const DeckOptions& deck) { return type.write(deck.bench.geometry.wavelength); }};
}

Section<DeckOptions> MakeSection() {
  return Section<DeckOptions>("Phase masks on an optical bench in free space.")
      .Key("job", &DeckOptions::job,
           Choice<JobKind>({{"train", JobKind::Train},
                            {"focus", JobKind::Focus},
                            {"hidden_object", JobKind::HiddenObject}}),
           "What to do: the training of a network of phase masks, foci behind a scatterer, or the "
           "view of a hidden object.",
           Need::Required)
      .Key("title", &DeckOptions::title, Text(), "Headline of the report.")
      .Key("wavelength", kSelf, BenchWavelength(), "Vacuum wavelength.", Need::Required)
      .Key("bench", kBench, BenchSection().AsType(), "Planes of light and the way between them.",
           Need::Required)
      .Key("scatter", kScatter, ScatterSection().AsType(),
           "What stands in the path; unknown to the model.")
      .Key("errors", kErrors, BenchErrorsSection().AsType(),
           "Errors of the hardware; unknown to the model.")
      .Key(
          "error_launch", [](auto& deck) -> auto& { return deck.bench.error_launch; },
          ErrorLaunchSection().AsType(), "How error fields are launched.")
      .Key(
          "data", [](auto& deck) -> auto& { return deck.bench.data; },
          Maybe(ImageDataSection().AsType()), "Labelled images.")
      .Key(
          "network", [](auto& deck) -> auto& { return deck.bench.network; },
          Maybe(PlaneNetworkSection().AsType()), "Layers and encodings.")
      .Key("training", kSelf, TrainingSection().AsType(), "Trainers and their schedule.")
      .Key(
          "sweep", [](auto& deck) -> auto& { return deck.bench.sweep; },
          Maybe(BenchSweepSection().AsType()), "Training over error sizes.")
      .Key(
          "focus", [](auto& deck) -> auto& { return deck.bench.focus; },
          Maybe(FocusSection().AsType()), "Foci behind a scatterer; job: focus.")
      .Key(
          "hidden_object", [](auto& deck) -> auto& { return deck.bench.hidden_object; },
          Maybe(HiddenObjectSection().AsType()), "An object around a corner; job: hidden_object.")
      .Key(
          "compute", [](auto& deck) -> auto& { return deck.bench.compute; },
          ComputeSection().AsType(), "How it is computed.")
      .Key("insitu", &DeckOptions::insitu, Maybe(InSituSection().AsType()),
           "Pictures while the run goes on.")
      .Key("output", &DeckOptions::output, OutputSection().AsType(), "What is written where.");
}

}  // namespace

const Section<DeckOptions>& BenchDeckSection() {
  static const Section<DeckOptions> section = MakeSection();
  return section;
}

}  // namespace symwave::jobs::deck
