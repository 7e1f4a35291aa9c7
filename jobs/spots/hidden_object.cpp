#include "jobs/spots/hidden_object.hpp"

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/checks/symmetry_warning.hpp"
#include "jobs/deck/spot_layout.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/spots/hidden_results.hpp"
#include "jobs/spots/hidden_shapes.hpp"
#include "jobs/spots/spot_memory.hpp"
#include "jobs/spots/spot_plan.hpp"
#include "jobs/train/bench/bench_plan.hpp"
#include "jobs/train/bench/bench_threads.hpp"
#include "jobs/train/train_record.hpp"
#include "training/bench/error_launch.hpp"
#include "training/bench/image_similarity.hpp"
#include "training/bench/noise.hpp"
#include "training/bench/spot_metrics.hpp"
#include "training/bench/spot_objective.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using namespace training::bench;
using training::Side;
using training::TrainerKind;

namespace {

constexpr int kMovie = kFirstOfJob;  // kind of MeasurementKey

/// From the hidden plane to the mask: free space with a wall halfway.
BenchGeometry HiddenGeometry(const deck::OpticalBenchOptions& bench) {
  BenchGeometry geometry = bench.geometry;
  geometry.distance = bench.hidden_object->distance;
  geometry.mask = MaskPlace::Input;
  return geometry;
}

BenchErrors HiddenWall(const deck::HiddenObjectOptions& hidden) {
  BenchErrors errors;
  errors.scatter.screen = hidden.wall;
  return errors;
}

/// Light of the object passes no modulators, only that of error fields does.
BenchErrors VisibleSide(BenchErrors errors) {
  errors.launch.data = false;
  return errors;
}

template <class Real>
class HiddenObjectRun {
 public:
  /// References must outlive it.
  HiddenObjectRun(run::RunContext& context, const deck::BenchOptions& options)
      : context_(context),
        options_(options),
        hidden_(*options.bench.hidden_object),
        ranks_(context.Comm(), options.bench.compute.ranks_per_plane),
        bench_(ranks_.Plane(), options.bench.geometry, VisibleSide(options.bench.errors),
               options.bench.compute),
        model_(ranks_.Plane(), options.bench.geometry, {}, options.bench.compute),
        layout_(PixelRangeOf(bench_)),
        record_(context, false, MaskShare()) {
    const BenchGeometry& g = options_.bench.geometry;
    results_.side = hidden_.positions;
    results_.pixels_x = g.pixels_x;
    results_.pixels_y = g.pixels_y;
    results_.pitch = g.pitch;
    results_.regions = deck::HiddenRegions(options_.bench);
    results_.truth = MovingShapes(hidden_.positions, hidden_.frames);
  }

  void Run() {
    LightUp();
    bench_.Program(Eigen::VectorXd::Zero(layout_.count));
    results_.symmetry_defect =
        training::bench::SymmetryDefect(bench_, options_.bench.error_launch.differential, 0);
    checks::WarnOfAsymmetry(options_.training, results_.symmetry_defect);
    for (const TrainerKind kind : options_.training.trainers) Train(kind);
    record_.Keep();
    Write();
  }

 private:
  /// As SpotObjective shares the commands of the mask.
  training::CommandShare MaskShare() const {
    return {1, layout_.All(), layout_.first, layout_.count, ranks_.Group() == 0};
  }

  /// The field of every hidden position in the plane of the mask, at unit power.
  void LightUp() {
    const auto scope = context_.Timers().Measure("hidden side");
    base::FaultPoint("hidden/light");
    const BenchSystem<Real> corner(ranks_.Plane(), HiddenGeometry(options_.bench),
                                   HiddenWall(hidden_), options_.bench.compute);
    const DetectorRegions discs =
        SpotRegions(layout_, results_.pitch, deck::HiddenSources(options_.bench), "hidden_object");
    Planes<Real> sources = Planes<Real>::Zero(layout_.count, discs.Classes());
    for (int k = 0; k < discs.Classes(); ++k) {
      for (const Eigen::Index pixel : discs.Pixels(k)) sources(pixel, k) = 1;
    }
    fields_ = corner.Transmit(sources, Side::Input, Measure::Outputs, {}).outputs;
    Eigen::ArrayXd powers = fields_.colwise().squaredNorm().template cast<double>();
    layout_.Sum(powers);
    for (Eigen::Index k = 0; k < fields_.cols(); ++k) {
      fields_.col(k) /= static_cast<Real>(std::sqrt(powers(k)));
    }
  }

  void Train(TrainerKind kind) {
    const std::string name = training::TrainerName(kind);
    const auto scope = context_.Timers().Measure("train " + name);
    SpotObjectiveOptions objective_options;
    objective_options.kind = kind;
    objective_options.crosstalk = hidden_.crosstalk;
    objective_options.error_launch = options_.bench.error_launch;
    objective_options.tile = options_.bench.compute.tile;
    objective_options.name = "hidden_object";
    SpotObjective<Real> objective(ranks_, objective_options, fields_, results_.regions, bench_,
                                  model_);
    training::Trainer trainer(objective, {kind, options_.training, options_.optimizer});
    if (results_.untrained.frames.empty()) {
      results_.untrained = Read(objective, trainer.Start(name).commands, 0);
    }
    const training::TrainerState& state = record_.Train(trainer, name, options_.training);
    results_.runs.push_back({name, state.passes, objective.EffortOf(state),
                             Read(objective, state.commands, options_.training.epochs + 1)});
  }

