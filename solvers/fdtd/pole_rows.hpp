// The poles of dispersive media on the points of one rank, as segments of rows of whole vectors on
// which the same terms act:
//   dP <- memory dP - spring P + drive share E,   P <- P + dP,
// which is P'' + damping P' + frequency^2 P = strength E with central differences; dP is
// P^{n+1} - P^n. Two numbers per point, component and pole are kept, and nothing for the shares
// where they do not change along the segment.
#pragma once

#include <functional>
#include <map>
#include <tuple>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/row_dictionary.hpp"
#include "solvers/fdtd/row_kernels.hpp"
#include "solvers/fdtd/storage.hpp"

namespace symwave::solvers::fdtd {

/// Points [begin, end) of a row, from the first held one, of one component; both are multiples of
/// kRowUnit.
struct PolarizedSegment {
  domain::Component component = domain::Component::Ex;
  int begin = 0;
  int end = 0;
  int first_term = 0;
  int terms = 0;
  size_t state = 0;  ///< start of its polarisations: per term (end - begin) P, then as many dP

  long Length() const { return end - begin; }
};

/// P, or dP, of one pole of a medium in one component.
struct PoleValue {
  domain::Component component = domain::Component::Ex;
  int medium = 0;
  int pole = 0;
  bool increment = false;
};

template <class Real>
class PoleRows {
 public:
  PoleRows(const domain::IndexBox& held, const std::vector<domain::Medium>& media, double dt);

  /// Adds the segments of row (j, k) of `block`. Rows may come in any order; Finish() follows the
  /// last one.
  void AddRow(domain::Component e, const domain::MediumBlock& block, int j, int k);
  void Finish();

  bool Empty() const { return segments_.empty(); }
  /// Segments of row (j, k), Ex before Ey before Ez.
  const PolarizedSegment* Begin(int j, int k) const {
    return segments_.data() + first_[RowIndex(j, k)];
  }
  const PolarizedSegment* End(int j, int k) const {
    return segments_.data() + first_[RowIndex(j, k) + 1];
  }
  const PoleTerm<Real>* Terms(const PolarizedSegment& segment) const {
    return terms_.data() + segment.first_term;
  }
  /// The longest part of points [begin, end) of row (j, k), in whole units, on which each of so
  /// many components has one term and no shares that change, with the same memory and spring; empty
  /// where there is none.
  std::array<int, 2> OneTerm(int j, int k, int components, int begin, int end) const;
  /// Values of polarisation of all segments; those of a row lie next to each other.
  size_t Count() const { return count_; }
  /// The polarisations of row (j, k), as [start, end) in a state of Count() values.
  std::array<size_t, 2> Range(int j, int k) const {
    return {start_[RowIndex(j, k)], start_[RowIndex(j, k) + 1]};
  }
  /// Calls visit(values, count) for the polarisations of `state` on points [begin, end) of row
  /// (j, k), in an order that depends on the media at these points alone.
  void ForEachPiece(Real* state, int j, int k, int begin, int end,
                    const std::function<void(Real*, long)>& visit) const;
  int PolesOf(int medium) const { return static_cast<int>(poles_[medium].size()); }
  /// Calls visit(medium, first, last) for the pieces of points [begin, end) of row (j, k) on which
  /// a component has the poles of a medium.
  void ForEachShare(domain::Component e, int j, int k, int begin, int end,
                    const std::function<void(int, int, int)>& visit) const;
  /// Calls visit(first, values, count) for the pieces of points [begin, end) of row (j, k) on which
  /// `state` has such a value; undamped[medium]: for which medium each one stands.
  void ForEachValue(const PoleValue& value, const std::vector<int>& undamped, Real* state, int j,
                    int k, int begin, int end,
                    const std::function<void(int, Real*, long)>& visit) const;
  double Bytes() const;

 private:
  /// Medium, its share where that is the same on all points of a segment, and its row of shares
  /// elsewhere.
  using Share = std::tuple<int, Real, const Real*>;
  using Shares = std::vector<Share>;

  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  Shares SharesOf(const std::vector<std::pair<int, const Real*>>& rows, int unit) const;
  void AddSegment(domain::Component e, size_t row, int begin, int end, const Shares& shares);
  int AddTerms(const Shares& shares);
  /// The single terms at a unit of row (j, k), by component; false where there are others.
  bool SingleTerms(int j, int k, int unit, int components,
                   std::array<const PolarizedSegment*, 3>& found) const;
  /// Calls visit(from, to) for the pieces of points [begin, end) on which a term has a share.
  template <class Visit>
  void ForEachRun(const PolarizedSegment& segment, int term, int begin, int end,
                  const Visit& visit) const;
  /// Pointer such that [i] is P, or dP, of point i from the first held one.
  Real* ValuesOf(const PolarizedSegment& segment, int term, Real* state, bool increment) const {
    return state + segment.state + (2 * term + (increment ? 1 : 0)) * segment.Length() -
           segment.begin;
  }

  domain::IndexBox held_;
  RowDictionary<Real> shares_;
  std::vector<std::vector<PoleTerm<Real>>> poles_;  ///< of each medium, without share
  std::vector<PoleTerm<Real>> terms_;
  std::vector<int> medium_of_term_;
  std::map<Shares, int> known_terms_;  ///< first term of every list
  std::vector<PolarizedSegment> segments_;
  std::vector<size_t> row_of_segment_;  ///< while building
  std::vector<size_t> first_, start_;   ///< per row, one more at the end
  size_t count_ = 0;
};

}  // namespace symwave::solvers::fdtd
