#include "jobs/train/chip/job.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/base/log.hpp"
#include "jobs/checks/data_warnings.hpp"
#include "jobs/checks/element_check.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/checks/symmetry_warning.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/composition.hpp"
#include "jobs/train/chip/composition_check.hpp"
#include "jobs/train/chip/deployment.hpp"
#include "jobs/train/chip/error_sweep.hpp"
#include "jobs/train/chip/evaluation.hpp"
#include "jobs/train/chip/plan.hpp"
#include "jobs/train/chip/stage.hpp"
#include "jobs/train/chip/tasks.hpp"
#include "jobs/train/chip/whole_block.hpp"
#include "jobs/train/chip/work.hpp"
#include "jobs/train/train_record.hpp"
#include "jobs/train/train_results.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train::chip {

namespace {

using training::TrainerKind;
using training::TrainerState;

/// What a deck asks to be trained.
struct ChipJob {
  deck::ChipTrainingOptions options;
  device::Device device;
  std::vector<Task> tasks;
  training::chip::Composition composition;  ///< empty unless solver.compose
  std::vector<ForeignTraining> foreign;     ///< to be deployed
};

run::RunContext::Exchange PartsOf(const ChipFactory& factory) {
  training::chip::PartStore* parts = factory.SharedParts();
  if (!parts) return nullptr;
  return [parts](base::StateArchive& archive) { parts->SaveOrRestore(archive); };
}

/// A training from its data to its results. References must outlive it.
class ChipTrainingRun {
 public:
  ChipTrainingRun(run::RunContext& context, const ChipJob& job, WholeBlock& block,
                  const checks::MeshError& mesh_error)
      : context_(context),
        options_(job.options),
        device_(job.device),
        foreign_(job.foreign),
        block_(block),
        mesh_error_(mesh_error),
        tasks_(job.tasks),
        splits_(SplitsOf(tasks_)),
        factory_(context.Comm(), options_, device_, job.composition),
        record_(context, {false, PartNames(tasks_)}, {}, PartsOf(factory_)) {
    record_.CountOn([this] { return Spent(); });
  }

  void Run() {
    bool interrupted = false;
    try {
      RunToEnd();
    } catch (const base::Interrupted&) {
      interrupted = true;
    }
    if (interrupted) record_.EndOfPart();
    base::Require(!interrupted, "runs are interrupted where the job is to stop");
  }

 private:
  void RunToEnd() {
    for (size_t k = 0; k < options_.data.size(); ++k) {
      if (options_.data[k].components == 0) continue;
      base::Info("{} principal components hold {:.0f} % of the variance of the training part",
                 options_.data[k].components, 100 * splits_[k].variance_share);
    }
    MakeSetups();
    if (options_.solver.compose) CheckAtRest();
    TrainAll();
    record_.Keep();
    Deploy();
    std::vector<SweepCurve> sweeps;
    if (!options_.sweep.Empty()) {
      sweeps = Sweep();
      record_.Keep();
    }
    Write(sweeps);
  }

  bool Uses(TrainerKind kind) const {
    const auto& trainers = options_.training.trainers;
    return std::find(trainers.begin(), trainers.end(), kind) != trainers.end();
  }

