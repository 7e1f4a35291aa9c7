// What a training job leaves behind, and how it is written.
#pragma once

#include <Eigen/Dense>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "domain/elements.hpp"
#include "io/hdf5.hpp"
#include "jobs/checks/sweep_defects.hpp"
#include "training/optical_system.hpp"
#include "training/trainer_state.hpp"

namespace symwave::jobs::train {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Of a trained network.
struct TestedNetwork {
  double test_accuracy = 0;   ///< on the optics it was trained on
  Eigen::MatrixXi confusion;  ///< [true][predicted], test samples
  /// Of every block as trained, [output, input]; empty on a bench.
  std::vector<Eigen::MatrixXcd> transmissions;
  std::optional<double> deployed_test_accuracy;  ///< of a model's commands on the hardware
  std::optional<Eigen::MatrixXi> deployed_confusion;
};

/// Of a training at several wavelengths the accuracies are means, and those at each are beside
/// them, with the confusion matrices.
struct TrainedResult : TestedNetwork {
  training::TrainerState state;
  std::vector<TestedNetwork> wavelengths;

  void TakeMeans();  ///< of the accuracies at the wavelengths
};

/// What was not judged, as nothing was solved, is not a number.
struct TrainingSummary {
  checks::SweepDefects defects{kUnknown, kUnknown, kUnknown};
  training::Effort effort;
  /// norm(S trained - S whole) / norm(S whole) of the first block.
  double whole_defect = kUnknown;
  /// Its name in summary.json: condensation_defect, composition_defect ...
  std::string whole_defect_name = "condensation_defect";
  /// What the largest residual is there: of equations, or the light left at the end of a run.
  std::string residual_name = "max_relative_residual";
  double memory_mb = 0;           ///< of the largest factorization, all ranks
  double memory_mb_per_rank = 0;  ///< on the fullest rank
  long effort_retries = 0;        ///< factorizations repeated with more workspace
  double seconds = 0;
  std::vector<double> wavelengths;  ///< um, of TrainedResult::wavelengths
};

/// /training: curves, commands and confusion matrices; of several wavelengths those of the k-th in
/// groups wavelength_k. `classes`: of every wavelength. Collective.
void WriteTraining(io::Hdf5File& file, const std::vector<std::vector<std::string>>& classes,
                   const std::vector<domain::Element>& elements,
                   const std::vector<TrainedResult>& results, int blocks);

/// The epochs of one training under `group`. Collective.
void WriteCurves(io::Hdf5File& file, const std::string& group,
                 const std::vector<training::EpochRecord>& history);

/// [block][output][input] of matrices of one size. Collective.
void WriteTransmissions(io::Hdf5File& file, const std::string& name,
                        const std::vector<Eigen::MatrixXcd>& transmissions,
                        const std::string& text);

/// Test samples [true][predicted]. Collective.
void WriteConfusion(io::Hdf5File& file, const std::string& name, const Eigen::MatrixXi& confusion);

nlohmann::ordered_json Summarize(const std::vector<TrainedResult>& results,
                                 const TrainingSummary& summary);

}  // namespace symwave::jobs::train
