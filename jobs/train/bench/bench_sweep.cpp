#include "jobs/train/bench/bench_sweep.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/train/train_results.hpp"

namespace symwave::jobs::train::bench {

namespace {

using training::TrainerKind;
using training::bench::BenchErrors;
using training::bench::BenchSystem;

std::vector<TrainerKind> TrainersOf(const deck::BenchOptions& options) {
  std::vector<TrainerKind> kinds = options.bench.sweep->trainers;
  if (!kinds.empty()) return kinds;
  kinds = options.training.trainers;
  if (std::find(kinds.begin(), kinds.end(), TrainerKind::InSilico) == kinds.end()) {
    kinds.push_back(TrainerKind::InSilico);
  }
  return kinds;
}

int EpochsOf(const deck::BenchOptions& options) {
  return options.bench.sweep->epochs > 0 ? options.bench.sweep->epochs : options.training.epochs;
}

/// Points of all curves but that of the deck.
long PointsBesideTheDeck(const deck::BenchOptions& options) {
  BenchErrors errors = options.bench.errors;
  long points = 0;
  for (const deck::BenchSweepAxis& axis : deck::kBenchSweepAxes) {
    const std::vector<double>& sizes = (*options.bench.sweep).*axis.sizes;
    const std::set<double> different(sizes.begin(), sizes.end());
    points += static_cast<long>(different.size() - different.count(axis.error(errors)));
  }
  return points;
}

using Method = std::pair<const char*, double GradientCosines::*>;
constexpr Method kMethods[] = {{"forward_mode", &GradientCosines::forward_mode},
                               {"physics_aware", &GradientCosines::physics_aware},
                               {"in_silico", &GradientCosines::in_silico}};

std::string StartColumn(const char* method) {
  return std::string("cosine_start_") + method;
}

std::string EndColumn(const char* method) {
  return std::string("cosine_end_") + method;
}

std::vector<SweepColumn> ColumnsOf(const std::vector<std::string>& trainers) {
  const std::string cosine =
      "cosine of the gradient with that of reverse without noise, at the first masks (start) or "
      "those of the first trainer (end)";
  std::vector<SweepColumn> columns;
  columns.reserve(trainers.size() + 2 * std::size(kMethods) + std::size(kEnergyNumbers));
  for (const std::string& trainer : trainers) {
    columns.push_back({"accuracy_" + trainer, "1", "test accuracy on this bench after training"});
  }
  for (const Method& method : kMethods) {
    columns.push_back({StartColumn(method.first), "1", cosine});
    columns.push_back({EndColumn(method.first), "1", cosine});
  }
  for (const EnergyNumber& number : kEnergyNumbers) {
    columns.push_back({number.name, "J", number.description});
  }
  return columns;
}

template <class Real>
class Sweep {
 public:
  Sweep(const deck::BenchOptions& options, const training::bench::BenchRanks& ranks,
        const training::ImageSets& images, BenchSystem<Real>& model, TrainRecord& record)
      : options_(options),
        ranks_(ranks),
        images_(images),
        model_(model),
        record_(record),
        kinds_(TrainersOf(options)),
        training_(options.training) {
    training_.epochs = EpochsOf(options);
    for (const TrainerKind kind : kinds_) trainers_.push_back(training::TrainerName(kind));
  }

  BenchCurve Run(const deck::BenchSweepAxis& axis) {
    BenchErrors errors = options_.bench.errors;
    double& error = axis.error(errors);
    SweepAxis sizes{axis.name, axis.unit, (*options_.bench.sweep).*axis.sizes, std::nullopt};
    // No photon counting in the deck is not a size of the curve.
    if (error != 0 || &error != &errors.detection.photons) sizes.in_deck = error;
    std::string setting = fmt::format("epochs={}", training_.epochs);
    for (const std::string& trainer : trainers_) setting += " " + trainer;
    BenchCurve curve;
    static_cast<SweepCurve&>(curve) =
        MeasureCurve(record_, sizes, ColumnsOf(trainers_), setting,
                     [&](std::optional<double> size, const std::string& place) {
                       error = size.value_or(axis.error(deck_errors_));
                       return Point(errors, place);
                     });
    for (const EnergyNumber& number : kEnergyNumbers) curve.LeaveOutUnknown(number.name);
    curve.even = axis.even;
    curve.trainers = trainers_;
    return curve;
  }

 private:
  /// Whether the trainings at a point are those of the main run.
  bool IsMain(const std::string& place) const {
    return place.empty() && training_.epochs == options_.training.epochs;
  }

  /// Of a training at a point.
  std::string NameOf(TrainerKind kind, std::string place) const {
    // The network in silico knows no error of the bench.
    if (kind == TrainerKind::InSilico) place.clear();
    const std::string trainer = training::TrainerName(kind);
    return IsMain(place) ? trainer
                         : fmt::format("{}epochs={} {}", place, training_.epochs, trainer);
  }

  const Eigen::VectorXd& Train(BenchSetup<Real>& stage, TrainerKind kind, const std::string& name) {
    auto objective = stage.MakeObjective(kind);
    training::Trainer course(objective, {kind, training_, options_.optimizer});
    const auto& detection = stage.Errors().detection;
    return record_
        .Train(course, name, training_,
               [&](const training::TrainerState& state) {
                 return objective.EffortOf(state).Photons(options_.bench.geometry, detection);
               })
        .commands;
  }

