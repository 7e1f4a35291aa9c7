// What decides the course of a run, key by key, so that a refusal can name what differs.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace symwave::io {

/// Keys and values of a YAML text in their order: "grid.cell" -> "0.05", "sources[0].type" ->
/// "dipole"; an empty list or map is "[]" or "{}".
std::vector<std::pair<std::string, std::string>> FlattenYaml(const std::string& text);

/// Whether `key` is like one of the patterns, in which '*' stands for any text: "output.*",
/// "*.threads", "title".
bool KeyIsLike(const std::string& key, const std::vector<std::string>& patterns);

class Fingerprint {
 public:
  using Entry = std::pair<std::string, std::string>;
  using Ignores = std::function<bool(const std::string& key)>;

  void Add(const std::string& key, const std::string& value) { entries_.emplace_back(key, value); }
  /// Every key of the deck that `ignores` does not hold.
  void AddDeck(const std::string& resolved, const Ignores& ignores);
  /// Collective. The content of a data file, under the name that the deck gives it: a moved folder
  /// is the same. UserError when it cannot be read.
  void AddFile(MPI_Comm comm, const std::string& name_in_deck, const std::string& path);

  const std::vector<Entry>& Entries() const { return entries_; }
  /// As it stands in a checkpoint.
  std::string Text() const;
  /// UserError naming `path` when the text is none.
  static Fingerprint FromText(const std::string& text, const std::string& path);

  /// "" when a run of this fingerprint may go on from the checkpoint `path` with the fingerprint
  /// `saved`, else the sentence that names the first key or file that differs, both values and what
  /// to do. Keys that `ignores` holds now do not decide, even if they did when it was saved.
  std::string WhyNotFrom(const Fingerprint& saved, const std::string& path,
                         const Ignores& ignores = nullptr) const;
  /// UserError with that sentence.
  void Require(const Fingerprint& saved, const std::string& path, const Ignores& ignores) const;

 private:
  std::vector<Entry> entries_;
};

}  // namespace symwave::io
