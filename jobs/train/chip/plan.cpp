#include "jobs/train/chip/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "jobs/checks/data_warnings.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/detected_ports.hpp"
#include "jobs/train/chip/work.hpp"
#include "solvers/fdfd/plane_points.hpp"
#include "training/class_score.hpp"
#include "training/encoding.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

namespace {

/// The data must fit the inputs and outputs of the chip.
void CheckData(const Task& task, const device::Device& device) {
  const deck::ChipTrainingOptions& options = task.options;
  training::CheckComponents(*task.data, options.data.front());
  try {
    const training::Encoder encoder(options.encoding, device.inputs,
                                    training::FeaturesOf(*task.data, options.data.front()));
    const training::ClassScore score(options.detection,
                                     static_cast<int>(OutputNames(device).size()),
                                     static_cast<int>(task.data->classes.size()));
  } catch (const base::UserError& error) {
    base::Fail("{}: {}", options.data.front().where, error.what());
  }
}

/// Data and detection, at every wavelength where they differ.
std::string TaskText(const deck::ChipTrainingOptions& options, const device::Device& device,
                     const std::vector<Task>& tasks) {
  const bool differ = options.data.size() > 1 || options.classes.size() > 1;
  std::string text;
  for (size_t k = 0; k < (differ ? tasks.size() : 1); ++k) {
    const Task& task = tasks[k];
    CheckData(task, device);
    if (differ) text += fmt::format("  wavelength {}   {:.8g} um\n", k + 1, task.Wavelength());
    text += fmt::format("  data           {}\n", checks::DataText(*task.data));
    text += fmt::format("  detection      {}\n",
                        DetectionText(task.options.detection, device, *task.data));
  }
  return text;
}

/// How often all of it is done.
std::string WavelengthText(const deck::ChipTrainingOptions& options, const device::Device& device) {
  const size_t count = options.wavelengths.size();
  if (count == 1) return "";
  const char* how = "solved for each of them";
  if (SharesRuns(options, device)) how = "from the same runs";
  if (options.InTimeDomain() && !SharesRuns(options, device)) how = "with runs for each of them";
  return fmt::format(
      "  wavelengths    {}, {}; commands are radians at {:.8g} um, the mean loss is trained\n",
      count, how, options.wavelengths.front());
}

}  // namespace

std::string ChipTrainingPlan(const deck::ChipTrainingOptions& options, const device::Device& device,
                             const training::chip::Composition& composition,
                             const std::vector<Task>& tasks) {
  const TrainingEffort effort = EffortOf(options, device, composition, tasks);
  const int modes = simulate::frequency::PortModes(device);
  std::string text = TaskText(options, device, tasks) + WavelengthText(options, device);
  text += fmt::format("  commands       {} for the {} elements of a block\n",
                      domain::CommandsOf(device.elements).size(), device.elements.size());
  if (options.solver.compose) {
    text += fmt::format(
        "  composed       {} parts of {} block{}, solved once with a launch into each of their "
        "ports, {} in all at most; a step takes their S-matrices\n",
        composition.parts.size(), options.training.blocks, options.training.blocks == 1 ? "" : "s",
        effort.solves);
  } else if (options.InTimeDomain()) {
    text += fmt::format(
        "  time domain    about {} runs of {} steps, one per input and direction of a step\n",
        effort.solves, StepsOfRun(options, device));
  } else {
    const long unknowns = solvers::fdfd::PlanePoints(*device.lattice).Unknowns();
    text += fmt::format("  unknowns       {}", unknowns);
    if (effort.step_unknowns != unknowns) {
      text += fmt::format(", of which {} are factorized in a training step", effort.step_unknowns);
    }
    text += fmt::format("\n  factorizations {}\n  solves         {} right-hand sides\n",
                        effort.factorizations + 1, effort.solves + modes);
  }
  const bool composed = options.solver.compose;
  if (device.lattice->TwoDimensional()) {
    text += fmt::format("  last check     1 factorization, {} right-hand sides\n", modes);
  } else {
    const int runs = options.output.fields || !composed ? modes : 1;
    text +=
        fmt::format("  last check     {} run{} of the first block as a whole{}\n", runs,
                    runs == 1 ? "" : "s", composed && runs > 1 ? "; without output.fields: 1" : "");
  }
  return text +
         fmt::format("  passes         {} launches of light in a laboratory\n", effort.passes);
}

}  // namespace symwave::jobs::train::chip
