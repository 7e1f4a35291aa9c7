// What a training on an optical bench shows of its planes.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "io/field_frame.hpp"
#include "jobs/run/frames.hpp"
#include "jobs/train/bench/bench_setup.hpp"

namespace symwave::jobs::train::bench {

struct PlaneFrames {
  std::string trainer;
  long epoch = 0;
  const run::FieldRequest& fields;  ///< "intensity", "mask"
};

/// Of every layer a plane of the light of an image behind it, over its mean, and of its mask [rad],
/// in coordinates about its centre; each rank gives some of the rows. `masks`: whole planes, one
/// after another. Not collective.
std::vector<io::FieldFrame> FramesOf(MPI_Comm comm, const training::bench::BenchGeometry& geometry,
                                     const BenchTrace& trace, const std::vector<float>& masks,
                                     const PlaneFrames& asked);

}  // namespace symwave::jobs::train::bench
