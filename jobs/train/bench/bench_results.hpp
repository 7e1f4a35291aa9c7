// What a training on an optical bench leaves behind, and how it is written.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/train/bench/bench_setup.hpp"
#include "jobs/train/bench/bench_sweep.hpp"
#include "jobs/train/train_results.hpp"

namespace symwave::jobs::train::bench {

/// Test images, one of a class, whose light on the way goes into the results.
constexpr int kShownImages = 4;

/// One trained network. Its accuracies: see TrainedResult; "deployed" is the bench.
struct BenchTrained {
  TrainedResult network;
  std::vector<float> masks;                    ///< [layer][row][column], rad
  double photons = 0;                          ///< signal photons spent on training
  std::vector<BenchTrace> on_bench, on_model;  ///< of the shown images
  /// Structural similarity of these two behind every layer, mean of the samples: how much the bench
  /// differs from its model with the same masks in it.
  std::vector<double> similarity;
  /// Of the last measured plane to that of the network trained in silico on the model.
  std::optional<double> similarity_to_ideal;
};

/// What is the same for all trainers of a run.
struct BenchRun {
  std::vector<int> shown;             ///< numbers of the test images in the traces
  std::vector<std::int32_t> regions;  ///< class of the detector at every pixel, -1 without one
  std::optional<GradientCosines> at_start, at_end;  ///< with the masks of forward mode
  /// Of a test; none without photons.
  std::optional<training::bench::OperationEnergy> energy;
  double fft_share = 0;  ///< of the time of all trainings
  double propagation_share = 0;
  double peak_memory_mb = 0;  ///< of the fullest rank
  double seconds = 0;
};

/// /training and /bench. Collective.
void WriteBenchTraining(io::Hdf5File& file, const deck::BenchOptions& options,
                        const training::ImageSets& images, const std::vector<BenchTrained>& results,
                        const BenchRun& run);

nlohmann::ordered_json SummarizeBench(const deck::BenchOptions& options,
                                      const training::ImageSets& images,
                                      const std::vector<BenchTrained>& results,
                                      const std::vector<BenchCurve>& curves, const BenchRun& run);

/// A line per trainer: accuracies, passes, photons; and the energy per operation.
void PrintBenchTable(const std::vector<BenchTrained>& results, const BenchRun& run);

}  // namespace symwave::jobs::train::bench
