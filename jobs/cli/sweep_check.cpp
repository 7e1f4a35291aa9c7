#include "jobs/cli/sweep_check.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <regex>
#include <utility>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/messages.hpp"
#include "domain/base/packing.hpp"
#include "domain/base/silence.hpp"
#include "io/progress.hpp"
#include "jobs/cli/make_job.hpp"
#include "jobs/cli/plan_deck.hpp"
#include "jobs/cli/run_deck.hpp"
#include "jobs/plan/sweep_plan.hpp"
#include "jobs/run/plan_text.hpp"
#include "jobs/sweep/collection.hpp"

namespace symwave::jobs::cli {

namespace {

constexpr std::size_t kMostLines = 10;
/// Until then a check needs no progress.
constexpr std::chrono::seconds kQuiet(2);

/// What is to be said of a member.
struct Remark {
  long number = 0;
  std::string sentence;
};

/// The place of the value that a sentence speaks of, else of the first.
std::string PlaceOf(const sweep::Member& member, const std::string& sentence) {
  for (const io::Override& setting : member.settings) {
    // "ports.span" of "ports[0].span" and "ports.0.span", as sentences of checks have it.
    static const std::regex kEntry(R"(\[\d+\]|\.\d+(?=\.|$))");
    const std::string key = std::regex_replace(setting.key, kEntry, "");
    if (sentence.find(key) != std::string::npos) return setting.where;
  }
  return member.settings.front().where;
}

/// Of a member that is refused: begins with the place in the sweep file.
std::string RefusalOf(const sweep::Sweep& sweep, const sweep::Member& member,
                      const std::string& sentence) {
  std::string place = PlaceOf(member, sentence), rest = sentence;
  const std::string file = sweep.file.path + ":";
  const std::size_t end = sentence.find(": ");
  if (sentence.rfind(file, 0) == 0 && end != std::string::npos) {
    place = sentence.substr(0, end);
    rest = sentence.substr(end + 2);
  }
  return fmt::format("{}: member {} ({}): {}", place, member.number, member.Text(), rest);
}

/// By this rank alone: what a member takes, with notes; UserError where it is refused.
run::Work CheckMember(const sweep::Sweep& sweep, const sweep::Member& member,
                      std::vector<Remark>& notes) {
  const deck::Deck deck = DeckOf(MPI_COMM_SELF, sweep, member);
  try {
    const std::unique_ptr<run::Job> job = MakeJob(MPI_COMM_SELF, deck.options);
    job->Memory();
    for (const std::string& note : WarningsOf(deck.options, *job)) {
      if (!note.empty()) notes.push_back({member.number, note});
    }
    return WorkOf(MPI_COMM_SELF, *job, deck.options);
  } catch (const base::UserError& error) {
    base::Fail("{}", RefusalOf(sweep, member, error.what()));
  }
}

/// Collective: those of all ranks, in the order of the members.
std::vector<Remark> OfAllRanks(MPI_Comm comm, const std::vector<Remark>& mine) {
  base::Packer packer;
  for (const Remark& remark : mine) {
    packer.Add(remark.number);
    packer.Add(remark.sentence);
  }
  std::vector<Remark> all;
  for (const std::vector<char>& bytes : base::GatherFromAll(comm, packer.Bytes())) {
    base::Unpacker unpacker(bytes);
    while (!unpacker.AtEnd()) {
      Remark remark;
      unpacker.Take(remark.number);
      unpacker.Take(remark.sentence);
      all.push_back(std::move(remark));
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Remark& a, const Remark& b) { return a.number < b.number; });
  return all;
}

/// Each sentence once, with the members it is said of.
std::vector<std::pair<std::string, std::vector<long>>> Together(const std::vector<Remark>& all) {
  std::vector<std::pair<std::string, std::vector<long>>> sentences;
  for (const Remark& remark : all) {
    const auto same = std::find_if(sentences.begin(), sentences.end(),
                                   [&](const auto& one) { return one.first == remark.sentence; });
    if (same != sentences.end()) {
      same->second.push_back(remark.number);
    } else {
      sentences.push_back({remark.sentence, {remark.number}});
    }
  }
  return sentences;
}

std::string NotesText(const std::vector<Remark>& notes) {
  const auto sentences = Together(notes);
  std::string text;
  for (std::size_t k = 0; k < std::min(kMostLines, sentences.size()); ++k) {
    const std::vector<long>& numbers = sentences[k].second;
    text += fmt::format("  note           {}: {}\n",
                        numbers.size() == 1
                            ? fmt::format("member {}", numbers[0])
                            : fmt::format("{} members, {} the first", numbers.size(), numbers[0]),
                        sentences[k].first);
  }
  if (sentences.size() > kMostLines) {
    text += fmt::format("  note           and {} more\n", sentences.size() - kMostLines);
  }
  return text;
}

/// "" for none; the sentence of one, a list of several.
std::string RefusedText(const sweep::Sweep& sweep, const std::vector<Remark>& refused,
                        bool keep_going) {
  if (refused.empty()) return "";
  const auto sentences = Together(refused);
  const bool all = refused.size() == sweep.members.size();
  const char* others = all          ? ""
                       : keep_going ? "; the others run"
                                    : "; --keep-going runs the others";
  if (sentences.size() == 1) return sentences[0].first + others;
  std::string text = fmt::format("{}: {} of {} members are refused{}", sweep.file.path,
                                 refused.size(), sweep.members.size(), others);
  for (std::size_t k = 0; k < std::min(kMostLines, sentences.size()); ++k) {
    text += "\n  " + sentences[k].first;
  }
  if (sentences.size() > kMostLines) {
    text += fmt::format("\n  and {} more", sentences.size() - kMostLines);
  }
  return text;
}

/// Numbers of the members to be checked.
std::vector<long> NumbersOf(const sweep::Sweep& sweep, bool ended) {
  std::vector<long> numbers;
  for (const sweep::Member& member : sweep.members) {
    const bool done =
        !ended && sweep::ResultOf(sweep.directory, member.number).state == sweep::MemberState::Done;
    if (!done) numbers.push_back(member.number);
  }
  return numbers;
}

/// Of the members that this rank has checked, summed over the ranks.
template <class Value>
std::vector<double> OfMembers(MPI_Comm comm, const SweepCheck& check, const Value& value) {
  std::vector<double> values(check.works.size(), 0);
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (check.works[k]) values[k] = value(*check.works[k]);
  }
  base::SumInPlace(comm, values.data(), values.size());
  return values;
}

/// Of these ranks those of one group.
run::RankLayout LayoutOfGroup(MPI_Comm comm, int groups) {
  const run::RankLayout here = LayoutHere(comm, 1);
  const int ranks = std::max(1, base::Communicator::SizeOf(comm) / groups);
  const int tasks = std::min(ranks, here.tasks);
  return {(ranks + tasks - 1) / tasks, tasks, 1};
}

std::vector<double> SecondsOf(MPI_Comm comm, const SweepCheck& check, const run::Machine& machine,
                              run::RankLayout layout) {
  return OfMembers(comm, check, [&](const run::Work& work) {
    layout.threads = work.threads;
    return run::Predict(work, machine, layout).seconds;
  });
}

bool AnyAtLeast(MPI_Comm comm, const SweepCheck& check) {
  const auto open = OfMembers(comm, check, [](const run::Work& work) { return work.at_least; });
  return std::any_of(open.begin(), open.end(), [](double one) { return one > 0; });
}

/// Collective: a piece of work with all operations of the members, to know which rates are needed.
run::Work AllOperations(MPI_Comm comm, const SweepCheck& check) {
  std::vector<double> asked(run::kOperations, 0);
  for (const auto& work : check.works) {
    if (!work) continue;
    for (const run::Part& part : work->parts) asked[static_cast<std::size_t>(part.operation)] = 1;
  }
  base::SumInPlace(comm, asked.data(), asked.size());
  run::Work all;
  for (int k = 0; k < run::kOperations; ++k) {
    if (asked[static_cast<std::size_t>(k)] > 0) all.Add("", static_cast<run::Operation>(k), 1);
  }
  return all;
}

/// Collective: ranks and threads of the member that takes longest on a node of its own.
run::RankLayout LayoutFor(MPI_Comm comm, const SweepCheck& check, const run::Machine& machine,
                          int tasks) {
  const auto best = [&](const run::Work& work) {
    return tasks > 0 ? run::RankLayout{1, tasks, work.threads} : run::BestOnNode(work, machine, 1);
  };
  const auto seconds = OfMembers(comm, check, [&](const run::Work& work) {
    return run::Predict(work, machine, best(work)).seconds;
  });
  const auto ranks =
      OfMembers(comm, check, [&](const run::Work& work) { return best(work).tasks; });
  const auto threads =
      OfMembers(comm, check, [&](const run::Work& work) { return best(work).threads; });
  const auto longest = static_cast<std::size_t>(
      std::distance(seconds.begin(), std::max_element(seconds.begin(), seconds.end())));
  return {1, static_cast<int>(ranks[longest]), static_cast<int>(threads[longest])};
}

plan::SweepRow RowFor(MPI_Comm comm, const SweepCheck& check, const run::Machine& machine,
                      const run::RankLayout& layout) {
  plan::SweepRow row;
  row.layout = layout;
  const auto of = [&](const auto& value) {
    return OfMembers(comm, check, [&](const run::Work& work) {
      return value(run::Predict(work, machine, layout));
    });
  };
  const auto not_possible = of([](const run::Prediction& made) { return made.possible ? 0 : 1; });
  row.possible = *std::max_element(not_possible.begin(), not_possible.end()) == 0;
  plan::Sum(row, of([](const run::Prediction& made) { return made.seconds; }),
            of([](const run::Prediction& made) { return made.rank_bytes; }),
            of([](const run::Prediction& made) { return made.node_share; }));
  return row;
}

}  // namespace

