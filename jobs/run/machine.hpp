// What a machine does in a second: the rates that plans are made of, in a small file.
#pragma once

#include <mpi.h>

#include <array>
#include <string>
#include <vector>

namespace symwave::jobs::run {

/// What runs do many times. `symwave bench` measures each on this machine.
enum class Operation {
  // Time domain, for each time step. In double precision each takes Machine::float64 times as long.
  Cell2d,  ///< a cell of plain dielectric, two dimensions
  Pml2d,   ///< a cell within the layers of one axis, beside what it takes anyway
  Pole2d,  ///< a pole of one component of E in a cell, beside what the cell takes anyway
  Cell3d,
  Pml3d,
  Pole3d,     ///< a pole of all three
  Sample,     ///< a value that is kept for a transform, from a field to its sum: each sample
  Transform,  ///< the same, each sample and frequency
  Medium,     ///< a cell, once: its media and their place in the memory
  // Solving for modes and fields at one frequency.
  PortLine,    ///< the modes of a port in two dimensions, at one frequency
  ModePoint,   ///< a point of the cross-section of a port in three dimensions
  Unknown,     ///< its permittivity, its row, and what is measured of its solution
  Analysis,    ///< an unknown, once per sparsity
  Front,       ///< an unknown that is eliminated, beside Flop
  Flop,        ///< an unknown that is eliminated, times the unknowns across the device
  Substitute,  ///< an unknown times the logarithm (base 2) of those across, a right-hand side
  Sweep,       ///< the same, a block of right-hand sides
  Dense,       ///< of a dense symmetric matrix of n unknowns n^3
  // Planes of light, for each plane.
  Fourier,  ///< a sample of the padded plane times the logarithm (base 2) of all of them
  Pixel,    ///< a pixel, whatever is done to it
  Noise,    ///< a pixel whose field is measured with noise
  Photon,   ///< a pixel whose field is measured by counting photons in four frames
  Launch,   ///< a pixel that modulators with errors launch
  // Pictures and field files while a run goes on.
  FramePoint,    ///< a value of a frame that is handed over
  PicturePixel,  ///< a pixel of a picture, drawn by the first rank
  FieldFile,     ///< a field file, beside its bytes
};
constexpr int kOperations = static_cast<int>(Operation::FieldFile) + 1;

/// The name of an operation in the file, and what it is.
struct OperationInfo {
  const char* name;
  const char* sentence;
  double common = 0;  ///< seconds on a core of a Xeon with AVX-512, rounded
  bool late = false;  ///< files of earlier versions lack it: the common rate stands for it
};
const OperationInfo& InfoOf(Operation operation);

/// Links between ranks.
struct Link {
  double bandwidth = 0;  ///< bytes/s that a rank sends while the others do, too
  double latency = 0;    ///< s from rank to rank
};

/// Machine::where of rates that no file holds.
inline constexpr const char* kMeasuredHere = "measured here";

struct Machine {
  std::string where;     ///< "machine.yaml", or kMeasuredHere
  std::string measured;  ///< when and on how many ranks, in words
  int cores = 1;         ///< of a node
  double memory = 0;     ///< of a node, bytes
  /// Seconds of one core for one operation, while the other ranks of the node work, too.
  std::array<double, kOperations> seconds{};
  /// Times that operations of the time domain and of planes take longer in double precision.
  double float64 = 2;
  double disk = 0.5e9;  ///< bytes/s that all ranks write
  Link inside{5e9, 1e-6};
  /// Between nodes; where it was not measured, that of an InfiniBand of 100 Gbit/s.
  Link network{12.5e9, 2e-6};

  double Of(Operation operation) const { return seconds[static_cast<std::size_t>(operation)]; }
  double& Of(Operation operation) { return seconds[static_cast<std::size_t>(operation)]; }
};

/// Rates as a node of today has them about, to compare runs with each other where nothing is known
/// of the machine.
Machine CommonMachine();

/// Collective. UserError with file:line, on every rank: no such file, unknown keys, wrong units,
/// rates that are not positive.
Machine ReadMachine(MPI_Comm comm, const std::string& path);

/// As ReadMachine reads it.
std::string MachineText(const Machine& machine);

/// Where a machine is looked for when no file is named: machine.yaml in the folder symwave of
/// $XDG_CONFIG_HOME, or of ~/.config.
std::string DefaultMachinePath();

}  // namespace symwave::jobs::run