  void MakeSetups() {
    const auto scope =
        context_.Timers().Measure(options_.solver.compose ? "parts" : "condensation");
    const domain::Lattice& lattice = *device_.lattice;
    base::Info("building {} block{} of {} x {}{} cells{} ...", options_.training.blocks,
               options_.training.blocks == 1 ? "" : "s", lattice.Cells(0), lattice.Cells(1),
               lattice.TwoDimensional() ? "" : fmt::format(" x {}", lattice.Cells(2)),
               tasks_.size() == 1 ? "" : fmt::format(" at {} wavelengths", tasks_.size()));
    const long launches = factory_.MostLaunches(Uses(TrainerKind::InSilico));
    std::unique_ptr<io::Progress> bar;
    if (launches > 0) {
      bar.reset(new io::Progress(context_.StartProgress("parts", launches, "run")));
      bar->Expect(launches, io::Total::AtMost);
      factory_.OnSolved([&] { bar->Step(); });
    }
    KeepParts();
    const auto chips = factory_.MakeHardware(options_.fabrication);
    factory_.SetActuators(chips, options_.drive);
    hardware_.emplace(factory_, chips, tasks_, splits_);
    unfinished_ = 0;
    if (Uses(TrainerKind::InSilico)) {
      model_.emplace(factory_, factory_.MakeModel(), tasks_, splits_);
      unfinished_ = 0;
    }
    if (bar) bar->EndHere();
    factory_.OnSolved(nullptr);
    evaluation_.emplace(context_, options_, tasks_, device_, factory_, block_, *hardware_,
                        model_ ? &*model_ : nullptr);
  }

  /// Parts of the hardware, the model and the devices of a sweep are counted and kept one by one.
  void KeepParts() {
    if (!factory_.SharedParts()) return;
    factory_.OnPartSolved([this](const solvers::DeviceStatistics& took) {
      unfinished_ += took.solves;
      record_.EndOfPart();
    });
  }

  /// Before time goes into the training of something else than the device.
  void CheckAtRest() {
    const TrainerKind kind = options_.training.trainers.front();
    const int commands = evaluation_->StageOf(kind).Optics(0).Commands();
    const auto measure = [&]() -> std::vector<double> {
      return {evaluation_->CompositionDefectOf(kind, Eigen::VectorXd::Zero(commands))};
    };
    at_rest_ = record_.Once("composition defect at rest", measure).front();
    base::Info("at rest, composed and whole differ by {:.1e}", at_rest_);
    WarnOfComposition(at_rest_, "at rest");
    record_.EndOfPart();
  }

  void TrainAll() {
    for (const TrainerKind kind : options_.training.trainers) TrainOne(kind);
  }

  void TrainOne(TrainerKind kind) {
    const std::string name = training::TrainerName(kind);
    const auto scope = context_.Timers().Measure("train " + name);
    StageObjective objective(evaluation_->StageOf(kind), kind, options_.training);
    training::Trainer trainer(objective.Get(), {kind, options_.training, options_.optimizer});
    const run::Frames::Scope offer(
        context_.Frames(), {[&](long epoch, const run::FieldRequest& asked) {
                              return block_.Frames(
                                  evaluation_->FirstBlock(kind, record_.Find(name)->commands), name,
                                  epoch, asked);
                            },
                            trainer.StepsPerEpoch()});
    const TrainerState& state = record_.Train(trainer, name, options_.training);
    context_.Frames().LastStepDone(static_cast<long>(state.epoch) * trainer.StepsPerEpoch());
    checks::WarnOfAsymmetry(options_.training, name, state.history);
  }

  /// Final accuracies, each with freshly measured outputs.
  void Deploy() {
    for (const TrainerKind kind : options_.training.trainers) {
      record_.EndOfPart();
      results_.push_back(evaluation_->ResultOf(kind, *record_.Find(training::TrainerName(kind))));
      const TrainedResult& result = results_.back();
      const auto& last = result.state.history.back();
      if (kind == TrainerKind::InSilico) {
        base::Info(
            "{:<13} test accuracy {:5.1f} % on the model, {:5.1f} % deployed on the hardware",
            result.state.name, 100 * result.test_accuracy, 100 * *result.deployed_test_accuracy);
      } else {
        base::Info(
            "{:<13} test accuracy {:5.1f} %, train {:5.1f} %, symmetry defect {:.2e}, {} passes",
            result.state.name, 100 * result.test_accuracy, 100 * last.train_accuracy,
            checks::LeastSymmetric(result.state.history)->symmetry_defect, result.state.passes);
      }
      PrintWavelengths(result);
    }
    for (const ForeignTraining& foreign : foreign_) {
      record_.EndOfPart();
      deployed_.push_back(evaluation_->Deploy(foreign));
    }
  }

