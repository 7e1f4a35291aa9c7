#include "jobs/train/chip/error_sweep.hpp"

#include <algorithm>

#include "domain/base/log.hpp"
#include "jobs/train/train_results.hpp"
#include "training/chip_objective.hpp"
#include "training/gradient_check.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train::chip {

namespace {

using domain::FabricationErrors;

constexpr const char* kDeployed = "accuracy_deployed";

const std::vector<SweepColumn> kColumns = {
    {"accuracy", "1", "test accuracy of forward mode trained on this hardware"},
    {"gradient_cosine", "1", "forward-mode gradient against reverse, at the start of training"},
    {"symmetry_defect", "1", "norm(W-W^T)/norm(W)"},
    {kDeployed, "1", "test accuracy of the model's commands on this hardware"}};

/// References must outlive it.
class ErrorSweep {
 public:
  ErrorSweep(TrainRecord& record, const deck::ChipTrainingOptions& options,
             const ChipFactory& factory, const training::Split& split,
             const training::ElectronicsOptions& electronics, const MainRun& main_run)
      : record_(record),
        options_(options),
        factory_(factory),
        split_(split),
        electronics_(electronics),
        main_run_(main_run),
        training_(options.training) {
    training_.epochs = options.sweep.epochs;
    training_.ignore_asymmetry = true;
  }

  SweepCurve OfFabrication(const char* name, const std::vector<double>& sizes,
                           double FabricationErrors::*member) {
    return Measured(name, "um", sizes, options_.fabrication.*member, [this, member](double size) {
      FabricationErrors errors = options_.fabrication;
      errors.*member = size;
      ChipFactory::Systems systems = factory_.MakeHardware(errors);
      factory_.SetActuators(systems, options_.drive);
      return systems;
    });
  }

  SweepCurve OfOffsets() {
    return Measured("offset_range", "rad", options_.sweep.offset_range, options_.drive.offset_range,
                    [this](double size) {
                      training::ActuatorErrors drive = options_.drive;
                      drive.offset_range = size;
                      factory_.SetActuators(main_run_.hardware, drive);
                      return main_run_.hardware;
                    });
  }

 private:
  /// `make(size)` gives the chips with an error of that size.
  template <class Make>
  SweepCurve Measured(const char* name, const char* unit, const std::vector<double>& sizes,
                      double in_deck, Make&& make) {
    SweepAxis axis{name, unit, sizes, std::nullopt};
    if (main_run_.accuracy) axis.in_deck = in_deck;
    // What forward mode reached in the main run, and the commands of the model.
    const std::string setting =
        fmt::format("epochs={} of {}", training_.epochs, options_.training.epochs);
    SweepCurve curve = MeasureCurve(record_, axis, kColumns, setting,
                                    [&](std::optional<double> size, const std::string& place) {
                                      if (size) return Point(make(*size), place);
                                      factory_.SetActuators(main_run_.hardware, options_.drive);
                                      return Point(main_run_.hardware, place);
                                    });
    curve.LeaveOutUnknown(kDeployed);
    return curve;
  }

  /// Trains in forward mode, but for the point of the deck.
  std::vector<double> Point(const ChipFactory::Systems& systems, const std::string& place) {
    constexpr auto forward_mode = training::TrainerKind::ForwardMode;
    training::Network network = factory_.MakeNetwork(systems);
    training::NetworkEngine engine(network, electronics_, split_.train.Features(),
                                   split_.train.classes);
    training::ChipObjective objective(engine, split_.train, split_.test,
                                      training::MakeChipOptions(forward_mode, training_));
    training::Trainer trainer(objective, {forward_mode, training_, options_.optimizer});
    const Eigen::VectorXd start = trainer.Start("start").commands;
    const std::vector<int> all = training::AllSamples(split_.train);
    const auto forward = engine.TakeStep(start, training_.error_pass, split_.train, all, 0);
    const auto reverse = engine.TakeStep(start, training::ErrorPass::Reverse, split_.train, all, 0);
    const auto accuracy = [&](const Eigen::VectorXd& commands) {
      return engine.Evaluate(commands, split_.test).Accuracy();
    };
    const double deployed =
        main_run_.model_commands ? accuracy(*main_run_.model_commands) : kUnknown;
    double trained = main_run_.accuracy.value_or(kUnknown);
    if (!place.empty()) {
      const std::string name = fmt::format("{}epochs={} forward_mode", place, training_.epochs);
      trained = accuracy(record_.Train(trainer, name, training_).commands);
      record_.Forget(name);
    }
    return {trained, training::GradientCosine(forward.gradient, reverse.gradient),
            *std::max_element(forward.defects.begin(), forward.defects.end()), deployed};
  }

  TrainRecord& record_;
  const deck::ChipTrainingOptions& options_;
  const ChipFactory& factory_;
  const training::Split& split_;
  const training::ElectronicsOptions& electronics_;
  const MainRun& main_run_;
  training::TrainingOptions training_;
};

void PrintCurve(const SweepCurve& curve) {
  base::Info("{:<16} {:>10} {:>14} {:>10} {:>16} {:>10}", curve.name, "size", "forward mode",
             "deployed", "symmetry defect", "cosine");
  const std::vector<double> accuracy = curve.Values("accuracy");
  const std::vector<double> defect = curve.Values("symmetry_defect");
  const std::vector<double> cosine = curve.Values("gradient_cosine");
  const bool has_model = curve.Has(kDeployed);
  for (std::size_t k = 0; k < curve.sizes.size(); ++k) {
    const std::string deployed =
        has_model ? fmt::format("{:.1f} %", 100 * curve.Values(kDeployed)[k]) : "-";
    base::Info("{:<16} {:>7.4g} {:<2} {:>12.1f} % {:>10} {:>16.2e} {:>10.4f}", "", curve.sizes[k],
               curve.unit, 100 * accuracy[k], deployed, defect[k], cosine[k]);
  }
}

}  // namespace

std::vector<SweepCurve> SweepErrors(TrainRecord& record, const deck::ChipTrainingOptions& options,
                                    const ChipFactory& factory, const training::Split& split,
                                    const training::ElectronicsOptions& electronics,
                                    const MainRun& main_run) {
  ErrorSweep sweep(record, options, factory, split, electronics, main_run);
  const deck::SweepOptions& sizes = options.sweep;
  std::vector<SweepCurve> curves;
  if (!sizes.roughness.empty()) {
    curves.push_back(
        sweep.OfFabrication("roughness", sizes.roughness, &FabricationErrors::roughness));
  }
  if (!sizes.thickness_bias.empty()) {
    curves.push_back(sweep.OfFabrication("thickness_bias", sizes.thickness_bias,
                                         &FabricationErrors::thickness_bias));
  }
  if (!sizes.offset_range.empty()) curves.push_back(sweep.OfOffsets());
  factory.SetActuators(main_run.hardware, options.drive);
  RemoveEmpty(curves);
  for (const SweepCurve& curve : curves) PrintCurve(curve);
  return curves;
}

void WriteSweeps(io::Hdf5File& file, const std::vector<SweepCurve>& curves) {
  for (const SweepCurve& curve : curves) WriteSweepCurve(file, "/sweep", curve);
}

}  // namespace symwave::jobs::train::chip
