// A bench with its errors beside its model: what the trainings of a bench deck run on.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "jobs/deck/options.hpp"
#include "training/bench/bench_metrics.hpp"
#include "training/bench/bench_objective.hpp"

namespace symwave::jobs::train::bench {

/// Cosine of a trainer's gradient with the true one, which `reverse` measures on the same bench
/// without noise.
struct GradientCosines {
  double forward_mode = 0;
  double physics_aware = 0;
  double in_silico = 0;
};

/// Intensities of an image behind every layer over the mean of their plane, [layer][row][column].
struct BenchTrace {
  int layers = 0, rows = 0, columns = 0;
  std::vector<float> planes;

  Eigen::ArrayXXd Plane(int layer) const;
};

template <class Real>
class BenchSetup {
 public:
  using Objective = training::bench::BenchObjective<Real>;
  using System = training::bench::BenchSystem<Real>;

  /// References must outlive the stage; `model` is the bench without errors.
  BenchSetup(const training::bench::BenchRanks& ranks, const deck::BenchOptions& options,
             const training::bench::BenchErrors& errors, const training::ImageSets& images,
             System& model);

  Objective MakeObjective(training::TrainerKind kind);
  const training::bench::BenchErrors& Errors() const { return errors_; }
  System& Bench() { return bench_; }
  /// Of a test; none where the camera does not count photons.
  std::optional<training::bench::OperationEnergy> EnergyOfTest();

  /// All below collective on the ranks. At these commands, of the first hundred images.
  GradientCosines MeasureCosines(const Eigen::VectorXd& commands);
  /// On the bench, or on its model, of an image to test.
  BenchTrace TraceBench(const Eigen::VectorXd& commands, int sample);
  BenchTrace TraceModel(const Eigen::VectorXd& commands, int sample);

 private:
  training::bench::BenchObjectiveOptions OptionsOf(training::TrainerKind kind) const;
  Eigen::VectorXd TrueGradient(const Eigen::VectorXd& commands, const std::vector<int>& batch);

  const training::bench::BenchRanks& ranks_;
  const deck::BenchOptions& options_;
  training::bench::BenchErrors errors_;
  const training::ImageSets& images_;
  System& model_;
  System bench_;
};

/// Collective on `layout.comm`: values of this rank's pixels x planes to whole planes, one after
/// another, row by row.
std::vector<float> GatherPlanes(const training::bench::PixelRange& layout,
                                const Eigen::MatrixXf& planes);

}  // namespace symwave::jobs::train::bench
