#include "jobs/train/chip/evaluation.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "domain/base/log.hpp"
#include "jobs/train/chip/composition_check.hpp"

namespace symwave::jobs::train::chip {

using training::TrainerKind;

TestedNetwork Evaluation::TestOf(TrainerKind kind, size_t wavelength,
                                 const Eigen::VectorXd& commands) {
  TestedNetwork tested;
  Stage::Tested test = StageOf(kind).Test(wavelength, commands);
  tested.test_accuracy = test.samples.Accuracy();
  tested.confusion = test.samples.confusion;
  tested.transmissions = std::move(test.transmissions);
  if (kind == TrainerKind::InSilico) {
    const training::SampleSums deployed = hardware_.Test(wavelength, commands).samples;
    tested.deployed_confusion = deployed.confusion;
    tested.deployed_test_accuracy = deployed.Accuracy();
  }
  return tested;
}

TrainedResult Evaluation::ResultOf(TrainerKind kind, const training::TrainerState& state) {
  TrainedResult result;
  result.state = state;
  const size_t wavelengths = hardware_.Wavelengths();
  for (size_t k = 0; k < wavelengths; ++k) {
    result.wavelengths.push_back(TestOf(kind, k, state.commands));
  }
  if (wavelengths == 1) {
    static_cast<TestedNetwork&>(result) = std::move(result.wavelengths.front());
    result.wavelengths.clear();
  } else {
    result.TakeMeans();
  }
  return result;
}

DeployedOn Evaluation::Measure(Stage& stage, const char* optics, const ForeignTraining& foreign) {
  Stage::Tested test = stage.Test(0, foreign.commands);
  DeployedOn here{optics, test.samples.Accuracy(), test.samples.confusion,
                  std::move(test.transmissions)};
  base::Info("{} of {}: test accuracy {:5.1f} % on the {}; amplitudes differ by {:.2g}",
             foreign.trainer, foreign.file, 100 * here.test_accuracy, optics,
             here.DistanceFrom(foreign));
  return here;
}

DeployedTraining Evaluation::Deploy(const ForeignTraining& foreign) {
  DeployedTraining deployed{foreign, {Measure(hardware_, "hardware", foreign)}};
  if (model_) deployed.here.push_back(Measure(*model_, "model", foreign));
  return deployed;
}

domain::PermittivityMap Evaluation::FirstBlock(TrainerKind kind, const Eigen::VectorXd& commands,
                                               size_t wavelength) {
  Stage& stage = StageOf(kind);
  const bool model = kind == TrainerKind::InSilico;
  return factory_.ProgrammedMedia(
      options_.wavelengths[wavelength], stage.Chips()[wavelength], stage.Optics(wavelength),
      model ? domain::FabricationErrors{} : options_.fabrication, commands);
}

double Evaluation::CompositionDefectOf(TrainerKind kind, const Eigen::VectorXd& commands) {
  const auto scope = context_.Timers().Measure("launch into the whole block");
  double largest = 0;
  for (size_t k = 0; k < tasks_.size(); ++k) {
    const auto composed = StageOf(kind).Optics(k).MeasureData(commands);
    std::unique_ptr<WholeBlock> other;
    if (k > 0) other = MakeWholeBlock(context_.Comm(), tasks_[k].options, device_);
    largest =
        std::max(largest, CompositionDefect(other ? *other : block_, FirstBlock(kind, commands, k),
                                            composed.front().data));
    ++launches_;
  }
  return largest;
}

/// Over all solves of all blocks on all ranks.
double Evaluation::LargestTrainingResidual() const {
  double largest = hardware_.LargestResidual();
  if (model_) largest = std::max(largest, model_->LargestResidual());
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, context_.Comm()));
  return largest;
}

const char* Evaluation::HowTrained() const {
  if (options_.solver.compose) return "composed";
  if (options_.InTimeDomain()) return "time domain";
  return options_.solver.condensation ? "condensed" : "trained";
}

/// Compares the block that was solved as a whole with what was trained.
void Evaluation::Judge(TrainerKind kind, const TrainedResult& result, TrainingSummary& summary) {
  const auto scope = context_.Timers().Measure("final solve");
  whole_ = block_.Solve(context_, FirstBlock(kind, result.state.commands));
  const TestedNetwork& tested = result.wavelengths.empty() ? result : result.wavelengths.front();
  const Eigen::MatrixXcd& trained = tested.transmissions.front();
  const Eigen::MatrixXcd whole = whole_.s.bottomLeftCorner(trained.rows(), trained.cols());
  summary.whole_defect = (trained - whole).norm() / whole.norm();
  summary.defects = whole_.defects;
  summary.defects.max_relative_residual =
      std::max(summary.defects.max_relative_residual, LargestTrainingResidual());
  base::Info(
      "first block solved whole: {} {:.1e}, reciprocity defect {:.1e}, energy balance "
      "error {:.1e}; {} and whole differ by {:.1e}",
      options_.InTimeDomain() ? "amplitude left" : "residual",
      summary.defects.max_relative_residual, summary.defects.reciprocity_defect,
      summary.defects.energy_balance_error, HowTrained(), summary.whole_defect);
  if (!options_.InTimeDomain()) checks::WarnOfResidual(summary.defects);
}

void Evaluation::JudgeFirstBlock(TrainerKind kind, const TrainedResult& result,
                                 TrainingSummary& summary) {
  const bool composed = options_.solver.compose;
  const bool whole = options_.grid.Dimensions() == 2 || options_.output.fields;
  if (!composed || whole) Judge(kind, result, summary);
  if (composed && (!whole || tasks_.size() > 1)) {
    if (!whole) summary.defects.max_relative_residual = LargestTrainingResidual();
    summary.whole_defect = CompositionDefectOf(kind, result.state.commands);
    base::Info("as trained, composed and whole differ by {:.1e}{}", summary.whole_defect,
               tasks_.size() == 1 ? "" : " at most");
  }
  if (composed) WarnOfComposition(summary.whole_defect, "as trained");
}

}  // namespace symwave::jobs::train::chip
