// The parts of the deck language that describe the device, and the checks across sections.
#pragma once

#include "io/schema_types.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// The same object: sections of the deck that fill members of one struct.
inline constexpr auto kSelf = [](auto& value) -> auto& {
  return value;
};

/// Seeds up to 2^53 - 1, which every YAML and JSON reader keeps.
inline io::Type<std::uint64_t> Seed() {
  return io::Integer<std::uint64_t>(0, 9007199254740991);
}

inline io::Type<double> Length(io::Range range = io::Any()) {
  return io::Real(base::Unit::Micrometre, range);
}
/// [x, y] or [x, y, z].
inline io::Type<std::vector<double>> Position() {
  return io::ListOf(Length(), 2, 3);
}
/// "+x" ... "-z" as members `axis` and `forward`.
template <class T>
io::Type<T> AxisDirection() {
  const std::vector<std::string> names{"+x", "-x", "+y", "-y", "+z", "-z"};
  return {io::ChoiceInfo(names),
          [names](const io::DeckNode& node, const io::Context& context, T& value) {
            const size_t choice = io::ReadChoice(node, context, names);
            value.axis = static_cast<int>(choice / 2);
            value.forward = choice % 2 == 0;
          },
          [names](const T& value) {
            return io::Json(names[2 * value.axis + (value.forward ? 0 : 1)]);
          }};
}

/// A real number, or [real part, imaginary part].
io::Type<std::complex<double>> ComplexNumber(const std::string& parts);
io::Type<std::complex<double>> ComplexOf(const io::Type<double>& real, const std::string& parts);
/// A vacuum wavelength [um], also written as frequency or photon energy.
io::Type<double> Wavelength();
/// One wavelength, a list, or equally spaced ones: in wavelength or, given by frequencies, in
/// frequency. No two are equal.
io::Type<std::vector<double>> WavelengthsAsListed();
/// The same in ascending order.
io::Type<std::vector<double>> Wavelengths();
/// The wavelengths as a line of comment of the resolved deck, in THz.
std::string FrequencyComment(const std::vector<double>& wavelengths);

/// "1/0" of a GDSII file.
io::Type<std::optional<io::GdsLayer>> LayerNumber();
io::Section<ElementOptions> ElementSection();
/// Keys of the section network.
io::Section<DeckOptions> DetectionKeys();
io::Section<GridOptions> GridSection();
io::Section<MaterialOptions> MaterialSection();
io::Section<PoleMaterial> PoleMaterialSection();
io::Section<LayerOptions> LayerSection();
io::Variants<ShapeOptions> ShapeVariants();
io::Section<PortOptions> PortSection();
/// At least one: numbers, TE0, TM0 ...
io::Type<std::vector<domain::ModeChoice>> ModeChoices();
inline constexpr auto kModesHelp =
    "Guided modes: 0 has the largest effective index; TE0, TE1 ... are those with E mostly along "
    "the "
    "first axis across (in the plane of the chip), TM0 ... the others, each in the same order.";
io::Variants<SourceOptions> SourceVariants();
io::Variants<MonitorOptions> MonitorVariants();
/// The section, or the name of the method alone.
io::Type<SolverOptions> SolverType();
io::Section<domain::BlockChip> ChipSection();
io::Section<domain::FabricationErrors> FabricationSection();
io::Section<training::ActuatorErrors> DriveSection();

/// Trainers, loss and optimizer, of chips and benches.
io::Section<DeckOptions> TrainingSection();
io::Type<std::vector<training::TrainerKind>> TrainerList();
io::Section<OutputOptions> OutputSection();
io::Section<InSituOptions> InSituSection();
/// `on`, `off`, or the section of chosen ones.
io::Type<OutputOptions> FieldFilesType();

/// The same for what belongs to the third dimension and to the time domain.
void CheckTimeDomainOptions(const DeckOptions& options);

/// Checks across sections that need no physics: names of materials and ports, what a job needs.
/// UserError with file:line; `root` gives the places.
void CheckOptions(const DeckOptions& options, const io::DeckNode& root);

}  // namespace symwave::jobs::deck
