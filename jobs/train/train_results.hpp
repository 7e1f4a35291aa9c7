// What a training job leaves behind, and how it is written.
#pragma once

#include <Eigen/Dense>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "domain/segments.hpp"
#include "io/hdf5.hpp"
#include "jobs/checks/sweep_defects.hpp"
#include "training/optical_system.hpp"
#include "training/trainer_state.hpp"

namespace symwave::jobs::train {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct TrainedResult {
  training::TrainerState state;
  double test_accuracy = 0;                      ///< on the optics it was trained on
  Eigen::MatrixXi confusion;                     ///< [true][predicted], test samples
  std::optional<double> deployed_test_accuracy;  ///< of a model's commands on the hardware
  std::optional<Eigen::MatrixXi> deployed_confusion;
};

/// What was not judged, as nothing was solved, is not a number.
struct TrainingSummary {
  checks::SweepDefects defects{kUnknown, kUnknown, kUnknown};
  training::Effort effort;
  double condensation_defect = kUnknown;  ///< norm(S condensed - S whole) / norm(S whole)
  double memory_mb = 0;                   ///< of the largest factorization, all ranks
  double memory_mb_per_rank = 0;          ///< on the fullest rank
  long effort_retries = 0;                ///< factorizations repeated with more workspace
  double seconds = 0;
};

/// /training: curves, commands and confusion matrices. Collective.
void WriteTraining(io::Hdf5File& file, const std::vector<std::string>& classes,
                   const std::vector<domain::Segment>& segments,
                   const std::vector<TrainedResult>& results, int blocks);

/// The epochs of one training under `group`. Collective.
void WriteCurves(io::Hdf5File& file, const std::string& group,
                 const std::vector<training::EpochRecord>& history);

/// Test samples [true][predicted]. Collective.
void WriteConfusion(io::Hdf5File& file, const std::string& name, const Eigen::MatrixXi& confusion);

nlohmann::ordered_json Summarize(const std::vector<TrainedResult>& results,
                                 const TrainingSummary& summary);

}  // namespace symwave::jobs::train
