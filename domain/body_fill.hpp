// What fills boxes of space that bodies stand in.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "domain/structure.hpp"
#include "domain/subpixel.hpp"

namespace symwave::domain {

/// A box that a surface may cross is halved along all axes kHalvings times; in each of the small
/// boxes the distances from the surfaces are replaced by the linear functions that fit them best
/// (by moments over two Gauss points per axis, exact for quadratic ones), whose planes cut the box
/// exactly. The error of a share falls with the third power of the size of the small boxes where
/// surfaces are smooth, and with the second at their edges. Where several surfaces cross a small
/// box, the later covers the share that it has of the earlier ones.
class BodyFill {
 public:
  static constexpr int kHalvings = 2;

  struct Part {
    Solid solid;
    int medium = 0;
    bool body = false;
  };

  /// Parts in painter's order over `base`; `eps` of each medium weighs the interfaces.
  BodyFill(std::vector<Part> parts, int base, std::vector<double> eps, int halvings = kHalvings);

  /// Where a body may stand in, box by box.
  std::vector<Box3> BodyBounds() const;
  /// Nothing where no body reaches into the box, so that layers alone fill it.
  std::optional<Filling> Of(const Box3& box) const;
  /// The same of any box.
  Filling Anyway(const Box3& box) const;
  bool BodiesReach(const Box3& box) const;

 private:
  struct Sum;
  /// Parts by squares of the plane, in painter's order, so that an array of bodies costs no more
  /// than one of them per box.
  struct Bins {
    std::array<double, 2> low{0, 0}, width{1, 1};
    int count = 1;  ///< along each of x and y
    std::vector<std::vector<int>> parts;
    int Of(double at, size_t axis) const;
  };
  static Bins Sort(const std::vector<Part>& parts);
  std::vector<int> PartsMeeting(const Box3& box) const;
  void Split(const Box3& box, int halvings, const std::vector<int>& above, Sum& sum) const;
  void Cut(const Box3& box, const std::vector<int>& crossing, int lowest, Sum& sum) const;

  std::vector<Part> parts_;
  int base_;
  std::vector<double> eps_;
  int halvings_;
  Bins bins_;
};

/// Share of a unit cube in which c + sum g_a x_a < 0, -1/2 < x_a < 1/2, and its derivative by -c.
struct PlaneCut {
  double share = 0;
  double slope = 0;
};
PlaneCut CutUnitCube(double c, const Vector& g);

}  // namespace symwave::domain
