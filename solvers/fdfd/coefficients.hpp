// The media of a 2D problem as coefficients of its wave operator, for any range of columns: each
// rank asks for its own.
#pragma once

#include <vector>

#include "domain/frequency_media.hpp"
#include "solvers/fdfd/plane_points.hpp"

namespace symwave::solvers::fdfd {

/// Coefficients of -div(alpha grad u) - w^2 beta u for columns, faces included.
///   Ez: alpha = 1, beta = eps_z at the points.
///   Hz: beta = 1, alpha at the faces = 1/eps along the component of E that lives there; gamma =
///       (1/eps)_xy at the nodes, where faces cross.
class Coefficients {
 public:
  /// Samples the map for this range alone.
  Coefficients(const PlanePoints& points, const domain::PermittivityMap& media,
               ColumnRange columns);

  ColumnRange Columns() const { return columns_; }
  /// beta of point (i, j).
  Complex Beta(int i, int j) const { return ez_ ? point_[Point(i, j)] : Complex(1.0, 0.0); }
  /// alpha on the face between points (i-1, j) and (i, j), columns.begin <= i <= columns.end.
  Complex AlphaX(int i, int j) const { return ez_ ? Complex(1.0, 0.0) : face_x_[Point(i, j)]; }
  /// alpha on the face between points (i, j-1) and (i, j), 0 <= j <= Ny.
  Complex AlphaY(int i, int j) const {
    return ez_ ? Complex(1.0, 0.0) : face_y_[Point(i, j) + static_cast<size_t>(i - columns_.begin)];
  }
  bool Coupled() const { return !node_.empty(); }
  /// gamma where face i along x and face j along y cross, columns.begin <= i <= columns.end.
  Complex Gamma(int i, int j) const {
    return node_.empty() ? Complex(0.0)
                         : node_[Point(i, j) + static_cast<size_t>(i - columns_.begin)];
  }
  /// eps at point (i, j), for pictures; of Hz the mean of the four faces around it.
  Complex MeanEps(int i, int j) const;

  /// Adds to 1/alpha (Hz) at the face or to beta (Ez) at the point where the component lives;
  /// nothing where that lies outside of the columns.
  void Change(const PlanePoints& points, const domain::PointChange& change);

 private:
  size_t Point(int i, int j) const {
    return static_cast<size_t>(i - columns_.begin) * static_cast<size_t>(ny_) +
           static_cast<size_t>(j);
  }
  void SampleFaces(const PlanePoints& points, const domain::PermittivityMap& media);
  void SampleNodes(const PlanePoints& points, const domain::PermittivityMap& media);

  ColumnRange columns_;
  int ny_;
  bool ez_;
  std::vector<Complex> point_;   // columns x ny, Ez only
  std::vector<Complex> face_x_;  // (columns + 1) x ny, Hz only
  std::vector<Complex> face_y_;  // columns x (ny + 1), Hz only
  std::vector<Complex> node_;    // (columns + 1) x (ny + 1), where something is coupled
};

}  // namespace symwave::solvers::fdfd
