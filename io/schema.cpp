#include "io/schema.hpp"

#include <algorithm>

namespace symwave::io {

namespace {

using base::Fail;

std::string SectionName(const Context& context) {
  return context.path.empty() ? context.whole : context.path;
}

std::vector<std::string> Names(const SectionInfo& info, const std::string& tag) {
  std::vector<std::string> names;
  if (!tag.empty()) names.push_back(tag);
  for (const KeyInfo& key : info.keys) names.push_back(key.name);
  return names;
}

/// "type, material, width [um]".
std::string KeyList(const SectionInfo& info, const std::string& tag) {
  std::string list = tag;
  for (const KeyInfo& key : info.keys) {
    list += (list.empty() ? "" : ", ") + key.name;
    if (!key.type.unit.empty()) list += " [" + key.type.unit + "]";
  }
  return list;
}

[[noreturn]] void FailUnknownKey(const DeckNode& child, const std::string& key,
                                 const Context& context, const SectionInfo& info,
                                 const std::string& tag) {
  for (const auto& [removed, today] : info.removed) {
    if (removed == key) {
      Fail("{}: {} is no longer a key; {}", child.where, context.At(key).path, today);
    }
  }
  const std::string nearest = base::Nearest(key, Names(info, tag));
  Fail("{}: {} is not a known key{}\n       keys of {}: {}", child.where, context.At(key).path,
       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", context.At(nearest).path),
       SectionName(context), KeyList(info, tag));
}

Json VariantSchema(const std::string& tag, const std::string& name, const SectionInfo& info) {
  Json schema = SectionSchema(info);
  Json properties = Json::object();
  properties[tag] = {{"const", name}};
  properties.update(schema["properties"]);
  schema["properties"] = properties;
  Json required = Json::array({tag});
  if (schema.contains("required")) {
    for (const auto& key : schema["required"]) required.push_back(key);
  }
  schema["required"] = required;
  return schema;
}

}  // namespace

void RequireSection(const DeckNode& node, const Context& context) {
  if (node.kind == DeckNode::Kind::Section) return;
  if (node.kind == DeckNode::Kind::Null) {
    Fail("{}: {} is empty; give its keys below it, indented", node.where, SectionName(context));
  }
  Fail("{}: {} must be a section (lines `key: value` below it), not {}", node.where,
       SectionName(context),
       node.kind == DeckNode::Kind::List ? "a list" : fmt::format("\"{}\"", node.text));
}

void CheckKeys(const DeckNode& node, const Context& context, const SectionInfo& info,
               const std::string& ignored) {
  const std::vector<std::string> names = Names(info, ignored);
  for (const auto& [key, child] : node.entries) {
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      FailUnknownKey(child, key, context, info, ignored);
    }
  }
  for (const KeyInfo& key : info.keys) {
    if (!key.required || node.Find(key.name)) continue;
    Fail("{}: {} is missing: {}\n       keys of {}: {}", node.where, context.At(key.name).path,
         key.sentence, SectionName(context), KeyList(info, ignored));
  }
  if (info.one_of.empty()) return;
  std::string list;
  int given = 0;
  for (const std::string& key : info.one_of) {
    given += node.Find(key) ? 1 : 0;
    list += (list.empty() ? "" : ", ") + key;
  }
  if (given == 1) return;
  Fail("{}: {} must have exactly one of the keys {}, and has {} of them", node.where,
       SectionName(context), list, given);
}

size_t ChooseVariant(const DeckNode& node, const Context& context, const SectionInfo& info) {
  RequireSection(node, context);
  std::vector<std::string> names;
  std::string list;
  for (const auto& variant : info.variants) {
    names.push_back(variant.first);
    list += (list.empty() ? "" : ", ") + variant.first;
  }
  const DeckNode* tag = node.Find(info.tag);
  if (!tag) {
    Fail("{}: {} is missing; it is one of {}", node.where, context.At(info.tag).path, list);
  }
  const auto found = std::find(names.begin(), names.end(), tag->text);
  if (tag->kind == DeckNode::Kind::Scalar && found != names.end()) return found - names.begin();
  const std::string nearest = base::Nearest(tag->text, names);
  Fail("{}: {} = \"{}\" is not known{}; it is one of {}", tag->where, context.At(info.tag).path,
       tag->text, nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), list);
}

std::string DefaultText(const Json& value) {
  if (value.is_null() || value.is_object()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "on" : "off";
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const Json& entry : value) list += (list.empty() ? "" : ", ") + DefaultText(entry);
  return "[" + list + "]";
}

LazySchema AnyOf(std::vector<LazySchema> schemas) {
  return LazySchema([schemas = std::move(schemas)] {
    Json list = Json::array();
    for (const LazySchema& schema : schemas) list.push_back(schema());
    return Json{{"anyOf", list}};
  });
}

Json SectionSchema(const SectionInfo& info) {
  Json schema = {{"type", "object"}, {"description", info.sentence}};
  if (!info.tag.empty()) {
    schema["required"] = Json::array({info.tag});
    schema["oneOf"] = Json::array();
    for (const auto& [name, variant] : info.variants) {
      schema["oneOf"].push_back(VariantSchema(info.tag, name, *variant));
    }
    return schema;
  }
  Json required = Json::array();
  schema["properties"] = Json::object();
  for (const KeyInfo& key : info.keys) {
    Json property = key.type.json();
    std::string description = key.sentence;
    if (!key.default_text.empty()) description += " Default: " + key.default_text + ".";
    property["description"] = description;
    schema["properties"][key.name] = property;
    if (key.required) required.push_back(key.name);
  }
  if (!required.empty()) schema["required"] = required;
  for (const std::string& key : info.one_of) {
    schema["oneOf"].push_back({{"required", Json::array({key})}});
  }
  schema["additionalProperties"] = false;
  return schema;
}

}  // namespace symwave::io
