// Objectives with known minima, their commands spread over the ranks of a communicator.
#pragma once

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "training/objective.hpp"
#include "training/random.hpp"

namespace symwave::training::testing {

/// Sum over all commands of w_k (c_k - a_k)^2 / 2, w and a following from the command's number.
/// Every sample shifts the loss a little: samples are seen.
class Quadratic : public Objective {
 public:
  Quadratic(MPI_Comm comm, Eigen::Index parts, Eigen::Index part_size, int samples = 4)
      : comm_(comm), parts_(parts), part_size_(part_size), samples_(samples) {
    const Eigen::Index rank = base::Communicator::RankIn(comm);
    const Eigen::Index ranks = base::Communicator::SizeOf(comm);
    first_ = part_size * rank / ranks;
    count_ = part_size * (rank + 1) / ranks - first_;
  }
  MPI_Comm World() const override { return comm_; }
  MPI_Comm CommandComm() const override { return comm_; }
  Eigen::Index Commands() const override { return parts_ * count_; }
  Eigen::Index FirstCommand() const override { return first_; }
  Eigen::Index AllCommands() const override { return parts_ * part_size_; }
  Eigen::Index CommandParts() const override { return parts_; }
  bool Periodic(Eigen::Index) const override { return false; }
  int Samples() const override { return samples_; }

  Eigen::Index Number(Eigen::Index c) const {
    return c / count_ * part_size_ + first_ + c % count_;
  }
  static double Weight(Eigen::Index number) { return 1 + 0.5 * (number % 3); }
  static double Minimum(Eigen::Index number) { return 0.3 * std::sin(1.0 + number); }
  Eigen::VectorXd Gradient(const Eigen::VectorXd& commands) const {
    Eigen::VectorXd gradient(commands.size());
    for (Eigen::Index c = 0; c < commands.size(); ++c) {
      gradient(c) = Weight(Number(c)) * (commands(c) - Minimum(Number(c)));
    }
    return gradient;
  }

  Measurement Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override {
    Measurement result = Probe(commands, batch, step);
    result.gradient = Gradient(commands);
    result.passes *= 2;
    return result;
  }
  Measurement Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t) override {
    Measurement result;
    for (Eigen::Index c = 0; c < commands.size(); ++c) {
      result.loss += 0.5 * Weight(Number(c)) * std::pow(commands(c) - Minimum(Number(c)), 2);
    }
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &result.loss, 1, MPI_DOUBLE, MPI_SUM, comm_));
    for (const int s : batch) result.loss += 1e-3 * s / static_cast<double>(batch.size());
    result.passes = static_cast<long>(batch.size());
    return result;
  }
  Measurement Test(const Eigen::VectorXd& commands, std::uint64_t step) override {
    Measurement result = Probe(commands, {0}, step);
    result.accuracy = 1 / (1 + result.loss);
    return result;
  }

 private:
  MPI_Comm comm_;
  Eigen::Index parts_, part_size_, first_ = 0, count_ = 0;
  int samples_;
};

/// Rosenbrock's valley (1 - x)^2 + 100 (y - x^2)^2; every rank holds both commands.
class Rosenbrock : public Objective {
 public:
  MPI_Comm World() const override { return MPI_COMM_WORLD; }
  MPI_Comm CommandComm() const override { return MPI_COMM_SELF; }
  Eigen::Index Commands() const override { return 2; }
  Eigen::Index FirstCommand() const override { return 0; }
  Eigen::Index AllCommands() const override { return 2; }
  bool Periodic(Eigen::Index) const override { return false; }
  int Samples() const override { return 1; }
  Measurement Learn(const Eigen::VectorXd& c, const std::vector<int>& batch,
                    std::uint64_t step) override {
    Measurement result = Probe(c, batch, step);
    const double slope = c(1) - c(0) * c(0);
    result.gradient = Eigen::Vector2d(-2 * (1 - c(0)) - 400 * c(0) * slope, 200 * slope);
    return result;
  }
  Measurement Probe(const Eigen::VectorXd& c, const std::vector<int>&, std::uint64_t) override {
    Measurement result;
    result.loss = std::pow(1 - c(0), 2) + 100 * std::pow(c(1) - c(0) * c(0), 2);
    result.passes = 1;
    return result;
  }
  Measurement Test(const Eigen::VectorXd& c, std::uint64_t step) override {
    return Probe(c, {0}, step);
  }
};

}  // namespace symwave::training::testing
