// What a run on an optical bench takes of the memory of a node.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::train::bench {

/// Bytes of a rank at the fullest moment of the run.
struct BenchMemory {
  double process = 0;  ///< what the largest rank holds now: program, libraries, images
  double benches = 0;  ///< propagations and elements of the bench, its model and a third bench
  double planes = 0;   ///< of light in work
  double masks = 0;    ///< commands, gradients, and what optimizers remember
  double frames = 0;   ///< kept for the results

  double Added() const { return benches + planes + masks + frames; }
  double Total() const { return process + Added(); }
};

/// Collective: with what the largest rank holds now.
BenchMemory MemoryBefore(MPI_Comm comm);

/// Bytes of the parts of a bench on one rank.
class BenchSizes {
 public:
  explicit BenchSizes(const deck::OpticalBenchOptions& bench);

  /// A complex plane, one of real numbers in the precision of the deck, and one in double.
  double Field() const { return amplitude_ * pixels_; }
  double Frame() const { return amplitude_ / 2 * pixels_; }
  double Mask() const { return 8 * pixels_; }
  /// Whole frames of `bytes` per pixel, on every rank.
  double WholeFrames(double count, double bytes) const;

  /// A bench with its errors, and without.
  double Bench() const;
  double Model() const { return Propagations(1) + Field(); }

 private:
  /// Transfer functions and scratch of `distances` propagations.
  double Propagations(int distances) const;

  const deck::OpticalBenchOptions& bench_;
  double amplitude_, pixels_;
};

/// Masks that a trainer remembers: commands and two moments, and three per particle of a swarm.
double RememberedMasks(const training::TrainingOptions& training, training::TrainerKind kind);

/// Collective, the same on every rank: of the training of a network on the bench.
BenchMemory BenchTrainingMemory(MPI_Comm comm, const deck::BenchOptions& options);

/// What a job on the bench takes.
run::MemoryNeed NeedOf(const BenchMemory& memory, const deck::OpticalBenchOptions& bench);

/// A line of `symwave check`.
std::string BenchMemoryText(const BenchMemory& memory, int ranks_per_plane);

}  // namespace symwave::jobs::train::bench
