// Media of the time domain that change at points of E from run to run.
#pragma once

#include <array>
#include <vector>

#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/point_transforms.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdtd {

/// A change adds to eps at its point; the couplings (1/eps)_xy of the nodes beside stay, as they do
/// in frequency domain (fdfd::Coefficients::Change). With D the field that curl H makes,
///   E_x = D_x / eps_x + (what the couplings add),     dS / d eps_x ~ (D_x / eps_x)^2,
/// so that beside couplings the field that a point answers with is D / eps.
class ChangeableMedia {
 public:
  /// Samples the media at the points, on every rank alike. Points are different from each other.
  ChangeableMedia(const domain::Lattice& lattice, const domain::MediumMap& media,
                  const std::vector<ElementPoint>& points);

  /// Without changes, and without the couplings beside points whose changes may be lossy, which a
  /// leapfrog cannot integrate.
  const domain::MediumMap& Fixed() const { return media_; }
  /// With eps changed: the imaginary part is a conductivity of `omega` times it. UserError for what
  /// amplifies.
  std::vector<PointMedium> Changed(const std::vector<Complex>& eps_change, double omega) const;
  /// Whether couplings lie beside a point; it has neither losses nor poles.
  bool Coupled(size_t point) const { return coupled_[point]; }

 private:
  /// A coupling beside a changeable point.
  struct Node {
    double inverse_eps = 0;
    /// Of the two Ex and the two Ey: number of the changeable point or -1, and eps of others.
    std::array<long, 4> point{};
    std::array<double, 4> eps{};
  };
  void SamplePoints();
  void SampleNodes();
  void AddNode(const domain::NodeCoupling& coupling, std::vector<std::array<int, 3>>& left_out);
  void RequireDefinite(const Node& node, const std::vector<PointMedium>& changed) const;
  /// The number in `points_`, also of a periodic image; -1 for others.
  long NumberOf(const ElementPoint& point) const;

  const domain::Lattice lattice_;
  domain::MediumMap media_;
  const std::vector<ElementPoint> points_;
  const PointList sorted_;
  std::vector<long> number_;        ///< in `points_` of those of `sorted_`
  std::vector<PointMedium> fixed_;  ///< per point
  std::vector<bool> coupled_;       ///< per point
  std::vector<Node> nodes_;
};

}  // namespace symwave::solvers::fdtd
