// The sections of a deck that show or keep fields while a run goes on.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;

const std::vector<std::string> kUnits{"steps", "wavelengths", "epochs"};

/// "steps" of "step" or "steps", "" for other words.
std::string UnitOf(const std::string& word) {
  for (const std::string& unit : kUnits) {
    if (word == unit || word + "s" == unit) return unit;
  }
  return "";
}

Cadence ReadCadence(const DeckNode& node, const Context& context) {
  const std::string expected = "a number and what is counted, such as \"50 steps\" or \"30 s\"";
  RequireScalar(node, context, expected);
  const std::string& text = node.text;
  const size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const size_t word = std::min(text.find_first_not_of(' ', end), text.size());
  Cadence every;
  every.unit = UnitOf(text.substr(word));
  if (end > 0 && (word == text.size() || !every.unit.empty())) {
    const auto read = std::from_chars(text.data(), text.data() + end, every.count);
    if (read.ec == std::errc() && every.count > 0) return every;
    FailAt(node, context, fmt::format("\"{}\" is out of range; it must be 1 or more", text));
  }
  try {
    every.seconds = base::ParseQuantity(text, Unit::Second);
  } catch (const base::UserError&) {
    const std::string nearest = base::Nearest(text.substr(word), kUnits);
    FailAt(node, context,
           fmt::format("must be {}, but is \"{}\"{}; counted are steps, wavelengths and epochs",
                       expected, text,
                       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest)));
  }
  if (every.seconds > 0) return every;
  FailAt(node, context, fmt::format("\"{}\" is no time; it must be more than 0 s", text));
}

Json WriteCadence(const Cadence& every) {
  if (every.seconds > 0) return base::FormatQuantity(every.seconds, Unit::Second);
  if (every.count == 0) return {};
  if (every.unit.empty()) return every.count;
  return fmt::format("{} {}", every.count, every.unit);
}

Type<Cadence> CadenceType() {
  const io::LazySchema count([] { return Json{{"type", "integer"}, {"minimum", 1}}; });
  const io::LazySchema text([] {
    return Json{{"type", "string"}, {"pattern", "^[0-9.eE+-]+ *[a-z]*$"}};
  });
  const io::LazySchema schema = AnyOf({count, text});
  return {{"number of steps, wavelengths or epochs, or a time", "", "", schema, nullptr},
          [](const DeckNode& node, const Context& context, Cadence& value) {
            value = ReadCadence(node, context);
          },
          WriteCadence};
}

/// A path, or the word none.
Type<std::string> ScriptType() {
  const Type<std::string> path = Path();
  TypeInfo info = path.info;
  info.text = "path or none";
  return {info,
          [path](const DeckNode& node, const Context& context, std::string& value) {
            path.read(node, context, value);
            if (node.text == "none") value = "none";
          },
          [path](const std::string& value) {
            return value == "none" ? Json("none") : path.write(value);
          }};
}

/// A list of names with its place in the deck.
template <class Options>
Type<Options> NamesType(std::vector<std::string> Options::*names, std::string Options::*where) {
  const Type<std::vector<std::string>> list = OptionalList(ListOf(Text(), 1));
  return {list.info,
          [list, names, where](const DeckNode& node, const Context& context, Options& value) {
            list.read(node, context, value.*names);
            value.*where = node.where;
          },
          [list, names](const Options& value) { return list.write(value.*names); }};
}

Section<PngOptions> PngSection() {
  return Section<PngOptions>("Slices drawn without ParaView.")
      .Key("width", &PngOptions::width, Integer<int>(200, 8192), "Pixels of a picture.")
      .Key("x", &PngOptions::x, Maybe(Length()), "Where volumes are cut across x.")
      .Key("y", &PngOptions::y, Maybe(Length()), "The same across y.")
      .Key("z", &PngOptions::z, Maybe(Length()),
           "The same across z; all three left out: through the centre across each.");
}

/// `end`, or every so often.
Type<FieldFilesOptions> WhenType() {
  const Type<Cadence> cadence = CadenceType();
  TypeInfo info = cadence.info;
  info.text = "end, or every number of steps, wavelengths or epochs, or a time";
  info.json = io::LazySchema([every = cadence.info.json] {
    Json schema = every();
    schema["anyOf"][1]["pattern"] = "^(end|(every )?[0-9.eE+-]+ *[a-z]*)$";
    return schema;
  });
  return {info,
          [cadence](const DeckNode& node, const Context& context, FieldFilesOptions& value) {
            value.at_end = node.kind == DeckNode::Kind::Scalar && node.text == "end";
            DeckNode count = node;
            if (count.text.rfind("every ", 0) == 0) count.text.erase(0, 6);
            if (!value.at_end) cadence.read(count, context, value.every);
          },
          [cadence](const FieldFilesOptions& value) {
            return value.at_end ? Json("end") : cadence.write(value.every);
          }};
}

