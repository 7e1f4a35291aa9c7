#include "jobs/cli/make_job.hpp"

#include "domain/base/error.hpp"
#include "jobs/simulate/frequency/job.hpp"
#include "jobs/simulate/sources/frequency_sources.hpp"
#include "jobs/simulate/time/job.hpp"
#include "jobs/spots/focus.hpp"
#include "jobs/spots/hidden_object.hpp"
#include "jobs/train/bench/job.hpp"
#include "jobs/train/chip/job.hpp"

namespace symwave::jobs::cli {

std::unique_ptr<run::Job> MakeJob(MPI_Comm comm, const deck::DeckOptions& options) {
  switch (options.job) {
    case deck::JobKind::Simulate:
      return options.InTimeDomain()    ? simulate::time::MakeTimeDomainSimulation(comm, options)
             : options.sources.empty() ? simulate::frequency::MakeFrequencySimulation(comm, options)
                                       : simulate::sources::MakeFrequencySources(comm, options);
    case deck::JobKind::Train:
      return options.bench.present ? train::bench::MakeBenchTraining(comm, options.Bench())
                                   : train::chip::MakeChipTraining(comm, options.ChipTraining());
    case deck::JobKind::Focus:
      return spots::MakeFocusJob(comm, options.Bench());
    case deck::JobKind::HiddenObject:
      return spots::MakeHiddenObjectJob(comm, options.Bench());
  }
  base::Require(false, "every kind of job is made");
  return nullptr;
}

}  // namespace symwave::jobs::cli
