// What an optimizer sees of a device that is trained: commands in, measured losses and gradients
// out. A network of chips and a free-space bench are objectives; so is a focus behind a scatterer.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace symwave::training {

/// Of one of several objectives whose mean is taken.
struct PartMeasurement {
  double loss = 0;
  double accuracy = 0;
};

/// Means over a batch, the same on every rank but for `gradient`.
struct Measurement {
  double loss = 0;
  double accuracy = 0;       ///< 0 where there are no classes
  double defect = 0;         ///< symmetry defect where it was measured
  Eigen::VectorXd gradient;  ///< of the commands held by this rank; empty when not asked for
  long passes = 0;           ///< launches a laboratory would need
  std::vector<PartMeasurement> parts;  ///< of a mean of objectives (mean_objective.hpp)

  /// Adds a share 1 / `of` of another loss and accuracy, and all of its passes.
  void AddShare(const Measurement& other, double of) {
    loss += other.loss / of;
    accuracy += other.accuracy / of;
    passes += other.passes;
    parts.resize(other.parts.size());
    for (std::size_t k = 0; k < parts.size(); ++k) {
      parts[k].loss += other.parts[k].loss / of;
      parts[k].accuracy += other.parts[k].accuracy / of;
    }
  }
};

/// All members are collective on World().
class Objective {
 public:
  virtual ~Objective() = default;
  virtual MPI_Comm World() const = 0;
  /// Ranks that hold different commands of one vector; MPI_COMM_SELF where every rank holds all.
  virtual MPI_Comm CommandComm() const = 0;
  /// Commands held by this rank, the number of its first one, and of all.
  virtual Eigen::Index Commands() const = 0;
  virtual Eigen::Index FirstCommand() const = 0;
  virtual Eigen::Index AllCommands() const = 0;
  /// The vector of all commands may be this many parts of equal size one after another (layers),
  /// each spread over CommandComm() in the same way: this rank then holds Commands() /
  /// CommandParts() of each, and FirstCommand() counts within a part.
  virtual Eigen::Index CommandParts() const { return 1; }
  /// Whether commands of this rank that differ by 2 pi are the same (phases).
  virtual bool Periodic(Eigen::Index command) const {
    (void)command;
    return true;
  }
  /// Samples to train on; batches name numbers 0 ... Samples() - 1.
  virtual int Samples() const = 0;

  /// Loss and gradient. `step` numbers the noise; the trainer gives every measurement of a kind
  /// (learn, probe, test) its own.
  virtual Measurement Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                            std::uint64_t step) = 0;
  /// Loss alone (no gradient): what SPSA, particle swarm and finite differences use. The same
  /// batch, commands and step give the same loss.
  virtual Measurement Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                            std::uint64_t step) = 0;
  /// Loss and accuracy on the test set (on the training set where there is none).
  virtual Measurement Test(const Eigen::VectorXd& commands, std::uint64_t step) = 0;
  /// What every set of commands must obey (tied elements, passive attenuators).
  virtual void Constrain(Eigen::VectorXd& commands) const { (void)commands; }
};

}  // namespace symwave::training
