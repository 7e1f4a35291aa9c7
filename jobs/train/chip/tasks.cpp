#include "jobs/train/chip/tasks.hpp"

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

}  // namespace symwave::jobs::train::chip