Section<FieldFilesOptions> WhereSection() {
  const auto lengths = [](Range range) { return Maybe(ListOf(Length(range), 2, 3)); };
  return Section<FieldFilesOptions>("A box of points, or a plane.")
      .Key("centre", &FieldFilesOptions::centre, lengths(Any()), "Centre of the box.",
           Need::Required)
      .Key("size", &FieldFilesOptions::size, lengths(AtLeast(0)),
           "Its extent along the axes; 0 makes it a plane.", Need::Required);
}

/// Nothing is written of a box that is not given.
Type<FieldFilesOptions> WhereType() {
  const Section<FieldFilesOptions> section = WhereSection();
  return {section.AsType().info, section.AsType().read, [section](const FieldFilesOptions& value) {
            return value.centre ? section.Write(value) : Json();
          }};
}

Section<FieldFilesOptions> FieldFilesSection() {
  return Section<FieldFilesOptions>("Field files for ParaView, chosen.")
      .Key("what", kSelf, NamesType(&FieldFilesOptions::what, &FieldFilesOptions::what_where),
           "Names of fields, such as Ez_abs; left out: those that insitu shows, and in time domain "
           "at the end the transforms.")
      .Key("where", kSelf, WhereType(), "Box or plane; left out: everywhere.")
      .Key("when", kSelf, WhenType(),
           "Once at the end, or a series over steps, wavelengths or epochs: \"every 50 steps\".")
      .Key("precision", &FieldFilesOptions::float64,
           Choice<bool>({{"float32", false}, {"float64", true}}),
           "Of the numbers. What a time domain of float32 has at the moment, and media, are no "
           "more exact with float64.")
      .Key("compression", &FieldFilesOptions::compression, Integer<int>(0, 9),
           "0: none, 1: fast, 9: small.")
      .Key("stride", &FieldFilesOptions::stride, Integer<int>(1, 1024),
           "Every so many points along each axis are written.")
      .Where(&FieldFilesOptions::where);
}

/// `on`, `off` or the section.
Type<std::optional<PngOptions>> PngType() {
  const Section<PngOptions> section = PngSection();
  TypeInfo info = section.AsType().info;
  info.text = "on, off or section";
  info.json = AnyOf({Bool().info.json, info.json});
  return {
      info,
      [section](const DeckNode& node, const Context& context, std::optional<PngOptions>& value) {
        value.reset();
        bool on = true;
        if (node.kind == DeckNode::Kind::Scalar) {
          Bool().read(node, context, on);
          if (on) value.emplace();
        } else {
          section.Read(node, context, value.emplace());
        }
      },
      [section](const std::optional<PngOptions>& value) {
        return value ? section.Write(*value) : Json();
      }};
}

}  // namespace

Type<OutputOptions> FieldFilesType() {
  const Section<FieldFilesOptions> section = FieldFilesSection();
  TypeInfo info = section.AsType().info;
  info.text = "on, off or section";
  info.json = AnyOf({Bool().info.json, info.json});
  return {info,
          [section](const DeckNode& node, const Context& context, OutputOptions& value) {
            value.chosen.reset();
            if (node.kind == DeckNode::Kind::Scalar) {
              return Bool().read(node, context, value.fields);
            }
            section.Read(node, context, value.chosen.emplace());
            value.fields = false;
          },
          [section](const OutputOptions& value) {
            return value.chosen ? section.Write(*value.chosen) : Json(value.fields);
          }};
}

Section<InSituOptions> InSituSection() {
  return Section<InSituOptions>("Pictures of the fields while the run goes on.")
      .Key("script", &InSituOptions::script, ScriptType(),
           "Catalyst script saved from ParaView; none: without ParaView. Left out: slices of field "
           "and permittivity, and none where there is png.")
      .Key("every", &InSituOptions::every, CadenceType(),
           "Time between two frames: \"50 steps\", \"2 wavelengths\", \"1 epoch\", \"30 s\"; left "
           "out: 200 steps, every wavelength, every epoch.")
      .Key("fields", kSelf, NamesType(&InSituOptions::fields, &InSituOptions::fields_where),
           "Names of what is shown, such as Ez, Ez_abs, permittivity; a wrong one is answered with "
           "those of the job.")
      .Key("png", &InSituOptions::png, PngType(), "Slices drawn by symwave itself.")
      .Key("stride", &InSituOptions::stride, Integer<int>(1, 1024),
           "Every so many points along each axis are shown, to save memory.")
      .Where(&InSituOptions::where);
}

}  // namespace symwave::jobs::deck
