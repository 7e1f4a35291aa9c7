// A photonic chip with trainable elements, whatever solves it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "domain/elements.hpp"
#include "domain/frequency_media.hpp"
#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "training/chip/actuators.hpp"
#include "training/chip/element_points.hpp"
#include "training/chip/shared_runs.hpp"
#include "training/optical_system.hpp"

namespace symwave::training::chip {

class PartStore;

enum class SolverKind { FrequencyDomain, TimeDomain };

struct ChipOptions {
  solvers::fdfd::DeviceDescription device;  ///< ports: all inputs, then all outputs
  int inputs = 0;
  std::vector<domain::Element> elements;
  ActuatorResponse drive;
  /// Index that a driven radian or neper of each element adds, as another chip of the same elements
  /// says: of one device at several wavelengths, that at the wavelength which commands refer to.
  /// Empty: that of this chip's frequency.
  std::vector<domain::Complex> index_per_unit;
  SolverKind solver = SolverKind::FrequencyDomain;
  bool condensation = true;                      ///< frequency domain
  solvers::fdtd::TimeDomainOptions time_domain;  ///< time domain
  std::shared_ptr<SharedRuns> shared_runs;       ///< time domain, whole; null: runs of its own
  /// In time domain: groups of ranks that the launches into the chip, or into a part of a composed
  /// one, are dealt to.
  int groups = 1;
  /// Called on every rank after each of its launches into a part of a composed chip.
  std::function<void()> solved;
  /// Parts that are known, and those solved from now on; null: none are shared.
  std::shared_ptr<PartStore> parts;
  /// Called on every rank of device.comm after each part that was solved, with what it took; may be
  /// collective on it.
  std::function<void(const solvers::DeviceStatistics&)> part_solved;
};

/// Its elements and what drives them. A command drives one element or a group of them
/// (domain::CommandsOf).
class Chip : public OpticalSystem {
 public:
  MPI_Comm Comm() const override { return options_.device.comm; }
  int Inputs() const override { return options_.inputs; }
  int Elements() const override { return static_cast<int>(commands_.size()); }
  /// Itself where there is none.
  std::vector<int> MirrorImages() const override;
  std::vector<bool> Attenuators() const override;

  /// Other heaters on the same optics.
  void SetActuators(const ActuatorResponse& drive) { options_.drive = drive; }
  /// Index that a driven radian or neper of each element adds.
  const std::vector<domain::Complex>& IndexPerUnit() const { return index_per_unit_; }
  /// Permittivity that the commands add to the points.
  std::vector<domain::PointChange> Changes(const Eigen::VectorXd& commands) const;
  /// Of all solves so far.
  virtual double LargestResidual() const = 0;

 protected:
  /// Collective on options.device.comm. UserError for an element without a point of the lattice,
  /// and see Confinements.
  explicit Chip(const ChipOptions& options);

  domain::Complex IndexPerUnit(size_t element) const { return index_per_unit_[element]; }
  /// Index that every element adds.
  std::vector<domain::Complex> IndexChanges(const Eigen::VectorXd& commands) const;
  bool IsOwnImage(size_t command) const { return images_[command] == static_cast<int>(command); }

  ChipOptions options_;
  std::vector<domain::Command> commands_;
  std::vector<int> command_of_;  ///< per element
  std::vector<int> images_;      ///< per command
  ElementPoints points_;

 private:
  std::vector<domain::Complex> index_per_unit_;  ///< per element
};

}  // namespace symwave::training::chip
