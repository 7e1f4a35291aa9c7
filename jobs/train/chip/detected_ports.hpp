// The outputs of a device that are detected for the classes of the data.
#pragma once

#include <string>
#include <vector>

#include "jobs/device/device.hpp"
#include "training/dataset.hpp"

namespace symwave::jobs::train::chip {

/// The port of every output, a port with several modes once for each.
std::vector<std::string> OutputNames(const device::Device& device);

/// Numbers of the outputs of every class of the data at the first wavelength, empty where the deck
/// names none. UserError for a port that is no output, a class that the data do not have, and one
/// that has no port.
std::vector<training::ClassPorts> DetectedPorts(const deck::ChipTrainingOptions& options,
                                                const device::Device& device,
                                                const training::Dataset& data);

/// "intensity: setosa out1 out2, virginica out3", for the plan.
std::string DetectionText(const training::DetectionOptions& detection, const device::Device& device,
                          const training::Dataset& data);

}  // namespace symwave::jobs::train::chip
