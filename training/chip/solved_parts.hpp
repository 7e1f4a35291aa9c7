// The S-matrices of the parts of a device.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "training/chip/chip.hpp"
#include "training/chip/device_parts.hpp"
#include "training/chip/part_store.hpp"

namespace symwave::training::chip {

struct SolvedParts {
  std::vector<Eigen::MatrixXcd> s;  ///< per part, of its ports in the order of PartOf
  solvers::DeviceStatistics effort;
};

/// Solves every part with a launch into each of its ports, in the way of `chip`, unless chip.parts
/// knows it; calls chip.solved after each launch and chip.part_solved after each part that was
/// solved. Where the device is mirror-symmetric a part that is the image of one before it has its
/// S-matrix. Collective on chip.device.comm.
SolvedParts SolveParts(const ChipOptions& chip, const Composition& composition);

}  // namespace symwave::training::chip
