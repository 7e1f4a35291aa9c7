// What the training of a chip would do: lines of `symwave check`.
#pragma once

#include <string>
#include <vector>

#include "jobs/device/device.hpp"
#include "jobs/train/chip/tasks.hpp"
#include "training/chip/device_parts.hpp"

namespace symwave::jobs::train::chip {

/// Beside what its whole block takes. UserError for data that do not fit the chip, as the run would
/// give it.
std::string ChipTrainingPlan(const deck::ChipTrainingOptions& options, const device::Device& device,
                             const training::chip::Composition& composition,
                             const std::vector<Task>& tasks);

}  // namespace symwave::jobs::train::chip
