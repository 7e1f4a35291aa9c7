#include "jobs/train/chip/tasks.hpp"

#include <fmt/core.h>

#include "jobs/train/chip/detected_ports.hpp"

namespace symwave::jobs::train::chip {

std::vector<Task> ReadTasks(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                            const device::Device& device) {
  std::vector<std::shared_ptr<const training::Dataset>> data;
  for (const training::DataOptions& of : options.data) {
    data.push_back(std::make_shared<const training::Dataset>(training::ReadDataset(comm, of)));
  }
  std::vector<Task> tasks;
  for (size_t k = 0; k < options.wavelengths.size(); ++k) {
    Task task{options.At(k), data.size() > 1 ? data[k] : data.front()};
    task.options.detection.classes = DetectedPorts(task.options, device, *task.data);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<training::Split> SplitsOf(const std::vector<Task>& tasks) {
  std::vector<training::Split> splits;
  splits.reserve(tasks.size());
  for (const Task& task : tasks) splits.push_back(task.Split());
  return splits;
}

std::vector<std::vector<std::string>> ClassesOf(const std::vector<Task>& tasks) {
  std::vector<std::vector<std::string>> classes;
  classes.reserve(tasks.size());
  for (const Task& task : tasks) classes.push_back(task.data->classes);
  return classes;
}

std::vector<std::string> PartNames(const std::vector<Task>& tasks) {
  std::vector<std::string> names;
  if (tasks.size() < 2) return names;
  for (const Task& task : tasks) names.push_back(fmt::format("{:.8g}um", task.Wavelength()));
  return names;
}

}  // namespace symwave::jobs::train::chip
