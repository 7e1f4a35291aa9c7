// What a network of chips learns, at each of its wavelengths.
#pragma once

#include <mpi.h>

#include <memory>
#include <string>
#include <vector>

#include "jobs/device/device.hpp"
#include "training/dataset.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

struct Task {
  deck::ChipTrainingOptions options;  ///< ChipTrainingOptions::At, with the outputs of the classes
  std::shared_ptr<const training::Dataset> data;

  double Wavelength() const { return options.wavelengths.front(); }
  training::Split Split() const { return training::SplitSamples(*data, options.data.front()); }
};

/// One per wavelength, in the order of the deck. Collective; UserError of ReadDataset and
/// DetectedPorts.
std::vector<Task> ReadTasks(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                            const device::Device& device);

std::vector<training::Split> SplitsOf(const std::vector<Task>& tasks);
std::vector<std::vector<std::string>> ClassesOf(const std::vector<Task>& tasks);
/// "1.53um", for several wavelengths.
std::vector<std::string> PartNames(const std::vector<Task>& tasks);

}  // namespace symwave::jobs::train::chip
