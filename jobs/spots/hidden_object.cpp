#include "jobs/spots/hidden_object.hpp"

#include "domain/base/fault_point.hpp"
#include "jobs/deck/spot_layout.hpp"
#include "jobs/spots/hidden_results.hpp"
#include "jobs/spots/hidden_shapes.hpp"
#include "jobs/spots/spot_bench.hpp"
#include "jobs/spots/spot_job.hpp"
#include "jobs/spots/spot_memory.hpp"
#include "jobs/spots/spot_plan.hpp"
#include "jobs/spots/spot_work.hpp"
#include "jobs/train/train_record.hpp"
#include "training/bench/image_similarity.hpp"
#include "training/bench/noise.hpp"
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
        bench_(context.Comm(), options.bench.compute.ranks_per_plane, options,
               VisibleSide(options.bench.errors)),
        layout_(bench_.Pixels()),
        record_(context, {}, bench_.Share()) {
    results_.side = hidden_.positions;
    results_.pitch = options_.bench.geometry.pitch;
    results_.regions = deck::HiddenRegions(options_.bench);
    results_.truth = MovingShapes(hidden_.positions, hidden_.frames);
  }

  void Run() {
    LightUp();
    results_.symmetry_defect = bench_.SymmetryDefect();
    for (const TrainerKind kind : options_.training.trainers) Train(kind);
    record_.Keep();
    Write();
  }

 private:
  /// The field of every hidden position in the plane of the mask, at unit power.
  void LightUp() {
    const auto scope = context_.Timers().Measure("hidden side");
    base::FaultPoint("hidden/light");
    const BenchSystem<Real> corner(layout_.comm, HiddenGeometry(options_.bench),
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
    SpotObjective<Real> objective =
        bench_.Objective(kind, hidden_.crosstalk, 0, "hidden_object", fields_, results_.regions);
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
    bench_.Bench().Program(commands);
    const RealPlanes<Real> alone = bench_.Bench().Observe(fields_, {number, 0, kMovie, nullptr});
    const Eigen::ArrayXd whole =
        regions.template CollectIntensities<Real>(alone).matrix().diagonal().array();
    const RealPlanes<Real> seen = bench_.Bench().Observe(Movie(), {number, 1, kMovie, nullptr});
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
    for (Eigen::Index f = 0; f < shown; ++f) reading.camera.push_back(bench_.Whole(seen, f));
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
  SpotBench<Real> bench_;
  const PixelRange& layout_;
  train::TrainRecord record_;
  Planes<Real> fields_;
  HiddenResults results_;
};

}  // namespace

std::unique_ptr<run::Job> MakeHiddenObjectJob(MPI_Comm comm, const deck::BenchOptions& options) {
  return MakeSpotJob(comm, options,
                     {HiddenObjectMemory, HiddenObjectPlan, CountHiddenObject,
                      RunWith<HiddenObjectRun<float>>, RunWith<HiddenObjectRun<double>>});
}

}  // namespace symwave::jobs::spots
