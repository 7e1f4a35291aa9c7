#include "jobs/run/run_context.hpp"

#include <utility>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/memory.hpp"
#include "domain/base/messages.hpp"
#include "domain/base/try_on_all.hpp"
#include "io/file_info.hpp"
#include "io/summary.hpp"
#include "jobs/run/fingerprint.hpp"
#include "jobs/run/version.hpp"

namespace symwave::jobs::run {

namespace {

constexpr const char* kMeta = "writing what the run was";
constexpr const char* kSummary = "writing the summary";

/// The warnings that rank 0 has given, on every rank: lines.
std::string SharedWarnings(MPI_Comm comm) {
  std::string lines;
  for (const std::string& warning : base::Warnings()) lines += warning + "\n";
  base::Broadcast(comm, lines);
  return lines;
}

}  // namespace

RunContext::RunContext(MPI_Comm comm, const deck::Deck& deck, io::Fingerprint fingerprint,
                       std::string directory, std::string restore_from)
    : comm_(comm),
      deck_(deck),
      directory_(std::move(directory)),
      restore_from_(std::move(restore_from)),
      fingerprint_(std::move(fingerprint)),
      status_(comm, directory_, deck::JobName(deck.options.job), Resume()),
      store_(comm, directory_, "checkpoint", deck.options.output.checkpoint.keep),
      clock_(comm, deck.options.output.checkpoint.every),
      evaluation_(comm, [this](const std::string& part) { status_.Part(part); }),
      frames_(comm, timers_) {
  timers_.AtStart([this](const std::string& part) { status_.Part(part); });
}

double RunContext::Seconds() const {
  double seconds = status_.Seconds();
  base::Mpi(MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, comm_));
  return seconds;
}

io::Progress RunContext::StartProgress(const std::string& title, long total,
                                       const std::string& unit) {
  return io::Progress(comm_, title, total,
                      [this, unit](const std::string& phase, long done, long all, io::Total worth) {
                        status_.Progress(phase, done, all, unit, worth);
                      });
}

bool RunContext::Restore(const Exchange& state) {
  if (!Resume()) return false;
  const io::CheckpointStore store(comm_, restore_from_);
  const auto found = store.Restore(fingerprint_, DoesNotDecide, state);
  if (!found) base::Fail("{}: there is no checkpoint in this folder", restore_from_);
  // A job may take its state in parts.
  if (std::exchange(told_of_resuming_, true)) return true;
  base::Info("resuming at {} {}, written {} on {} rank{}", found->unit, found->done, found->written,
             found->ranks, found->ranks == 1 ? "" : "s");
  return true;
}

bool RunContext::ShallStop() {
  if (stop_signal_.empty()) stop_signal_ = signals_.Received(comm_);
  return !stop_signal_.empty();
}

void RunContext::AddTaker(FrameTaker taker) {
  if (!frames_.Any()) {
    // Groups of ranks take steps of their own, whose fields are no frame of the run.
    AddObserver([this](const StepEnd& end) {
      if (end.comm == comm_) frames_.StepDone(end.done);
    });
  }
  frames_.Add(std::move(taker));
}

void RunContext::TellObservers(const StepEnd& end) {
  for (const StepObserver& observer : observers_) observer(end);
}

bool RunContext::GoesOn(const Exchange& state, long done, long total, const std::string& unit) {
  TellObservers({comm_, done, total, unit});
  return GoesOnBetweenSteps(state, done, total, unit);
}

bool RunContext::GoesOnBetweenSteps(const Exchange& state, long done, long total,
                                    const std::string& unit) {
  const bool stops = ShallStop();
  if (!stops && !clock_.Due()) return true;
  if (stops) {
    SaveCheckpoint(state, done, total, unit);
    return false;
  }
  const std::string fault =
      base::TryOnAll(comm_, [&] { SaveCheckpoint(state, done, total, unit); });
  if (!fault.empty()) {
    // The run is whole without it, and the one before stays.
    base::Warn("{}; the run goes on without this checkpoint", fault);
    clock_.Restart();
  }
  return true;
}

