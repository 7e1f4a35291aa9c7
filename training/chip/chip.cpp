#include "training/chip/chip.hpp"

#include "domain/base/error.hpp"
#include "training/chip/chip_scale.hpp"

namespace symwave::training::chip {

using domain::Complex;

Chip::Chip(const ChipOptions& options)
    : options_(options),
      commands_(domain::CommandsOf(options.elements)),
      command_of_(domain::CommandNumbers(options.elements)),
      images_(domain::MirrorImages(options.elements, commands_)),
      points_(options.device.lattice, options.device.media, options.elements),
      index_per_unit_(options.index_per_unit.empty()
                          ? training::chip::IndexPerUnit(options.device, options.elements)
                          : options.index_per_unit) {
  base::Require(index_per_unit_.size() == options.elements.size(), "an index per element");
}

std::vector<int> Chip::MirrorImages() const {
  std::vector<int> images = images_;
  for (size_t c = 0; c < images.size(); ++c) {
    if (images[c] < 0) images[c] = static_cast<int>(c);
  }
  return images;
}

std::vector<bool> Chip::Attenuators() const {
  std::vector<bool> attenuators;
  for (const auto& command : commands_) attenuators.push_back(command.attenuates);
  return attenuators;
}

std::vector<Complex> Chip::IndexChanges(const Eigen::VectorXd& commands) const {
  const auto elements = static_cast<Eigen::Index>(options_.elements.size());
  Eigen::VectorXd given(elements);
  for (Eigen::Index e = 0; e < elements; ++e) given[e] = commands[command_of_[e]];
  const Eigen::VectorXd driven = Driven(options_.drive, given, options_.elements);
  std::vector<Complex> changes;
  for (Eigen::Index e = 0; e < elements; ++e) changes.push_back(IndexPerUnit(e) * driven[e]);
  return changes;
}

std::vector<domain::PointChange> Chip::Changes(const Eigen::VectorXd& commands) const {
  const std::vector<Complex> eps = points_.EpsChange(IndexChanges(commands));
  std::vector<domain::PointChange> changes;
  for (size_t p = 0; p < eps.size(); ++p) {
    const solvers::ElementPoint& point = points_.All()[p];
    changes.push_back({point.component, point.at, eps[p]});
  }
  return changes;
}

}  // namespace symwave::training::chip
