// Light into spots: one phase mask brings every launched field into a spot of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/bench/bench_ranks.hpp"
#include "training/bench/bench_system.hpp"
#include "training/bench/plane_engine.hpp"
#include "training/bench/spots.hpp"
#include "training/objective.hpp"
#include "training/options.hpp"
#include "training/trainer_state.hpp"

namespace symwave::training::bench {

struct SpotObjectiveOptions {
  TrainerKind kind = TrainerKind::ForwardMode;
  /// Weight of the second part of the loss.
  double crosstalk = 0;
  ErrorLaunchOptions error_launch;  ///< on the bench; a model launches exactly
  int tile = 8;                     ///< planes of a rank in work at a time
  int first_sample = 0;             ///< number of the first field, for its noise
  std::string name = "spots";       ///< in sentences about them, such as "focus.positions"
};

/// With the light A_k of field k in its own spot, R_k in all spots and P_k on the whole camera,
///   L = mean over the fields of  -log(A_k / P_k) - crosstalk log(A_k / R_k),
///   g = dL/dI conj(y).
/// Which pass goes where: see BenchObjective. The samples are the fields. A measurement's accuracy
/// is the part of the fields that send more light into their own spot than into any other one.
/// For forward mode the path between mask and camera must be mirror-symmetric.
template <class Real>
class SpotObjective final : public Objective {
 public:
  /// `launched`: this rank's pixels x fields. References must outlive the objective; `bench` and
  /// `model` may be the same. UserError: see SpotRegions.
  SpotObjective(const BenchRanks& ranks, const SpotObjectiveOptions& options,
                const Planes<Real>& launched, const std::vector<Spot>& spots,
                BenchSystem<Real>& bench, BenchSystem<Real>& model);
  ~SpotObjective() override;

  MPI_Comm World() const override;
  MPI_Comm CommandComm() const override;
  Eigen::Index Commands() const override;
  Eigen::Index FirstCommand() const override;
  Eigen::Index AllCommands() const override;
  int Samples() const override;

  Measurement Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  Measurement Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                    std::uint64_t step) override;
  /// On the bench, whatever learns.
  Measurement Test(const Eigen::VectorXd& commands, std::uint64_t step) override;

  /// Frames of the camera in the last Test: this rank's pixels x fields of this group of ranks.
  const RealPlanes<Real>& Tested() const;
  /// Light of every field of the last Test in every spot over what the whole camera got, fields x
  /// spots; the same on every rank.
  const Eigen::ArrayXXd& Shares() const;
  const DetectorRegions& Regions() const;
  /// On the bench, of a whole training without its tests, as its state tells: `state` may come from
  /// a checkpoint.
  BenchEffort EffortOf(const TrainerState& state) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace symwave::training::bench
