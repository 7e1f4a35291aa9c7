// A deck as written: a tree of values, each with its place in the file. YAML, strict: no duplicate
// keys, one document, a section at the top.
#pragma once

#include <mpi.h>

#include <string>
#include <utility>
#include <vector>

namespace symwave::io {

/// One value of a deck.
struct DeckNode {
  enum class Kind { Null, Scalar, List, Section };
  Kind kind = Kind::Null;
  std::string text;                                       ///< of a scalar
  bool quoted = false;                                    ///< the scalar stood in quotes
  std::vector<DeckNode> items;                            ///< of a list
  std::vector<std::pair<std::string, DeckNode>> entries;  ///< of a section, in the deck's order
  std::string where;                                      ///< "inputs/x.yaml:14" or "--set ..."

  const DeckNode* Find(const std::string& key) const;
};

/// Text of a file and the tree in it.
struct DeckFile {
  std::string path;  ///< as given
  std::string text;  ///< as written
  DeckNode root;
};

/// Parses YAML text; `path` is for messages. UserError with file and line.
DeckNode ParseDeck(const std::string& text, const std::string& path);

/// A value that takes the place of a deck's. Entries of lists go by number, from 0, in brackets or
/// as a part of their own: "shapes[2].width", "shapes.2.width".
struct Override {
  std::string key;
  DeckNode value;     ///< `where` of it and all below: the place for messages
  std::string where;  ///< of the key
};

/// Of one `key.sub=value`; the value is read as YAML. UserError that starts with `--set ...:`.
Override ParseOverride(const std::string& assignment);

/// Sections that the deck leaves out are made. UserError that starts with its `where`.
void ApplyOverride(DeckNode& root, const Override& value);
void ApplyOverride(DeckNode& root, const std::string& assignment);

/// A value on one line of YAML: "0.5 um", "[8 um, 5 um]", "{from: 1, to: 2}".
std::string FlowText(const DeckNode& node);

/// Collective: rank 0 reads the file, every rank parses the same text.
DeckFile ReadDeckFile(MPI_Comm comm, const std::string& path,
                      const std::vector<std::string>& overrides = {});

/// Collective: the whole file on every rank, read and, where gzip compressed it, decompressed by
/// rank 0. `what` names it in messages ("deck", "data file"). UserError when missing, a directory,
/// unreadable, damaged or larger than `limit` bytes.
std::string ReadTextFile(MPI_Comm comm, const std::string& path, const std::string& what,
                         long limit = 1L << 30);

}  // namespace symwave::io
