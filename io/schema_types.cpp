#include "io/schema_types.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>

#include "domain/base/joined.hpp"

namespace symwave::io {

namespace {

using base::Fail;
using base::UserError;

std::string KindText(const DeckNode& node) {
  switch (node.kind) {
    case DeckNode::Kind::Null:
      return "empty";
    case DeckNode::Kind::List:
      return "a list";
    case DeckNode::Kind::Section:
      return "a section";
    case DeckNode::Kind::Scalar:
      break;
  }
  return fmt::format("\"{}\"", node.text);
}

std::string ExpectedReal(base::Unit unit) {
  return unit == base::Unit::One ? "a number" : fmt::format("a number [{}]", base::Symbol(unit));
}

Json RealSchema(base::Unit unit, const Range& range) {
  Json number = {{"type", "number"}};
  if (std::isfinite(range.low)) number[range.low_open ? "exclusiveMinimum" : "minimum"] = range.low;
  if (std::isfinite(range.high)) {
    number[range.high_open ? "exclusiveMaximum" : "maximum"] = range.high;
  }
  std::string symbols;
  for (const auto& symbol : base::AllowedSymbols(unit)) symbols += "|" + symbol;
  const std::string digits = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";
  const bool length = unit == base::Unit::Micrometre || unit == base::Unit::Wavelength;
  if (length) symbols += "|\u00B5m|\u03BCm";
  Json text = {{"type", "string"}, {"pattern", digits + "[ ]*(" + symbols + ")$"}};
  return {{"anyOf", Json::array({number, text})}};
}

/// A number as a deck writes it: with its unit, or bare.
Json RealText(double value, base::Unit unit) {
  return unit == base::Unit::One ? Json(value) : Json(base::FormatQuantity(value, unit));
}

}  // namespace

std::string Range::Text() const {
  const bool below = std::isfinite(high);
  if (std::isfinite(low) && below && !low_open && !high_open) {
    return fmt::format("{} to {}", low, high);
  }
  std::string text;
  if (std::isfinite(low)) text = fmt::format("{} {}", low_open ? ">" : ">=", low);
  if (below) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", high_open ? "<" : "<=", high);
  return text;
}

void FailAt(const DeckNode& node, const Context& context, const std::string& reason) {
  Fail("{}: {}: {}", node.where, context.path, reason);
}

void RequireScalar(const DeckNode& node, const Context& context, const std::string& expected) {
  if (node.kind == DeckNode::Kind::Scalar) return;
  FailAt(node, context, fmt::format("must be {}, but is {}", expected, KindText(node)));
}

void RequireList(const DeckNode& node, const Context& context, const std::string& expected,
                 size_t least, size_t most) {
  if (node.kind != DeckNode::Kind::List) {
    FailAt(node, context,
           fmt::format("must be a {} in brackets, but is {}", expected, KindText(node)));
  }
  const size_t count = node.items.size();
  if (count >= least && count <= most) return;
  for (const DeckNode& item : node.items) {
    if (item.quoted || item.text.find(';') == std::string::npos) continue;
    FailAt(node, context,
           fmt::format("must be a {}, but \"{}\" holds a semicolon; entries of a list are "
                       "separated by commas",
                       expected, item.text));
  }
  if (count == 0) {
    FailAt(node, context,
           fmt::format("must be a {}, but is empty; give {} or more, or leave the key out",
                       expected, least));
  }
  FailAt(node, context,
         fmt::format("must be a {}, but has {} {}", expected, count,
                     count == 1 ? "entry" : "entries"));
}

Type<double> Real(base::Unit unit, Range range) {
  const LazySchema schema([unit, range] { return RealSchema(unit, range); });
  TypeInfo info{"real", base::Symbol(unit), range.Text(), schema, nullptr};
  return {info,
          [unit, range](const DeckNode& node, const Context& context, double& value) {
            RequireScalar(node, context, ExpectedReal(unit));
            double given = 0;
            try {
              given = base::ParseQuantity(node.text, unit);
            } catch (const UserError& e) {
              FailAt(node, context, e.what());
            }
            if (!range.Holds(given)) {
              Fail("{}: {} = {} is out of range; it must be {}{}{}", node.where, context.path,
                   base::FormatQuantity(given, unit), range.Text(),
                   unit == base::Unit::One ? "" : " ", base::Symbol(unit));
            }
            value = given;
          },
          [unit](const double& value) { return RealText(value, unit); }};
}

Type<bool> Bool() {
  const LazySchema schema([] {
    return Json{{"enum", Json::array({true, false, "on", "off", "yes", "no"})}};
  });
  return {{"on or off", "", "", schema, nullptr},
          [](const DeckNode& node, const Context& context, bool& value) {
            RequireScalar(node, context, "on or off");
            const std::string& text = node.text;
            const bool yes = text == "on" || text == "true" || text == "yes";
            const bool no = text == "off" || text == "false" || text == "no";
            if (!yes && !no) {
              FailAt(node, context, fmt::format("must be on or off, but is \"{}\"", text));
            }
            value = yes;
          },
          [](const bool& value) { return Json(value); }};
}

Type<std::string> Text() {
  // A word that YAML takes for a number is a text, too, where a text is asked for.
  const LazySchema schema([] { return Json{{"type", Json::array({"string", "number"})}}; });
  return {{"text", "", "", schema, nullptr},
          [](const DeckNode& node, const Context& context, std::string& value) {
            RequireScalar(node, context, "a text");
            value = node.text;
          },
          [](const std::string& value) { return value.empty() ? Json() : Json(value); }};
}

Type<std::string> Path() {
  const LazySchema schema([] { return Json{{"type", "string"}}; });
  return {{"path", "", "", schema, nullptr},
          [](const DeckNode& node, const Context& context, std::string& value) {
            RequireScalar(node, context, "the path of a file");
            if (node.text.empty()) FailAt(node, context, "the path is empty");
            const std::filesystem::path folder(context.folder);
            value = (folder / node.text).lexically_normal().string();
          },
          [](const std::string& value) {
            return value.empty() ? Json() : Json(std::filesystem::absolute(value).string());
          }};
}

long long ReadInteger(const DeckNode& node, const Context& context, long long low, long long high) {
  RequireScalar(node, context, "an integer");
  const std::string& text = node.text;
  const char* end = text.data() + text.size();
  long long value = 0;
  const auto [rest, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::invalid_argument || rest != end) {
    FailAt(node, context, fmt::format("must be an integer, but is \"{}\"", text));
  }
  if (status != std::errc() || value < low || value > high) {
    Fail("{}: {} = {} is out of range; it must be {}", node.where, context.path, text,
         IntegerInfo(low, high).range);
  }
  return value;
}

size_t ReadChoice(const DeckNode& node, const Context& context,
                  const std::vector<std::string>& names) {
  RequireScalar(node, context, "one of " + base::Joined(names));
  for (size_t k = 0; k < names.size(); ++k) {
    if (names[k] == node.text) return k;
  }
  const std::string nearest = base::Nearest(node.text, names);
  Fail("{}: {} = \"{}\" is not known{}; it is one of {}", node.where, context.path, node.text,
       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), base::Joined(names));
}

