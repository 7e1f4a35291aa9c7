// How many launches of light the trainings on an optical bench take.
#pragma once

#include "jobs/deck/options.hpp"

namespace symwave::jobs::train::bench {

/// Data and error passes of every layer in `epochs` of a trainer with `samples` images or fields,
/// without tests; passes through a model count, too.
long TrainingPasses(const deck::BenchOptions& options, training::TrainerKind kind, long samples,
                    long epochs);

}  // namespace symwave::jobs::train::bench
