#include "jobs/sweep/sweep_file.hpp"

#include <algorithm>
#include <filesystem>

#include "io/schema_types.hpp"
#include "jobs/sweep/axis_values.hpp"

namespace symwave::jobs::sweep {

namespace {

using namespace symwave::io;

/// A section whose keys are those of the deck.
template <class Read>
Type<std::vector<Axis>> Axes(const Read& values) {
  return {{"section of keys of the deck", "", "", {}, nullptr},
          [values](const DeckNode& node, const Context& context, std::vector<Axis>& axes) {
            RequireSection(node, context);
            for (const auto& [key, child] : node.entries) {
              axes.push_back({key, child.where, values(child, key)});
            }
          },
          [](const std::vector<Axis>&) { return Json(); }};
}

struct RandomOptions {
  long count = 0;
  std::uint64_t seed = 1;
  std::vector<Axis> axes;
};

/// Count and seed stand before the keys that are drawn, wherever they are written.
void ReadRandom(const DeckNode& node, const Context& context, std::vector<Axis>& axes) {
  RandomOptions options;
  const auto keep = [](const DeckNode&, const std::string&) { return std::vector<DeckNode>{}; };
  Section<RandomOptions>("Numbers drawn at random.")
      .Key("count", &RandomOptions::count, Integer<long>(1, kMostMembers), "How many draws.",
           Need::Required)
      .Key("seed", &RandomOptions::seed, Integer<std::uint64_t>(0), "Another one draws others.")
      .Key("keys", &RandomOptions::axes, Axes(keep),
           "Keys of the deck, each {from, to} or {mean, sigma}.", Need::Required)
      .Read(node, context, options);
  for (const auto& [key, child] : node.Find("keys")->entries) {
    axes.push_back({key, child.where, RandomValues(child, key, options.count, options.seed)});
  }
}

Type<std::vector<Axis>> RandomAxes() {
  return {{"section", "", "", {}, nullptr}, ReadRandom, [](const std::vector<Axis>&) {
            return Json();
          }};
}

Section<SweepFile> SweepSection() {
  return Section<SweepFile>("Which keys of a deck take which values.")
      .Key("deck", &SweepFile::deck, Text(), "The deck, relative to this file.")
      .Key("output", &SweepFile::directory, Text(),
           "Output folder, from the working directory; left out: out/<name of this file>.")
      .Key("plot", &SweepFile::plot, OptionalList(ListOf(Text(), 1)),
           "Key numbers of summary.json that the report shows, such as power.in.out; left out: "
           "those that vary.")
      .Key("grid", &SweepFile::grid, Axes(ListedValues), "All combinations of these values.")
      .Key("zip", &SweepFile::zip, Axes(ListedValues), "Lists of one length, side by side.")
      .Key("random", &SweepFile::random, RandomAxes(), "Numbers drawn at random, side by side.")
      .Key("seeds", &SweepFile::seeds, Axes(SeedValues),
           "Seeds side by side: a number of them, from 1, or a list.");
}

/// "shapes[2].width" and "shapes.2.width" are one key, the latter.
std::string WithDots(std::string key) {
  std::replace(key.begin(), key.end(), '[', '.');
  key.erase(std::remove(key.begin(), key.end(), ']'), key.end());
  return key;
}

/// Whether one key is the other or a part of it.
bool Overlap(const std::string& one, const std::string& other) {
  const std::string a = WithDots(one), b = WithDots(other);
  const std::string &shorter = a.size() < b.size() ? a : b, &longer = a.size() < b.size() ? b : a;
  if (longer.rfind(shorter, 0) != 0) return false;
  return longer.size() == shorter.size() || longer[shorter.size()] == '.';
}

void RequireSeparateKeys(const SweepFile& file) {
  std::vector<const Axis*> all;
  for (const auto* block : {&file.grid, &file.zip, &file.random, &file.seeds}) {
    for (const Axis& axis : *block) {
      for (const Axis* earlier : all) {
        if (!Overlap(axis.key, earlier->key)) continue;
        base::Fail("{}: {} is swept already, as {} at {}; sweep each key once", axis.where,
                   axis.key, earlier->key, earlier->where);
      }
      if (Overlap(axis.key, "output.directory")) {
        base::Fail(
            "{}: {} cannot be swept: every member has a folder of its own in the output "
            "folder of the sweep",
            axis.where, axis.key);
      }
      all.push_back(&axis);
    }
  }
  if (all.empty()) {
    base::Fail("{}:1: nothing is swept: give keys of the deck in grid, zip, random or seeds",
               file.path);
  }
}

void RequireEqualLengths(const std::vector<Axis>& axes, const std::string& block) {
  for (const Axis& axis : axes) {
    if (axis.values.size() == axes[0].values.size()) continue;
    base::Fail(
        "{}: {} has {} values and {} has {}; in {} values go side by side: give as many of "
        "each",
        axis.where, axis.key, axis.values.size(), axes[0].key, axes[0].values.size(), block);
  }
}

}  // namespace

SweepFile ParseSweep(const std::string& text, const std::string& path) {
  static const Section<SweepFile> section = SweepSection();
  const DeckNode root = ParseDeck(text, path);
  SweepFile file;
  section.Read(root, {"", "", "the sweep file"}, file);
  file.path = path;
  if (!file.deck.empty()) {
    file.deck = (std::filesystem::path(path).parent_path() / file.deck).string();
  }
  RequireSeparateKeys(file);
  RequireEqualLengths(file.zip, "zip");
  RequireEqualLengths(file.seeds, "seeds");
  return file;
}

SweepFile ReadSweepFile(MPI_Comm comm, const std::string& path) {
  return ParseSweep(ReadTextFile(comm, path, "sweep file", 16L << 20), path);
}

bool IsSweepFile(MPI_Comm comm, const std::string& path) {
  try {
    const DeckNode root = ParseDeck(ReadTextFile(comm, path, "deck", 64L << 20), path);
    return root.Find("deck") != nullptr;
  } catch (const base::UserError&) {
    return false;  // who reads the file says why
  }
}

}  // namespace symwave::jobs::sweep
