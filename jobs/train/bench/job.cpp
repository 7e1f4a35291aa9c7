#include "jobs/train/bench/job.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "jobs/checks/symmetry_warning.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/train/bench/bench_frames.hpp"
#include "jobs/train/bench/bench_memory.hpp"
#include "jobs/train/bench/bench_plan.hpp"
#include "jobs/train/bench/bench_results.hpp"
#include "jobs/train/bench/bench_sweep.hpp"
#include "jobs/train/bench/bench_threads.hpp"
#include "jobs/train/bench/bench_work.hpp"
#include "jobs/train/train_record.hpp"
#include "training/bench/image_similarity.hpp"

namespace symwave::jobs::train::bench {

namespace {

using training::TrainerKind;
using training::TrainerState;
using training::bench::BenchRanks;
using training::bench::BenchSystem;

/// The first image to test of every class.
std::vector<int> OneOfEach(const training::ImageDataset& images) {
  std::vector<int> samples;
  for (int c = 0; c < images.classes; ++c) {
    const auto found = std::find(images.labels.begin(), images.labels.end(), c);
    if (found != images.labels.end()) {
      samples.push_back(static_cast<int>(found - images.labels.begin()));
    }
  }
  return samples;
}

double PeakMemoryMb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1.024e-3 * static_cast<double>(usage.ru_maxrss);
}

template <class Real>
class BenchTrainingRun {
 public:
  /// References must outlive it.
  BenchTrainingRun(run::RunContext& context, const deck::BenchOptions& options,
                   const training::ImageSets& images)
      : context_(context),
        options_(options),
        ranks_(context.Comm(), options.bench.compute.ranks_per_plane),
        images_(images),
        model_(ranks_.Plane(), options.bench.geometry, {}, options.bench.compute),
        stage_(ranks_, options, options.bench.errors, images_, model_),
        share_(training::ShareOf(stage_.MakeObjective(TrainerKind::ForwardMode))),
        record_(context, {true, {}}, share_) {}

  void Run() {
    for (const TrainerKind kind : options_.training.trainers) Train(kind);
    MeasureShares();
    record_.Keep();
    Deploy();
    MeasureGradients();
    std::vector<BenchCurve> curves;
    if (options_.bench.sweep) {
      const auto scope = context_.Timers().Measure("error sweep");
      curves = SweepBench<Real>(options_, ranks_, images_, model_, record_);
      record_.Keep();
    }
    PrintBenchTable(results_, run_);
    PrintBenchSweep(curves);
    Write(curves);
  }

 private:
  bool Trains(TrainerKind kind) const {
    const auto& trainers = options_.training.trainers;
    return std::find(trainers.begin(), trainers.end(), kind) != trainers.end();
  }

  double PhotonsOf(const training::bench::BenchEffort& effort) const {
    return effort.Photons(options_.bench.geometry, options_.bench.errors.detection);
  }

  void Train(TrainerKind kind) {
    const std::string name = training::TrainerName(kind);
    const auto scope = context_.Timers().Measure("train " + name);
    const double start = MPI_Wtime();
    auto objective = stage_.MakeObjective(kind);
    training::Trainer trainer(objective, {kind, options_.training, options_.optimizer});
    const TrainerState* known = record_.Find(name);
    const bool trained = !known || !trainer.Finished(*known);
    const run::Frames::Scope offer(
        context_.Frames(),
        {[&](long epoch, const run::FieldRequest& asked) {
           return Frames(objective, record_.Find(name)->commands, {name, epoch, asked});
         },
         trainer.StepsPerEpoch()});
    const TrainerState& state =
        record_.Train(trainer, name, options_.training,
                      [&](const TrainerState& now) { return PhotonsOf(objective.EffortOf(now)); });
    context_.Frames().LastStepDone(static_cast<long>(state.epoch) * trainer.StepsPerEpoch());
    if (kind == TrainerKind::ForwardMode) {
      checks::WarnOfAsymmetry(options_.training, name, state.history);
    }
    if (trained) train_seconds_ += MPI_Wtime() - start;
  }

  /// The first image of the test on the bench.
  std::vector<io::FieldFrame> Frames(training::bench::BenchObjective<Real>& objective,
                                     const Eigen::VectorXd& commands, const PlaneFrames& asked) {
    return FramesOf(context_.Comm(), options_.bench.geometry, stage_.TraceBench(commands, 0),
                    Masks(commands, objective.Learner().Pixels()), asked);
  }

