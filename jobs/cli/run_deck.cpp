#include "jobs/cli/run_deck.hpp"

#include <iostream>
#include <optional>
#include <set>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/silence.hpp"
#include "io/output_directory.hpp"
#include "io/progress.hpp"
#include "io/summary.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/cli/make_job.hpp"
#include "jobs/cli/plan_deck.hpp"
#include "jobs/deck/frame_names.hpp"
#include "jobs/run/fingerprint.hpp"
#include "jobs/run/frame_takers.hpp"
#include "jobs/run/node_memory.hpp"
#include "jobs/run/report.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/run/run_folder.hpp"

namespace symwave::jobs::cli {

namespace {

void RequireMemory(MPI_Comm comm, const run::MemoryNeed& need, double share) {
  const std::string shortage = run::MemoryShortage(comm, need, share);
  if (!shortage.empty()) base::Fail("{}", shortage);
}

void RunJob(MPI_Comm comm, const deck::Deck& deck, double memory_share, run::RunContext& context) {
  base::FaultPoint("run/start");
  const std::unique_ptr<run::Job> job = MakeJob(comm, deck.options);
  RequireMemory(comm, job->Memory(), memory_share);
  checks::GiveWarnings(WarningsOf(deck.options, *job));
  run::AddTakers(context, deck.options);
  job->Run(context);
}

/// Whether results.h5 is whole.
bool FinishFiles(const run::RunFolder& folder, run::RunContext& context) {
  for (const std::string& line : context.Frames().Lines()) base::Info("{}", line);
  context.SaveSummary();
  context.Try("moving the files of the run", [&] { folder.RequirePlaces(); });
  const bool whole = context.Finish();
  context.SetState("done");
  return whole;
}

/// Moves what the run has made into the folder, unless results.h5 is broken and would take the
/// place of an earlier one. Whether it is in its place and whole.
bool KeepResults(run::RunFolder& folder, run::RunContext& context, bool whole) {
  if (!whole && folder.HasResults()) {
    base::Warn("{} keeps the results of an earlier run; what could be written of this one is in {}",
               folder.Directory(), folder.Running());
    return false;
  }
  const std::string moving = "moving the results";
  context.Try(moving, [&] { folder.Complete(context.Superseded()); });
  const bool moved = !context.Parts().Failed(moving);
  if (!moved) base::Warn("the results of this run are in {}", folder.Unmoved());
  return whole && moved;
}

/// A report that fails is noted in the summary, which was written before. Whether it was made.
bool Report(MPI_Comm comm, const std::string& directory, run::RunContext& context) {
  context.Try(run::kReport, [&] {
    if (run::MakeReport(comm, directory) != 0) base::Fail("see the log");
  });
  const bool made = !context.Parts().Failed(run::kReport);
  if (!made) context.Try("the summary", [&] { run::NoteReport(comm, directory, false); });
  return made;
}

/// Of a run that has ended, whose report may be made later; its exit code.
int EndAgain(MPI_Comm comm, const std::string& directory, const std::set<std::string>& failed,
             bool report) {
  if (report && failed == std::set<std::string>{run::kReport}) {
    base::Info("{}: this run has ended, but for its report", directory);
    return run::MakeReport(comm, directory) == 0 ? 0 : run::kIncomplete;
  }
  base::Info("{}: this run has ended{}; without --resume it is done again", directory,
             failed.empty() ? "" : " with parts that failed, see the warnings in its summary.json");
  return failed.empty() ? 0 : run::kIncomplete;
}

/// Of a run that is complete, as its summary says; empty where there is something to do.
std::optional<int> AlreadyDone(MPI_Comm comm, const deck::Deck& deck,
                               const io::Fingerprint& fingerprint, const std::string& directory,
                               run::Left left, const RunOptions& options) {
  const bool extendable = left == run::Left::Extendable;
  if (options.resume == Resume::Never || left == run::Left::Checkpoint) return std::nullopt;
  if (left != run::Left::Nothing && run::HasResultsOf(comm, fingerprint, directory)) {
    const std::set<std::string> failed =
        run::FailedParts(io::ReadSummary(comm, directory + "/summary.json"));
    // Its last checkpoint is there to make what failed, but for the report, which needs none.
    const bool fails = !failed.empty() && failed != std::set<std::string>{run::kReport};
    if (extendable && (fails || run::AsksForMore(comm, deck, directory))) return std::nullopt;
    return EndAgain(comm, directory, failed, options.report);
  }
  if (options.resume == Resume::IfAny || extendable) return std::nullopt;
  base::Fail("{}: there is no checkpoint in this folder; start again without --resume", directory);
}

int RunIn(MPI_Comm comm, const deck::Deck& deck, const io::Fingerprint& fingerprint,
          const RunOptions& options, run::RunFolder& folder) {
  run::RequireSameRun(comm, fingerprint, folder.RestoreFrom());
  run::RunContext context(comm, deck, fingerprint, folder.Running(), folder.RestoreFrom());
  bool whole = false;
  try {
    RunJob(comm, deck, options.memory_share, context);
    whole = FinishFiles(folder, context);
  } catch (const run::StopRequest&) {
    throw;
  } catch (...) {
    context.NoteFailure();
    throw;
  }
  const bool kept = KeepResults(folder, context, whole);
  bool reported = false;
  if (options.report && !kept) base::Warn("no report, as results.h5 is not in its place");
  if (options.report && kept) reported = Report(comm, folder.Directory(), context);
  const bool complete = context.Parts().Complete();
  base::Info("done in {}: {}{}{}", io::Progress::Duration(context.Seconds()), folder.Directory(),
             reported ? "/report.html" : " (no report)",
             complete ? "" : "; incomplete, see the warnings");
  return complete ? 0 : run::kIncomplete;
}

}  // namespace

std::vector<std::string> WarningsOf(const deck::DeckOptions& options, run::Job& job) {
  std::vector<std::string> warnings = options.unused;
  const std::vector<std::string> found = job.Check();
  warnings.insert(warnings.end(), found.begin(), found.end());
  return warnings;
}

std::string OutputDirectory(const deck::Deck& deck, const std::string& directory) {
  if (!directory.empty()) return directory;
  if (!deck.options.output.directory.empty()) return deck.options.output.directory;
  return io::DefaultOutputDirectory(deck.path);
}

int RunDeck(MPI_Comm comm, const deck::Deck& deck, const RunOptions& options) {
  base::ClearWarnings();
  const std::string directory = OutputDirectory(deck, options.directory);
  const io::Fingerprint fingerprint = run::FingerprintOf(comm, deck);
  const run::Left left =
      options.resume == Resume::Never ? run::Left::Nothing : run::WhatIsLeft(comm, directory);
  const auto done = AlreadyDone(comm, deck, fingerprint, directory, left, options);
  if (done) return *done;
  const bool goes_on = left == run::Left::Checkpoint || left == run::Left::Extendable;
  run::RunFolder folder(comm, directory, goes_on);
  base::Info("{}", deck.options.title.empty() ? deck.path : deck.options.title);
  try {
    return RunIn(comm, deck, fingerprint, options, folder);
  } catch (const run::StopRequest& stop) {
    base::Info("stopped by {}; go on with --output {} --resume", stop.signal, folder.Directory());
    return run::kStopped;
  } catch (...) {
    // Where one rank runs out of memory alone, the others are at work on the files.
    const bool user = base::CurrentFailure().kind == base::FailureKind::User;
    if (user || base::FailureAgreedOn(comm)) folder.Abandon();
    throw;
  }
}

void RequireFolderFor(MPI_Comm comm, const deck::Deck& deck, const std::string& directory) {
  const run::Left left = run::WhatIsLeft(comm, directory);
  if (left == run::Left::Nothing) return;
  const io::Fingerprint fingerprint = run::FingerprintOf(comm, deck);
  if (left == run::Left::Checkpoint) {
    run::RequireSameRun(comm, fingerprint, run::CheckpointFolder(comm, directory));
  } else {
    run::HasResultsOf(comm, fingerprint, directory);
  }
}

void CheckDeckForElsewhere(MPI_Comm comm, const deck::Deck& deck) {
  const base::Silence silence;
  const std::unique_ptr<run::Job> job = MakeJob(comm, deck.options);
  job->Memory();
  checks::GiveWarnings(WarningsOf(deck.options, *job));
}

void CheckDeck(MPI_Comm comm, const deck::Deck& deck) {
  const std::unique_ptr<run::Job> job = MakeJob(comm, deck.options);
  const std::string shortage = run::MemoryShortage(comm, job->Memory());
  const bool fits = shortage.empty();
  std::vector<std::string> notes = WarningsOf(deck.options, *job);
  std::string text = fmt::format("{}: {}\n", deck.path,
                                 deck.options.title.empty() ? "no title" : deck.options.title);
  text += job->Plan(fits);
  text += PlanHere(comm, WorkOf(comm, *job, deck.options));
  notes.push_back(deck::ScriptWarning(deck.options));
  for (const std::string& note : notes) {
    if (!note.empty()) text += fmt::format("  note           {}\n", note);
  }
  if (fits) text += "ok\n";
  if (base::Communicator::RankIn(comm) == 0) std::cout << text << std::flush;
  if (!fits) base::Fail("{}", shortage);
}

}  // namespace symwave::jobs::cli
