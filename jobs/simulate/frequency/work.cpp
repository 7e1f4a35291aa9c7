#include "jobs/simulate/frequency/work.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/simulate/frequency/plan.hpp"

namespace symwave::jobs::simulate::frequency {

namespace {

using run::Operation;
using solvers::fdfd::PlanePoints;

/// What more ranks of a group share of a factorization, and of a substitution by MUMPS.
constexpr double kFactorShared = 0.85, kSolveShared = 0.3;
/// Entries of L of a lattice over unknowns times log2 of those across.
constexpr double kEntries = 4;
/// Real numbers of a field in its files: float32 of real part, imaginary part and magnitude, and in
/// results.h5 what the report shows.
constexpr double kFieldBytes = 4 * 3 + 8;

}  // namespace

void AddAnalysis(run::Work& work, const std::string& what, double unknowns) {
  work.Add(what, Operation::Analysis, unknowns, 1, 0);
}

void AddSolutions(run::Work& work, const std::string& what, const SparseSystem& system,
                  double tasks) {
  const double across = std::max(2.0, system.across);
  const double entries =
      system.unknowns * std::log2(across) + 0.5 * system.dense * system.dense / kEntries;
  work.Add(what, Operation::Front, system.unknowns, tasks, kFactorShared);
  work.Add(what, Operation::Flop, system.unknowns * across, tasks, kFactorShared);
  work.Add(what, Operation::Dense, std::pow(system.dense, 3), tasks, kFactorShared);
  work.Add(what, Operation::Substitute, entries * system.right_sides, tasks, kSolveShared);
  work.Add(what, Operation::Sweep, entries * std::ceil(system.right_sides / system.block), tasks,
           kSolveShared);
}

SparseSystem WholeSystem(const device::Device& device) {
  SparseSystem system;
  const PlanePoints points(*device.lattice);
  system.unknowns = static_cast<double>(points.Unknowns());
  system.across = std::min(points.Nx(), points.Ny());
  system.right_sides = PortModes(device);
  return system;
}

double FieldFileBytes(const device::Device& device, int inputs, bool files) {
  const auto cells = static_cast<double>(PlanePoints(*device.lattice).Unknowns());
  const double view = 8 * cells * (1 + inputs);
  return 0.1e6 + view + (files ? kFieldBytes * cells * (1 + inputs) : 0);
}

run::OfferedFrames FramesOf(const device::Device& device, int inputs, double numbers) {
  run::OfferedFrames frames;
  frames.numbers = numbers;
  frames.meshes = inputs;
  const PlanePoints points(*device.lattice);
  frames.points = {static_cast<double>(points.Nx()), static_cast<double>(points.Ny()), 1};
  frames.lengths = {device.lattice->Along(0).Length(), device.lattice->Along(1).Length(), 0};
  return frames;
}

run::Work CountSweep(const deck::SimulateOptions& options, const device::Device& device) {
  const SparseSystem system = WholeSystem(device);
  const auto wavelengths = static_cast<double>(options.wavelengths.size());
  run::Work work;
  work.Add("assembly", Operation::Unknown, system.unknowns, wavelengths);
  // Those of the deck, and of the middle wavelength on half the cells.
  work.Add("port modes", Operation::PortLine, static_cast<double>(device.ports.size()),
           wavelengths + 1);
  // Of the groups, and of the middle wavelength, which all ranks solve.
  AddAnalysis(work, "analysis", (wavelengths > 1 ? 2 : 1) * system.unknowns);
  AddSolutions(work, "solution", system, wavelengths);
  work.tasks = wavelengths;
  work.task_bytes = 1e6 * SolveMegabytes(options, device);
  work.memory = SolveMemory(options, device, 1);
  work.file_bytes = FieldFileBytes(device, PortModes(device), options.output.fields);
  work.frames = FramesOf(device, PortModes(device), wavelengths);
  return work;
}

}  // namespace symwave::jobs::simulate::frequency
