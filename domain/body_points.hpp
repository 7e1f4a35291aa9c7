// The control volumes of a lattice that bodies reach into.
#pragma once

#include <functional>

#include "domain/body_fill.hpp"
#include "domain/control_volumes.hpp"
#include "domain/lattice.hpp"

namespace symwave::domain {

class BodyPoints {
 public:
  /// UserError in 2D, where sections of bodies are drawn.
  BodyPoints(const Lattice& lattice, BodyFill fill);

  /// The points of a box, x fastest, with what fills their control volumes. Values depend on the
  /// point alone. Cost: control volumes in the boxes around the bodies, plus a thousand distances
  /// for each one that a surface crosses.
  void ForEach(
      const Site& site, const IndexBox& box,
      const std::function<void(const std::array<int, 3>& point, const Filling&)>& visit) const;

 private:
  /// Where a control volume lies along an axis: one interval, or two around the seam of a period.
  struct Interval {
    double low, high;
  };
  std::vector<Interval> PiecesOf(const Site& site, int axis, int i) const;
  std::vector<char> Near(const IndexBox& box,
                         const std::array<std::vector<std::vector<Interval>>, 3>& pieces) const;
  std::optional<Filling> FillingOf(const std::array<const std::vector<Interval>*, 3>& pieces) const;

  const Lattice lattice_;
  const BodyFill fill_;
  const std::vector<Box3> bounds_;
};

/// The bodies of a structure; none where it has none.
std::optional<BodyPoints> BodiesOf(const Lattice& lattice, const Structure& structure,
                                   const SubpixelAverage& average);

/// `couplings` of the nodes of a box, those that bodies reach around replaced.
std::vector<NodeCoupling> WithBodies(const BodyPoints& bodies, const SubpixelAverage& average,
                                     const IndexBox& box, std::vector<NodeCoupling> couplings);

}  // namespace symwave::domain
