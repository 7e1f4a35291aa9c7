// What a training on an optical bench would do: `symwave check` of a deck with a section `bench`.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/schema.hpp"
#include "training/image_dataset.hpp"

namespace symwave::jobs {

/// Ranks and sampling of a run; the notes that the user should read. UserError with the place of
/// the section bench.
std::vector<std::string> BenchWarnings(MPI_Comm comm, const OpticalBenchOptions& bench);

/// Collective: images, sampling, ranks; a plane is propagated to measure the speed. UserError as
/// the run would give it.
std::string BenchPlanText(MPI_Comm comm, const Deck& deck);

// Parts of it that the plans of all jobs on a bench share; collective.

/// Ranks, and the sampling of every propagation: the line about the planes. UserError with the
/// place of the section. What is no error but worth a note is added to `warnings`.
std::string CheckBenchPlanes(MPI_Comm comm, const OpticalBenchOptions& bench,
                             std::vector<std::string>& warnings);
/// Collective. UserError as ReadImages, for more classes than detectors have room, and for a black
/// image that should carry light.
training::ImageSets ReadBenchImages(MPI_Comm comm, const OpticalBenchOptions& bench);
/// Seconds that a rank needs to propagate one plane once, measured.
double SecondsPerPlane(MPI_Comm comm, const OpticalBenchOptions& bench);

}  // namespace symwave::jobs
