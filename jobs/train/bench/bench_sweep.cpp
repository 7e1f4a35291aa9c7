#include "jobs/train/bench/bench_sweep.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"

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
        trainers_(TrainersOf(options)),
        training_(options.training) {
    training_.epochs = EpochsOf(options);
  }

  BenchCurve Run(const deck::BenchSweepAxis& axis) {
    BenchCurve curve{axis.name, axis.unit, axis.even, {}, {}};
    for (const TrainerKind kind : trainers_) curve.trainers.push_back(training::TrainerName(kind));
    BenchErrors errors = options_.bench.errors;
    double& error = axis.error(errors);
    const double in_deck = error;
    std::vector<double> sizes = (*options_.bench.sweep).*axis.sizes;
    // No photon counting in the deck is not a size of the curve.
    if (in_deck != 0 || &error != &errors.detection.photons) sizes.push_back(in_deck);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    for (const double size : sizes) {
      error = size;
      if (size == in_deck) {
        if (!deck_point_) deck_point_ = Measure(errors, "");
        curve.points.push_back(*deck_point_);
      } else {
        curve.points.push_back(Measure(errors, fmt::format("{}={:.9g} ", axis.name, size)));
      }
      curve.points.back().size = size;
    }
    return curve;
  }

 private:
  /// The network of that trainer; `place` names the point, "" the bench of the deck.
  Eigen::VectorXd Train(BenchStage<Real>& stage, TrainerKind kind, std::string place) {
    if (kind == TrainerKind::InSilico) place.clear();
    const bool main = place.empty() && training_.epochs == options_.training.epochs;
    const std::string trainer = training::TrainerName(kind);
    auto objective = stage.MakeObjective(kind);
    training::Trainer course(objective, {kind, training_, options_.optimizer});
    const auto& detection = stage.Errors().detection;
    return record_
        .Train(course,
               main ? trainer : fmt::format("{}epochs={} {}", place, training_.epochs, trainer),
               training_,
               [&](const training::TrainerState& state) {
                 return objective.EffortOf(state).Photons(options_.bench.geometry, detection);
               })
        .commands;
  }

  BenchPoint Measure(const BenchErrors& errors, const std::string& place) {
    base::FaultPoint("bench/sweep");
    BenchStage<Real> stage(ranks_, options_, errors, images_, model_);
    BenchPoint point;
    point.energy = stage.EnergyOfTest();
    auto objective = stage.MakeObjective(TrainerKind::ForwardMode);
    const training::Trainer first(objective,
                                  {TrainerKind::ForwardMode, training_, options_.optimizer});
    const Eigen::VectorXd start = first.Start("start").commands;
    point.at_start = stage.MeasureCosines(start);
    for (const TrainerKind kind : trainers_) {
      const Eigen::VectorXd commands = Train(stage, kind, place);
      if (kind == trainers_.front()) point.at_end = stage.MeasureCosines(commands);
      point.accuracy.push_back(objective.Classify(commands, kTestStep).Accuracy());
    }
    return point;
  }

  const deck::BenchOptions& options_;
  const training::bench::BenchRanks& ranks_;
  const training::ImageSets& images_;
  BenchSystem<Real>& model_;
  TrainRecord& record_;
  std::vector<TrainerKind> trainers_;
  training::TrainingOptions training_;
  std::optional<BenchPoint> deck_point_;  ///< a point of every curve
};

template <class Value>
std::vector<double> Column(const BenchCurve& curve, Value&& value) {
  std::vector<double> column;
  for (const BenchPoint& point : curve.points) column.push_back(value(point));
  return column;
}

using Method = std::pair<const char*, double GradientCosines::*>;
constexpr Method kMethods[] = {{"forward_mode", &GradientCosines::forward_mode},
                               {"physics_aware", &GradientCosines::physics_aware},
                               {"in_silico", &GradientCosines::in_silico}};

