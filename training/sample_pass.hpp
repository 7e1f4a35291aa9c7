// Samples through measured port responses: forward, loss, error back to front.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "training/electronics.hpp"
#include "training/port_response.hpp"
#include "training/split.hpp"

namespace symwave::training {

/// Sums over all samples and ranks, the same on every rank.
struct SampleSums {
  double loss = 0;                             ///< mean over the samples
  Eigen::MatrixXi confusion;                   ///< [true][predicted]
  std::vector<Eigen::MatrixXcd> correlations;  ///< per block sum of g x^T (outputs x inputs)
  double Accuracy() const;
};

/// The samples are dealt to the ranks of `world` in contiguous parts and go through in tiles that
/// stay in cache. All members are collective on `world`.
class SamplePass {
 public:
  SamplePass(const Electronics& electronics, MPI_Comm world)
      : electronics_(electronics), world_(world) {}

  /// Forward and error pass of the samples `batch`; loss and error field of their mean.
  SampleSums Learn(const std::vector<PortResponse>& responses, const SampleSet& samples,
                   const std::vector<int>& batch, std::uint64_t step) const;

  /// Forward only, the samples `batch`, with the noise of a measurement of training samples.
  SampleSums Probe(const std::vector<PortResponse>& responses, const SampleSet& samples,
                   const std::vector<int>& batch, std::uint64_t step) const;

  /// Forward only, all samples.
  SampleSums Test(const std::vector<PortResponse>& responses, const SampleSet& samples,
                  std::uint64_t step) const;

 private:
  SampleSums Run(const std::vector<PortResponse>& responses, const SampleSet& samples,
                 const std::vector<int>& batch, std::uint64_t step, PassKind kind,
                 bool learn) const;
  SampleSums Gather(double loss, const Eigen::MatrixXd& confusion,
                    const std::vector<Eigen::MatrixXd>& products) const;

  const Electronics& electronics_;
  MPI_Comm world_;
};

}  // namespace symwave::training
