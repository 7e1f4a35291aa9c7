// Accuracy and fidelity of the gradient against the size of one kind of error of a bench.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/deck/bench_sweep_axes.hpp"
#include "jobs/train/bench/bench_stage.hpp"
#include "jobs/train/train_record.hpp"

namespace symwave::jobs::train::bench {

/// Step number of final tests, beyond those of all trainings: noise of their own.
constexpr std::uint64_t kTestStep = std::uint64_t{1} << 41;

/// A bench with one error at this size, all others as in the deck.
struct BenchPoint {
  double size = 0;
  GradientCosines at_start;  ///< at the first commands, which are near zero
  GradientCosines at_end;    ///< where the first of the trainers ended
  /// Test accuracy on this bench of every trainer of the curve.
  std::vector<double> accuracy;
  /// Of a test on this bench; none where the camera does not count photons.
  std::optional<training::bench::OperationEnergy> energy;
};

struct BenchCurve {
  std::string name;  ///< key of the section sweep
  std::string unit;
  bool even = false;  ///< leaves the bench symmetric
  std::vector<std::string> trainers;
  std::vector<BenchPoint> points;  ///< in the order of their sizes
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

/// Collective. Every size of the section sweep, and that of the deck. The trainings are those of
/// `record`, so that a resumed run repeats no finished one; the network in silico is trained once.
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
