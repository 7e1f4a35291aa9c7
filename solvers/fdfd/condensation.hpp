// Static condensation. While a chip is trained only short strips of columns change. The fixed parts
// F between them (cores, leads, PML) are eliminated once onto the neighbouring columns of the
// strips; exact, no modal truncation. With A_FI the coupling of part F to the strip columns I next
// to it,
//   S = A_II - A_IF A_FF^-1 A_FI,   rhs_I = -A_IF A_FF^-1 b,
//   b^T u = b^T A_FF^-1 b - b^T A_FF^-1 A_FI u_I,
// so all that is kept of a part is the dense symmetric K = R^T A_FF^-1 R, where R holds unit
// vectors on its first and last column and the sources b of its ports. Its rows are spread over the
// ranks as those of the strips are.
#pragma once

#include <memory>
#include <vector>

#include "solvers/fdfd/condensed_part.hpp"
#include "solvers/fdfd/programmable_device.hpp"

namespace symwave::solvers::fdfd {

/// The strips with changeable points; factorizes only them. Collective on the communicator.
/// When the media are mirror-symmetric, the right half of the parts is the mirrored left half and
/// shares its elimination.
class CondensedDevice : public ProgrammableDevice {
 public:
  /// `strips`: increasing, disjoint column ranges with fixed columns before, between and after,
  /// that hold all changeable points (of Hz, the points on both sides of their faces); ports stand
  /// in the fixed parts.
  CondensedDevice(const DeviceDescription& description, const std::vector<ColumnRange>& strips);
  void Program(const std::vector<Complex>& eps_change) override;
  Response Launch(const Eigen::MatrixXcd& launched) override;
  DeviceStatistics Statistics() const override { return StatisticsOf(solver_.Statistics()); }
  /// What the eliminations cost.
  const SolverStatistics& CondensationStatistics() const { return condensation_; }
  long Unknowns() const override;
  int PortModes() const override { return static_cast<int>(ports_.size()); }

 private:
  void CutIntoParts();
  void EliminateParts();
  void Eliminate(CondensedPart& part, CondensedPart* image, const std::vector<int>& port_images);
  void AssembleStrips();
  void CreateStripMatrix(ColumnRange mine);
  void AddStrips(ColumnRange mine);
  void AddPart(const CondensedPart& part);
  void WeighElements(const Stencil& stencil, ColumnRange columns);
  /// Unknown number of row 0 of column i of a strip.
  long ColumnStart(int i) const;
  /// This rank's columns of all strips, in order.
  ColumnRange MyStripColumns() const;
  /// Global unknowns of the strip columns left and right of a part, in K's order.
  std::vector<long> LineUnknowns(const CondensedPart& part) const;
  /// The same column, its unknowns of the lattice numbered in the strips.
  SparseColumn InStrips(const SparseColumn& column) const;
  void PlaceElements();
  Eigen::MatrixXcd PartSources(const CondensedPart& part, const Eigen::MatrixXcd& launched) const;

  DeviceDescription description_;
  PlanePoints points_;
  std::vector<ColumnRange> strips_;
  std::vector<PortMode> ports_;
  std::vector<CondensedPart> parts_;
  DirectSolver solver_;
  SolverStatistics condensation_;
  /// Of the matrix, in a row of this rank, that elements change.
  struct Entry {
    PetscInt row = 0, column = 0;
    Complex fixed = 0;  ///< unprogrammed
    std::vector<size_t> elements;
  };
  MatHandle op_;
  ElementProbes elements_;
  std::vector<Entry> entries_;
  std::vector<SparseColumn> probes_;  ///< of elements_, in unknowns of the strips
  std::vector<Complex> scale_;        ///< of their readings
  std::vector<Complex> weight_;       ///< mass or flux of every element, as far as this rank has it
};

}  // namespace symwave::solvers::fdfd