SweepCheck CheckSweep(MPI_Comm comm, const sweep::Sweep& sweep, bool keep_going, bool ended) {
  const auto rank = static_cast<std::size_t>(base::Communicator::RankIn(comm));
  const auto ranks = static_cast<std::size_t>(base::Communicator::SizeOf(comm));
  SweepCheck check;
  check.works.resize(sweep.members.size());
  std::vector<Remark> refused, notes;
  std::vector<long> numbers;
  base::AgreeOnFailure(comm, [&] { numbers = NumbersOf(sweep, ended); });
  const auto all = static_cast<long>(numbers.size());
  const auto start = std::chrono::steady_clock::now();
  base::AgreeOnFailure(comm, [&] {
    const base::Silence silence;
    std::optional<io::Progress> progress;
    for (std::size_t k = rank; k < numbers.size(); k += ranks) {
      const sweep::Member& member = sweep.Of(numbers[k]);
      try {
        check.works[static_cast<std::size_t>(member.number - 1)] =
            CheckMember(sweep, member, notes);
      } catch (const base::UserError& error) {
        refused.push_back({member.number, error.what()});
      }
      if (!progress && std::chrono::steady_clock::now() - start > kQuiet) {
        progress.emplace(comm, "members checked", all);
      }
      // The other ranks are taken to be as far as this one.
      if (progress) progress->Set(std::min(all, static_cast<long>(k + ranks)));
    }
  });
  check.notes = NotesText(OfAllRanks(comm, notes));
  const std::vector<Remark> all_refused = OfAllRanks(comm, refused);
  check.refused = RefusedText(sweep, all_refused, keep_going);
  if (check.refused.empty()) return check;
  if (!keep_going || all_refused.size() == sweep.members.size()) base::Fail("{}", check.refused);
  base::Warn("{}", check.refused);
  return check;
}