  void PrintWavelengths(const TrainedResult& result) const {
    for (size_t k = 0; k < result.wavelengths.size(); ++k) {
      const TestedNetwork& at = result.wavelengths[k];
      const std::string deployed =
          at.deployed_test_accuracy
              ? fmt::format(" on the model, {:5.1f} % deployed", 100 * *at.deployed_test_accuracy)
              : "";
      base::Info("{:<13} test accuracy {:5.1f} %{}, loss {:.4f}",
                 fmt::format("  {:.8g} um", tasks_[k].Wavelength()), 100 * at.test_accuracy,
                 deployed, result.state.history.back().parts[k].loss);
    }
  }

  std::vector<SweepCurve> Sweep() {
    const auto scope = context_.Timers().Measure("error sweep");
    const TrainerState* in_silico = record_.Find("in_silico");
    std::optional<double> accuracy, reverse;
    for (const TrainedResult& result : results_) {
      if (result.state.name == "forward_mode") accuracy = result.test_accuracy;
      if (result.state.name == "reverse") reverse = result.test_accuracy;
    }
    const MainRun main_run{hardware_->Chips(), accuracy, reverse,
                           in_silico ? &in_silico->commands : nullptr};
    return SweepErrors(record_, options_, factory_, tasks_, splits_, main_run);
  }

  /// Solves and factorizations of this run on hardware and model.
  TrainRecord::Counts Spent() const {
    TrainRecord::Counts counts{unfinished_, 0};
    if (evaluation_) counts[0] += evaluation_->Launches();
    for (const auto* stage : {&hardware_, &model_}) {
      if (!*stage) continue;
      const training::Effort spent = (*stage)->Spent();
      counts[0] += spent.solves;
      counts[1] += spent.factorizations;
    }
    return counts;
  }

  void AddEffort(TrainingSummary& summary) const {
    const TrainRecord::Counts counts = record_.Counted();
    const SolvedBlock& whole = evaluation_->Whole();
    summary.effort.solves = counts[0] + whole.effort.solves;
    summary.effort.factorizations = counts[1] + whole.effort.factorizations;
    summary.effort_retries = whole.retries;
    summary.memory_mb = whole.memory_mb;
    summary.memory_mb_per_rank = whole.memory_mb_per_rank;
    if (summary.effort_retries > 0) {
      base::Info("MUMPS needed more workspace than estimated {} times", summary.effort_retries);
    }
  }

  void Write(const std::vector<SweepCurve>& sweeps) {
    record_.EndOfPart();
    context_.Write("writing the training", [&](io::Hdf5File& file) {
      WriteTraining(file, ClassesOf(tasks_), device_.elements, results_, options_.training.blocks);
      if (tasks_.size() > 1) {
        file.Write("/training/wavelength", options_.wavelengths, {}, {"um", ""});
      }
      WriteDeployed(file, deployed_);
      WriteSweeps(file, sweeps);
      checks::WriteMeshError(file, mesh_error_);
    });
    TrainingSummary summary;
    summary.wavelengths = options_.wavelengths;
    if (options_.solver.compose) summary.whole_defect_name = "composition_defect";
    if (options_.InTimeDomain()) summary.residual_name = "amplitude_left";
    context_.Try("solving the first block as a whole", [&] {
      evaluation_->JudgeFirstBlock(options_.training.trainers.front(), results_.front(), summary);
    });
    AddEffort(summary);
    WriteSummary(summary);
  }

  void WriteSummary(const TrainingSummary& summary) {
    nlohmann::ordered_json& json = context_.Summary();
    json = Summarize(results_, summary);
    if (options_.solver.compose) json["composition_defect_at_rest"] = at_rest_;
    for (const DeployedTraining& one : deployed_) json["deployed"].push_back(SummaryOf(one));
    const SolvedBlock& whole = evaluation_->Whole();
    if (!whole.judged.is_null()) json.update(whole.judged);
    json["mesh_error_estimate"] = mesh_error_.Json();
  }

