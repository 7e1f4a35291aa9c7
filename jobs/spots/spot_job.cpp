#include "jobs/spots/spot_job.hpp"

#include <utility>
#include <vector>

#include "jobs/train/bench/bench_plan.hpp"
#include "jobs/train/bench/bench_threads.hpp"

namespace symwave::jobs::spots {

namespace {

class SpotJob : public run::Job {
 public:
  SpotJob(MPI_Comm comm, deck::BenchOptions options, const SpotJobParts& parts)
      : comm_(comm),
        options_(std::move(options)),
        parts_(parts),
        warnings_(train::bench::BenchWarnings(comm, options_.bench)) {}

  run::MemoryNeed Memory() override {
    return train::bench::NeedOf(parts_.memory(comm_, options_), options_.bench);
  }
  std::vector<std::string> Check() override { return warnings_; }
  std::string Plan(bool /*fits*/) override { return parts_.plan(comm_, options_); }
  run::Work CountWork() override { return parts_.work(comm_, options_); }

  void Run(run::RunContext& context) override {
    train::bench::UseBenchThreads(options_.bench);
    (options_.bench.compute.float64 ? parts_.run_float64 : parts_.run_float32)(context, options_);
  }

 private:
  MPI_Comm comm_;
  deck::BenchOptions options_;
  SpotJobParts parts_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<run::Job> MakeSpotJob(MPI_Comm comm, const deck::BenchOptions& options,
                                      const SpotJobParts& parts) {
  return std::make_unique<SpotJob>(comm, options, parts);
}

}  // namespace symwave::jobs::spots
