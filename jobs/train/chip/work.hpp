// What the training of a chip takes of any machine.
#pragma once

#include <vector>

#include "jobs/device/device.hpp"
#include "jobs/run/work.hpp"
#include "jobs/train/chip/tasks.hpp"
#include "training/chip/device_parts.hpp"

namespace symwave::jobs::train::chip {

/// Counts of all trainings of a deck, those of its sweep included.
struct TrainingEffort {
  long step_unknowns = 0;   ///< factorized in a step: strips only, when condensed
  long steps = 0;           ///< of all trainers and points of the sweep, of one block
  long factorizations = 0;  ///< of all blocks and wavelengths
  long solves = 0;          ///< runs, in time domain
  long eliminations = 0;    ///< of the fixed parts of a block at a wavelength
  long passes = 0;          ///< launches of light in a laboratory
};

/// `composition`: of a composed device, else empty.
TrainingEffort EffortOf(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::chip::Composition& composition,
                        const std::vector<Task>& tasks);

/// Of a step in time domain: the pulse and two ways of light through the chip.
long StepsOfRun(const deck::ChipTrainingOptions& options, const device::Device& device);

/// In two dimensions.
run::MemoryNeed TrainingMemory(const deck::ChipTrainingOptions& options,
                               const device::Device& device, int ranks);

/// `whole`: of the first block as a whole.
run::Work CountTraining(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::chip::Composition& composition,
                        const std::vector<Task>& tasks, const run::Work& whole);

}  // namespace symwave::jobs::train::chip
