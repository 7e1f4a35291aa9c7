#include "jobs/train/chip/error_sweep.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/base/log.hpp"
#include "jobs/train/chip/stage.hpp"
#include "jobs/train/train_results.hpp"
#include "training/gradient_check.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train::chip {

namespace {

using domain::FabricationErrors;
using training::ActuatorErrors;
using training::TrainerKind;

constexpr const char* kDeployed = "accuracy_deployed";
constexpr const char* kReverse = "accuracy_reverse";

/// Values of a point without their spread, in this order; those of many devices have kSpread of
/// the first ones, which are accuracies, behind them.
const std::vector<SweepColumn> kColumns = {
    {"accuracy", "1", "test accuracy of forward mode trained on this hardware"},
    {kDeployed, "1", "test accuracy of the model's commands on this hardware"},
    {kReverse, "1", "test accuracy of reverse trained on this hardware"},
    {"gradient_cosine", "1", "forward-mode gradient against reverse, at the start of training"},
    {"symmetry_defect", "1", "norm(W-W^T)/norm(W)"}};
constexpr std::size_t kAccuracies = 3;

std::string SpreadOf(const std::string& column) {
  return column + "_spread";
}

std::vector<SweepColumn> ColumnsFor(int devices) {
  std::vector<SweepColumn> columns = kColumns;
  for (std::size_t c = 0; devices > 1 && c < kAccuracies; ++c) {
    columns.push_back({SpreadOf(kColumns[c].name), "1",
                       "standard deviation of " + kColumns[c].name + " over the devices"});
  }
  return columns;
}

/// Means over the rows, one for each device, and the spreads of the accuracies.
std::vector<double> MeanAndSpread(const std::vector<std::vector<double>>& devices) {
  const auto count = static_cast<double>(devices.size());
  std::vector<double> point;
  for (std::size_t c = 0; c < kColumns.size(); ++c) {
    double sum = 0;
    for (const auto& row : devices) sum += row[c];
    point.push_back(sum / count);
  }
  for (std::size_t c = 0; devices.size() > 1 && c < kAccuracies; ++c) {
    double squares = 0;
    for (const auto& row : devices) squares += std::pow(row[c] - point[c], 2);
    point.push_back(std::sqrt(squares / (count - 1)));
  }
  return point;
}

/// References must outlive it.
class ErrorSweep {
 public:
  ErrorSweep(TrainRecord& record, const deck::ChipTrainingOptions& options,
             const ChipFactory& factory, const std::vector<Task>& tasks,
             const std::vector<training::Split>& splits, const MainRun& main_run)
      : record_(record),
        options_(options),
        factory_(factory),
        tasks_(tasks),
        splits_(splits),
        main_run_(main_run),
        hardware_(options.sweep.hardware) {
    hardware_.front() = main_run.hardware;
  }

  SweepCurve OfFabrication(const char* name, const std::vector<double>& sizes,
                           double FabricationErrors::*member) {
    const double in_deck = options_.fabrication.*member;
    return Measured({name, "um", sizes, in_deck}, [this, member](double size, int device) {
      FabricationErrors errors = FabricationOf(device);
      errors.*member = size;
      ChipFactory::Chips chips = factory_.MakeHardware(errors);
      factory_.SetActuators(chips, DriveOf(device));
      return chips;
    });
  }

  SweepCurve OfDrive(const char* name, const char* unit, const std::vector<double>& sizes,
                     double ActuatorErrors::*member) {
    const double in_deck = options_.drive.*member;
    return Measured({name, unit, sizes, in_deck}, [this, member](double size, int device) {
      ActuatorErrors drive = DriveOf(device);
      drive.*member = size;
      return Hardware(device, drive);
    });
  }

 private:
  FabricationErrors FabricationOf(int device) const {
    FabricationErrors errors = options_.fabrication;
    errors.seed += device;
    return errors;
  }

