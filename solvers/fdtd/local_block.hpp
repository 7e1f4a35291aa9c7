// Everything one rank integrates: fields, PML memory and polarisations of its held points, and the
// updates of single rows.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "solvers/fdtd/block_state.hpp"
#include "solvers/fdtd/coupling_rows.hpp"
#include "solvers/fdtd/medium_rows.hpp"
#include "solvers/fdtd/row_kernels.hpp"
#include "solvers/fdtd/stretching.hpp"

namespace symwave::solvers::fdtd {

template <class Real>
class LocalBlock {
 public:
  LocalBlock(const domain::Lattice& lattice, const domain::MediumMap& media,
             const domain::IndexBox& held, const PmlOptions& pml, double dt);

  const domain::Lattice& Lattice() const { return lattice_; }
  const domain::IndexBox& Held() const { return held_; }
  int Parts() const { return static_cast<int>(states_.size()); }
  const BlockState<Real>& State(int part) const { return states_[part]; }
  const MediumRows<Real>& Media() const { return media_; }
  const CouplingRows<Real>& Couplings() const { return couplings_; }
  const Stretching<Real>& Factors() const { return factors_; }

  /// Updates H or E at global points [begin, end) of row (j, k), all parts.
  void UpdateH(int j, int k, int begin, int end);
  void UpdateE(int j, int k, int begin, int end);

  /// Where the block spans a periodic x axis: puts the images of the ends beside row (j, k) of E or
  /// H, turned by the Bloch phase. To be called when the row has changed.
  void WrapRow(bool electric, int j, int k) const;

  /// Asks the memory for row (j, k) of all fields, which a sweep is about to reach for the first
  /// time; a hint that may name any row.
  void Prefetch(int j, int k) const;

  /// Calls visit(values, count) for every piece of state on the points of `region` (held points),
  /// in an order that depends on the region alone.
  void ForEachPiece(int part, const domain::IndexBox& region,
                    const std::function<void(Real*, long)>& visit) const;

  /// As Engine::SetMedia; periodic images of the points are among them.
  void SetMedia(const std::vector<PointMedium>& points);

  /// All state to zero.
  void Clear();

  /// Hands the state of the points of `owned` to the archive; what is held of others is as it was,
  /// or zero when restoring. Values are saved by the point of the lattice, the polarisations of a
  /// medium over the box of its points, those of its damped variants in the same places: `undamped`
  /// see DampedMedia. Collective.
  void SaveOrRestore(base::StateArchive& archive, const std::string& name,
                     const domain::IndexBox& owned, const std::vector<int>& undamped);

  double StateBytes() const;
  /// Fields and polarisations of a row, all parts, on average.
  double BytesPerRow() const;

 private:
  /// What the rows of E and H contain beside plain dielectric, found once.
  enum RowFlag : std::uint8_t {
    kLayerY = 1,
    kLayerZ = 2,
    kAbsorbs = 4,
    kDisperses = 8,
    kCouples = 16
  };
  void FindRowFlags();
  /// Points [begin, end) of a row, from the first held one.
  struct Segment {
    int begin = 0;
    int end = 0;
  };
  /// Where dx and the factors of E are constant: most rows of a chip have one medium.
  void FindUniformSegments();
  Segment UniformPart(int j, int k) const;
  Segment UniformE(int j, int k) const { return uniform_e_[RowIndex(j, k)]; }
  /// The part of UniformE on which every component has one pole, the same on all points; empty
  /// where there is none. Its poles go into `row`.
  void FindOnePole();
  Segment OnePolePart(int j, int k) const;
  Segment SetOnePole(const BlockState<Real>& state, int j, int k, Row<Real>& row) const;
  void UpdateDispersive(const BlockState<Real>& state, int j, int k, unsigned content,
                        Row<Real>& row, const Segment& all);
  static Segment Clip(const Segment& whole, int begin, int end) {
    const int lo = std::max(whole.begin, begin);
    return {lo, std::max(lo, std::min(whole.end, end))};
  }
  /// Updates [all) with the loop of `content`, and within `uniform` that of `content | more`.
  static void UpdatePieces(const RowUpdate<Real>* updates, unsigned content, unsigned more,
                           const Row<Real>& row, const Segment& all, const Segment& uniform);
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  std::uint8_t FlagsOf(int j, int k) const { return flags_[RowIndex(j, k)]; }
  void SetFields(const BlockState<Real>& state, bool electric, int j, int k, Row<Real>& row) const;
  /// Memory and factors of the layers across y and z; the content of the row for its kernel.
  unsigned SetLayers(const BlockState<Real>& state, bool electric, int j, int k, std::uint8_t flags,
                     Row<Real>& row) const;
  void AddLayersAlongX(const BlockState<Real>& state, bool electric, const Row<Real>& row, int j,
                       int k, int begin, int end);
  int LastOf(int end) const;
  /// What happens at the ends of the rows: layers, walls, images.
  void PlaceRowEnds();
  /// Adds to E of row (j, k) what the couplings take from the increments of D around it.
  void Couple(int j, int k, int begin, int end);
  void CoupleOwnNodes(int j, int k, int first, int last);
  void CoupleNodesAbove(int j, int k, int first, int last);
  /// Calls `update` for the dispersive points of `all` in row (j, k).
  void Polarize(PolarizationUpdate<Real> update, const BlockState<Real>& state, int j, int k,
                const Segment& all);

  void SaveOrRestoreFields(base::StateArchive& archive, const std::string& name, int part,
                           const domain::IndexBox& owned);
  void SaveOrRestorePml(base::StateArchive& archive, const std::string& name, int part,
                        const domain::IndexBox& owned);
  void SaveOrRestorePoles(base::StateArchive& archive, const std::string& name, int part,
                          const domain::IndexBox& owned, const std::vector<int>& undamped);
  void SaveOrRestorePole(base::StateArchive& archive, const std::string& name,
                         const PoleValue& value, const domain::IndexBox& box, int part,
                         const domain::IndexBox& owned, const std::vector<int>& undamped);
  /// Points of the lattice where a component feels a medium: [component * media + medium].
  std::vector<domain::IndexBox> PolarizedBoxes(MPI_Comm comm, const domain::IndexBox& owned,
                                               const std::vector<int>& undamped);

  domain::Lattice lattice_;
  domain::IndexBox held_;
  Stretching<Real> factors_;
  MediumRows<Real> media_;
  CouplingRows<Real> couplings_;
  std::vector<BlockState<Real>> states_;
  std::vector<std::uint8_t> flags_;
  std::vector<Segment> uniform_e_;  ///< per row
  std::vector<Segment> one_pole_;   ///< per row, empty where nothing disperses
  Segment uniform_h_;
  /// Intervals of the rows, from the first held point, that are updated with the PML of either side
  /// of x: whole vectors where possible (beyond the layer its factors are zero).
  std::array<std::array<int, 2>, 2> layer_x_{};
  bool wraps_ = false;  ///< the block spans a periodic x axis
  Real wrap_cosine_ = 1;
  Real wrap_sine_ = 0;
  /// Rows that end at a wall are updated to the end of their last vector, where all factors vanish.
  bool ends_at_wall_ = false;
  const RowKernels<Real>& kernels_;
};

}  // namespace symwave::solvers::fdtd
