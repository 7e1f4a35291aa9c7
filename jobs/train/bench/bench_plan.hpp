// What a training on an optical bench would do, and what the plans of all jobs on a bench share.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "training/image_dataset.hpp"

namespace symwave::jobs::train::bench {

/// Ranks and sampling of every propagation; the notes that the user should read. UserError with the
/// place of the section bench.
std::vector<std::string> BenchWarnings(MPI_Comm comm, const deck::OpticalBenchOptions& bench);

/// The line about the planes.
std::string BenchPlanesText(const deck::OpticalBenchOptions& bench);

/// Collective. UserError as ReadImages, for more classes than detectors have room, and for a black
/// image that should carry light.
training::ImageSets ReadBenchImages(MPI_Comm comm, const deck::OpticalBenchOptions& bench);

/// Collective. Lines of `symwave check`.
std::string BenchTrainingPlan(MPI_Comm comm, const deck::BenchOptions& options,
                              const training::ImageSets& images);

}  // namespace symwave::jobs::train::bench
