#include "solvers/fdfd/programmable_device.hpp"

#include <algorithm>

#include "domain/base/count.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;

namespace {

/// Of curl H on a face, its difference along `axis`.
SparseColumn CurlAt(const PlanePoints& points, const ElementPoint& point, int axis) {
  const int face = point.at[static_cast<size_t>(axis)];
  base::Require(face > 0 && face < points.Count(axis), "a point off the walls");
  const long above = static_cast<long>(point.at[0]) * points.Ny() + point.at[1];
  const long below = above - (axis == 0 ? points.Ny() : 1);
  const double sign = axis == 0 ? -1 : 1;  // (curl H)_x = d_y H, (curl H)_y = -d_x H
  const double share = sign / points.Spacing(axis, face);
  return {{above, share}, {below, -share}};
}

SparseColumn ProbeOf(const PlanePoints& points, const ElementPoint& point) {
  if (!points.Ez()) {
    const int axis = 1 - static_cast<int>(domain::DirectionOf(point.component));
    base::Require(domain::IsElectric(point.component) && (axis == 0 || axis == 1),
                  "a component of E of the lattice");
    return CurlAt(points, point, axis);
  }
  base::Require(point.component == domain::Component::Ez, "a point of Ez");
  const int i = point.at[0] - points.First(0), j = point.at[1] - points.First(1);
  base::Require(i >= 0 && i < points.Nx() && j >= 0 && j < points.Ny(), "a point off the walls");
  return {{static_cast<long>(i) * points.Ny() + j, 1.0}};
}

ColumnRange MyPart(const DeviceDescription& description) {
  return MyColumns(description.comm, {0, PlanePoints(*description.lattice).Nx()});
}

}  // namespace

ElementProbes::ElementProbes(const PlanePoints& points, const DeviceDescription& description)
    : ez_(points.Ez()), omega_(description.omega) {
  for (const ElementPoint& point : description.points) {
    columns_.push_back(ProbeOf(points, point));
    if (ez_) continue;
    const domain::IndexBox box{point.at, {point.at[0] + 1, point.at[1] + 1, 1}};
    eps_.push_back(description.media.sample(point.component, box).front());
  }
}

std::vector<Complex> ElementProbes::Scale(const std::vector<Complex>& eps_change) const {
  std::vector<Complex> scale(columns_.size(), 1.0);
  if (ez_) return scale;
  for (size_t p = 0; p < eps_.size(); ++p) {
    scale[p] = Complex(0, 1) / (omega_ * (eps_[p] + eps_change[p]));
  }
  return scale;
}

MonolithicDevice::MonolithicDevice(const DeviceDescription& description)
    : description_(description),
      points_(*description.lattice),
      solver_(description.comm, description.solver),
      fixed_(points_, description.media, MyPart(description)) {
  ports_ = SolvePorts(description_.comm, points_, description_.media, description_.omega,
                      description_.ports, *description_.known);
  sources_ = PortSources(points_, ports_);
  elements_ = ElementProbes(points_, description_);
  Program(std::vector<Complex>(description_.points.size(), 0.0));
}

void MonolithicDevice::Program(const std::vector<Complex>& eps_change) {
  base::Require(eps_change.size() == description_.points.size(), "one change per point");
  Coefficients programmed = fixed_;
  scale_ = elements_.Scale(eps_change);
  for (size_t p = 0; p < eps_change.size(); ++p) {
    const ElementPoint& point = description_.points[p];
    programmed.Change(points_, {point.component, point.at, eps_change[p]});
  }
  const Stencil stencil(points_, programmed, description_.omega);
  op_ = AssembleOperator(description_.comm, stencil, {0, points_.Nx()});
  solver_.Factor(op_);
}

Response MonolithicDevice::Launch(const Eigen::MatrixXcd& launched) {
  Response response;
  const std::vector<SparseColumn>& probes = elements_.Columns();
  response.points.resize(static_cast<long>(probes.size()), launched.cols());
  response.outgoing.resize(launched.rows(), launched.cols());
  const long block = solver_.ColumnsPerBlock();
  for (long begin = 0; begin < launched.cols(); begin += block) {
    const long count = std::min<long>(block, launched.cols() - begin);
    const MatHandle x = solver_.Solve(
        CombinedBlock(description_.comm, op_, sources_, launched.middleCols(begin, count)));
    response.points.middleCols(begin, count) = Measure(description_.comm, probes, x);
    response.outgoing.middleCols(begin, count) =
        Complex(0, 1) / (4 * description_.omega) * Measure(description_.comm, sources_, x);
  }
  for (size_t p = 0; p < probes.size(); ++p) {
    response.points.row(static_cast<long>(p)) *= scale_[p];
  }
  for (size_t p = 0; p < ports_.size(); ++p) {
    const auto row = static_cast<long>(p);
    response.outgoing.row(row) -= ports_[p].direct * launched.row(row);
  }
  return response;
}

}  // namespace symwave::solvers::fdfd
