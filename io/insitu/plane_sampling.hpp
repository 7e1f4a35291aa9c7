// The values of a plane through a lattice at the pixels of a picture.
#pragma once

#include <mpi.h>

#include <array>
#include <vector>

#include "io/field_frame.hpp"

namespace symwave::io::insitu {

/// Positions along an axis between points of a lattice: of which two points, and how near.
class AxisSampling {
 public:
  AxisSampling() = default;
  /// `at`: increasing positions of the points; the samples must lie among them.
  AxisSampling(const std::vector<double>& at, const std::vector<double>& samples);

  /// Points that any sample needs, increasing.
  const std::vector<long>& Points() const { return points_; }
  /// Place in Points() of the lower point of a sample, and the weight of the next place.
  size_t Lower(size_t sample) const { return lower_[sample]; }
  double Weight(size_t sample) const { return weight_[sample]; }
  size_t Count() const { return lower_.size(); }

 private:
  std::vector<long> points_;
  std::vector<size_t> lower_;
  std::vector<double> weight_;
};

/// A plane of pixels across the axis `normal` at `position`; its axes are the other two in order.
/// Pixels are equal in size and fill the lattice from its first to its last point.
class PlaneSampling {
 public:
  PlaneSampling(const std::array<std::vector<double>, 3>& coordinates, int normal, double position,
                int width, int height);

  int Horizontal() const { return horizontal_; }
  int Vertical() const { return vertical_; }

  /// Collective. Linear between points, on rank 0: pixel (column, row) at row * width + column, row
  /// 0 at the least vertical position; empty on the others. Rank 0 gets at most eight values a
  /// pixel, never more than the plane's neighbours in the lattice, and adds them up in an order
  /// that no dealing to ranks changes.
  std::vector<float> Collect(MPI_Comm comm, const FieldPart& part,
                             const std::vector<FieldPart>& parts,
                             const std::vector<float>& values) const;

 private:
  /// What `part` has of the needed points: along each axis the places [first, last).
  using Places = std::array<std::array<size_t, 2>, 3>;
  Places PlacesOf(const FieldPart& part) const;
  std::vector<float> Interpolate(const std::vector<float>& needed) const;
  /// From the points on both sides of the plane to those on it, horizontal ones fastest.
  std::vector<double> OnPlane(const std::vector<float>& needed) const;

  int horizontal_ = 0;
  int vertical_ = 1;
  int normal_ = 2;
  std::array<AxisSampling, 3> axes_;
};

}  // namespace symwave::io::insitu