  run::RunContext& context_;
  const deck::ChipTrainingOptions& options_;
  const device::Device& device_;
  const std::vector<ForeignTraining>& foreign_;
  WholeBlock& block_;
  const checks::MeshError& mesh_error_;
  const std::vector<Task>& tasks_;
  std::vector<training::Split> splits_;
  ChipFactory factory_;
  TrainRecord record_;
  std::optional<Stage> hardware_, model_;
  std::optional<Evaluation> evaluation_;
  std::int64_t unfinished_ = 0;  ///< runs of parts for chips that are no stage yet, or none at all
  double at_rest_ = kUnknown;    ///< composition defect
  std::vector<TrainedResult> results_;
  std::vector<DeployedTraining> deployed_;
};

ChipJob MakeChipJob(MPI_Comm comm, const deck::ChipTrainingOptions& options) {
  ChipJob job{options, device::BuildDevice(options), {}, {}, {}};
  job.tasks = ReadTasks(comm, options, job.device);
  job.composition = CompositionOf(comm, options, job.device);
  job.foreign = ReadForeignTrainings(comm, options.deploy, options.training_where,
                                     options.training.blocks, job.device.elements);
  return job;
}

class ChipTraining : public run::Job {
 public:
  ChipTraining(MPI_Comm comm, const deck::ChipTrainingOptions& options)
      : comm_(comm),
        job_(MakeChipJob(comm, options)),
        block_(MakeWholeBlock(comm, job_.options, job_.device)) {}

  run::MemoryNeed Memory() override {
    run::MemoryNeed need = block_->Memory();
    const double part = PartBytesOfRank(comm_, job_.options, job_.device, job_.composition);
    // Parts are solved before the block, and not beside it.
    need.each += std::max(0.0, part - need.RankBytes());
    return need;
  }

  std::vector<std::string> Check() override {
    checks::RequireMirrorPairs(job_.options.training, job_.options.data.front().where,
                               job_.device.ports, job_.device.inputs, job_.device.elements);
    if (job_.options.solver.compose) {
      RequireGuidedThrough(comm_, job_.options, job_.device, job_.composition);
    }
    std::vector<std::string> warnings = block_->Warnings();
    const auto add = [&](const std::vector<std::string>& more) {
      warnings.insert(warnings.end(), more.begin(), more.end());
    };
    add(checks::ElementWarnings(job_.device));
    add(checks::CascadeWarnings(job_.options.training, job_.device.elements));
    for (size_t k = 0; k < job_.options.data.size(); ++k) {
      add(checks::DataWarnings(job_.tasks[k].options, *job_.tasks[k].data));
    }
    return warnings;
  }

  std::string Plan(bool fits) override {
    return block_->Plan(fits) +
           ChipTrainingPlan(job_.options, job_.device, job_.composition, job_.tasks);
  }
  run::Work CountWork() override {
    return CountTraining(job_.options, job_.device, job_.composition, job_.tasks, block_->Work());
  }

  void Run(run::RunContext& context) override {
    const checks::MeshError mesh_error = block_->EstimateMeshError();
    checks::LogLattice(job_.options, mesh_error);
    for (size_t k = 0; k < job_.options.data.size(); ++k) {
      base::Info("data{}: {}",
                 job_.options.data.size() == 1
                     ? ""
                     : fmt::format(" at {:.8g} um", job_.options.wavelengths[k]),
                 checks::DataText(*job_.tasks[k].data));
    }
    ChipTrainingRun(context, job_, *block_, mesh_error).Run();
  }

 private:
  MPI_Comm comm_;
  ChipJob job_;
  std::unique_ptr<WholeBlock> block_;
};

}  // namespace

std::unique_ptr<run::Job> MakeChipTraining(MPI_Comm comm,
                                           const deck::ChipTrainingOptions& options) {
  return std::make_unique<ChipTraining>(comm, options);
}

}  // namespace symwave::jobs::train::chip
