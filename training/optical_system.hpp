// The seam between training and physics: an optical system that can only be driven forward.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <vector>

namespace symwave::training {

enum class Side { Input, Output };

/// What a set of launches produced. Columns belong to the launched columns.
struct Transmission {
  /// ports x launches; amplitudes of the light leaving on the side opposite to the launch, the same
  /// on every rank of the system's communicator.
  Eigen::MatrixXcd outputs;
  /// Per trainable element: (samples of the field in it, this rank's part) x launches. Scaled so
  /// that for an error field e and a data field d in the same programmed device
  ///   g^T (dU/dcommand_e) x = sum over ranks and samples of e_r * d_r     (un-conjugated),
  /// which is i p v for a thin phase mask and (w/2) * (...) eps' E_err . E in Maxwell's equations,
  /// per nominal radian or neper (a gain error of the hardware is unknown to it).
  std::vector<Eigen::MatrixXcd> fields;
};

/// Counts of what was done; a pass is one launch of one column of light.
struct Effort {
  long solves = 0;          ///< right-hand sides solved
  long factorizations = 0;  ///< factorized designs
};

/// A chip or bench with `Inputs()` ports on the input side, `Outputs()` on the output side and
/// `Elements()` commands. All members are collective on Comm().
class OpticalSystem {
 public:
  virtual ~OpticalSystem() = default;
  virtual MPI_Comm Comm() const = 0;
  virtual int Inputs() const = 0;
  virtual int Outputs() const = 0;
  virtual int Elements() const = 0;
  /// Element at the mirror image (input side <-> output side) of each element.
  virtual std::vector<int> MirrorImages() const = 0;
  /// Commands in radians (phase shifters) or nepers (attenuators), through the hardware's errors.
  virtual void Program(const Eigen::VectorXd& commands) = 0;
  virtual Transmission Transmit(const Eigen::MatrixXcd& launched, Side side) = 0;
  virtual Effort Spent() const = 0;
};

}  // namespace symwave::training
