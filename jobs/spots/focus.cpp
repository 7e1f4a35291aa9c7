#include "jobs/spots/focus.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/progress.hpp"
#include "jobs/deck/spot_layout.hpp"
#include "jobs/run/group_steps.hpp"
#include "jobs/spots/focus_results.hpp"
#include "jobs/spots/focus_scan.hpp"
#include "jobs/spots/focus_trainings.hpp"
#include "jobs/spots/spot_job.hpp"
#include "jobs/spots/spot_memory.hpp"
#include "jobs/spots/spot_plan.hpp"
#include "jobs/spots/spot_work.hpp"
#include "training/bench/image_similarity.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::spots {

using namespace training::bench;
using training::TrainerKind;

namespace {

template <class Real>
class FocusRunner {
 public:
  /// References must outlive it.
  FocusRunner(run::RunContext& context, const deck::BenchOptions& options)
      : context_(context),
        options_(options),
        focus_(*options.bench.focus),
        ranks_(context.Comm(), options.bench.compute.ranks_per_plane),
        bench_(ranks_.Plane(), options),
        trainings_(ranks_, bench_.Share(), FocusTasks(options)) {
    results_.limit =
        DiffractionLimit(options_.bench.geometry, options_.bench.errors.scatter.aperture);
    results_.pitch = options_.bench.geometry.pitch;
    results_.spots = deck::FocusSpots(options_.bench);
    if (focus_.scan) results_.points = deck::ScanSpots(options_.bench);
  }

  void Run() {
    Restore();
    Lenses();
    Train();
    context_.KeepCheckpoint(Exchange(), trainings_.Passes(), trainings_.Passes(), "pass");
    Finish();
    Write();
  }

 private:
  run::RunContext::Exchange Exchange() {
    return [this](base::StateArchive& archive) { trainings_.SaveOrRestore(archive); };
  }

  void Restore() {
    if (!context_.Restore(Exchange())) return;
    base::Info("resuming: {} of {} trainings are finished", trainings_.Finished(),
               trainings_.Tasks().size());
  }

  void Lenses() {
    const auto scope = context_.Timers().Measure("lenses");
    base::FaultPoint("focus/lenses");
    even_ = bench_.Even();
    results_.symmetry_defect = bench_.SymmetryDefect();
    results_.even_mean = even_.intensity.mean();
    if (focus_.scan) target_ = BarTarget(even_, focus_.scan->bars);
    for (const Spot& spot : results_.spots) {
      LensFocus lens;
      lens.air_frame = bench_.Lens(spot, false);
      lens.scattered_frame = bench_.Lens(spot, true);
      lens.air = JudgeSpot(lens.air_frame, spot);
      lens.scattered = JudgeSpot(lens.scattered_frame, spot);
      results_.lens.push_back(std::move(lens));
    }
  }

  void Train() {
    const auto scope = context_.Timers().Measure("training");
    const long all = trainings_.Passes();
    const long before = trainings_.PassesMade();
    const long mine = std::max(1L, trainings_.PassesLeft());
    io::Progress progress = context_.StartProgress("foci", all, "pass");
    progress.Set(before);
    run::GroupSteps steps(context_, ranks_.Plane(),
                          {Exchange(), [this] { return trainings_.PassesMade(); }, all, "pass"});
    const auto after_step = [&](const FocusTask& task, const FocusTraining& training) {
      // The other groups are taken to be as far as this one.
      const double share = 1 - static_cast<double>(trainings_.PassesLeft()) / mine;
      progress.Set(before + std::lround(share * static_cast<double>(all - before)),
                   NoteOf(task, training));
      return steps.GoesOn();
    };
    steps.Run([&] {
      for (const int task : trainings_.Mine()) {
        if (!TrainOne(task, after_step)) return;
      }
    });
    progress.Finish();
  }

  const Spot& SpotOf(const FocusTask& task) const {
    return (task.scan ? results_.points : results_.spots)[static_cast<std::size_t>(task.number)];
  }

  std::string NoteOf(const FocusTask& task, const FocusTraining& training) const {
    const Spot& spot = SpotOf(task);
    return fmt::format("{} at ({:.0f}, {:.0f}) um  share {:.3f}", training::TrainerName(task.kind),
                       spot.x, spot.y, training.run.history.back().quality.share);
  }

  /// False where the run shall stop.
  template <class AfterStep>
  bool TrainOne(int number, const AfterStep& after_step) {
    base::FaultPoint("focus/training");
    const FocusTask& task = trainings_.Tasks()[static_cast<std::size_t>(number)];
    // The foci of the scan have noise of their own.
    const int noise = task.number + (task.scan ? static_cast<int>(results_.spots.size()) : 0);
    FocusTraining& training = trainings_.Begin(number);
    if (!bench_.Train(task.kind, SpotOf(task), noise, task.epochs, training,
                      [&] { return after_step(task, training); })) {
      return false;
    }
    if (task.scan) KeepBucket(training.run);
    trainings_.Finish(number);
    return true;
  }

  /// Of a point of the scan nothing but the signal is kept.
  void KeepBucket(FocusRun& run) const {
    run.frame.intensity = Eigen::ArrayXd::Constant(1, Bucket(run.frame, target_));
    run.history.erase(run.history.begin(), run.history.end() - 1);
  }

  /// Everything to all ranks.
  void Finish() {
    const auto scope = context_.Timers().Measure("gathering");
    trainings_.Gather();
    Eigen::ArrayXd trained(results_.points.size());
    long passes = 0;
    for (std::size_t t = 0; t < trainings_.Tasks().size(); ++t) {
      const FocusTask& task = trainings_.Tasks()[t];
      FocusRun run = trainings_.Take(static_cast<int>(t));
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
  FocusBench<Real> bench_;
  FocusTrainings trainings_;
  Frame even_;
  Eigen::ArrayXd target_;
  FocusResults results_;
};

}  // namespace

std::unique_ptr<run::Job> MakeFocusJob(MPI_Comm comm, const deck::BenchOptions& options) {
  return MakeSpotJob(comm, options,
                     {FocusMemory, FocusPlan, CountFocus, RunWith<FocusRunner<float>>,
                      RunWith<FocusRunner<double>>});
}

}  // namespace symwave::jobs::spots
