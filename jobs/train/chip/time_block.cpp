#include "jobs/train/chip/time_block.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/stop_signal.hpp"
#include "jobs/checks/decay_error.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/simulate/scattering/scattering_results.hpp"
#include "jobs/simulate/time/memory.hpp"
#include "jobs/simulate/time/plan.hpp"
#include "jobs/simulate/time/port_runs.hpp"
#include "jobs/simulate/time/views.hpp"
#include "jobs/simulate/time/work.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/frequency_block.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::train::chip {

namespace {

/// The block as a simulation of its deck.
deck::SimulateOptions SimulationOf(const deck::ChipTrainingOptions& options) {
  deck::SimulateOptions simulation;
  static_cast<deck::DeviceOptions&>(simulation) = options;
  simulation.output = options.output;
  simulation.output.fields = false;  // planes of the fields, which the report shows
  return simulation;
}

class TimeBlock final : public WholeBlock {
 public:
  TimeBlock(MPI_Comm comm, const deck::ChipTrainingOptions& options, const device::Device& device)
      : comm_(comm),
        options_(options),
        device_(device),
        simulation_(SimulationOf(options.At(0))),
        problem_(device::BuildTimeDomain(simulation_, device)) {
    for (size_t k = 1; k < options.wavelengths.size(); ++k) {
      others_.push_back(SimulationOf(options.At(k)));
    }
  }

  checks::MeshError EstimateMeshError() override {
    return checks::EstimateMeshError(comm_, simulation_, problem_);
  }

  std::vector<std::string> Warnings() override {
    std::vector<std::string> warnings = checks::TimeDomainWarnings(comm_, simulation_, problem_);
    for (const deck::SimulateOptions& other : others_) {
      for (const std::string& warning :
           checks::TimeDomainWarnings(comm_, other, device::BuildTimeDomain(other, device_))) {
        if (std::count(warnings.begin(), warnings.end(), warning) == 0) warnings.push_back(warning);
      }
    }
    return warnings;
  }

  std::string Plan(bool fits) override {
    const auto plan =
        simulate::time::PlanTimeDomain(comm_, simulation_, problem_, TrainingMemory(), fits);
    return simulate::time::TimeDomainPlanText(simulation_, plan, base::Communicator::SizeOf(comm_));
  }

  run::MemoryNeed Memory() override {
    run::MemoryNeed need = simulate::time::NeedOfSteps(simulation_, TrainingMemory(),
                                                       base::Communicator::SizeOf(comm_));
    need.where = simulation_.grid.where;
    return need;
  }

  run::Work Work() override {
    run::Work work = simulate::time::CountSteps(comm_, simulation_, problem_, TrainingMemory());
    if (!options_.solver.compose) return work;
    // A launch at the start and one at the end; all ports where the fields are wanted.
    const double ports = static_cast<double>(device_.ports.size());
    const double runs = 2 + (options_.output.fields ? ports : 0);
    for (run::Part& part : work.parts) part.amount *= runs / ports;
    return work;
  }

  std::vector<io::FieldFrame> Frames(const domain::PermittivityMap& /*media*/,
                                     const std::string& /*trainer*/, long /*epoch*/,
                                     const run::FieldRequest& /*asked*/) override {
    base::Fail("a training in three dimensions shows its fields at the end alone");
  }

  Eigen::VectorXcd Launch(const domain::PermittivityMap& media,
                          const Eigen::VectorXcd& launched) override {
    solvers::FixedOptics optics;
    optics.comm = comm_;
    optics.lattice = device_.lattice;
    optics.media = media;
    optics.omega = problem_.middle_omega;
    optics.ports = device_.ports;
    solvers::fdtd::TimeDomainOptions runs = ChipRunOptions(options_, *device_.lattice);
    // What is measured is far larger than the rounding of single precision, and than this.
    runs.precision = solvers::fdtd::Precision::Float32;
    runs.residual = std::max(runs.residual, 1e-4);
    solvers::fdtd::TimeDomainDevice whole(optics, runs);
    return whole.LaunchTogether(launched);
  }

  SolvedBlock Solve(run::RunContext& context, const domain::PermittivityMap& media) override {
    device::TimeDomainProblem programmed = problem_;
    programmed.media = domain::MakeMediumMap(
        problem_.lattice, media,
        domain::SteppedFrequency(2 * M_PI / SteppedWavelength(), problem_.time_step));
    solvers::fdtd::ScatteringOptions scattering =
        simulate::time::PortRunOptions(simulation_, problem_);
    scattering.field->wavelength = SteppedWavelength();
    scattering.progress = [](auto&&...) { return !base::StopAsked(); };
    solvers::fdtd::ScatteringSpectrum spectrum =
        solvers::fdtd::SolveScattering(comm_, problem_.lattice, programmed.media, problem_.ports,
                                       {SteppedWavelength()}, scattering);
    if (spectrum.stopped) {
      base::ThrowIfAnyFailed(comm_, {base::FailureKind::Interrupted, "asked to stop"});
    }
    spectrum.wavelengths = simulation_.wavelengths;
    context.Write("writing the first block", [&](io::Hdf5File& file) {
      simulate::WriteScattering(file, "/block", {problem_.ports, false, problem_.lossless},
                                spectrum);
    });
    context.Write("the pictures of the fields", [&](io::Hdf5File& file) {
      simulate::time::WriteViews(file, programmed, spectrum.fields, 0,
                                 simulate::time::ViewPoint(problem_));
    });
    return Judged(spectrum);
  }

 private:
  simulate::time::MemoryEstimate TrainingMemory() {
    deck::SimulateOptions training = simulation_;
    training.solver.time_domain.float64 = true;
    return simulate::time::EstimateMemory(comm_, training, problem_);
  }

  /// Where the leapfrog steps what the lattice has at the deck's wavelength, as the runs of a
  /// training do (solvers/fdtd/device_runs.hpp).
  double SteppedWavelength() const {
    const double dt = problem_.time_step;
    return M_PI * dt / std::asin(0.5 * dt * problem_.middle_omega);
  }

  SolvedBlock Judged(const solvers::fdtd::ScatteringSpectrum& spectrum) const {
    double decibel = -1e30;
    for (const auto& run : spectrum.runs) decibel = std::max(decibel, run.end.last.decibel);
    const checks::DecayError left = checks::DecayErrorOf(
        decibel, device::PulseOf(simulation_, problem_), spectrum.wavelengths, problem_.time_step);
    SolvedBlock solved;
    solved.s = spectrum.s.front();
    solved.defects = {spectrum.reciprocity_defect.front(),
                      spectrum.LargestBalanceError(problem_.lossless), left.amplitude};
    solved.effort.solves = static_cast<long>(spectrum.runs.size());
    checks::WarnOfScattering(checks::EvidenceOf(problem_, spectrum, left.weakest), solved.judged);
    return solved;
  }

  MPI_Comm comm_;
  const deck::ChipTrainingOptions& options_;
  const device::Device& device_;
  deck::SimulateOptions simulation_;           ///< at the first wavelength
  std::vector<deck::SimulateOptions> others_;  ///< at the others
  device::TimeDomainProblem problem_;
};

}  // namespace

std::unique_ptr<WholeBlock> MakeTimeBlock(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                                          const device::Device& device) {
  return std::make_unique<TimeBlock>(comm, options, device);
}

std::unique_ptr<WholeBlock> MakeWholeBlock(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                                           const device::Device& device) {
  return device.lattice->TwoDimensional() ? MakeFrequencyBlock(comm, options, device)
                                          : MakeTimeBlock(comm, options, device);
}

}  // namespace symwave::jobs::train::chip
