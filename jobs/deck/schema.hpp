// The deck language: every key declared once, with type, unit, range, default and a sentence.
#pragma once

#include <mpi.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/deck.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

struct Deck {
  std::string path;  ///< as given
  std::string text;  ///< as written
  std::string
      resolved;  ///< YAML with every value that the job uses; reads back as the same options
  DeckOptions options;
};

/// Collective: reads, overrides (`key.sub=value`) and validates everything that needs no physics.
/// UserError with file:line on every rank.
Deck ReadDeck(MPI_Comm comm, const std::string& path, const std::vector<std::string>& overrides);

/// The same from text, on this rank alone.
Deck ReadDeckText(const std::string& text, const std::string& path,
                  const std::vector<std::string>& overrides);

/// Collective: the same from text, with values that carry places of their own.
Deck ReadDeckText(MPI_Comm comm, const std::string& text, const std::string& path,
                  const std::vector<io::Override>& overrides);

/// Table of the keys of a section ("" is the whole deck, "shapes.ring" one type of shape).
std::string KeysTable(const std::string& section);
/// A deck of a device that says what the options say, with all defaults.
std::string DeckText(const DeckOptions& options);

/// JSON Schema (draft 2020-12) of the deck.
nlohmann::ordered_json DeckJsonSchema();

}  // namespace symwave::jobs::deck
