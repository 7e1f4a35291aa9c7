// What solving in frequency domain takes of any machine.
#pragma once

#include "jobs/device/device.hpp"
#include "jobs/run/work.hpp"

namespace symwave::jobs::simulate::frequency {

/// A sparse symmetric system of a 2D lattice.
struct SparseSystem {
  double unknowns = 0;
  double across = 0;       ///< of them the fewest that part the lattice in two
  double dense = 0;        ///< unknowns that are all coupled to each other, a last block of them
  double right_sides = 0;  ///< of each factorization
  double block = 32;       ///< of them that are solved at once
};

/// A solution of all of `tasks` systems of one pattern: factorization and right-hand sides.
void AddSolutions(run::Work& work, const std::string& what, const SparseSystem& system,
                  double tasks);
/// The order of elimination, which one rank finds.
void AddAnalysis(run::Work& work, const std::string& what, double unknowns);

/// The whole device with all port modes.
SparseSystem WholeSystem(const device::Device& device);

/// Bytes of results with the pictures of `inputs` fields, and of field files of them.
double FieldFileBytes(const device::Device& device, int inputs, bool files);

/// Frames with a mesh for each of `inputs` fields, of `numbers` wavelengths or epochs.
run::OfferedFrames FramesOf(const device::Device& device, int inputs, double numbers);

/// A list of wavelengths on groups of ranks.
run::Work CountSweep(const deck::SimulateOptions& options, const device::Device& device);

}  // namespace symwave::jobs::simulate::frequency
