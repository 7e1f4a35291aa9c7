#include "jobs/train/chip/frequency_block.hpp"

#include "domain/base/communicator.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/frequency/results.hpp"
#include "jobs/simulate/frequency/wavelength_frames.hpp"
#include "jobs/simulate/frequency/work.hpp"
#include "jobs/train/chip/work.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs::train::chip {

namespace frequency = simulate::frequency;

namespace {

class FrequencyBlock final : public WholeBlock {
 public:
  FrequencyBlock(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                 const device::Device& device)
      : comm_(comm), options_(options), device_(device) {
    frequency::RequireColumns(comm_, options_, device_);
  }

  checks::MeshError EstimateMeshError() override {
    return checks::EstimateMeshError(comm_, options_, device_);
  }

  std::vector<std::string> Warnings() override {
    return checks::FrequencyDomainWarnings(comm_, options_, device_);
  }

  std::string Plan(bool /*fits*/) override {
    return frequency::DevicePlan(comm_, options_, device_) +
           frequency::SolveMemoryText(comm_, options_, device_);
  }

  run::MemoryNeed Memory() override {
    return TrainingMemory(options_, device_, base::Communicator::SizeOf(comm_));
  }

  run::Work Work() override {
    const frequency::SparseSystem whole = frequency::WholeSystem(device_);
    run::Work work;
    work.Add("whole block", run::Operation::Unknown, whole.unknowns);
    frequency::AddAnalysis(work, "whole block", whole.unknowns);
    frequency::AddSolutions(work, "whole block", whole, 1);
    work.memory = TrainingMemory(options_, device_, 1);
    work.file_bytes = frequency::FieldFileBytes(device_, device_.inputs, options_.output.fields);
    return work;
  }

  std::vector<io::FieldFrame> Frames(const domain::PermittivityMap& media,
                                     const std::string& trainer, long epoch,
                                     const run::FieldRequest& asked) override {
    solvers::fdfd::Simulation simulation = MakeSimulation();
    const auto point = simulation.Solve(options_.wavelengths.front(), media, device_.ports);
    std::vector<io::FieldFrame> frames;
    for (int p = 0; p < device_.inputs; ++p) {
      io::FieldFrame frame =
          frequency::FrameOf(device_, media, frequency::ColumnsOf(&simulation, p), asked);
      const std::string& input = point.ports[p].name;
      frame.mesh = frequency::MeshOf(trainer + "_" + input);
      frame.of = fmt::format("{}, epoch {}, block 1, input {}", trainer, epoch, input);
      frame.number = epoch;
      frame.time = static_cast<double>(epoch);
      frame.time_unit = "epoch";
      frames.push_back(std::move(frame));
    }
    return frames;
  }

  Eigen::VectorXcd Launch(const domain::PermittivityMap& media,
                          const Eigen::VectorXcd& launched) override {
    solvers::fdfd::Simulation simulation = MakeSimulation();
    return simulation.Solve(options_.wavelengths.front(), media, device_.ports).s * launched;
  }

  SolvedBlock Solve(run::RunContext& context, const domain::PermittivityMap& media) override {
    solvers::fdfd::Simulation simulation = MakeSimulation();
    const auto point = simulation.Solve(options_.wavelengths.front(), media, device_.ports);
    context.Write("writing the first block", [&](io::Hdf5File& file) {
      frequency::WriteSweep(file, "/block", device_, {point});
      frequency::WriteView(file, "/block", media, simulation, device_.inputs);
    });
    if (options_.output.fields) {
      std::vector<std::string> names(static_cast<size_t>(device_.inputs));
      for (size_t p = 0; p < names.size(); ++p) names[p] = point.ports[p].name;
      frequency::WriteFieldFiles(comm_, context.Directory(), media, simulation, names);
    }
    SolvedBlock solved;
    solved.s = point.s;
    solved.defects = checks::SweepDefectsOf({point});
    checks::WarnOfScattering(
        checks::EvidenceOf(options_, device_, solvers::fdfd::MatrixOf({point}, device_.ports)),
        solved.judged);
    const solvers::fdfd::SolverStatistics& spent = simulation.Statistics();
    solved.effort = {spent.solves, spent.factorizations};
    solved.memory_mb = spent.memory_mb;
    solved.memory_mb_per_rank = spent.memory_mb_max;
    solved.retries = spent.workspace_retries;
    return solved;
  }

 private:
  solvers::fdfd::Simulation MakeSimulation() const {
    return {comm_, *device_.lattice, device::SolverOptionsOf(options_)};
  }

  MPI_Comm comm_;
  const deck::ChipTrainingOptions& options_;
  const device::Device& device_;
};

}  // namespace

std::unique_ptr<WholeBlock> MakeFrequencyBlock(MPI_Comm comm,
                                               const deck::ChipTrainingOptions& options,
                                               const device::Device& device) {
  return std::make_unique<FrequencyBlock>(comm, options, device);
}

}  // namespace symwave::jobs::train::chip
