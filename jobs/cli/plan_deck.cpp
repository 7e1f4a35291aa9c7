#include "jobs/cli/plan_deck.hpp"

#include <filesystem>

#include "domain/base/communicator.hpp"
#include "domain/base/memory.hpp"
#include "domain/base/silence.hpp"
#include "jobs/cli/make_job.hpp"
#include "jobs/run/frame_work.hpp"
#include "jobs/throughput/calibration.hpp"

namespace symwave::jobs::cli {

namespace {

/// Seconds of a measurement of a rate, where no file knows the machine.
constexpr double kBrief = 0.04;

double LargestOf(MPI_Comm comm, double value) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, comm));
  return value;
}

/// Rank 0 looks, so that all agree.
bool Exists(MPI_Comm comm, const std::string& path) {
  int exists = 0;
  std::error_code ignored;
  if (base::Communicator::RankIn(comm) == 0) exists = std::filesystem::exists(path, ignored);
  base::Mpi(MPI_Bcast(&exists, 1, MPI_INT, 0, comm));
  return exists != 0;
}

}  // namespace

run::RankLayout LayoutHere(MPI_Comm comm, int threads) {
  MPI_Comm node = MPI_COMM_NULL;
  base::Mpi(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  const int beside = static_cast<int>(LargestOf(comm, base::Communicator::SizeOf(node)));
  base::Mpi(MPI_Comm_free(&node));
  const int ranks = base::Communicator::SizeOf(comm);
  return {(ranks + beside - 1) / beside, beside, threads};
}

std::optional<run::Machine> KnownMachine(MPI_Comm comm, const std::string& path) {
  if (!path.empty()) return run::ReadMachine(comm, path);
  const std::string own = run::DefaultMachinePath();
  if (Exists(comm, own)) return run::ReadMachine(comm, own);
  return std::nullopt;
}

run::Machine MachineFor(MPI_Comm comm, const std::string& path, const run::Work& work) {
  if (const auto known = KnownMachine(comm, path)) return *known;
  throughput::CalibrationOptions brief;
  brief.seconds = kBrief;
  brief.links_and_disk = false;
  for (const run::Part& part : work.parts) brief.wanted.insert(part.operation);
  return throughput::Calibrate(comm, brief);
}

run::Work WorkOf(MPI_Comm comm, run::Job& job, const deck::DeckOptions& options) {
  run::Work work = job.CountWork();
  run::AddFrames(work, options);
  work.program_bytes = LargestOf(comm, base::MemoryInUse());
  work.program_peak = LargestOf(comm, base::PeakMemory());
  return work;
}

std::string PlanHere(MPI_Comm comm, const run::Work& work) {
  const run::Machine machine = MachineFor(comm, "", work);
  const run::Prediction here = run::Predict(work, machine, LayoutHere(comm, work.threads));
  return plan::PredictionText(work, machine, here);
}

std::string PlanDeck(MPI_Comm comm, const deck::Deck& deck, const plan::PlanOptions& options) {
  run::Work work;
  {
    const base::Silence silence;
    const std::unique_ptr<run::Job> job = MakeJob(comm, deck.options);
    job->Memory();
    job->Check();
    work = WorkOf(comm, *job, deck.options);
  }
  const run::Machine machine = MachineFor(comm, options.machine, work);
  const plan::DeckPlan made = plan::MakePlan(work, machine, options);
  if (options.json) {
    nlohmann::ordered_json json{{"deck", deck.path}};
    json.update(plan::PlanJson(made));
    return json.dump(2) + "\n";
  }
  return fmt::format("{}: {}\n", deck.path,
                     deck.options.title.empty() ? "no title" : deck.options.title) +
         plan::PlanText(made);
}

}  // namespace symwave::jobs::cli
