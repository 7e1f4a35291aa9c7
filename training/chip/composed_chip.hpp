// A chip composed of its fixed parts: each is solved once as a whole (solved_parts.hpp), and a step
// of training costs matrices of the size of its ports.
#pragma once

#include <vector>

#include "training/chip/chip.hpp"
#include "training/chip/guide_phases.hpp"
#include "training/chip/solved_parts.hpp"

namespace symwave::training::chip {

/// With the S-matrices S of all parts side by side, e their ports of the device and i those at the
/// cuts, and C the symmetric matrix that leads a guide's light into the part beyond its cut times
/// the factor D of its elements (guide_phases.hpp),
///   S_device = S_ee + S_ei C (1 - S_ii C)^-1 S_ie,
///   d S_ba / d D_g = f_a h_b + h_a f_b,
/// f and h being the amplitudes of launches a and b that reach the elements of guide g from the
/// left and from the right. Fields of elements are their even and odd combinations.
class ComposedChip final : public Chip {
 public:
  /// Solves the parts. Collective on options.device.comm. UserError as TimeDomainDevice,
  /// MonolithicDevice and GuidePhases.
  ComposedChip(const ChipOptions& options, const Composition& composition);

  int Outputs() const override { return static_cast<int>(options_.device.ports.size()) - Inputs(); }
  void Program(const Eigen::VectorXd& commands) override;
  Transmission Transmit(const Eigen::MatrixXcd& launched, Side side) override;
  Effort Spent() const override { return {effort_.solves, effort_.factorizations}; }

  double LargestResidual() const override { return effort_.max_relative_residual; }

 private:
  using Complex = domain::Complex;
  /// Rows of the internal ports of a guide at a cut.
  struct Joint {
    int left = 0;   ///< its end in the part on the left
    int right = 0;  ///< that in the part on the right
  };
  void Assemble(const std::vector<Part>& parts, const std::vector<Eigen::MatrixXcd>& s);
  Eigen::MatrixXcd FieldsOf(size_t command, const Eigen::MatrixXcd& waves, Side side) const;

  std::vector<Cut> cuts_;
  std::vector<size_t> driven_;                         ///< cuts with elements
  std::vector<std::vector<int>> mine_;                 ///< elements of every cut
  std::vector<GuidePhases> phases_;                    ///< of every cut
  std::vector<std::vector<Joint>> joints_;             ///< [cut][guide]
  Eigen::MatrixXcd outer_, inward_, outward_, inner_;  ///< S_ee, S_ie, S_ei, S_ii
  solvers::DeviceStatistics effort_;
  std::vector<std::vector<GuidePhases::Turn>> turns_;  ///< as programmed [cut][guide]
  Eigen::MatrixXcd waves_;                             ///< (1 - S_ii C)^-1 S_ie
  Eigen::MatrixXcd s_;
};

/// UserError, with its place, for an element too short for its guide: the guide has no mode with
/// the largest change of index that commands ask for. Collective on device.comm.
void RequireGuidedThrough(const solvers::FixedOptics& device, const std::vector<Cut>& cuts,
                          const std::vector<domain::Element>& elements);

}  // namespace symwave::training::chip