  ActuatorErrors DriveOf(int device) const {
    ActuatorErrors drive = options_.drive;
    drive.drive_seed += device;
    return drive;
  }

  /// The deck's optics with other heaters; made once.
  const ChipFactory::Chips& Hardware(int device, const ActuatorErrors& drive) {
    ChipFactory::Chips& chips = hardware_[device];
    if (chips.empty()) chips = factory_.MakeHardware(FabricationOf(device));
    factory_.SetActuators(chips, drive);
    return chips;
  }

  /// `make(size, device)` gives the chips with an error of that size.
  template <class Make>
  SweepCurve Measured(SweepAxis axis, Make&& make) {
    if (!main_run_.accuracy) axis.in_deck.reset();
    const int devices = options_.sweep.hardware;
    // What the main run has reached, and the commands of the model.
    const std::string setting =
        fmt::format("epochs={} of {} hardware={}{}", options_.sweep.epochs,
                    options_.training.epochs, devices, options_.sweep.reverse ? " reverse" : "");
    SweepCurve curve =
        MeasureCurve(record_, axis, ColumnsFor(devices), setting,
                     [&](std::optional<double> size, const std::string& place) {
                       std::vector<std::vector<double>> points;
                       points.reserve(static_cast<size_t>(devices));
                       for (int d = 0; d < devices; ++d) {
                         points.push_back(record_.Once(
                             fmt::format("{}{} device {}", place, setting, d + 1), [&] {
                               return size ? Point(make(*size, d), place, d)
                                           : Point(Hardware(d, DriveOf(d)), place, d);
                             }));
                         // Kept until its point is: a run that goes on trains none twice.
                         for (const std::string& name : trained_) record_.Forget(name);
                         trained_.clear();
                       }
                       return MeanAndSpread(points);
                     });
    for (const char* column : {kDeployed, kReverse}) {
      curve.LeaveOutUnknown(column);
      if (devices > 1) curve.LeaveOutUnknown(SpreadOf(column));
    }
    return curve;
  }

  /// kColumns of one device; what the main run has trained is not trained again.
  std::vector<double> Point(const ChipFactory::Chips& chips, const std::string& place, int device) {
    Stage stage(factory_, chips, tasks_, splits_);
    const bool main =
        place.empty() && device == 0 && options_.sweep.epochs == options_.training.epochs;
    const std::string name =
        place + (device > 0 ? fmt::format("hardware={} ", device + 1) : std::string());
    training::TrainingOptions training = options_.training;
    training.ignore_asymmetry = true;
    training.epochs = options_.sweep.epochs;
    const auto trained = [&](TrainerKind kind, std::optional<double> known) {
      return main && known ? *known : Trained(stage, kind, training, name);
    };
    const double forward = trained(TrainerKind::ForwardMode, main_run_.accuracy);
    const double reverse =
        options_.sweep.reverse ? trained(TrainerKind::Reverse, main_run_.reverse) : kUnknown;
    const double deployed =
        main_run_.model_commands ? stage.Accuracy(*main_run_.model_commands) : kUnknown;
    const auto [cosine, defect] = AtStart(stage, training);
    return {forward, deployed, reverse, cosine, defect};
  }

  double Trained(Stage& stage, TrainerKind kind, const training::TrainingOptions& training,
                 const std::string& place) {
    StageObjective objective(stage, kind, training);
    training::Trainer trainer(objective.Get(), {kind, training, options_.optimizer});
    const std::string name =
        fmt::format("{}epochs={} {}", place, training.epochs, training::TrainerName(kind));
    const Eigen::VectorXd commands = record_.Train(trainer, name, training).commands;
    trained_.push_back(name);
    return stage.Accuracy(commands);
  }

