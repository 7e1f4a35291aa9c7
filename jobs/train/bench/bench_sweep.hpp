// Accuracy and fidelity of the gradient against the size of one kind of error of a bench.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/deck/bench_sweep_axes.hpp"
#include "jobs/train/bench/bench_stage.hpp"
#include "jobs/train/sweep_curve.hpp"

namespace symwave::jobs::train::bench {

/// Columns: test accuracy of every trainer (accuracy_forward_mode ...), cosines of the gradients at
/// the first commands, which are near zero, and where the first of the trainers ended
/// (cosine_start_forward_mode, cosine_end_forward_mode ...), and the energies of a test where the
/// camera counts photons at every point.
struct BenchCurve : SweepCurve {
  bool even = false;  ///< leaves the bench symmetric
  std::vector<std::string> trainers;
};

/// Trainings that the section sweep adds to those of the run.
struct SweepTraining {
  training::TrainerKind kind = training::TrainerKind::ForwardMode;
  int epochs = 0;
  long runs = 0;
};
std::vector<SweepTraining> SweepTrainings(const deck::BenchOptions& options);

/// The numbers of an energy per operation, as results and summary name them.
struct EnergyNumber {
  const char *name, *description;
  double training::bench::OperationEnergy::*value;
};
inline constexpr EnergyNumber kEnergyNumbers[] = {
    {"joules_per_operation",
     "signal light on the cameras per complex multiply-accumulate of a test",
     &training::bench::OperationEnergy::signal},
    {"joules_per_operation_with_reference", "the same with the reference wave of the interference",
     &training::bench::OperationEnergy::with_reference}};

/// Collective. Every size of the section sweep, and that of the deck. Points and trainings are
/// those of `record`; the network in silico is trained once.
template <class Real>
std::vector<BenchCurve> SweepBench(const deck::BenchOptions& options,
                                   const training::bench::BenchRanks& ranks,
                                   const training::ImageSets& images,
                                   training::bench::BenchSystem<Real>& model, TrainRecord& record);

/// /sweep. Collective.
void WriteBenchSweep(io::Hdf5File& file, const std::vector<BenchCurve>& curves);

nlohmann::ordered_json CurveJson(const BenchCurve& curve);

void PrintBenchSweep(const std::vector<BenchCurve>& curves);

}  // namespace symwave::jobs::train::bench
