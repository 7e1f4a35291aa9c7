#include "jobs/cli/run_sweep.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <optional>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/log_file.hpp"
#include "domain/base/rank_groups.hpp"
#include "domain/base/stop_signal.hpp"
#include "domain/base/try_on_all.hpp"
#include "domain/base/waiting.hpp"
#include "io/folder_lock.hpp"
#include "io/output_directory.hpp"
#include "jobs/cli/run_deck.hpp"
#include "jobs/cli/sweep_progress.hpp"
#include "jobs/run/report.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/sweep/collection.hpp"

namespace symwave::jobs::cli {

namespace {

/// Of a member, or of the worst of all.
struct Outcome {
  int code = 0;
  std::string failure;  ///< the sentence, "" for none
};

RunOptions OptionsOf(const sweep::Sweep& sweep, const sweep::Member& member,
                     const SweepOptions& options, double memory_share) {
  return {sweep.FolderOf(member), options.resume ? Resume::IfAny : Resume::Never, options.report,
          memory_share};
}

/// Collective on `group`: makes the folder, and forgets what an earlier try failed of.
void BeginMember(MPI_Comm group, const std::string& folder) {
  io::PrepareOutputDirectory(group, folder);
  if (base::Communicator::RankIn(group) == 0) sweep::NoteFailure(folder, "");
}

/// Collective on `group`, with its messages in the folder of the member. What all ranks of the
/// group fail of is the outcome; anything else passes and ends the job.
Outcome TryMember(MPI_Comm group, const sweep::Sweep& sweep, const sweep::Member& member,
                  const RunOptions& options) {
  Outcome outcome;
  const bool leads = base::Communicator::RankIn(group) == 0;
  try {
    outcome.failure = base::TryOnAll(group, [&] {
      BeginMember(group, options.directory);
      std::optional<base::LogFile> log;
      base::AgreeOnFailure(group,
                           [&] { log.emplace(leads ? options.directory + "/log.txt" : ""); });
      outcome.code = RunDeck(group, DeckOf(group, sweep, member), options);
    });
  } catch (...) {
    if (!base::FailureAgreedOn(group)) throw;
    outcome.failure = base::SentenceOf(base::CurrentFailure());
  }
  if (!outcome.failure.empty()) outcome.code = 1;
  if (leads && !outcome.failure.empty()) sweep::NoteFailure(options.directory, outcome.failure);
  return outcome;
}

/// Numbers of the members, the largest predicted cost first.
std::vector<long> LongestFirst(const std::vector<double>& costs) {
  std::vector<long> numbers(costs.size());
  std::iota(numbers.begin(), numbers.end(), 1);
  std::stable_sort(numbers.begin(), numbers.end(), [&](long a, long b) {
    return costs[static_cast<std::size_t>(a - 1)] > costs[static_cast<std::size_t>(b - 1)];
  });
  return numbers;
}

/// Of the memory of a node, what its ranks in one group may take where there are others on it.
double MemoryShare(const base::RankGroups& groups) {
  const auto on_node = [](MPI_Comm comm) {
    MPI_Comm node = MPI_COMM_NULL;
    base::Mpi(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
    return static_cast<double>(base::Communicator(node).Size());
  };
  return on_node(groups.Group()) / on_node(groups.World());
}

base::RankGroups MakeGroups(MPI_Comm comm, int groups, long members) {
  const int ranks = base::Communicator::SizeOf(comm);
  const int used = static_cast<int>(std::min<long>(groups, members));
  if (used < groups) base::Info("{} members: {} groups of ranks instead of {}", used, used, groups);
  return {comm, ranks / used, used};
}

/// Collective on the groups' world: the largest exit code, 75 where a signal has stopped any.
int RunMembers(const base::RankGroups& groups, const sweep::Sweep& sweep,
               const std::vector<double>& costs, const SweepOptions& options,
               const base::StopSignals& signals) {
  const MPI_Comm group = groups.Group();
  const std::vector<long> order = LongestFirst(costs);
  const double memory_share = MemoryShare(groups);
  SweepProgress progress(groups.World(), group, costs);
  int codes[2] = {0, 0};  // stopped, failed or incomplete
  for (;;) {
    if (!signals.Received(group).empty()) codes[0] = 1;
    if (codes[0] != 0) progress.TakeNoMore();
    const long place = progress.TakeNext();
    if (place >= static_cast<long>(order.size())) break;
    const sweep::Member& member = sweep.Of(order[static_cast<std::size_t>(place)]);
    const Outcome outcome =
        TryMember(group, sweep, member, OptionsOf(sweep, member, options, memory_share));
    if (outcome.code == run::kStopped) {
      codes[0] = 1;
      continue;
    }
    if (outcome.code != 0) codes[1] = 1;
    progress.Ended(member, outcome.code, outcome.failure);
  }
  // Others may be at work for long.
  std::vector<MPI_Request> all(1, MPI_REQUEST_NULL);
  base::Mpi(MPI_Ibarrier(groups.World(), all.data()));
  base::WaitAll(all);
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, codes, 2, MPI_INT, MPI_MAX, groups.World()));
  return codes[0] != 0 ? run::kStopped : codes[1] != 0 ? run::kIncomplete : 0;
}

}  // namespace