  /// Of the time that the trainings took on all ranks, those after the last resume that trained.
  void MeasureShares() {
    const std::string name = fmt::format("shares of {} epochs", options_.training.epochs);
    const std::vector<double> shares = record_.Once(name, [&]() -> std::vector<double> {
      double sums[] = {stage_.Bench().FftSeconds() + model_.FftSeconds(),
                       stage_.Bench().PropagationSeconds() + model_.PropagationSeconds(),
                       train_seconds_};
      base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_DOUBLE, MPI_SUM, context_.Comm()));
      if (sums[2] == 0) return {0, 0};
      return {sums[0] / sums[2], sums[1] / sums[2]};
    });
    run_.fft_share = shares[0];
    run_.propagation_share = shares[1];
    base::Info("share of the time of training: transforms {:.0f} %, propagation with them {:.0f} %",
               100 * run_.fft_share, 100 * run_.propagation_share);
  }

  std::vector<float> Masks(const Eigen::VectorXd& commands,
                           const training::bench::PixelRange& layout) const {
    const Eigen::Index layers = options_.bench.network->layers;
    return GatherPlanes(
        layout,
        Eigen::Map<const Eigen::MatrixXd>(commands.data(), layout.count, layers).cast<float>());
  }

  BenchTrained ResultOf(TrainerKind kind) {
    BenchTrained result;
    TrainedResult& network = result.network;
    const TrainerState& state = *record_.Find(training::TrainerName(kind));
    // The record keeps the commands.
    network.state.name = state.name;
    network.state.epoch = state.epoch;
    network.state.passes = state.passes;
    network.state.seconds = state.seconds;
    network.state.history = state.history;
    const Eigen::VectorXd& commands = state.commands;
    auto objective = stage_.MakeObjective(kind);
    const auto on_bench = objective.Classify(commands, kTestStep);
    network.test_accuracy = on_bench.Accuracy();
    network.confusion = on_bench.confusion;
    if (kind == TrainerKind::InSilico) {
      network.deployed_test_accuracy = network.test_accuracy;
      network.deployed_confusion = network.confusion;
      std::vector<int> all(static_cast<std::size_t>(images_.test.Samples()));
      std::iota(all.begin(), all.end(), 0);
      const auto on_model = objective.Learner().Evaluate(commands, images_.test, all, kTestStep,
                                                         training::bench::kTest);
      network.test_accuracy = on_model.Accuracy();
      network.confusion = on_model.confusion;
    }
    result.photons = PhotonsOf(objective.EffortOf(state));
    result.masks = Masks(commands, objective.Learner().Pixels());
    result.similarity.assign(static_cast<std::size_t>(options_.bench.network->layers), 0);
    return result;
  }

  /// Light of a test image through the masks of every trainer; `weight`: of the image in the mean
  /// similarities.
  void AddTraces(int sample, double weight) {
    using training::bench::IntensitySimilarity;
    std::vector<BenchTrace> on_bench, on_model;
    const BenchTrace* ideal = nullptr;
    for (const BenchTrained& result : results_) {
      const Eigen::VectorXd& commands = record_.Find(result.network.state.name)->commands;
      on_bench.push_back(stage_.TraceBench(commands, sample));
      on_model.push_back(stage_.TraceModel(commands, sample));
    }
    for (std::size_t t = 0; t < results_.size(); ++t) {
      if (results_[t].network.deployed_test_accuracy) ideal = &on_model[t];
    }
    const int layers = options_.bench.network->layers;
    for (std::size_t t = 0; t < results_.size(); ++t) {
      BenchTrained& result = results_[t];
      for (int k = 0; k < layers; ++k) {
        result.similarity[static_cast<std::size_t>(k)] +=
            weight * IntensitySimilarity(on_bench[t].Plane(k), on_model[t].Plane(k));
      }
      if (ideal) {
        result.similarity_to_ideal =
            result.similarity_to_ideal.value_or(0) +
            weight * IntensitySimilarity(on_bench[t].Plane(layers - 1), ideal->Plane(layers - 1));
      }
      if (result.on_bench.size() == run_.shown.size()) continue;
      result.on_bench.push_back(std::move(on_bench[t]));
      result.on_model.push_back(on_model[t]);
    }
  }

  /// Final accuracies with fresh noise, and what light of a few images does.
  void Deploy() {
    const auto scope = context_.Timers().Measure("tests");
    const std::vector<int> samples = OneOfEach(images_.test);
    const std::size_t shown = std::min<std::size_t>(kShownImages, samples.size());
    run_.shown.assign(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(shown));
    for (const TrainerKind kind : options_.training.trainers) {
      record_.EndOfPart();
      results_.push_back(ResultOf(kind));
    }
    for (const int sample : samples) {
      record_.EndOfPart();
      AddTraces(sample, 1.0 / static_cast<double>(samples.size()));
    }
    run_.energy = stage_.EnergyOfTest();
    auto objective = stage_.MakeObjective(TrainerKind::ForwardMode);
    run_.regions = Regions(objective.Learner());
  }

  std::vector<std::int32_t> Regions(training::bench::PlaneEngine<Real>& engine) const {
    Eigen::MatrixXf classes = Eigen::MatrixXf::Constant(engine.Pixels().count, 1, -1);
    for (int c = 0; c < engine.Detectors().Classes(); ++c) {
      for (const Eigen::Index pixel : engine.Detectors().Pixels(c)) {
        classes(pixel, 0) = static_cast<float>(c);
      }
    }
    const std::vector<float> whole = GatherPlanes(engine.Pixels(), classes);
    return {whole.begin(), whole.end()};
  }

  void MeasureGradients() {
    if (!Trains(TrainerKind::ForwardMode)) return;
    record_.EndOfPart();
    const auto scope = context_.Timers().Measure("gradients");
    auto objective = stage_.MakeObjective(TrainerKind::ForwardMode);
    const training::Trainer trainer(
        objective, {TrainerKind::ForwardMode, options_.training, options_.optimizer});
    const Eigen::VectorXd first = trainer.Start("start").commands;
    run_.at_start = stage_.MeasureCosines(first);
    run_.at_end = stage_.MeasureCosines(record_.Find("forward_mode")->commands);
    for (const auto& [when, cosines] :
         {std::pair("at the start", *run_.at_start), std::pair("at the end", *run_.at_end)}) {
      base::Info(
          "cosine with the true gradient {:<12} forward mode {:.4f}, physics aware {:.4f}, in "
          "silico {:.4f}",
          when, cosines.forward_mode, cosines.physics_aware, cosines.in_silico);
    }
  }

  void Write(const std::vector<BenchCurve>& curves) {
    record_.EndOfPart();
    run_.peak_memory_mb = PeakMemoryMb();
    base::Mpi(
        MPI_Allreduce(MPI_IN_PLACE, &run_.peak_memory_mb, 1, MPI_DOUBLE, MPI_MAX, context_.Comm()));
    context_.Write("writing the training", [&](io::Hdf5File& file) {
      WriteBenchTraining(file, options_, images_, results_, run_);
      WriteBenchSweep(file, curves);
    });
    context_.Summary() = SummarizeBench(options_, images_, results_, curves, run_);
  }

  run::RunContext& context_;
  const deck::BenchOptions& options_;
  double train_seconds_ = 0;
  BenchRanks ranks_;
  const training::ImageSets& images_;
  BenchSystem<Real> model_;
  BenchSetup<Real> stage_;
  training::CommandShare share_;
  TrainRecord record_;
  std::vector<BenchTrained> results_;
  BenchRun run_;
};

