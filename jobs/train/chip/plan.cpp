#include "jobs/train/chip/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "jobs/checks/data_warnings.hpp"
#include "jobs/run/plan_text.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/train/chip/work.hpp"
#include "solvers/fdfd/plane_points.hpp"
#include "training/encoding.hpp"
#include "training/loss.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

namespace {

/// The data must fit the inputs and outputs of the chip.
void CheckData(const deck::ChipTrainingOptions& options, const device::Device& device,
               const training::Dataset& data) {
  try {
    training::Encoder(options.encoding, device.inputs, static_cast<int>(data.features.cols()));
    training::IntensityLoss(options.loss, device.inputs, static_cast<int>(data.classes.size()));
  } catch (const base::UserError& error) {
    base::Fail("{}: {}", options.data->where, error.what());
  }
}

}  // namespace

std::string ChipTrainingPlan(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                             const device::Device& device, const training::Dataset& data) {
  std::string text = simulate::frequency::DevicePlan(comm, options, device);
  CheckData(options, device, data);
  const TrainingEffort effort = EffortOf(options, device, data);
  text += fmt::format("  data           {}\n", checks::DataText(data));
  const long unknowns = solvers::fdfd::PlanePoints(*device.lattice).Unknowns();
  text += fmt::format("  unknowns       {}", unknowns);
  if (effort.step_unknowns != unknowns && !options.InTimeDomain()) {
    text += fmt::format(", of which {} are factorized in a training step", effort.step_unknowns);
  }
  text += fmt::format("\n  port modes     {}\n", simulate::frequency::PortModes(device));
  text += simulate::frequency::SolveMemoryText(comm, options, device);
  if (!options.InTimeDomain()) {
    text += fmt::format("  factorizations {}\n  solves         {} right-hand sides\n",
                        effort.factorizations + 1,
                        effort.solves + simulate::frequency::PortModes(device));
  } else {
    text += fmt::format(
        "  time domain    about {} runs of {} steps, one per input and direction of a step\n"
        "  last check     1 factorization, {} right-hand sides, with the memory above\n",
        effort.solves, StepsOfRun(options, device), simulate::frequency::PortModes(device));
  }
  return text +
         fmt::format("  passes         {} launches of light in a laboratory\n", effort.passes);
}

}  // namespace symwave::jobs::train::chip
