#include "jobs/spots/focus.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/progress.hpp"
#include "jobs/checks/symmetry_warning.hpp"
#include "jobs/deck/spot_layout.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/spots/focus_checkpoint.hpp"
#include "jobs/spots/focus_results.hpp"
#include "jobs/spots/focus_scan.hpp"
#include "jobs/spots/spot_memory.hpp"
#include "jobs/spots/spot_plan.hpp"
#include "jobs/train/bench/bench_passes.hpp"
#include "jobs/train/bench/bench_plan.hpp"
#include "jobs/train/bench/bench_threads.hpp"
#include "training/bench/image_similarity.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using namespace training::bench;
using training::TrainerKind;

namespace {

/// One training: of a focus, or of a point of the scan.
struct Task {
  TrainerKind kind;
  int number = 0;  ///< of the focus or point
  bool scan = false;
  long passes = 0;
  int group = -1;  ///< of ranks, that does it; -1: finished by an earlier run
};

/// The longest first, each to the group with the least to do; those in `tasks` that `finished`
/// knows are dealt to nobody.
void Deal(std::vector<Task>& tasks, int groups, const FocusCheckpoint& finished) {
  std::vector<std::size_t> order;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    if (!finished.Has(static_cast<int>(t))) order.push_back(t);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return tasks[a].passes > tasks[b].passes; });
  std::vector<long> load(static_cast<std::size_t>(groups), 0);
  for (const std::size_t task : order) {
    const auto least = std::min_element(load.begin(), load.end());
    tasks[task].group = static_cast<int>(least - load.begin());
    *least += tasks[task].passes;
  }
}

/// Numbers of the foci, those nearest to the centre first.
std::vector<int> FromTheCentre(const std::vector<Spot>& spots) {
  std::vector<int> order(spots.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return std::hypot(spots[a].x, spots[a].y) < std::hypot(spots[b].x, spots[b].y) - 1e-9;
  });
  return order;
}

template <class Real>
class FocusRunner {
 public:
  /// References must outlive it.
  FocusRunner(run::RunContext& context, const deck::BenchOptions& options)
      : context_(context),
        options_(options),
        focus_(*options.bench.focus),
        ranks_(context.Comm(), options.bench.compute.ranks_per_plane),
        checkpoint_(ranks_, context),
        bench_(ranks_.Plane(), options) {
    results_.limit =
        DiffractionLimit(options_.bench.geometry, options_.bench.errors.scatter.aperture);
    results_.pitch = options_.bench.geometry.pitch;
    results_.spots = deck::FocusSpots(options_.bench);
    if (focus_.scan) results_.points = deck::ScanSpots(options_.bench);
  }

  void Run() {
    Lenses();
    MakeTasks();
    Train();
    Finish();
    Write();
  }

 private:
  void Lenses() {
    const auto scope = context_.Timers().Measure("lenses");
    base::FaultPoint("focus/lenses");
    even_ = bench_.Even();
    results_.symmetry_defect = bench_.SymmetryDefect();
    checks::WarnOfAsymmetry(options_.training, results_.symmetry_defect);
    results_.even_mean = even_.intensity.mean();
    for (const Spot& spot : results_.spots) {
      LensFocus lens;
      lens.air_frame = bench_.Lens(spot, false);
      lens.scattered_frame = bench_.Lens(spot, true);
      lens.air = JudgeSpot(lens.air_frame, spot);
      lens.scattered = JudgeSpot(lens.scattered_frame, spot);
      results_.lens.push_back(std::move(lens));
    }
  }

  void MakeTasks() {
    const std::vector<int> order = FromTheCentre(results_.spots);
    for (const TrainerKind kind : options_.training.trainers) {
      // A test after each epoch is computed, too.
      const long passes =
          bench_.Epochs(kind) * (train::bench::TrainingPasses(options_, kind, 1, 1) + 1L);
      const bool all = !training::IsGradientFree(kind);
      for (std::size_t k = 0; k < order.size(); ++k) {
        if (!all && static_cast<int>(k) >= focus_.compared) break;
        tasks_.push_back({kind, order[k], false, passes});
      }
    }
    const TrainerKind scanner = TrainerKind::ForwardMode;
    for (int point = 0; point < static_cast<int>(results_.points.size()); ++point) {
      const long passes =
          focus_.scan->epochs * (train::bench::TrainingPasses(options_, scanner, 1, 1) + 1L);
      tasks_.push_back({scanner, point, true, passes});
    }
    if (checkpoint_.Size() > 0) {
      base::Info("resuming: {} of {} trainings are finished", checkpoint_.Size(), tasks_.size());
    }
    Deal(tasks_, ranks_.Groups(), checkpoint_);
  }