  /// All shining positions of a frame at once, each with the phase of the rough surface there.
  Planes<Real> Movie() const {
    Planes<Real> movie = Planes<Real>::Zero(layout_.count, results_.truth.size());
    for (std::size_t f = 0; f < results_.truth.size(); ++f) {
      const std::uint64_t stream = NoiseStream(hidden_.seed, {f});
      for (Eigen::Index k = 0; k < fields_.cols(); ++k) {
        if (results_.truth[f](k / results_.side, k % results_.side) == 0) continue;
        const double phase = RandomPhase(stream, static_cast<std::uint64_t>(k));
        movie.col(f) += std::complex<Real>(std::polar(1.0, phase)) * fields_.col(k);
      }
    }
    return movie;
  }

  HiddenReading Read(SpotObjective<Real>& objective, const Eigen::VectorXd& commands, int step) {
    HiddenReading reading;
    const auto number = static_cast<std::uint64_t>(step);
    objective.Test(commands, number);
    reading.shares = objective.Shares();
    // Light of a position alone in its own region, as a laboratory calibrates.
    const DetectorRegions& regions = objective.Regions();
    bench_.Program(commands);
    const RealPlanes<Real> alone = bench_.Observe(fields_, {number, 0, kMovie, nullptr});
    const Eigen::ArrayXd whole =
        regions.template CollectIntensities<Real>(alone).matrix().diagonal().array();
    const RealPlanes<Real> seen = bench_.Observe(Movie(), {number, 1, kMovie, nullptr});
    const Eigen::ArrayXXd light = regions.template CollectIntensities<Real>(seen);
    for (std::size_t f = 0; f < results_.truth.size(); ++f) {
      const Eigen::ArrayXd values = light.row(f).transpose() / whole;
      const Eigen::ArrayXXd frame =
          Eigen::Map<const Eigen::ArrayXXd>(values.data(), results_.side, results_.side)
              .transpose();
      const Eigen::ArrayXXd shown = frame.max(0.0).min(1.0);
      reading.frames.push_back(frame);
      reading.ssim += StructuralSimilarity(results_.truth[f], shown, 1, kEvenWindow);
      reading.psnr += PeakSignalToNoise(results_.truth[f], shown);
    }
    reading.ssim /= static_cast<double>(results_.truth.size());
    reading.psnr /= static_cast<double>(results_.truth.size());
    reading.accuracy = BitAccuracy(results_.truth, reading.frames);
    const Eigen::Index shown = std::min<Eigen::Index>(kShownFrames, seen.cols());
    reading.camera.resize(layout_.All(), shown);
    for (Eigen::Index f = 0; f < shown; ++f) {
      reading.camera.col(f) =
          WholeFrame(layout_, results_.pitch, seen.col(f).template cast<double>()).intensity;
    }
    return reading;
  }

  void Write() {
    results_.seconds = context_.Seconds();
    context_.Write("writing what was read",
                   [&](io::Hdf5File& file) { WriteHiddenObject(file, results_); });
    context_.Summary() = HiddenSummary(results_, hidden_);
    ReportHidden(context_.Summary());
  }

  run::RunContext& context_;
  const deck::BenchOptions& options_;
  const deck::HiddenObjectOptions& hidden_;
  BenchRanks ranks_;
  BenchSystem<Real> bench_, model_;
  PixelRange layout_;
  train::TrainRecord record_;
  Planes<Real> fields_;
  HiddenResults results_;
};

class HiddenObjectJob : public run::Job {
 public:
  HiddenObjectJob(MPI_Comm comm, deck::BenchOptions options)
      : comm_(comm),
        options_(std::move(options)),
        warnings_(train::bench::BenchWarnings(comm, options_.bench)) {}

  run::MemoryNeed Memory() override {
    return train::bench::NeedOf(HiddenObjectMemory(comm_, options_), options_.bench);
  }
  std::vector<std::string> Check() override { return warnings_; }
  std::string Plan(bool fits) override { return HiddenObjectPlan(comm_, options_, fits); }

  void Run(run::RunContext& context) override {
    train::bench::UseBenchThreads(options_.bench);
    if (options_.bench.compute.float64) {
      HiddenObjectRun<double>(context, options_).Run();
    } else {
      HiddenObjectRun<float>(context, options_).Run();
    }
  }

 private:
  MPI_Comm comm_;
  deck::BenchOptions options_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<run::Job> MakeHiddenObjectJob(MPI_Comm comm, const deck::BenchOptions& options) {
  return std::make_unique<HiddenObjectJob>(comm, options);
}

}  // namespace symwave::jobs::spots