/// Whether the camera counts photons at every point.
bool HasLight(const BenchCurve& curve) {
  return std::all_of(curve.points.begin(), curve.points.end(),
                     [](const BenchPoint& point) { return point.energy.has_value(); });
}

/// Every number of a curve by its name.
std::vector<std::pair<std::string, std::vector<double>>> Columns(const BenchCurve& curve) {
  std::vector<std::pair<std::string, std::vector<double>>> columns;
  for (std::size_t t = 0; t < curve.trainers.size(); ++t) {
    columns.emplace_back("accuracy_" + curve.trainers[t],
                         Column(curve, [&](const BenchPoint& p) { return p.accuracy[t]; }));
  }
  for (const auto& [name, member] : kMethods) {
    const auto cosine = member;
    columns.emplace_back(std::string("cosine_start_") + name,
                         Column(curve, [&](const BenchPoint& p) { return p.at_start.*cosine; }));
    columns.emplace_back(std::string("cosine_end_") + name,
                         Column(curve, [&](const BenchPoint& p) { return p.at_end.*cosine; }));
  }
  if (!HasLight(curve)) return columns;
  for (const EnergyNumber& number : kEnergyNumbers) {
    columns.emplace_back(
        number.name, Column(curve, [&](const BenchPoint& p) { return (*p.energy).*number.value; }));
  }
  return columns;
}

/// Unit and meaning of a column.
io::Description DescriptionOf(const std::string& column) {
  if (column.rfind("accuracy", 0) == 0) return {"1", "test accuracy on this bench after training"};
  if (column.rfind("cosine", 0) == 0) {
    return {"1",
            "cosine of the gradient with that of reverse without noise, at the first masks (start) "
            "or those of the first trainer (end)"};
  }
  const auto* energy = std::find_if(std::begin(kEnergyNumbers), std::end(kEnergyNumbers),
                                    [&](const EnergyNumber& e) { return column == e.name; });
  return {"J", energy->description};
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
  return curves;
}

void WriteBenchSweep(io::Hdf5File& file, const std::vector<BenchCurve>& curves) {
  for (const BenchCurve& curve : curves) {
    const std::string group = "/bench_sweep/" + curve.name;
    file.Write(group + "/size", Column(curve, [](const BenchPoint& p) { return p.size; }), {},
               {curve.unit, "size of the error"});
    for (const auto& [name, values] : Columns(curve)) {
      file.Write(group + "/" + name, values, {}, DescriptionOf(name));
    }
    file.WriteAttribute(group, "unit", curve.unit);
    file.WriteAttribute(group, "even", curve.even ? 1 : 0);
  }
}

nlohmann::ordered_json CurveJson(const BenchCurve& curve) {
  nlohmann::ordered_json json{{"unit", curve.unit}, {"even", curve.even}};
  json["size"] = Column(curve, [](const BenchPoint& p) { return p.size; });
  for (const auto& [name, values] : Columns(curve)) json[name] = values;
  return json;
}

void PrintBenchSweep(const std::vector<BenchCurve>& curves) {
  for (const BenchCurve& curve : curves) {
    std::string head = fmt::format("{:<11} {:>12}  cosine at the start/end: forward, aware, silico",
                                   curve.name, curve.unit);
    for (const std::string& trainer : curve.trainers) head += fmt::format(" {:>13}", trainer);
    if (HasLight(curve)) head += fmt::format(" {:>11} {:>11}", "J/operation", "+ reference");
    base::Info("{}", head);
    for (const BenchPoint& point : curve.points) {
      std::string line = fmt::format("{:>24.5g} ", point.size);
      for (const auto& [name, member] : kMethods) {
        line += fmt::format(" {:>6.3f} /{:>6.3f}", point.at_start.*member, point.at_end.*member);
      }
      for (const double accuracy : point.accuracy)
        line += fmt::format(" {:>11.1f} %", 100 * accuracy);
      if (HasLight(curve)) {
        line +=
            fmt::format(" {:>11.3g} {:>11.3g}", point.energy->signal, point.energy->with_reference);
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
