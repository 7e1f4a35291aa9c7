#include "jobs/deck/unused_parts.hpp"

#include <fmt/core.h>

namespace symwave::jobs::deck {

std::vector<std::string> UnusedSections(const DeckOptions& options) {
  if (options.job == JobKind::Train) return {"sources", "monitors"};
  return {"elements", "drive", "data", "network", "training", "sweep"};
}

std::vector<std::string> OtherSolverKeys(const DeckOptions& options) {
  if (options.job == JobKind::Train) return {};
  if (options.InTimeDomain())
    return {"factorization", "condensation", "compose", "cuts", "workspace"};
  return {"compose", "cuts", "precision", "courant", "block", "threads", "stop"};
}

std::vector<std::string> UnusedParts(const DeckOptions& options, const io::DeckNode& root) {
  std::vector<std::string> sentences;
  const bool trains = options.job == JobKind::Train;
  for (const std::string& name : UnusedSections(options)) {
    const io::DeckNode* section = root.Find(name);
    if (!section) continue;
    sentences.push_back(fmt::format(
        "{}: section {} is not used by job: {}; remove it, or take job: {}", section->where, name,
        trains ? "train" : "simulate", trains ? "simulate" : "train"));
  }
  const io::DeckNode* solver = root.Find("solver");
  for (const std::string& key : OtherSolverKeys(options)) {
    const io::DeckNode* node = solver ? solver->Find(key) : nullptr;
    if (!node) continue;
    sentences.push_back(fmt::format("{}: solver.{} is not used by the method {}; remove it",
                                    node->where, key,
                                    options.InTimeDomain() ? "time_domain" : "frequency_domain"));
  }
  if (!trains && !options.sources.empty() && options.monitors.empty()) {
    sentences.push_back(fmt::format(
        "{}: the deck has sources but no monitors: nothing of their fields is recorded; add "
        "monitors, of type flux, dft, probe, near_to_far or diffraction",
        options.sources.front().where));
  }
  return sentences;
}

}  // namespace symwave::jobs::deck
