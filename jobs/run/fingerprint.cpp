#include "jobs/run/fingerprint.hpp"

#include <filesystem>

namespace symwave::jobs::run {

namespace {

bool NamesFile(const std::string& key) {
  return io::KeyIsLike(key, {"data.file", "data.images", "data.labels", "data.test_images",
                             "data.test_labels", "materials.*.table"});
}

/// Sections of trainings in the deck of a simulation.
bool Unused(deck::JobKind job, const std::string& key) {
  return job == deck::JobKind::Simulate &&
         io::KeyIsLike(key, {"data.*", "drive.*", "network.*", "training.*"});
}

}  // namespace

bool DoesNotDecide(const std::string& key) {
  if (key == "compute.precision") return false;
  return io::KeyIsLike(key, {"title", "output", "output.*", "sweep", "sweep.*", "compute.*",
                             "training.epochs", "*.threads", "solver.workspace"});
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