TypeInfo IntegerInfo(long long low, long long high) {
  const LazySchema schema([low, high] {
    return Json{{"type", "integer"}, {"minimum", low}, {"maximum", high}};
  });
  const bool open = high >= std::numeric_limits<int>::max();
  const std::string range = open ? fmt::format(">= {}", low) : fmt::format("{} to {}", low, high);
  return {"integer", "", range, schema, nullptr};
}

TypeInfo ChoiceInfo(const std::vector<std::string>& names) {
  return {"one of " + base::Joined(names), "", "", LazySchema([names] {
            return Json{{"enum", names}};
          }),
          nullptr};
}

TypeInfo ListInfo(const TypeInfo& entry, size_t least, size_t most) {
  const LazySchema schema([items = entry.json, least, most] {
    Json list = {{"type", "array"}, {"items", items()}};
    if (least > 0) list["minItems"] = least;
    if (most != kUnlimited) list["maxItems"] = most;
    return list;
  });
  const std::string count = least == most        ? std::to_string(least) + " "
                            : most == kUnlimited ? ""
                                                 : fmt::format("{} to {} ", least, most);
  const bool choice = entry.text.rfind("one of", 0) == 0;
  const std::string entries = choice ? fmt::format("({})", entry.text) : entry.text;
  return {"list of " + count + entries, entry.unit, entry.range, schema, entry.section};
}

TypeInfo MapInfo(const TypeInfo& entry) {
  const LazySchema schema([entries = entry.json] {
    return Json{{"type", "object"}, {"additionalProperties", entries()}};
  });
  return {"sections by name", "", "", schema, entry.section};
}

}  // namespace symwave::io
