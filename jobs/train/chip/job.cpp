#include "jobs/train/chip/job.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "jobs/checks/data_warnings.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/checks/symmetry_warning.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/frequency/results.hpp"
#include "jobs/simulate/frequency/wavelength_frames.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/error_sweep.hpp"
#include "jobs/train/chip/plan.hpp"
#include "jobs/train/chip/work.hpp"
#include "jobs/train/train_record.hpp"
#include "jobs/train/train_results.hpp"
#include "training/chip_objective.hpp"
#include "training/dataset.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train::chip {

namespace {

using training::TrainerKind;
using training::TrainerState;

training::ElectronicsOptions ElectronicsOf(const deck::ChipTrainingOptions& options) {
  return {options.encoding, options.reencoding, options.loss, options.drive};
}

/// Hardware and, when a trainer needs it, the model.
struct ChipSetup {
  ChipFactory::Systems systems;
  training::Network network;
  training::NetworkEngine engine;

  ChipSetup(const ChipFactory& factory, const ChipFactory::Systems& chips,
            const deck::ChipTrainingOptions& options, const training::SampleSet& samples)
      : systems(chips),
        network(factory.MakeNetwork(chips)),
        engine(network, ElectronicsOf(options), samples.Features(), samples.classes) {}
};

/// A training from its data to its results. References must outlive it.
class ChipTrainingRun {
 public:
  ChipTrainingRun(run::RunContext& context, const deck::ChipTrainingOptions& options,
                  const device::Device& device, const training::Dataset& data,
                  const checks::MeshError& mesh_error)
      : context_(context),
        options_(options),
        device_(device),
        mesh_error_(mesh_error),
        data_(data),
        split_(training::SplitSamples(data, *options.data)),
        factory_(context.Comm(), options, device),
        record_(context) {
    record_.CountOn([this] { return Spent(); });
  }

