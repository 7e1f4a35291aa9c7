// An optical system made of known matrices, for the tests of training: what a chip does, in closed
// form.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/network_engine.hpp"
#include "training/optical_system.hpp"
#include "training/trainer.hpp"

namespace symwave::training::testing {

/// U = A_K M_K A_(K-1) ... M_1 A_0 with masks M = diag(exp(i phase - loss)). Element (k P + p) is
/// the phase of port p in mask k; with attenuators K P losses follow. The hardware sees the phases
/// gain * command + offset.
class MatrixOptics : public OpticalSystem {
 public:
  MatrixOptics(MPI_Comm comm, std::vector<Eigen::MatrixXcd> cores, bool attenuators = false);

  void SetActuators(const Eigen::VectorXd& gain, const Eigen::VectorXd& offset);

  MPI_Comm Comm() const override { return comm_; }
  int Inputs() const override { return static_cast<int>(cores_.front().cols()); }
  int Outputs() const override { return static_cast<int>(cores_.back().rows()); }
  int Elements() const override { return (attenuators_ ? 2 : 1) * Masks() * Ports(); }
  std::vector<int> MirrorImages() const override;
  std::vector<bool> Attenuators() const override;
  void Program(const Eigen::VectorXd& commands) override;
  Transmission Transmit(const Eigen::MatrixXcd& launched, Side side) override;
  Effort Spent() const override { return effort_; }

 private:
  int Masks() const { return static_cast<int>(cores_.size()) - 1; }
  int Ports() const { return static_cast<int>(cores_.front().rows()); }
  Eigen::MatrixXcd Rows(const Eigen::RowVectorXcd& field, int element) const;

  MPI_Comm comm_;
  std::vector<Eigen::MatrixXcd> cores_;
  bool attenuators_;
  Eigen::VectorXd gain_, offset_;
  std::vector<Eigen::ArrayXcd> masks_;
  Effort effort_;
};

/// Random unitary times `transmission`.
Eigen::MatrixXcd RandomCore(int ports, std::uint64_t seed, double transmission = 0.9);
Eigen::MatrixXcd RandomSymmetricCore(int ports, std::uint64_t seed);
Eigen::VectorXd RandomVector(int size, std::uint64_t seed, double spread = 1);

/// [core | mask | mirrored core] with random phase offsets: symmetric for every mask.
std::shared_ptr<MatrixOptics> SymmetricBlock(MPI_Comm comm, int ports, std::uint64_t seed,
                                             bool attenuators = false);
/// A cascade of two masks between symmetric cores, whose transpose is the chip with mirrored
/// commands.
std::shared_ptr<MatrixOptics> MirrorableCascade(MPI_Comm comm, int ports, std::uint64_t seed);
/// A block that is reciprocal and nothing more.
std::shared_ptr<MatrixOptics> AsymmetricBlock(MPI_Comm comm, int ports, std::uint64_t seed);

/// Random features in [0, 1] and labels.
SampleSet RandomSamples(int samples, int features, int classes, std::uint64_t seed);

/// Largest difference of two vectors relative to the norm of the second.
double RelativeDifference(const Eigen::VectorXd& a, const Eigen::VectorXd& b);

/// Gradient by central differences of the loss over all samples.
Eigen::VectorXd DifferenceGradient(NetworkEngine& engine, const Eigen::VectorXd& commands,
                                   const SampleSet& samples);

}  // namespace symwave::training::testing
