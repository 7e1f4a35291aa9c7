// Sampling of a structure on the points of a lattice: the fills of control volumes layer by layer,
// with bodies painted in, and their averages. What yee_media.hpp hands out.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

#include "domain/body_points.hpp"
#include "domain/control_volumes.hpp"
#include "domain/plane_fill.hpp"
#include "domain/subpixel.hpp"
#include "domain/yee_media.hpp"

namespace symwave::domain {

/// The part of a control volume that lies in one layer.
struct Slice {
  size_t layer = 0;
  double share = 1;
  bool operator==(const Slice& o) const { return layer == o.layer && share == o.share; }
};

/// Control volumes of one height: the slices from below.
struct Stack {
  std::vector<Slice> slices;
  double height = 1;  ///< um
  bool operator==(const Stack& o) const { return slices == o.slices && height == o.height; }
};

using Fills = std::vector<std::shared_ptr<const PlaneFill>>;

class StructureSampler {
 public:
  static constexpr size_t kNodes = 3;  ///< number of the window of nodes

  StructureSampler(const Lattice& lattice, const Structure& structure, SubpixelAverage average);

  MediumBlock Sample(Component c, const IndexBox& box) const;
  std::vector<NodeCoupling> Couple(const IndexBox& box) const;
  void VisitFillings(const Site& site, size_t window, const IndexBox& box,
                     const VisitFilling& visit) const;

 private:
  /// A layer at its height, which a periodic z axis repeats.
  struct Storey {
    double bottom;
    double top;
    size_t layer;
    bool ends_shapes;
  };
  /// The fills of the latest window of a component or the nodes, by layer.
  struct Window {
    std::array<int, 4> xy{0, 0, 0, 0};
    std::map<std::tuple<Run, Run, size_t>, std::shared_ptr<const PlaneFill>> fills;
  };

  struct StackFills {
    Stack stack;
    Fills fills;
  };

  MediumLayer Convert(const StructureLayer& layer) const;
  void SampleBodies(Component c, MediumBlock& block) const;
  void PileUp(const Structure& structure);
  Stack StackOf(const Site& site, int k, const std::vector<Storey>& storeys) const;
  std::vector<Storey> WithTopsMoved(double by) const;
  bool ReachedByTops(const Site& site, int k) const;
  template <class StackAt>
  void VisitRuns(const IndexBox& box, const Run& x, const Run& y, int k, const StackAt& at,
                 const VisitFilling& visit) const;
  /// Where tops of shapes are moved, each point has a stack of its own.
  void VisitMoved(size_t window, const Site& site, const IndexBox& box, const Run& x, const Run& y,
                  int k, const VisitFilling& visit) const;
  Fills FillsOf(size_t window, const Site& site, const IndexBox& box, const Run& x, const Run& y,
                const Stack& stack) const;
  Filling FillingOf(const Stack& stack, const Fills& fills, int i, int j) const;
  void AddCouplings(const Stack& stack, const Fills& fills, const Run& x, int j,
                    std::array<int, 3> first, std::vector<NodeCoupling>& couplings) const;
  void SampleRun(Component c, const Stack& stack, const Fills& fills, const Run& x, const Run& y,
                 int k, MediumBlock& block) const;

  const Lattice lattice_;
  const SubpixelAverage average_;
  const std::optional<BodyPoints> bodies_;
  std::vector<std::array<EffectiveMedium, 3>> pure_;  ///< of a medium along the axes
  std::vector<MediumLayer> layers_;
  std::vector<Storey> storeys_;
  const MovedTops moved_;
  mutable std::mutex mutex_;
  mutable std::array<Window, 4> windows_;
};

}  // namespace symwave::domain