  void Run() {
    MakeSetups();
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

 private:
  bool Uses(TrainerKind kind) const {
    const auto& trainers = options_.training.trainers;
    return std::find(trainers.begin(), trainers.end(), kind) != trainers.end();
  }

  void MakeSetups() {
    const auto scope = context_.Timers().Measure("condensation");
    base::Info("building {} block{} of {} x {} cells ...", options_.training.blocks,
               options_.training.blocks == 1 ? "" : "s", device_.lattice->Cells(0),
               device_.lattice->Cells(1));
    const auto chips = factory_.MakeHardware(options_.fabrication);
    factory_.SetActuators(chips, options_.drive);
    hardware_.emplace(factory_, chips, options_, split_.train);
    if (Uses(TrainerKind::InSilico)) {
      model_.emplace(factory_, factory_.MakeModel(), options_, split_.train);
    }
  }

  ChipSetup& SetupOf(TrainerKind kind) {
    return kind == TrainerKind::InSilico ? *model_ : *hardware_;
  }

  void TrainAll() {
    for (const TrainerKind kind : options_.training.trainers) TrainOne(kind);
  }

  void TrainOne(TrainerKind kind) {
    const std::string name = training::TrainerName(kind);
    const auto scope = context_.Timers().Measure("train " + name);
    training::ChipObjective objective(SetupOf(kind).engine, split_.train, split_.test,
                                      training::MakeChipOptions(kind, options_.training));
    training::Trainer trainer(objective, {kind, options_.training, options_.optimizer});
    const run::Frames::Scope offer(
        context_.Frames(), {[&](long epoch, const run::FieldRequest& asked) {
                              return Frames(kind, record_.Find(name)->commands, epoch, asked);
                            },
                            trainer.StepsPerEpoch()});
    const TrainerState& state = record_.Train(trainer, name, options_.training);
    context_.Frames().LastStepDone(static_cast<long>(state.epoch) * trainer.StepsPerEpoch());
    checks::WarnOfAsymmetry(options_.training, name, state.history);
  }

  domain::PermittivityMap FirstBlock(TrainerKind kind, const Eigen::VectorXd& commands) {
    const ChipSetup& stage = SetupOf(kind);
    const bool model = kind == TrainerKind::InSilico;
    return factory_.ProgrammedMedia(stage.systems, stage.network,
                                    model ? domain::FabricationErrors{} : options_.fabrication,
                                    commands);
  }

  /// The first block with these commands, solved once more as a whole: a training knows no fields
  /// but at its outputs and trainable elements.
  std::vector<io::FieldFrame> Frames(TrainerKind kind, const Eigen::VectorXd& commands, long epoch,
                                     const run::FieldRequest& asked) {
    const domain::PermittivityMap media = FirstBlock(kind, commands);
    solvers::fdfd::Simulation simulation(context_.Comm(), *device_.lattice,
                                         device::SolverOptionsOf(options_));
    const auto point = simulation.Solve(options_.wavelengths.front(), media, device_.ports);
    std::vector<io::FieldFrame> frames;
    for (int p = 0; p < device_.inputs; ++p) {
      io::FieldFrame frame = simulate::frequency::FrameOf(
          device_, media, simulate::frequency::ColumnsOf(&simulation, p), asked);
      const std::string& input = point.ports[p].name;
      const std::string trainer = training::TrainerName(kind);
      frame.mesh = simulate::frequency::MeshOf(trainer + "_" + input);
      frame.of = fmt::format("{}, epoch {}, block 1, input {}", trainer, epoch, input);
      frame.number = epoch;
      frame.time = static_cast<double>(epoch);
      frame.time_unit = "epoch";
      frames.push_back(std::move(frame));
    }
    return frames;
  }

  TrainedResult ResultOf(TrainerKind kind) {
    const TrainerState& state = *record_.Find(training::TrainerName(kind));
    TrainedResult result;
    result.state = state;
    const training::SampleSums test = SetupOf(kind).engine.Evaluate(state.commands, split_.test);
    result.test_accuracy = test.Accuracy();
    result.confusion = test.confusion;
    if (kind == TrainerKind::InSilico) {
      const auto deployed = hardware_->engine.Evaluate(state.commands, split_.test);
      result.deployed_confusion = deployed.confusion;
      result.deployed_test_accuracy = deployed.Accuracy();
    }
    return result;
  }

  /// Final accuracies, each with freshly measured outputs.
  void Deploy() {
    for (const TrainerKind kind : options_.training.trainers) {
      record_.EndOfPart();
      results_.push_back(ResultOf(kind));
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
    }
  }

  std::vector<SweepCurve> Sweep() {
    const auto scope = context_.Timers().Measure("error sweep");
    const TrainerState* in_silico = record_.Find("in_silico");
    std::optional<double> accuracy;
    for (const TrainedResult& result : results_) {
      if (result.state.name == "forward_mode") accuracy = result.test_accuracy;
    }
    const MainRun main_run{hardware_->systems, accuracy,
                           in_silico ? &in_silico->commands : nullptr};
    return SweepErrors(record_, options_, factory_, split_, ElectronicsOf(options_), main_run);
  }

  /// The programmed first block, solved once more as a whole: S-matrix, energy, fields.
  solvers::fdfd::Scattering SolveFirstBlock() {
    const auto scope = context_.Timers().Measure("final solve");
    const Eigen::VectorXd& commands = results_.front().state.commands;
    const domain::PermittivityMap media = FirstBlock(options_.training.trainers.front(), commands);
    solvers::fdfd::Simulation simulation(context_.Comm(), *device_.lattice,
                                         device::SolverOptionsOf(options_));
    auto point = simulation.Solve(options_.wavelengths.front(), media, device_.ports);
    whole_ = simulation.Statistics();
    context_.Write("writing the first block", [&](io::Hdf5File& file) {
      simulate::frequency::WriteSweep(file, "/block", device_, {point});
      simulate::frequency::WriteView(file, "/block", media, simulation, device_.inputs);
    });
    if (options_.output.fields) {
      std::vector<std::string> names;
      for (int p = 0; p < device_.inputs; ++p) names.push_back(point.ports[p].name);
      simulate::frequency::WriteFieldFiles(context_.Comm(), context_.Directory(), media, simulation,
                                           names);
    }
    return point;
  }

  /// Over all solves of all blocks on all ranks.
  double LargestTrainingResidual() const {
    double largest = 0;
    for (const auto* stage : {&hardware_, &model_}) {
      if (!*stage) continue;
      for (const auto& chip : (*stage)->systems) {
        if (!chip) continue;
        largest = std::max(largest, chip->Device().Statistics().max_relative_residual);
      }
    }
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, context_.Comm()));
    return largest;
  }

  /// Judges the block that was solved as a whole.
  void Judge(const solvers::fdfd::Scattering& block, TrainingSummary& summary) {
    const int inputs = device_.inputs;
    const Eigen::MatrixXcd whole = block.s.bottomLeftCorner(block.s.rows() - inputs, inputs);
    ChipSetup& stage = SetupOf(options_.training.trainers.front());
    const auto measured = stage.network.MeasureData(results_.front().state.commands);
    summary.condensation_defect = (measured.front().data - whole).norm() / whole.norm();
    summary.defects = checks::SweepDefectsOf({block});
    summary.defects.max_relative_residual =
        std::max(summary.defects.max_relative_residual, LargestTrainingResidual());
    base::Info(
        "first block solved whole: residual {:.1e}, reciprocity defect {:.1e}, energy balance "
        "error {:.1e}; {} and whole differ by {:.1e}",
        summary.defects.max_relative_residual, summary.defects.reciprocity_defect,
        summary.defects.energy_balance_error,
        options_.InTimeDomain()        ? "time domain"
        : options_.solver.condensation ? "condensed"
                                       : "trained",
        summary.condensation_defect);
    checks::WarnOfResidual(summary.defects);
    checks::WarnOfScattering(
        checks::EvidenceOf(options_, device_, solvers::fdfd::MatrixOf({block}, device_.ports)),
        judged_);
  }