std::vector<double> CostsOf(MPI_Comm comm, const SweepCheck& check, int groups) {
  const std::optional<run::Machine> known = KnownMachine(comm, "");
  return SecondsOf(comm, check, known ? *known : run::CommonMachine(), LayoutOfGroup(comm, groups));
}

std::string SweepTime(MPI_Comm comm, const SweepCheck& check, int groups) {
  const std::optional<run::Machine> known = KnownMachine(comm, "");
  if (!known) return "";
  const auto seconds = SecondsOf(comm, check, *known, LayoutOfGroup(comm, groups));
  const auto longest = std::max_element(seconds.begin(), seconds.end());
  return fmt::format(
      "  time           {} {} on {}{}, by rates of {}; the longest is member {}, {}\n",
      AnyAtLeast(comm, check) ? "at least" : "about",
      run::DurationText(plan::TimeOfGroups(seconds, groups)),
      run::RanksText(base::Communicator::SizeOf(comm)),
      groups > 1 ? fmt::format(" in {} groups", groups) : "", known->where,
      1 + std::distance(seconds.begin(), longest), run::DurationText(*longest));
}

std::string PlanSweep(MPI_Comm comm, const sweep::Sweep& sweep, const plan::PlanOptions& options) {
  const SweepCheck check = CheckSweep(comm, sweep, false, true);
  plan::SweepPlan made;
  made.sweep = sweep.file.path;
  made.deck = sweep.deck_path;
  made.members = static_cast<long>(sweep.members.size());
  made.machine = MachineFor(comm, options.machine, AllOperations(comm, check));
  made.at_least = AnyAtLeast(comm, check);
  run::RankLayout layout = LayoutFor(comm, check, made.machine, options.tasks);
  for (const int nodes : options.nodes.empty() ? std::vector<int>{1, 2, 4} : options.nodes) {
    layout.nodes = nodes;
    made.rows.push_back(RowFor(comm, check, made.machine, layout));
  }
  return options.json ? plan::SweepPlanJson(made).dump(2) + "\n" : plan::SweepPlanText(made);
}

}  // namespace symwave::jobs::cli
