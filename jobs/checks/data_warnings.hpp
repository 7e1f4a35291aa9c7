// Doubts about the data of a training.
#pragma once

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "training/dataset.hpp"

namespace symwave::jobs::checks {

/// Classes whose names only a slip makes different, features that only count the samples, are
/// constant or have no port, and classes of which the split leaves one sample to train on.
std::vector<std::string> DataWarnings(const deck::ChipTrainingOptions& options,
                                      const training::Dataset& data);

/// "0 setosa, 1 versicolor; without column Id": the order of the classes and what is left out.
std::string DataText(const training::Dataset& data);

}  // namespace symwave::jobs::checks
