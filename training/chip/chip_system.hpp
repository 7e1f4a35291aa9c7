// The optical system that is a photonic chip: Maxwell's equations in frequency or in time domain,
// solved with the current mask at every programming.
#pragma once

#include <memory>
#include <vector>

#include "training/chip/chip.hpp"

namespace symwave::training::chip {

/// A device of any solver, dimensions and components of E, with elements that may overlap.
///
/// A command drives one element or a group of them (domain::CommandsOf), and reads the points of
/// all of its elements in an order in which those of the mirrored command follow as mirror images.
/// A command that is its own mirror image is read in even and odd parts, (u(r) + u(-r)) / sqrt 2
/// and i (u(r) - u(-r)) / sqrt 2, whose products sum to u_err(-r) u(r): the error field that
/// entered at the input side is read at the mirror image, which may lie in another element of the
/// group. There E along x is the negative one of the image, which factors i and -i of the two sides
/// carry.
class ChipSystem final : public Chip {
 public:
  /// UserError for an element without a point of the lattice.
  explicit ChipSystem(const ChipOptions& options);

  int Outputs() const override;
  void Program(const Eigen::VectorXd& commands) override;
  Transmission Transmit(const Eigen::MatrixXcd& launched, Side side) override;
  Effort Spent() const override;

  const solvers::ProgrammableDevice& Device() const { return *device_; }
  double LargestResidual() const override { return device_->Statistics().max_relative_residual; }

 private:
  using Complex = solvers::Complex;
  /// A point that a command reads.
  struct Reading {
    int point = 0;
    int partner = 0;         ///< of a command that is its own image: the mirrored point
    Complex index_per_unit;  ///< change of index there per radian or neper
  };
  void PlaceReadings();
  void PairReadings();
  void PairOwn(std::vector<Reading>& readings);
  void OrderAs(const std::vector<Reading>& source, std::vector<Reading>& readings) const;
  /// Columns in which alone the device changes; empty where it is solved whole: in time domain, for
  /// Hz, and where they reach a port or an end of the lattice.
  std::vector<solvers::fdfd::ColumnRange> CondensableStrips() const;
  void MakeDevice();
  Eigen::MatrixXcd FieldsOf(size_t command, const Eigen::MatrixXcd& points, Side side) const;

  std::vector<std::vector<Reading>> readings_;  ///< per command
  std::vector<double> volume_;                  ///< per point
  std::vector<Complex> index_now_;
  std::unique_ptr<solvers::ProgrammableDevice> device_;
};

}  // namespace symwave::training::chip