void RequireRanks(MPI_Comm comm, int groups) {
  const int ranks = base::Communicator::SizeOf(comm);
  if (groups <= ranks) return;
  base::Fail("--groups {} of {} rank{}: a group has at least one rank; start more with mpirun -n",
             groups, ranks, ranks == 1 ? "" : "s");
}

int RunSweep(MPI_Comm comm, const sweep::Sweep& sweep, const std::vector<double>& costs,
             const SweepOptions& options) {
  RequireRanks(comm, options.groups);
  const base::StopSignals signals;
  const base::RankGroups groups =
      MakeGroups(comm, options.groups, static_cast<long>(sweep.members.size()));
  io::PrepareOutputDirectory(comm, sweep.directory);
  io::FolderLock lock;
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    lock = io::FolderLock(sweep.directory);
    SaveMembers(sweep);
  });
  base::Info("{}: {} members of {} on {} group{} of ranks, in {}", sweep.file.path,
             sweep.members.size(), sweep.deck_path, groups.Count(), groups.Count() == 1 ? "" : "s",
             sweep.directory);
  const int code = RunMembers(groups, sweep, costs, options, signals);
  CollectSweep(comm, sweep.directory, options.report && code != run::kStopped);
  if (code == run::kStopped) {
    base::Info("stopped by a signal; go on with --output {} --resume", sweep.directory);
  }
  std::error_code ignored;
  if (base::Communicator::RankIn(comm) == 0) {
    std::filesystem::remove(sweep.directory + "/" + io::FolderLock::kFile, ignored);
  }
  return code;
}

int RunMember(MPI_Comm comm, const sweep::Sweep& sweep, long number, const SweepOptions& options) {
  if (number < 1 || number > static_cast<long>(sweep.members.size())) {
    base::Fail("--member {}: the members of {} go from 1 to {}", number, sweep.file.path,
               sweep.members.size());
  }
  const sweep::Member& member = sweep.Of(number);
  const RunOptions run = OptionsOf(sweep, member, options, 1);
  io::PrepareOutputDirectory(comm, sweep.directory);
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) == 0) SaveMembers(sweep);
  });
  base::Info("member {}: {}", number, member.Text());
  BeginMember(comm, run.directory);
  try {
    return RunDeck(comm, DeckOf(comm, sweep, member), run);
  } catch (...) {
    if (base::Communicator::RankIn(comm) == 0) {
      sweep::NoteFailure(run.directory, base::SentenceOf(base::CurrentFailure()));
    }
    throw;
  }
}

int CollectSweep(MPI_Comm comm, const std::string& directory, bool report) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    std::cout << sweep::Collect(directory).text << std::flush;
  });
  return report ? run::MakeReport(comm, directory) : 0;
}

}  // namespace symwave::jobs::cli
