#include "jobs/sweep/sweep.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/fingerprint.hpp"
#include "io/output_directory.hpp"
#include "jobs/run/fingerprint.hpp"
#include "jobs/sweep/collection.hpp"
#include "jobs/sweep/member_list.hpp"

namespace symwave::jobs::sweep {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::vector<io::Override> Settings(const Sweep& sweep) {
  std::vector<io::Override> settings;
  settings.reserve(sweep.assignments.size());
  for (const std::string& assignment : sweep.assignments) {
    settings.push_back(io::ParseOverride(assignment));
  }
  return settings;
}

/// The deck as the members share it, but for keys that do not decide.
Pairs SharedKeys(const Sweep& sweep) {
  io::DeckNode root = io::ParseDeck(sweep.deck_text, sweep.deck_path);
  for (const io::Override& setting : Settings(sweep)) io::ApplyOverride(root, setting);
  Pairs keys = io::FlattenYaml(io::FlowText(root));
  const auto ignored = [](const auto& entry) { return run::DoesNotDecide(entry.first); };
  keys.erase(std::remove_if(keys.begin(), keys.end(), ignored), keys.end());
  return keys;
}

void RequireSameDeck(const Pairs& now, const MemberList& before, const std::string& path) {
  std::map<std::string, std::string> left(now.begin(), now.end());
  const auto refuse = [&](const std::string& key, const std::string& was, const std::string& is) {
    base::Fail(
        "{}: the members of this folder are of a deck with {}: {}, and now it says {}; set it "
        "back, "
        "or choose another --output",
        path, key, was, is);
  };
  for (const auto& [key, value] : before.fingerprint) {
    const auto found = left.find(key);
    if (found == left.end()) refuse(key, value, "nothing");
    if (found->second != value) refuse(key, value, found->second);
    left.erase(found);
  }
  if (!left.empty()) refuse(left.begin()->first, "nothing", left.begin()->second);
}

MemberList ListOf(const Sweep& sweep) {
  MemberList list{sweep.file.path, sweep.deck_path, sweep.assignments, sweep.file.plot, {}, {}};
  list.fingerprint = SharedKeys(sweep);
  for (const Member& member : sweep.members) list.members.push_back(member.Values());
  return list;
}

/// Collective: members keep the numbers that the list in the folder gives them.
void GoOnWithList(MPI_Comm comm, Sweep& sweep) {
  const std::string path = ListPath(sweep.directory);
  int exists = base::Communicator::RankIn(comm) == 0 && std::filesystem::exists(path) ? 1 : 0;
  base::Mpi(MPI_Bcast(&exists, 1, MPI_INT, 0, comm));
  if (exists == 0) return;
  const MemberList before = ParseList(io::ReadTextFile(comm, path, "list of members"), path);
  RequireSameDeck(SharedKeys(sweep), before, path);
  sweep.members = InOrderOf(before, std::move(sweep.members), path, sweep.file.path);
}

}  // namespace

deck::Deck DeckOf(MPI_Comm comm, const Sweep& sweep, const Member& member) {
  std::vector<io::Override> overrides = Settings(sweep);
  overrides.insert(overrides.end(), member.settings.begin(), member.settings.end());
  try {
    return deck::ReadDeckText(comm, sweep.deck_text, sweep.deck_path, overrides);
  } catch (const base::UserError& error) {
    const std::string sentence = error.what();
    if (sentence.rfind(sweep.file.path + ":", 0) == 0) throw;
    // A value that is right in itself, and makes something else of the deck wrong.
    base::Fail("{}: member {} ({}): {}", member.settings.front().where, member.number,
               member.Text(), sentence);
  }
}

Sweep ReadSweep(MPI_Comm comm, const SweepRequest& request) {
  Sweep sweep;
  sweep.file = ReadSweepFile(comm, request.path);
  sweep.deck_path = request.deck.empty() ? sweep.file.deck : request.deck;
  if (sweep.deck_path.empty()) {
    base::Fail("{}:1: names no deck; add deck: FILE there, or give one on the command line",
               request.path);
  }
  sweep.deck_text = io::ReadTextFile(comm, sweep.deck_path, "deck", 64L << 20);
  sweep.assignments = request.overrides;
  sweep.directory = !request.directory.empty()      ? request.directory
                    : !sweep.file.directory.empty() ? sweep.file.directory
                                                    : io::DefaultOutputDirectory(request.path);
  sweep.members = Expand(sweep.file);
  GoOnWithList(comm, sweep);
  return sweep;
}

std::string MemberListText(const Sweep& sweep) {
  return TextOf(ListOf(sweep));
}

std::string OpenMembers(const Sweep& sweep) {
  std::string text;
  long first = 0;  // of the range at hand, 0: none
  const auto close = [&](long last) {
    if (first == 0) return;
    text += (text.empty() ? "" : ",") + std::to_string(first);
    if (last > first) text += "-" + std::to_string(last);
    first = 0;
  };
  for (const Member& member : sweep.members) {
    const MemberState state = ResultOf(sweep.directory, member.number).state;
    const bool open = state != MemberState::Done && state != MemberState::Incomplete &&
                      state != MemberState::Running;
    if (!open) close(member.number - 1);
    if (open && first == 0) first = member.number;
  }
  close(static_cast<long>(sweep.members.size()));
  return text;
}

void SaveMembers(const Sweep& sweep) {
  const std::string text = MemberListText(sweep);
  // Tasks of a job array begin together, and their list is the same.
  if (TextOf(ReadList(sweep.directory)) != text) io::ReplaceText(ListPath(sweep.directory), text);
}

std::string ListText(const Sweep& sweep) {
  std::string text = fmt::format("{}: {} members of {} in {}\n", sweep.file.path,
                                 sweep.members.size(), sweep.deck_path, sweep.directory);
  for (const Member& member : sweep.members) {
    text += fmt::format("  {:>4}  {}\n", member.number, member.Text());
  }
  return text;
}

}  // namespace symwave::jobs::sweep