  /// Solves and factorizations of this run on hardware and model.
  TrainRecord::Counts Spent() const {
    TrainRecord::Counts counts(2, 0);
    for (const auto* stage : {&hardware_, &model_}) {
      if (!*stage) continue;
      const training::Effort spent = (*stage)->network.Spent();
      counts[0] += spent.solves;
      counts[1] += spent.factorizations;
    }
    return counts;
  }

  void AddEffort(TrainingSummary& summary) const {
    const TrainRecord::Counts counts = record_.Counted();
    summary.effort.solves = counts[0] + whole_.solves;
    summary.effort.factorizations = counts[1] + whole_.factorizations;
    summary.effort_retries = whole_.workspace_retries;
    summary.memory_mb = whole_.memory_mb;
    summary.memory_mb_per_rank = whole_.memory_mb_max;
    if (summary.effort_retries > 0) {
      base::Info("MUMPS needed more workspace than estimated {} times", summary.effort_retries);
    }
  }

  void Write(const std::vector<SweepCurve>& sweeps) {
    record_.EndOfPart();
    context_.Write("writing the training", [&](io::Hdf5File& file) {
      WriteTraining(file, data_.classes, device_.segments, results_, options_.training.blocks);
      WriteSweeps(file, sweeps);
      checks::WriteMeshError(file, mesh_error_);
    });
    TrainingSummary summary;
    context_.Try("solving the first block as a whole", [&] { Judge(SolveFirstBlock(), summary); });
    AddEffort(summary);
    context_.Summary() = Summarize(results_, summary);
    context_.Summary().update(judged_);
    context_.Summary()["mesh_error_estimate"] = mesh_error_.Json();
  }

  run::RunContext& context_;
  const deck::ChipTrainingOptions& options_;
  const device::Device& device_;
  const checks::MeshError& mesh_error_;
  nlohmann::ordered_json judged_;  ///< limits of the whole block's figures
  const training::Dataset& data_;
  training::Split split_;
  ChipFactory factory_;
  TrainRecord record_;
  std::optional<ChipSetup> hardware_, model_;
  std::vector<TrainedResult> results_;
  solvers::fdfd::SolverStatistics whole_;
};

class ChipTraining : public run::Job {
 public:
  ChipTraining(MPI_Comm comm, deck::ChipTrainingOptions options)
      : comm_(comm),
        options_(std::move(options)),
        device_(device::BuildDevice(options_)),
        data_(training::ReadDataset(comm, *options_.data)) {
    simulate::frequency::RequireColumns(comm_, options_, device_);
  }

  run::MemoryNeed Memory() override {
    return TrainingMemory(options_, device_, base::Communicator::SizeOf(comm_));
  }

  std::vector<std::string> Check() override {
    std::vector<std::string> warnings = checks::FrequencyDomainWarnings(comm_, options_, device_);
    for (const auto& more : {checks::CascadeWarnings(options_.training, device_.segments),
                             checks::DataWarnings(options_, data_)}) {
      warnings.insert(warnings.end(), more.begin(), more.end());
    }
    return warnings;
  }

  std::string Plan(bool /*fits*/) override {
    return ChipTrainingPlan(comm_, options_, device_, data_);
  }
  run::Work CountWork() override { return CountTraining(options_, device_, data_); }

  void Run(run::RunContext& context) override {
    const checks::MeshError mesh_error = checks::EstimateMeshError(comm_, options_, device_);
    checks::LogLattice(options_, mesh_error);
    base::Info("data: {}", checks::DataText(data_));
    ChipTrainingRun(context, options_, device_, data_, mesh_error).Run();
  }

 private:
  MPI_Comm comm_;
  deck::ChipTrainingOptions options_;
  device::Device device_;
  training::Dataset data_;
};

}  // namespace

std::unique_ptr<run::Job> MakeChipTraining(MPI_Comm comm,
                                           const deck::ChipTrainingOptions& options) {
  return std::make_unique<ChipTraining>(comm, options);
}

}  // namespace symwave::jobs::train::chip
