// Numbers that say how well a bench does what it should.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>

#include "training/bench/plane_engine.hpp"

namespace symwave::training::bench {

/// Energy of the light on the cameras per operation [J]: photons that arrive in all frames,
/// detected or not, times h c / wavelength. An operation is one complex multiply-accumulate of the
/// dense matrices that the layers stand for, layers * pixels^2 per sample. Light lost on the way is
/// not counted, nor what laser, modulators, cameras and electronics take.
struct OperationEnergy {
  double signal = 0;          ///< of the signal alone
  double with_reference = 0;  ///< and of the reference wave, in the four frames of every field
};

/// `effort` is what `samples` images take; both 0 for a camera free of noise, as its photons.
OperationEnergy EnergyPerOperation(const BenchEffort& effort, const BenchGeometry& geometry,
                                   const DetectionErrors& detection, long samples, int layers);

/// Collective on `comm`: cosine of the angle between two vectors spread over its ranks; 0 when one
/// vanishes.
double CosineOver(MPI_Comm comm, const Eigen::VectorXd& a, const Eigen::VectorXd& b);

}  // namespace symwave::training::bench
