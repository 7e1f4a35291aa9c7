// Fourier transforms at points of components that lie anywhere: boxes that cover them and no more.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "solvers/fdtd/engine.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdtd {

/// Points in the order of memory, each once.
class PointList {
 public:
  explicit PointList(std::vector<ElementPoint> points);
  const std::vector<ElementPoint>& All() const { return points_; }
  /// -1 for one that is not in the list.
  long NumberOf(const ElementPoint& point) const;

 private:
  std::vector<ElementPoint> points_;
};

class PointTransforms {
 public:
  explicit PointTransforms(std::vector<ElementPoint> points);
  const PointList& Points() const { return points_; }
  size_t Boxes() const { return boxes_.size(); }

  /// Transforms at all points with every `every`-th step; to be called for every run. Collective.
  void AddTo(Engine& engine, const std::vector<double>& omegas, int every);
  /// Points x frequencies; zero at points that another rank owns.
  Eigen::MatrixXcd Values(const Engine& engine) const;

 private:
  /// Points [lo, hi) of one component, all of them in the list.
  struct Box {
    domain::Component component = domain::Component::Ez;
    domain::IndexBox box;
  };
  static void AppendAlong(int axis, const Box& next, std::vector<Box>& boxes);
  void Cover();

  PointList points_;
  std::vector<Box> boxes_;
  std::vector<int> numbers_;  ///< of the engine's transforms, per box
};

}  // namespace symwave::solvers::fdtd