  void Train() {
    const auto scope = context_.Timers().Measure("training");
    long total = 0;
    for (const Task& task : tasks_) total += task.group == ranks_.Group() ? task.passes : 0;
    io::Progress progress = context_.StartProgress("foci", total, "pass");
    long before = 0;
    if (focus_.scan) target_ = BarTarget(even_, focus_.scan->bars);
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      const Task& task = tasks_[t];
      if (task.group != ranks_.Group()) continue;
      if (context_.ShallStop(ranks_.Plane())) break;
      base::FaultPoint("focus/training");
      const int epochs = task.scan ? focus_.scan->epochs : bench_.Epochs(task.kind);
      const Spot& spot = task.scan ? results_.points[task.number] : results_.spots[task.number];
      // The foci of the scan have noise of their own.
      const int position = task.number + (task.scan ? static_cast<int>(results_.spots.size()) : 0);
      int epoch = 0;
      FocusRun run = bench_.Train(task.kind, spot, position, epochs, [&](long, double share) {
        ++epoch;
        progress.Set(before + task.passes * epoch / epochs,
                     fmt::format("{} at ({:.0f}, {:.0f}) um  share {:.3f}",
                                 training::TrainerName(task.kind), spot.x, spot.y, share));
      });
      before += task.passes;
      if (task.scan) KeepBucket(run);
      checkpoint_.Keep(static_cast<int>(t), run);
    }
    if (context_.ShallStop()) {
      checkpoint_.Gather();
      context_.Stop();
    }
    progress.Finish();
  }

  /// Of a point of the scan nothing but the signal is kept.
  void KeepBucket(FocusRun& run) const {
    run.frame.intensity = Eigen::ArrayXd::Constant(1, Bucket(run.frame, target_));
    run.history.erase(run.history.begin(), run.history.end() - 1);
  }

  /// Everything to all ranks.
  void Finish() {
    const auto scope = context_.Timers().Measure("gathering");
    checkpoint_.Gather();
    Eigen::ArrayXd trained(results_.points.size());
    long passes = 0;
    for (std::size_t t = 0; t < tasks_.size(); ++t) {
      const Task& task = tasks_[t];
      FocusRun run = checkpoint_.Run(static_cast<int>(t));
      if (task.scan) {
        trained(task.number) = run.frame.intensity(0);
        passes += run.history.back().passes;
        continue;
      }
      run.kind = task.kind;
      run.position = task.number;
      run.frame.nx = even_.nx;
      run.frame.ny = even_.ny;
      run.frame.pitch = even_.pitch;
      results_.runs.push_back(std::move(run));
    }
    std::stable_sort(results_.runs.begin(), results_.runs.end(),
                     [](const FocusRun& a, const FocusRun& b) {
                       return std::tie(a.kind, a.position) < std::tie(b.kind, b.position);
                     });
    if (focus_.scan) results_.scan = Scan(trained, passes);
  }

  ScanResult Scan(const Eigen::ArrayXd& trained, long passes) {
    const int side = focus_.scan->points;
    const auto image = [&](const Eigen::ArrayXd& values) {
      const Eigen::Index rows = values.size() / side;
      return Stretched(Eigen::Map<const Eigen::ArrayXXd>(values.data(), side, rows).transpose());
    };
    Eigen::ArrayXd untrained(trained.size());
    for (Eigen::Index k = 0; k < untrained.size(); ++k) {
      untrained(k) = Bucket(bench_.Lens(results_.points[k], true), target_);
    }
    ScanResult scan;
    scan.truth = SampledTarget(even_, target_, results_.points, focus_.scan->width / (side - 1));
    scan.trained = image(trained);
    scan.untrained = image(untrained);
    scan.ssim_trained = StructuralSimilarity(scan.truth, scan.trained, 1, kEvenWindow);
    scan.ssim_untrained = StructuralSimilarity(scan.truth, scan.untrained, 1, kEvenWindow);
    scan.psnr_trained = PeakSignalToNoise(scan.truth, scan.trained);
    scan.psnr_untrained = PeakSignalToNoise(scan.truth, scan.untrained);
    scan.passes = passes;
    return scan;
  }

  void Write() {
    results_.seconds = context_.Seconds();
    context_.Write("writing the foci", [&](io::Hdf5File& file) { WriteFocus(file, results_); });
    context_.Try("writing the history", [&] {
      WriteFocusHistory(context_.Comm(), context_.Directory() + "/history.csv", results_);
    });
    context_.Summary() = FocusSummary(results_);
    ReportFocus(context_.Summary());
  }

  run::RunContext& context_;
  const deck::BenchOptions& options_;
  const deck::FocusOptions& focus_;
  BenchRanks ranks_;
  FocusCheckpoint checkpoint_;
  FocusBench<Real> bench_;
  Frame even_;
  Eigen::ArrayXd target_;
  std::vector<Task> tasks_;
  FocusResults results_;
};

class FocusJob : public run::Job {
 public:
  FocusJob(MPI_Comm comm, deck::BenchOptions options)
      : comm_(comm),
        options_(std::move(options)),
        warnings_(train::bench::BenchWarnings(comm, options_.bench)) {}

  run::MemoryNeed Memory() override {
    return train::bench::NeedOf(FocusMemory(comm_, options_), options_.bench);
  }
  std::vector<std::string> Check() override { return warnings_; }
  std::string Plan(bool fits) override { return FocusPlan(comm_, options_, fits); }

  void Run(run::RunContext& context) override {
    train::bench::UseBenchThreads(options_.bench);
    if (options_.bench.compute.float64) {
      FocusRunner<double>(context, options_).Run();
    } else {
      FocusRunner<float>(context, options_).Run();
    }
  }

 private:
  MPI_Comm comm_;
  deck::BenchOptions options_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<run::Job> MakeFocusJob(MPI_Comm comm, const deck::BenchOptions& options) {
  return std::make_unique<FocusJob>(comm, options);
}

}  // namespace symwave::jobs::spots
