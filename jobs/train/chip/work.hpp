// What the training of a chip takes of any machine.
#pragma once

#include "jobs/device/device.hpp"
#include "jobs/run/work.hpp"
#include "training/dataset.hpp"

namespace symwave::jobs::train::chip {

/// Counts of all trainings of a deck, those of its sweep included.
struct TrainingEffort {
  long step_unknowns = 0;   ///< factorized in a step: strips only, when condensed
  long steps = 0;           ///< of all trainers and points of the sweep, of one block
  long factorizations = 0;  ///< of all blocks
  long solves = 0;          ///< runs, in time domain
  long eliminations = 0;    ///< of the fixed parts of a block
  long passes = 0;          ///< launches of light in a laboratory
};

TrainingEffort EffortOf(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::Dataset& data);

/// Of a step in time domain: the pulse and two ways of light through the chip.
long StepsOfRun(const deck::ChipTrainingOptions& options, const device::Device& device);

run::MemoryNeed TrainingMemory(const deck::ChipTrainingOptions& options,
                               const device::Device& device, int ranks);

run::Work CountTraining(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::Dataset& data);

}  // namespace symwave::jobs::train::chip
