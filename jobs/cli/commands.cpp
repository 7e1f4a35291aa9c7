#include "jobs/cli/commands.hpp"

#include <algorithm>
#include <iostream>

#include "domain/base/error.hpp"
#include "io/file_info.hpp"
#include "io/gds/gds_info.hpp"
#include "jobs/cli/plan_deck.hpp"
#include "jobs/cli/run_deck.hpp"
#include "jobs/cli/run_sweep.hpp"
#include "jobs/cli/sweep_check.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/run/machine.hpp"
#include "jobs/run/report.hpp"
#include "jobs/run/run_tree.hpp"
#include "jobs/run/version.hpp"
#include "jobs/show/expand_deck.hpp"
#include "jobs/show/show.hpp"
#include "jobs/submit/submit.hpp"
#include "jobs/sweep/member_list.hpp"
#include "jobs/sweep/sweep.hpp"
#include "jobs/sweep/sweep_file.hpp"
#include "jobs/throughput/machine_bench.hpp"
#include "jobs/throughput/throughput.hpp"

namespace symwave::jobs::cli {

namespace {

/// UserError where the file is that of a sweep, too.
deck::Deck DeckOf(const Command& command) {
  const std::string& path = command.deck;
  if (sweep::IsSweepFile(MPI_COMM_WORLD, path)) {
    base::Fail(
        "{}: names a deck, so it is a sweep file: `symwave sweep {} --dry-run` checks its members, "
        "`symwave sweep`, or `symwave submit --array`, runs them, `symwave plan` plans them",
        path, path);
  }
  return deck::ReadDeck(MPI_COMM_WORLD, path, command.overrides);
}

int RunCommand(const Command& command) {
  const deck::Deck deck = DeckOf(command);
  const Resume resume = command.requeue  ? Resume::IfAny
                        : command.resume ? Resume::Always
                                         : Resume::Never;
  return RunDeck(MPI_COMM_WORLD, deck, {command.directory, resume, !command.no_report});
}

sweep::Sweep SweepOf(const Command& command) {
  return sweep::ReadSweep(MPI_COMM_WORLD,
                          {command.sweep, command.deck, command.overrides, command.directory});
}

int SweepCommand(const Command& command, const base::Runtime& runtime) {
  RequireRanks(MPI_COMM_WORLD, command.groups);
  const sweep::Sweep sweep = SweepOf(command);
  const SweepOptions options{command.groups, command.resume, !command.no_report};
  if (command.member != 0 && !command.batch.dry_run) {
    return RunMember(MPI_COMM_WORLD, sweep, command.member, options);
  }
  const bool ended = command.batch.dry_run || !command.resume;
  const SweepCheck check = CheckSweep(MPI_COMM_WORLD, sweep, command.keep_going, ended);
  if (!command.batch.dry_run) {
    return RunSweep(MPI_COMM_WORLD, sweep, CostsOf(MPI_COMM_WORLD, check, command.groups), options);
  }
  const std::string time = SweepTime(MPI_COMM_WORLD, check, command.groups);
  if (runtime.Rank() == 0) std::cout << sweep::ListText(sweep) << time << check.notes;
  return 0;
}

int CheckCommand(const Command& command) {
  CheckDeck(MPI_COMM_WORLD, DeckOf(command));
  return 0;
}

/// Threads of each rank, which are cores of a batch job.
int ThreadsOf(const deck::DeckOptions& options) {
  const int solver = options.InTimeDomain() ? options.solver.time_domain.threads : 1;
  return std::max(solver, options.bench.compute.threads);
}

/// What the deck asks of a batch job.
void TakeNeeds(submit::SubmitOptions& batch, const deck::DeckOptions& options) {
  batch.threads = ThreadsOf(options);
  batch.paraview = options.insitu && options.insitu->UsesParaView();
}

/// The first member that is neither refused nor done.
const sweep::Member& FirstToRun(const sweep::Sweep& sweep, const SweepCheck& check) {
  for (const sweep::Member& member : sweep.members) {
    if (check.works[static_cast<std::size_t>(member.number - 1)]) return member;
  }
  return sweep.members.front();
}

int PlanCommand(const Command& command, const base::Runtime& runtime) {
  const bool sweeps = sweep::IsSweepFile(MPI_COMM_WORLD, command.deck);
  const std::string text =
      sweeps
          ? PlanSweep(MPI_COMM_WORLD,
                      sweep::ReadSweep(MPI_COMM_WORLD, {command.deck, "", command.overrides, ""}),
                      command.plan)
          : PlanDeck(MPI_COMM_WORLD, DeckOf(command), command.plan);
  if (runtime.Rank() == 0) std::cout << text;
  return 0;
}

int SubmitSweep(const Command& command) {
  const sweep::Sweep sweep = SweepOf(command);
  const SweepCheck check = CheckSweep(MPI_COMM_WORLD, sweep, command.keep_going, false);
  submit::SubmitOptions batch = command.batch;
  batch.deck = command.deck;
  batch.overrides = command.overrides;
  batch.directory = sweep.directory;
  TakeNeeds(batch, sweep::DeckOf(MPI_COMM_WORLD, sweep, FirstToRun(sweep, check)).options);
  batch.array.sweep = command.sweep;
  batch.array.members = sweep::OpenMembers(sweep);
  batch.array.list_name = sweep::kMemberList;
  batch.array.list_text = sweep::MemberListText(sweep);
  if (batch.array.members.empty()) {
    base::Fail("{}: all {} members have ended or are at work; see `symwave collect {}`",
               sweep.directory, sweep.members.size(), sweep.directory);
  }
  std::cout << submit::Submit(batch);
  return 0;
}

int SubmitCommand(const Command& command, const base::Runtime& runtime) {
  if (runtime.Size() > 1) base::Fail("symwave submit is one process; call it without mpirun");
  if (!command.sweep.empty()) return SubmitSweep(command);
  if (command.deck.empty()) base::Fail("symwave submit: give a DECK, or a sweep with --array");
  if (command.batch.array.at_once > 0) base::Fail("--at-once is of a sweep: give it with --array");
  const deck::Deck deck = DeckOf(command);
  CheckDeckForElsewhere(MPI_COMM_WORLD, deck);
  submit::SubmitOptions batch = command.batch;
  batch.deck = command.deck;
  batch.overrides = command.overrides;
  batch.directory = OutputDirectory(deck, command.directory);
  TakeNeeds(batch, deck.options);
  if (!batch.dry_run) RequireFolderFor(MPI_COMM_WORLD, deck, batch.directory);
  std::cout << submit::Submit(batch);
  return 0;
}

int InfoCommand(const Command& command, const base::Runtime& runtime) {
  if (runtime.Rank() != 0) return 0;
  if (io::IsGdsName(command.path)) {
    std::cout << io::GdsInfo(command.path);
    return 0;
  }
  const io::FileInfo info = io::InfoOf(command.path, command.verify);
  std::cout << info.text;
  return info.whole ? 0 : 1;
}

int StatusCommand(const Command& command, const base::Runtime& runtime) {
  if (runtime.Rank() != 0) return 0;
  std::cout << run::StatusReport(command.directory, command.json);
  return 0;
}

int ExpandCommand(const Command& command, const base::Runtime& runtime) {
  const std::string text = show::ExpandedDeck(DeckOf(command));
  if (runtime.Rank() == 0) std::cout << text;
  return 0;
}

int KeysCommand(const Command& command, const base::Runtime& runtime) {
  if (runtime.Rank() != 0) return 0;
  if (command.json_schema) {
    std::cout << deck::DeckJsonSchema().dump(2) << '\n';
  } else {
    std::cout << deck::KeysTable(command.section);
  }
  return 0;
}

int BenchCommand(const Command& command, const base::Runtime& runtime) {
  const std::string text = command.benchmark == "time_domain" && command.machine.empty()
                               ? throughput::MeasureThroughput(MPI_COMM_WORLD, command.bench)
                               : throughput::MeasureRates(MPI_COMM_WORLD, command.benchmark,
                                                          command.bench, command.machine);
  if (runtime.Rank() == 0) std::cout << text;
  return 0;
}

}  // namespace

int Execute(const std::string& name, const Command& command, const base::Runtime& runtime) {
  if (name == "run") return RunCommand(command);
  if (name == "check") return CheckCommand(command);
  if (name == "plan") return PlanCommand(command, runtime);
  if (name == "sweep") return SweepCommand(command, runtime);
  if (name == "collect") {
    return CollectSweep(MPI_COMM_WORLD, command.directory, !command.no_report);
  }
  if (name == "submit") return SubmitCommand(command, runtime);
  if (name == "keys") return KeysCommand(command, runtime);
  if (name == "expand") return ExpandCommand(command, runtime);
  if (name == "show") return show::ShowDeck(MPI_COMM_WORLD, DeckOf(command), command.directory);
  if (name == "info") return InfoCommand(command, runtime);
  if (name == "status") return StatusCommand(command, runtime);
  if (name == "bench") return BenchCommand(command, runtime);
  base::Require(name == "report", "every command is executed");
  return run::MakeReport(MPI_COMM_WORLD, command.directory);
}

}  // namespace symwave::jobs::cli