  /// Cosine of the gradients and symmetry defect where trainings start.
  std::pair<double, double> AtStart(Stage& stage, const training::TrainingOptions& training) {
    StageObjective objective(stage, TrainerKind::ForwardMode, training);
    training::Trainer trainer(objective.Get(),
                              {TrainerKind::ForwardMode, training, options_.optimizer});
    const Eigen::VectorXd start = trainer.Start("start").commands;
    const training::Step forward = stage.TakeStep(start, training.error_pass);
    const training::Step reverse = stage.TakeStep(start, training::ErrorPass::Reverse);
    return {training::GradientCosine(forward.gradient, reverse.gradient),
            *std::max_element(forward.defects.begin(), forward.defects.end())};
  }

  TrainRecord& record_;
  const deck::ChipTrainingOptions& options_;
  const ChipFactory& factory_;
  const std::vector<Task>& tasks_;
  const std::vector<training::Split>& splits_;
  const MainRun& main_run_;
  std::vector<ChipFactory::Chips> hardware_;  ///< per device, with the deck's optics
  std::vector<std::string> trained_;          ///< at the point and device at work
};

/// "93.3 %", or "93.3 +- 2.1 %"; "-" where the curve has no such column.
std::string AccuracyText(const SweepCurve& curve, const std::string& column, std::size_t point) {
  if (!curve.Has(column)) return "-";
  const double mean = 100 * curve.Values(column)[point];
  if (!curve.Has(SpreadOf(column))) return fmt::format("{:.1f} %", mean);
  return fmt::format("{:.1f} +- {:.1f} %", mean, 100 * curve.Values(SpreadOf(column))[point]);
}

void PrintCurve(const SweepCurve& curve) {
  base::Info("{:<16} {:>10} {:>14} {:>14} {:>14} {:>16} {:>10}", curve.name, "size", "forward mode",
             "deployed", "reverse", "symmetry defect", "cosine");
  const std::vector<double> defect = curve.Values("symmetry_defect");
  const std::vector<double> cosine = curve.Values("gradient_cosine");
  for (std::size_t k = 0; k < curve.sizes.size(); ++k) {
    base::Info("{:<16} {:>6.4g} {:<3} {:>14} {:>14} {:>14} {:>16.2e} {:>10.4f}", "", curve.sizes[k],
               curve.unit == "1" ? "" : curve.unit, AccuracyText(curve, "accuracy", k),
               AccuracyText(curve, kDeployed, k), AccuracyText(curve, kReverse, k), defect[k],
               cosine[k]);
  }
}

}  // namespace

std::vector<SweepCurve> SweepErrors(TrainRecord& record, const deck::ChipTrainingOptions& options,
                                    const ChipFactory& factory, const std::vector<Task>& tasks,
                                    const std::vector<training::Split>& splits,
                                    const MainRun& main_run) {
  ErrorSweep sweep(record, options, factory, tasks, splits, main_run);
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
  if (!sizes.thickness_sigma.empty()) {
    curves.push_back(sweep.OfFabrication("thickness_sigma", sizes.thickness_sigma,
                                         &FabricationErrors::thickness_sigma));
  }
  if (!sizes.offset_range.empty()) {
    curves.push_back(
        sweep.OfDrive("offset_range", "rad", sizes.offset_range, &ActuatorErrors::offset_range));
  }
  if (!sizes.gain_sigma.empty()) {
    curves.push_back(
        sweep.OfDrive("gain_sigma", "1", sizes.gain_sigma, &ActuatorErrors::gain_sigma));
  }
  if (!sizes.crosstalk.empty()) {
    curves.push_back(sweep.OfDrive("crosstalk", "1", sizes.crosstalk, &ActuatorErrors::crosstalk));
  }
  factory.SetActuators(main_run.hardware, options.drive);
  RemoveEmpty(curves);
  for (const SweepCurve& curve : curves) PrintCurve(curve);
  return curves;
}

void WriteSweeps(io::Hdf5File& file, const std::vector<SweepCurve>& curves) {
  for (const SweepCurve& curve : curves) WriteSweepCurve(file, "/sweep", curve);
}

}  // namespace symwave::jobs::train::chip
