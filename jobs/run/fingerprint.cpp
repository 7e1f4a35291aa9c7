#include "jobs/run/fingerprint.hpp"

#include <filesystem>
#include <map>
#include <optional>

#include "domain/base/try_on_all.hpp"
#include "io/checkpoint_store.hpp"
#include "io/hdf5.hpp"

namespace symwave::jobs::run {

namespace {

bool NamesFile(const std::string& key) {
  return io::KeyIsLike(
      key, {"data.file", "data[*].file", "data.images", "data.labels", "data.test_images",
            "data.test_labels", "materials.*.table", "layout.file", "layout.stack"});
}

/// Sections of trainings in the deck of a simulation.
bool Unused(deck::JobKind job, const std::string& key) {
  return job == deck::JobKind::Simulate &&
         io::KeyIsLike(key, {"data.*", "data[*", "drive.*", "network.*", "training.*"});
}

/// What may change before a run goes on, and changes its results.
std::map<std::string, std::string> Extent(const std::string& resolved_deck) {
  std::map<std::string, std::string> keys;
  for (const auto& [key, value] : io::FlattenYaml(resolved_deck)) {
    const bool place = io::KeyIsLike(key, {"output.directory", "output.checkpoint.*"});
    if (!place && io::KeyIsLike(key, {"training.epochs", "sweep", "sweep.*", "output.*"})) {
      keys.emplace(key, value);
    }
  }
  return keys;
}

/// Empty for results that cannot be read or are of an older version.
std::optional<io::Fingerprint> SavedIn(MPI_Comm comm, const std::string& path) {
  std::optional<io::Fingerprint> saved;
  base::TryOnAll(comm, [&] {
    const io::Hdf5File file = io::Hdf5File::OpenRead(comm, path);
    if (file.Has(kFingerprint)) {
      saved = io::Fingerprint::FromText(file.ReadText(kFingerprint), path);
    }
  });
  return saved;
}

}  // namespace

bool DoesNotDecide(const std::string& key) {
  if (key == "compute.precision") return false;
  return io::KeyIsLike(
      key, {"title", "output", "output.*", "insitu", "insitu.*", "sweep", "sweep.*", "compute.*",
            "training.epochs", "*.threads", "solver.workspace", "solver.block"});
}

void RequireSameRun(MPI_Comm comm, const io::Fingerprint& now, const std::string& folder) {
  if (!folder.empty()) io::CheckpointStore(comm, folder).RequireSame(now, DoesNotDecide);
}

bool HasResultsOf(MPI_Comm comm, const io::Fingerprint& now, const std::string& folder) {
  const std::string path = folder + "/results.h5";
  const std::optional<io::Fingerprint> saved = SavedIn(comm, path);
  if (!saved) return false;
  now.Require(*saved, path, DoesNotDecide);
  return true;
}

bool AsksForMore(MPI_Comm comm, const deck::Deck& now, const std::string& folder) {
  const io::Hdf5File file = io::Hdf5File::OpenRead(comm, folder + "/results.h5");
  return Extent(file.ReadText("/meta/resolved_deck")) != Extent(now.resolved);
}

io::Fingerprint FingerprintOf(MPI_Comm comm, const deck::Deck& deck) {
  io::Fingerprint fingerprint;
  const deck::JobKind job = deck.options.job;
  fingerprint.AddDeck(deck.resolved, [job](const std::string& key) {
    return DoesNotDecide(key) || NamesFile(key) || Unused(job, key);
  });
  for (const auto& [key, value] : io::FlattenYaml(deck.resolved)) {
    if (!NamesFile(key) || Unused(job, key)) continue;
    const std::filesystem::path given(value);
    const auto path =
        given.is_absolute() ? given : std::filesystem::path(deck.path).parent_path() / given;
    fingerprint.AddFile(comm, key, std::filesystem::exists(path) ? path.string() : value);
  }
  return fingerprint;
}

}  // namespace symwave::jobs::run
