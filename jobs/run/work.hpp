// What a run takes of any machine: the counts that a plan multiplies with the rates of one.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "jobs/run/machine.hpp"

namespace symwave::jobs::run {

/// What a job takes of the memory of its nodes, in bytes beside what a rank holds when the job is
/// made.
struct MemoryNeed {
  double each = 0;     ///< on every rank
  double shared = 0;   ///< of the ranks that work on one task together
  double faces = 0;    ///< of those of them whose part of a lattice meets one of its faces
  std::string remedy;  ///< what makes the job smaller
  std::string where;   ///< "deck.yaml:line" of the part that decides
  int sharing = 1;     ///< ranks that share a task in this run

  /// Of the fullest of `ranks` that share a task.
  double PerRank(int ranks) const;
  double RankBytes() const { return PerRank(sharing); }
};

/// Operations of one kind.
struct Part {
  std::string what;  ///< "steps", "port modes" ...
  Operation operation = Operation::Pixel;
  double amount = 0;  ///< of one task
  double tasks = 1;   ///< equal ones that do not wait for each other
  /// Of a task what the ranks of its group share; the rest is done by each of them, or by one while
  /// the others wait.
  double shared = 1;
  /// Ranks n of a group share it as n^spread: 2/3 of what stands on a face of a lattice.
  double spread = 1;
  bool threaded = false;
  bool float64 = false;
  bool steps = false;  ///< of the lattice, whose ranks repeat what is in their halos
};

/// A lattice that ranks cut into blocks.
struct SteppedLattice {
  std::array<int, 3> cells{1, 1, 1};
  double steps = 0;       ///< of all runs
  double halo_bytes = 0;  ///< of a point of a halo, each step
};

/// What a job offers to pictures and field files (run/frames.hpp).
struct OfferedFrames {
  double numbers = 0;                      ///< steps, wavelengths or epochs of all offers
  double offers = 1;                       ///< runs of inputs, trainers: each has a last frame
  double meshes = 1;                       ///< of a frame
  std::array<double, 3> points{1, 1, 1};   ///< of a mesh
  std::array<double, 3> lengths{0, 0, 0};  ///< um that they cover
  std::vector<Part> each;                  ///< what is computed for a frame alone
};

/// All of a run. Counts are of the whole run, whatever the ranks.
struct Work {
  std::vector<Part> parts;
  std::optional<SteppedLattice> lattice;
  std::optional<OfferedFrames> frames;
  MemoryNeed memory;
  /// Wavelengths, blocks, images: each group of ranks holds one of them at a time.
  double tasks = 1;
  double program_bytes = 0;  ///< of a rank before it begins, and at its fullest until then
  double program_peak = 0;
  double modes_bytes = 0;   ///< of a rank that solves port modes before its fields are there
  double file_bytes = 0;    ///< written, without checkpoints
  int least_group = 1;      ///< ranks that share a task by the deck: compute.ranks_per_plane
  bool divides = true;      ///< whether more of them may where tasks are fewer than ranks
  double task_bytes = 0;    ///< ranks share a task, too, where a rank has not twice as much memory
  int threads = 1;          ///< of each rank, by the deck
  std::string threads_key;  ///< where the deck states them; empty: threads are of no use
  bool at_least = false;    ///< the run may last longer: see the assumptions
  std::vector<std::string> assumptions;  ///< a sentence each

  void Add(const std::string& what, Operation operation, double amount, double tasks = 1,
           double shared = 1);
};

}  // namespace symwave::jobs::run
