// What a schema says about itself.
#pragma once

#include <string>

#include "io/schema.hpp"

namespace symwave::io {

/// Table of the keys of the section at `path` below `root` ("" is root itself; names of map entries
/// and list numbers are left out, a variant is named last: "shapes.ring"). UserError for an unknown
/// path with the nearest one.
std::string KeysTable(const SectionInfo& root, const std::string& path);

/// Whether KeysTable knows that path.
bool HasKeys(const SectionInfo& root, const std::string& path);

/// JSON Schema (draft 2020-12) of a whole deck.
Json DeckSchema(const SectionInfo& root, const std::string& title);

/// A tree as YAML text: sections in block style, lists of plain values on one line.
std::string YamlText(const Json& tree);

}  // namespace symwave::io
