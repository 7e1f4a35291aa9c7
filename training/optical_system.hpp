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
  /// Per command: (rows that describe the field in its elements, this rank's part) x launches, such
  /// that the plain sum over ranks and rows, for an error field e and a data field d,
  ///   sum_r e_r d_r = g^T (dU/dcommand) x      (un-conjugated, per nominal radian or neper),
  /// which is i p v for a thin phase mask and (w/2) * (...) eps' E_err . E in Maxwell's equations.
  /// d comes from x launched at the input side; e from g launched either at the output side of the
  /// same device (same command), or at the input side of its mirror image (the command at the
  /// mirror image). Inside an extended element the mirrored field runs the other way: rows that are
  /// even and odd combinations about the command's own centre plane, the odd ones multiplied by i
  /// for launches at the input side and by -i for launches at the output side, serve both cases.
  /// The rows of a command and of its mirror image are dealt to the ranks in the same way.
  std::vector<Eigen::MatrixXcd> fields;
};

/// Counts of what was done; a pass is one launch of one column of light.
struct Effort {
  long solves = 0;          ///< right-hand sides solved
  long factorizations = 0;  ///< factorized designs
};

/// A chip or bench with `Inputs()` ports on the input side, `Outputs()` on the output side and
/// `Elements()` trainable elements, each with a command of its own; a group of elements that share
/// one counts as one. All members are collective on Comm().
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
  /// Elements whose command is a loss and may not be negative (attenuators).
  virtual std::vector<bool> Attenuators() const {
    return std::vector<bool>(static_cast<std::size_t>(Elements()), false);
  }
  virtual Transmission Transmit(const Eigen::MatrixXcd& launched, Side side) = 0;
  virtual Effort Spent() const = 0;
};

}  // namespace symwave::training