class BenchTraining : public run::Job {
 public:
  BenchTraining(MPI_Comm comm, deck::BenchOptions options)
      : comm_(comm),
        options_(std::move(options)),
        warnings_(BenchWarnings(comm, options_.bench)),
        images_(ReadBenchImages(comm, options_.bench)) {}

  run::MemoryNeed Memory() override {
    return NeedOf(BenchTrainingMemory(comm_, options_), options_.bench);
  }
  std::vector<std::string> Check() override { return warnings_; }
  std::string Plan(bool /*fits*/) override { return BenchTrainingPlan(comm_, options_, images_); }
  run::Work CountWork() override { return CountBenchTraining(comm_, options_, images_); }

  void Run(run::RunContext& context) override {
    UseBenchThreads(options_.bench);
    if (options_.bench.compute.float64) {
      BenchTrainingRun<double>(context, options_, images_).Run();
    } else {
      BenchTrainingRun<float>(context, options_, images_).Run();
    }
  }

 private:
  MPI_Comm comm_;
  deck::BenchOptions options_;
  std::vector<std::string> warnings_;
  training::ImageSets images_;
};

}  // namespace

std::unique_ptr<run::Job> MakeBenchTraining(MPI_Comm comm, const deck::BenchOptions& options) {
  return std::make_unique<BenchTraining>(comm, options);
}

}  // namespace symwave::jobs::train::bench
