#include "jobs/train/chip/error_sweep.hpp"

#include <algorithm>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/progress.hpp"
#include "training/chip_objective.hpp"
#include "training/gradient_check.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train::chip {

namespace {

/// What is the same at every point of the sweep.
struct Setting {
  MPI_Comm comm;
  const deck::ChipTrainingOptions& options;
  const ChipFactory& factory;
  const training::Split& split;
  const training::ElectronicsOptions& electronics;
  const MainRun& main_run;
};

/// Measures everything a curve holds on `systems`; trains in forward mode unless the accuracy is
/// known.
void AddPoint(const Setting& setting, const ChipFactory::Systems& systems, double size,
              std::optional<double> known_accuracy, io::Progress& progress, ErrorCurve& curve) {
  const training::Split& split = setting.split;
  training::Network network = setting.factory.MakeNetwork(systems);
  training::NetworkEngine engine(network, setting.electronics, split.train.Features(),
                                 split.train.classes);
  training::TrainingOptions training = setting.options.training;
  training.epochs = setting.options.sweep.epochs;
  training.ignore_asymmetry = true;
  constexpr auto forward_mode = training::TrainerKind::ForwardMode;
  training::ChipObjective objective(engine, split.train, split.test,
                                    training::MakeChipOptions(forward_mode, training));
  training::Trainer trainer(objective, {forward_mode, training, setting.options.optimizer});
  training::TrainerState state = trainer.Start("sweep");
  const std::vector<int> all = training::AllSamples(split.train);
  const auto forward = engine.TakeStep(state.commands, training.error_pass, split.train, all, 0);
  const auto reverse =
      engine.TakeStep(state.commands, training::ErrorPass::Reverse, split.train, all, 0);
  curve.size.push_back(size);
  curve.gradient_cosine.push_back(training::GradientCosine(forward.gradient, reverse.gradient));
  curve.symmetry_defect.push_back(
      *std::max_element(forward.defects.begin(), forward.defects.end()));
  if (setting.main_run.model_commands) {
    curve.accuracy_deployed.push_back(
        engine.Evaluate(*setting.main_run.model_commands, split.test).Accuracy());
  }
  if (known_accuracy) {
    curve.accuracy.push_back(*known_accuracy);
    return;
  }
  trainer.Run(state, [&](const training::TrainerState&) {
    progress.Step(fmt::format("{} {}", curve.name, size));
    return true;
  });
  curve.accuracy.push_back(engine.Evaluate(state.commands, split.test).Accuracy());
}

void PrintCurve(const ErrorCurve& curve) {
  base::Info("{:<16} {:>10} {:>14} {:>10} {:>16} {:>10}", curve.name, "size", "forward mode",
             "deployed", "symmetry defect", "cosine");
  for (size_t k = 0; k < curve.size.size(); ++k) {
    const std::string deployed = curve.accuracy_deployed.empty()
                                     ? "-"
                                     : fmt::format("{:.1f} %", 100 * curve.accuracy_deployed[k]);
    base::Info("{:<16} {:>7.4g} {:<2} {:>12.1f} % {:>10} {:>16.2e} {:>10.4f}", "", curve.size[k],
               curve.unit, 100 * curve.accuracy[k], deployed, curve.symmetry_defect[k],
               curve.gradient_cosine[k]);
  }
}

}  // namespace

std::vector<ErrorCurve> SweepErrors(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                                    const ChipFactory& factory, const training::Split& split,
                                    const training::ElectronicsOptions& electronics,
                                    const MainRun& main_run) {
  const Setting setting{comm, options, factory, split, electronics, main_run};
  const deck::SweepOptions& sweep = options.sweep;
  const size_t points =
      sweep.roughness.size() + sweep.thickness_bias.size() + sweep.offset_range.size();
  io::Progress progress(comm, "error sweep", static_cast<long>(points) * sweep.epochs);
  std::vector<ErrorCurve> curves;

  // `make(size)` gives the chips with an error of that size; `main_size` is that of the deck.
  const auto add_curve = [&](const std::string& name, const std::string& unit,
                             std::vector<double> sizes, double main_size, auto&& make) {
    if (sizes.empty()) return;
    ErrorCurve curve{name, unit, {}, {}, {}, {}, {}};
    if (main_run.accuracy) sizes.push_back(main_size);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    for (const double size : sizes) {
      base::FaultPoint("sweep/point");
      const bool known = main_run.accuracy && size == main_size;
      if (known) factory.SetActuators(main_run.hardware, options.drive);
      AddPoint(setting, known ? main_run.hardware : make(size), size,
               known ? main_run.accuracy : std::nullopt, progress, curve);
    }
    curves.push_back(std::move(curve));
  };
  const auto fabricate = [&](double domain::FabricationErrors::*member) {
    return [&, member](double size) {
      domain::FabricationErrors errors = options.fabrication;
      errors.*member = size;
      ChipFactory::Systems systems = factory.MakeHardware(errors);
      factory.SetActuators(systems, options.drive);
      return systems;
    };
  };
  using domain::FabricationErrors;
  add_curve("roughness", "um", sweep.roughness, options.fabrication.roughness,
            fabricate(&FabricationErrors::roughness));
  add_curve("thickness_bias", "um", sweep.thickness_bias, options.fabrication.thickness_bias,
            fabricate(&FabricationErrors::thickness_bias));
  add_curve("offset_range", "rad", sweep.offset_range, options.drive.offset_range,
            [&](double size) {
              training::ActuatorErrors drive = options.drive;
              drive.offset_range = size;
              factory.SetActuators(main_run.hardware, drive);
              return main_run.hardware;
            });
  factory.SetActuators(main_run.hardware, options.drive);
  progress.Finish();
  for (const ErrorCurve& curve : curves) PrintCurve(curve);
  return curves;
}

void WriteSweeps(io::Hdf5File& file, const std::vector<ErrorCurve>& curves) {
  for (const ErrorCurve& curve : curves) {
    const std::string group = "/sweep/" + curve.name;
    file.Write(group + "/size", curve.size, {}, {curve.unit, "size of the error"});
    file.Write(group + "/accuracy", curve.accuracy, {},
               {"1", "test accuracy of forward mode trained on this hardware"});
    file.Write(group + "/gradient_cosine", curve.gradient_cosine, {},
               {"1", "forward-mode gradient against reverse, at the start of training"});
    file.Write(group + "/symmetry_defect", curve.symmetry_defect, {}, {"1", "norm(W-W^T)/norm(W)"});
    if (!curve.accuracy_deployed.empty()) {
      file.Write(group + "/accuracy_deployed", curve.accuracy_deployed, {},
                 {"1", "test accuracy of the model's commands on this hardware"});
    }
    file.WriteAttribute(group, "unit", curve.unit);
  }
}

}  // namespace symwave::jobs::train::chip
