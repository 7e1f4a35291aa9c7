// The optical system that is a photonic chip: Maxwell's equations in frequency or in time domain,
// solved with the current mask at every programming.
#pragma once

#include <memory>
#include <vector>

#include "domain/block_chip.hpp"
#include "domain/segments.hpp"
#include "solvers/fdfd/programmable_device.hpp"
#include "solvers/fdtd/time_domain_device.hpp"
#include "training/optical_system.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// What the chip's heaters and attenuators really do with a command:
///   phase = wrap(gain command + offset) into (-pi, pi],   attenuation = max(0, gain command).
struct ActuatorResponse {
  Eigen::VectorXd gain;
  Eigen::VectorXd offset;
};

/// Gains 1 + sigma N(0, 1), offsets uniform (phase shifters only), from the seed and `block`; the
/// first `phases` of `elements` are phase shifters.
ActuatorResponse DrawActuatorResponse(const ActuatorErrors& errors, int block, int phases,
                                      int elements);
ActuatorResponse IdealActuatorResponse(int elements);

enum class SolverKind { FrequencyDomain, TimeDomain };

struct ChipOptions {
  solvers::fdfd::DeviceDescription device;  ///< ports: all inputs, then all outputs
  int inputs = 0;
  std::vector<domain::Segment> segments;
  std::vector<std::array<double, 2>> strips;  ///< x intervals that hold the segments, um
  bool attenuators = false;  ///< elements: all segments as phase shifters, then as attenuators
  ActuatorResponse drive;
  SolverKind solver = SolverKind::FrequencyDomain;
  bool condensation = true;                      ///< frequency domain
  solvers::fdtd::TimeDomainOptions time_domain;  ///< time domain
};

/// Points and fields: element e reads its points in an order in which those of the mirrored element
/// follow as mirror images. An element that is its own mirror image is read in its even and
/// odd parts, (u(r) + u(-r)) / sqrt 2 and i (u(r) - u(-r)) / sqrt 2, whose products sum to
/// u_err(-r) u(r): the error field that entered at the input side is read at the mirror image.
class ChipSystem : public OpticalSystem {
 public:
  explicit ChipSystem(const ChipOptions& options);

  MPI_Comm Comm() const override { return options_.device.comm; }
  int Inputs() const override { return options_.inputs; }
  int Outputs() const override;
  int Elements() const override { return static_cast<int>(elements_.size()); }
  std::vector<int> MirrorImages() const override;
  std::vector<bool> Attenuators() const override;
  void Program(const Eigen::VectorXd& commands) override;
  Transmission Transmit(const Eigen::MatrixXcd& launched, Side side) override;
  Effort Spent() const override;

  const solvers::ProgrammableDevice& Device() const { return *device_; }
  /// Other heaters on the same optics.
  void SetActuators(const ActuatorResponse& drive) { options_.drive = drive; }
  /// Permittivity that the commands add to the points.
  std::vector<domain::PointChange> Changes(const Eigen::VectorXd& commands) const;

 private:
  using Complex = solvers::Complex;
  /// One phase shifter or attenuator: a segment of guide and what a command does to its index.
  struct Element {
    int segment = 0;
    bool attenuates = false;
    int mirror = 0;
  };
  void MakeDevice();
  void PlacePoints();
  void FindMirrorImages();
  std::vector<Complex> EpsChange(const Eigen::VectorXd& commands) const;
  Complex IndexPerUnit(int segment) const;
  Complex SegmentDrive(const Eigen::VectorXd& commands, int segment) const;

  ChipOptions options_;
  std::vector<Element> elements_;
  std::vector<int> segment_mirror_;
  std::vector<std::vector<int>> segment_points_;  ///< numbers in the device's list
  std::vector<double> profile_;                   ///< per point
  std::vector<Complex> index_;                    ///< unprogrammed index per point
  std::vector<double> volume_;                    ///< per point
  double confinement_ = 1;                        ///< d n_eff / d n of a segment
  std::vector<Complex> index_now_;
  std::unique_ptr<solvers::ProgrammableDevice> device_;
};

}  // namespace symwave::training
