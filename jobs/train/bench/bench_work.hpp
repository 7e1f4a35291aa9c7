// What planes of light on an optical bench take of any machine.
#pragma once

#include "jobs/deck/options.hpp"
#include "jobs/run/work.hpp"
#include "training/bench/plane_engine.hpp"
#include "training/image_dataset.hpp"

namespace symwave::jobs::train::bench {

/// Planes on the bench, and in its model.
struct PlaneCounts {
  training::bench::BenchEffort on_bench;
  long on_model = 0;  ///< launches
  long steps = 0;     ///< of trainings: masks are programmed and moved

  PlaneCounts& operator+=(const PlaneCounts& other);
  PlaneCounts operator*(long times) const;
};

/// Of the gradients of a trainer, of `epochs` times `samples` images or fields in `steps` steps.
PlaneCounts TrainingPlanes(const deck::BenchOptions& options, training::TrainerKind kind,
                           long samples, long epochs);
/// Of `samples` images that are classified on the bench.
PlaneCounts TestPlanes(const deck::BenchOptions& options, long samples);

/// Adds what the planes of one of `tasks` take; they are dealt to groups of ranks_per_plane ranks.
void AddPlanes(run::Work& work, const std::string& what, const deck::OpticalBenchOptions& bench,
               const PlaneCounts& planes, double tasks);
/// What all jobs on a bench have in common: how ranks share planes, and their threads.
void SetRanks(run::Work& work, const deck::OpticalBenchOptions& bench);

run::Work CountBenchTraining(MPI_Comm comm, const deck::BenchOptions& options,
                             const training::ImageSets& images);

}  // namespace symwave::jobs::train::bench