void RunContext::SaveCheckpoint(const Exchange& state, long done, long total,
                                const std::string& unit) {
  const auto scope = timers_.Measure("checkpoints");
  const std::string path = store_.Save({deck::JobName(deck_.options.job), deck_.options.title,
                                        Version(), unit, done, total, fingerprint_},
                                       state);
  clock_.Restart();
  status_.Checkpoint(path);
}

void RunContext::KeepCheckpoint(const Exchange& state, long done, long total,
                                const std::string& unit) {
  keeps_checkpoint_ = true;
  evaluation_.Try("the last checkpoint", [&] { SaveCheckpoint(state, done, total, unit); });
}

void RunContext::Stop() {
  status_.State("stopped by " + stop_signal_);
  throw StopRequest{stop_signal_, base::AgreeToThrow(comm_)};
}

void RunContext::NoteFailure() {
  // Where all ranks fail alike, rank 0 has it.
  if (base::Communicator::RankIn(comm_) != 0 && base::FailureAgreedOn(comm_)) return;
  status_.Failed(base::SentenceOf(base::CurrentFailure()));
}

io::Hdf5File RunContext::OpenResults() {
  const std::string path = directory_ + "/results.h5";
  if (results_made_) return io::Hdf5File::OpenUpdate(comm_, path);
  io::Hdf5File file = io::Hdf5File::Create(comm_, path);
  file.WriteAttribute("/", io::kResultsMark, Version());
  results_made_ = true;
  return file;
}

void RunContext::Write(const std::string& what, const std::function<void(io::Hdf5File&)>& work) {
  evaluation_.Try(what, [&] {
    io::Hdf5File file = OpenResults();
    work(file);
    file.Close();
  });
}

void RunContext::SaveSummary() {
  summary_["seconds"] = Seconds();
  double peak = base::PeakMemory();
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &peak, 1, MPI_DOUBLE, MPI_MAX, comm_));
  summary_["peak_memory_bytes"] = static_cast<std::int64_t>(peak);
  summary_["complete"] = evaluation_.Complete();
  if (frames_.Any()) summary_.update(frames_.Summary());
  if (!evaluation_.Complete()) summary_["failed_parts"] = evaluation_.Failed();
  evaluation_.Try(kSummary,
                  [&] { io::WriteSummary(comm_, directory_ + "/summary.json", summary_); });
}

void RunContext::WriteMeta(io::Hdf5File& file) {
  file.MakeGroup("/meta");
  file.WriteAttribute("/meta", "format_version", kResultsFormat);
  file.WriteAttribute("/meta", "symwave_version", Version());
  file.WriteAttribute("/meta", "ranks", base::Communicator::SizeOf(comm_));
  file.WriteAttribute("/meta", "deck_path", deck_.path);
  file.WriteText("/meta/deck", deck_.text, {"", "the deck as given"});
  file.WriteText("/meta/resolved_deck", deck_.resolved, {"", "every value in force"});
  file.WriteText(kFingerprint, fingerprint_.Text(), {"", "what decides the course of the run"});
  const std::string warnings = SharedWarnings(comm_);
  if (!warnings.empty()) {
    file.WriteText("/meta/warnings", warnings, {"", "those of the log, one a line"});
  }
  file.WriteText("/meta/libraries", LibraryVersions().dump(), {"", "JSON"});
  // The last: by it results are known to be finished.
  file.WriteText(io::kResultsEnd, nlohmann::ordered_json(timers_.MaxOverRanks(comm_)).dump(),
                 {"s", "JSON, wall-clock seconds of the slowest rank"});
}

bool RunContext::Finish() {
  base::FaultPoint("results/finish");
  Write(kMeta, [&](io::Hdf5File& file) { WriteMeta(file); });
  SaveSummary();
  return !evaluation_.Failed(kMeta);
}

std::vector<std::string> RunContext::Superseded() const {
  // What failed behind the last step can be done again from the last checkpoint.
  if (!evaluation_.Complete()) return {};
  std::vector<std::string> files = store_.Files();
  if (keeps_checkpoint_ && !files.empty()) files.pop_back();
  return files;
}

}  // namespace symwave::jobs::run