  std::vector<double> Point(const BenchErrors& errors, const std::string& place) {
    base::FaultPoint("bench/sweep");
    BenchSetup<Real> stage(ranks_, options_, errors, images_, model_);
    auto objective = stage.MakeObjective(TrainerKind::ForwardMode);
    const training::Trainer first(objective,
                                  {TrainerKind::ForwardMode, training_, options_.optimizer});
    const GradientCosines at_start = stage.MeasureCosines(first.Start("start").commands);
    GradientCosines at_end;
    std::vector<double> point;
    for (const TrainerKind kind : kinds_) {
      const std::string name = NameOf(kind, place);
      const Eigen::VectorXd& commands = Train(stage, kind, name);
      if (kind == kinds_.front()) at_end = stage.MeasureCosines(commands);
      point.push_back(objective.Classify(commands, kTestStep).Accuracy());
    }
    // A stop in the midst of the point finds those that are finished.
    for (const TrainerKind kind : kinds_) {
      if (kind != TrainerKind::InSilico && !IsMain(place)) record_.Forget(NameOf(kind, place));
    }
    for (const Method& method : kMethods) {
      point.insert(point.end(), {at_start.*method.second, at_end.*method.second});
    }
    const auto energy = stage.EnergyOfTest();
    for (const EnergyNumber& number : kEnergyNumbers) {
      point.push_back(energy ? (*energy).*number.value : kUnknown);
    }
    return point;
  }

  const deck::BenchOptions& options_;
  const training::bench::BenchRanks& ranks_;
  const training::ImageSets& images_;
  BenchSystem<Real>& model_;
  TrainRecord& record_;
  std::vector<TrainerKind> kinds_;
  std::vector<std::string> trainers_;  ///< their names
  training::TrainingOptions training_;
  BenchErrors deck_errors_ = options_.bench.errors;
};

/// Whether the camera counts photons at every point.
bool HasLight(const BenchCurve& curve) {
  return curve.Has(kEnergyNumbers[0].name);
}

}  // namespace

std::vector<SweepTraining> SweepTrainings(const deck::BenchOptions& options) {
  std::vector<SweepTraining> added;
  if (!options.bench.sweep) return added;
  const int epochs = EpochsOf(options);
  const std::vector<TrainerKind>& main = options.training.trainers;
  for (const TrainerKind kind : TrainersOf(options)) {
    const bool done = epochs == options.training.epochs &&
                      std::find(main.begin(), main.end(), kind) != main.end();
    // The network in silico knows no error of the bench.
    const long others = kind == TrainerKind::InSilico ? 0 : PointsBesideTheDeck(options);
    added.push_back({kind, epochs, others + (done ? 0 : 1)});
  }
  return added;
}

template <class Real>
std::vector<BenchCurve> SweepBench(const deck::BenchOptions& options,
                                   const training::bench::BenchRanks& ranks,
                                   const training::ImageSets& images, BenchSystem<Real>& model,
                                   TrainRecord& record) {
  std::vector<BenchCurve> curves;
  if (!options.bench.sweep) return curves;
  Sweep<Real> sweep(options, ranks, images, model, record);
  for (const deck::BenchSweepAxis& axis : deck::kBenchSweepAxes) {
    if (!((*options.bench.sweep).*axis.sizes).empty()) curves.push_back(sweep.Run(axis));
  }
  RemoveEmpty(curves);
  return curves;
}

void WriteBenchSweep(io::Hdf5File& file, const std::vector<BenchCurve>& curves) {
  for (const BenchCurve& curve : curves) {
    WriteSweepCurve(file, "/bench_sweep", curve);
    file.WriteAttribute("/bench_sweep/" + curve.name, "even", curve.even ? 1 : 0);
  }
}

nlohmann::ordered_json CurveJson(const BenchCurve& curve) {
  nlohmann::ordered_json json{{"unit", curve.unit}, {"even", curve.even}, {"size", curve.sizes}};
  for (const SweepColumn& column : curve.columns) json[column.name] = curve.Values(column.name);
  return json;
}

void PrintBenchSweep(const std::vector<BenchCurve>& curves) {
  for (const BenchCurve& curve : curves) {
    std::string head = fmt::format("{:<11} {:>12}  cosine at the start/end: forward, aware, silico",
                                   curve.name, curve.unit);
    for (const std::string& trainer : curve.trainers) head += fmt::format(" {:>13}", trainer);
    if (HasLight(curve)) head += fmt::format(" {:>11} {:>11}", "J/operation", "+ reference");
    base::Info("{}", head);
    for (std::size_t k = 0; k < curve.sizes.size(); ++k) {
      const auto value = [&](const std::string& column) { return curve.Values(column)[k]; };
      std::string line = fmt::format("{:>24.5g} ", curve.sizes[k]);
      for (const auto& [name, member] : kMethods) {
        line +=
            fmt::format(" {:>6.3f} /{:>6.3f}", value(StartColumn(name)), value(EndColumn(name)));
      }
      for (const std::string& trainer : curve.trainers) {
        line += fmt::format(" {:>11.1f} %", 100 * value("accuracy_" + trainer));
      }
      for (const EnergyNumber& number : kEnergyNumbers) {
        if (HasLight(curve)) line += fmt::format(" {:>11.3g}", value(number.name));
      }
      base::Info("{}", line);
    }
  }
}

template std::vector<BenchCurve> SweepBench(const deck::BenchOptions&,
                                            const training::bench::BenchRanks&,
                                            const training::ImageSets&, BenchSystem<float>&,
                                            TrainRecord&);
template std::vector<BenchCurve> SweepBench(const deck::BenchOptions&,
                                            const training::bench::BenchRanks&,
                                            const training::ImageSets&, BenchSystem<double>&,
                                            TrainRecord&);

}  // namespace symwave::jobs::train::bench
