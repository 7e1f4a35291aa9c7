#include "jobs/run.hpp"

#include <Eigen/Core>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/output_directory.hpp"
#include "io/progress.hpp"
#include "io/summary.hpp"
#include "jobs/bench_memory.hpp"
#include "jobs/bench_train.hpp"
#include "jobs/evaluation.hpp"
#include "jobs/focus.hpp"
#include "jobs/hidden_object.hpp"
#include "jobs/optical_bench_plan.hpp"
#include "jobs/report.hpp"
#include "jobs/results.hpp"
#include "jobs/simulate.hpp"
#include "jobs/simulate_time_domain.hpp"
#include "jobs/train.hpp"

namespace symwave::jobs {

namespace {

std::string DirectoryOf(const Deck& deck, const RunOptions& options) {
  if (!options.directory.empty()) return options.directory;
  if (!deck.options.output.directory.empty()) return deck.options.output.directory;
  return io::DefaultOutputDirectory(deck.path);
}

void PrepareBench(MPI_Comm comm, const Deck& deck) {
  // Else Eigen's products would take every core of the node for each rank.
  Eigen::setNbThreads(deck.options.bench.compute.threads);
  for (const std::string& warning : BenchWarnings(comm, deck.options.bench)) {
    base::Warn("{}", warning);
  }
  RequireBenchMemory(comm, deck.options, EstimateBenchMemory(comm, deck.options));
}

/// A report that fails is noted in the summary, which was written before.
bool Report(MPI_Comm comm, const std::string& directory, Evaluation& evaluation) {
  if (evaluation.Failed(kClosing)) {
    base::Warn("no report, as results.h5 could not be written");
    return false;
  }
  if (MakeReport(comm, directory) == 0) return true;
  evaluation.Try("the report", [&] { base::Fail("see the log"); });
  if (evaluation.Failed(kSummary)) return false;
  evaluation.Try(kSummary, [&] {
    const std::string path = directory + "/summary.json";
    nlohmann::ordered_json summary = io::ReadSummary(comm, path);
    summary["complete"] = false;
    io::WriteSummary(comm, path, summary);
  });
  return false;
}

}  // namespace

int Run(MPI_Comm comm, const Deck& deck, const RunOptions& options) {
  const double start = MPI_Wtime();
  base::ClearWarnings();
  base::FaultPoint("run/start");
  Evaluation evaluation;
  const std::string directory = DirectoryOf(deck, options);
  io::PrepareOutputDirectory(comm, directory);
  base::Info("{}", deck.options.title.empty() ? deck.path : deck.options.title);
  if (options.resume && deck.options.job == JobKind::Simulate) {
    base::Fail("--resume belongs to jobs that train; job: simulate starts again");
  }
  if (deck.options.bench.present) PrepareBench(comm, deck);
  switch (deck.options.job) {
    case JobKind::Simulate:
      if (deck.options.InTimeDomain()) {
        RunTimeDomain(comm, deck, directory, evaluation);
      } else {
        RunSimulation(comm, deck, directory, evaluation);
      }
      break;
    case JobKind::Train:
      if (deck.options.bench.present) {
        RunBenchTraining(comm, deck, directory, options.resume);
      } else {
        RunTraining(comm, deck, directory, options.resume, evaluation);
      }
      break;
    case JobKind::Focus:
      RunFocus(comm, deck, directory, options.resume);
      break;
    case JobKind::HiddenObject:
      RunHiddenObject(comm, deck, directory, options.resume);
      break;
  }
  const bool reported = options.report && Report(comm, directory, evaluation);
  base::Info("done in {}: {}{}{}", io::Progress::Duration(MPI_Wtime() - start), directory,
             reported ? "/report.html" : " (no report)",
             evaluation.Complete() ? "" : "; incomplete, see the warnings");
  return evaluation.Complete() ? 0 : kIncomplete;
}

}  // namespace symwave::jobs
