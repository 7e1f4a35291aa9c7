#include "io/schema_text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

#include "domain/base/joined.hpp"

namespace symwave::io {

namespace {

using base::Fail;

std::vector<std::string> Split(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream stream(path);
  for (std::string part; std::getline(stream, part, '.');) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

std::string TypeColumn(const TypeInfo& type) {
  std::string text = type.text;
  if (!type.unit.empty()) text += " [" + type.unit + "]";
  if (!type.range.empty()) text += ", " + type.range;
  return text;
}

/// Breaks `text` into lines of at most `width` characters at blanks.
std::vector<std::string> Wrap(const std::string& text, size_t width) {
  std::vector<std::string> lines(1);
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    std::string& line = lines.back();
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines;
}

struct Row {
  std::string key, type, value, sentence;
};

std::string Print(const std::vector<Row>& rows) {
  const size_t sentence_width = 56;
  const size_t most[3] = {24, 36, 18};
  size_t width[3] = {0, 0, 0};
  for (const Row& row : rows) {
    width[0] = std::max(width[0], std::min(row.key.size(), most[0]));
    width[1] = std::max(width[1], std::min(row.type.size(), most[1]));
    width[2] = std::max(width[2], std::min(row.value.size(), most[2]));
  }
  std::string text;
  for (const Row& row : rows) {
    const std::vector<std::string> cells[4] = {Wrap(row.key, width[0]), Wrap(row.type, width[1]),
                                               Wrap(row.value, width[2]),
                                               Wrap(row.sentence, sentence_width)};
    size_t height = 1;
    for (const auto& cell : cells) height = std::max(height, cell.size());
    for (size_t k = 0; k < height; ++k) {
      const auto at = [&cells, k](int c) { return k < cells[c].size() ? cells[c][k] : ""; };
      std::string line = fmt::format("  {:<{}}  {:<{}}  {:<{}}  {}", at(0), width[0], at(1),
                                     width[1], at(2), width[2], at(3));
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
  }
  return text;
}

std::string SectionTable(const SectionInfo& info) {
  std::vector<Row> rows{{"key", "type", "default", ""}};
  for (const KeyInfo& key : info.keys) {
    rows.push_back({key.name, TypeColumn(key.type), key.required ? "(required)" : key.default_text,
                    key.sentence});
  }
  return Print(rows);
}

std::string Text(const SectionInfo& info, const std::string& path) {
  std::string text = (path.empty() ? "deck" : path) + ": " + info.sentence + "\n";
  if (!info.one_of.empty()) {
    text += "  Exactly one of these keys is given:";
    for (const std::string& key : info.one_of) text += " " + key;
    text += "\n";
  }
  if (info.tag.empty()) return text + SectionTable(info);
  for (const auto& [name, variant] : info.variants) {
    text +=
        fmt::format("\n{}: {}  ({})\n", info.tag, name, variant->sentence) + SectionTable(*variant);
  }
  return text;
}

[[noreturn]] void FailUnknown(const std::string& part, const std::string& path,
                              const SectionInfo& info) {
  std::vector<std::string> names;
  for (const KeyInfo& key : info.keys) names.push_back(key.name);
  for (const auto& variant : info.variants) names.push_back(variant.first);
  const std::string nearest = base::Nearest(part, names);
  Fail("{} is not a section or key of {}{}; there are: {}", part, path.empty() ? "the deck" : path,
       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), base::Joined(names));
}

void Emit(YAML::Emitter& out, const Json& value);

/// Plain unless YAML would read something else than this text.
void EmitText(YAML::Emitter& out, const std::string& text) {
  const bool null = text == "~" || text == "null" || text == "Null" || text == "NULL";
  if (null || text.empty()) {
    out << YAML::DoubleQuoted << text;
  } else {
    out << text;
  }
}

void EmitList(YAML::Emitter& out, const Json& list) {
  const bool plain =
      std::none_of(list.begin(), list.end(), [](const Json& entry) { return entry.is_object(); });
  if (plain) out << YAML::Flow;
  out << YAML::BeginSeq;
  for (const Json& entry : list) Emit(out, entry);
  out << YAML::EndSeq;
}

void Emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [key, entry] : value.items()) {
      out << YAML::Key;
      EmitText(out, key);
      out << YAML::Value;
      Emit(out, entry);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    EmitList(out, value);
  } else if (value.is_string()) {
    EmitText(out, value.get<std::string>());
  } else if (value.is_boolean()) {
    out << (value.get<bool>() ? "on" : "off");
  } else if (value.is_number_float()) {
    out << fmt::format("{}", value.get<double>());
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();
  }
}

}  // namespace

std::string KeysTable(const SectionInfo& root, const std::string& path) {
  const SectionInfo* info = &root;
  std::string walked;
  const std::vector<std::string> parts = Split(path);
  for (size_t k = 0; k < parts.size(); ++k) {
    const std::string& part = parts[k];
    const auto key = std::find_if(info->keys.begin(), info->keys.end(),
                                  [&part](const KeyInfo& entry) { return entry.name == part; });
    const auto variant = std::find_if(info->variants.begin(), info->variants.end(),
                                      [&part](const auto& entry) { return entry.first == part; });
    const SectionInfo* next = nullptr;
    if (key != info->keys.end()) next = key->type.section.get();
    if (variant != info->variants.end()) next = variant->second.get();
    const std::string below = walked.empty() ? part : walked + "." + part;
    if (key != info->keys.end() && !next && k + 1 == parts.size()) {
      SectionInfo one{
          fmt::format("a key of {}.", walked.empty() ? "the deck" : walked), {*key}, {}, "", {}};
      return Text(one, below);
    }
    if (!next) FailUnknown(part, walked, *info);
    info = next;
    walked = below;
  }
  return Text(*info, walked);
}

bool HasKeys(const SectionInfo& root, const std::string& path) {
  try {
    KeysTable(root, path);
  } catch (const base::UserError&) {
    return false;
  }
  return true;
}

Json DeckSchema(const SectionInfo& root, const std::string& title) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  schema.update(SectionSchema(root));
  return schema;
}

std::string YamlText(const Json& tree) {
  YAML::Emitter out;
  Emit(out, tree);
  return std::string(out.c_str()) + "\n";
}

}  // namespace symwave::io
