#include "solvers/fdfd/driven_fields.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/messages.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;
using domain::Component;
using domain::IndexBox;

namespace {

/// Axis along which H is differentiated for a component of E in the plane, and the other way round.
int SlopeAxis(Component c) {
  return 1 - static_cast<int>(domain::DirectionOf(c));
}

/// (curl F)_x = d_y F_z, (curl F)_y = -d_x F_z.
double CurlSign(Component c) {
  return domain::DirectionOf(c) == AxisName::X ? 1 : -1;
}

}  // namespace

int PlaceOf(const std::vector<double>& omegas, double omega) {
  const auto same = [omega](double other) { return std::abs(other - omega) <= 1e-12 * omega; };
  const auto found = std::find_if(omegas.begin(), omegas.end(), same);
  return found == omegas.end() ? -1 : static_cast<int>(found - omegas.begin());
}

IndexBox OwnedPoints(const PlanePoints& points, ColumnRange mine) {
  IndexBox owned = points.Lattice().AllPoints();
  if (mine.begin > 0) owned.lo[0] = points.First(0) + mine.begin;
  if (mine.end < points.Nx()) owned.hi[0] = points.First(0) + mine.end;
  return owned;
}

DrivenFields::DrivenFields(MPI_Comm comm, const domain::Lattice& lattice,
                           const DirectSolverOptions& options)
    : comm_(comm),
      points_(lattice),
      mine_(ColumnsOf(comm, points_)),
      solver_(comm, SolverFor(lattice, options)) {}

int DrivenFields::AddDft(const yee::DftRequest& request) {
  yee::DftBlock block;
  block.box = domain::Intersect(request.box, OwnedPoints(points_, mine_));
  block.components = request.components;
  requests_.push_back(request);
  results_.push_back(std::move(block));
  return static_cast<int>(results_.size()) - 1;
}

void DrivenFields::Solve(double omega, const domain::PermittivityMap& media,
                         const std::vector<PointCurrent>& currents) {
  base::FaultPoint("frequency_domain/assemble");
  const Coefficients coefficients(points_, media, mine_);
  const Stencil stencil(points_, coefficients, omega);
  op_ = AssembleOperator(comm_, stencil, {0, points_.Nx()});
  solver_.Factor(op_);
  currents_.clear();
  for (const PointCurrent& current : currents) {
    currents_[{current.component, {current.point[0], current.point[1]}}] += current.value;
  }
  TakeSolution(solver_.Solve(RightHandSide(stencil, op_, currents)));
  Record(stencil, omega);
}

MatHandle DrivenFields::RightHandSide(const Stencil& stencil, Mat op,
                                      const std::vector<PointCurrent>& currents) const {
  VecHandle rhs;
  Petsc(MatCreateVecs(op, nullptr, rhs.Out()));
  const IndexBox owned = OwnedPoints(points_, mine_);
  for (const PointCurrent& current : currents) {
    const int i = current.point[0];
    if (i >= owned.lo[0] && i < owned.hi[0]) AddCurrent(stencil, current, rhs);
  }
  Petsc(VecAssemblyBegin(rhs));
  Petsc(VecAssemblyEnd(rhs));
  MatHandle block = MakeBlock(comm_, op, 1);
  LocalBlock local(block);
  const PetscScalar* values = nullptr;
  Petsc(VecGetArrayRead(rhs, &values));
  for (PetscInt row = 0; row < local.Rows(); ++row) local.Values()(row, 0) = values[row];
  Petsc(VecRestoreArrayRead(rhs, &values));
  return block;
}

void DrivenFields::AddCurrent(const Stencil& stencil, const PointCurrent& current, Vec rhs) const {
  const Complex i_omega(0, stencil.Omega());
  const int i = current.point[0] - points_.First(0), j = current.point[1] - points_.First(1);
  const auto add = [&](int column, int row, Complex value) {
    if (points_.Periodic(0)) column = (column + points_.Nx()) % points_.Nx();
    if (points_.Periodic(1)) row = (row + points_.Ny()) % points_.Ny();
    if (column < 0 || column >= points_.Nx() || row < 0 || row >= points_.Ny()) return;
    const auto unknown =
        base::CheckedCast<PetscInt>(static_cast<long>(column) * points_.Ny() + row, "unknowns");
    Petsc(VecSetValue(rhs, unknown, value, ADD_VALUES));
  };
  if (current.component == points_.Field()) {
    add(i, j, -i_omega * current.value * (points_.Width(0, i) * points_.Width(1, j)));
    return;
  }
  // Of the other kind, on a face: V curl_z is a difference of what stands on the faces beside a
  // point.
  const auto add_face = [&](Component c, int fi, int fj, Complex value) {
    const bool x = SlopeAxis(c) == 0;
    const Complex share = CurlSign(c) * value * (x ? points_.Width(1, fj) : points_.Width(0, fi));
    add(x ? fi - 1 : fi, x ? fj : fj - 1, share);
    add(fi, fj, -share);
  };
  if (points_.Ez()) {
    // Halves of Ez lie above their node.
    const bool x = SlopeAxis(current.component) == 0;
    add_face(current.component, x ? i + 1 : i, x ? j : j + 1, -current.value);
    return;
  }
  const Coefficients& media = stencil.Media();
  const bool x = domain::DirectionOf(current.component) == AxisName::X;
  add_face(current.component, i, j, (x ? media.AlphaY(i, j) : media.AlphaX(i, j)) * current.value);
  if (!media.Coupled()) return;
  // Through the nodes beside it, it acts on the other component.
  const int along = x ? 0 : 1;
  const domain::Lattice& lattice = points_.Lattice();
  const int n = x ? i : j;
  for (const int step : {0, 1}) {
    const int node_i = x ? i + step : i, node_j = x ? j : j + step;
    const double own = lattice.CellWidth(along, n);
    const double share = own / (own + lattice.CellWidth(along, n + (step == 0 ? -1 : 1)));
    const Complex value = 0.5 * media.Gamma(node_i, node_j) * share * current.value;
    if (value == 0.0) continue;
    for (const int back : {1, 0}) {
      add_face(x ? Component::Ey : Component::Ex, x ? node_i : node_i - back,
               x ? node_j - back : node_j, value);
    }
  }
}

void DrivenFields::TakeSolution(Mat solution) {
  LocalBlock local(solution);
  const long ny = points_.Ny();
  const int count = mine_.Count();
  u_ = Eigen::MatrixXcd::Zero(ny, count + 2);
  for (int c = 0; c < count; ++c) u_.col(c + 1) = local.Values().col(0).segment(c * ny, ny);
  const int rank = base::Communicator::RankIn(comm_), size = base::Communicator::SizeOf(comm_);
  const bool wraps = points_.Periodic(0);
  const int left = rank > 0 ? rank - 1 : wraps ? size - 1 : MPI_PROC_NULL;
  const int right = rank + 1 < size ? rank + 1 : wraps ? 0 : MPI_PROC_NULL;
  const auto doubles = [&](long column) {
    return reinterpret_cast<double*>(u_.col(column).data());
  };
  const auto length = 2 * static_cast<size_t>(ny);
  base::SendAndReceive(comm_, doubles(1), left, doubles(count + 1), right, length);
  base::SendAndReceive(comm_, doubles(count), right, doubles(0), left, length);
  if (!wraps) return;
  const Complex phase = std::exp(Complex(0, points_.Lattice().BlochPhase(0)));
  if (rank == 0) u_.col(0) /= phase;
  if (rank + 1 == size) u_.col(count + 1) *= phase;
}

std::vector<Complex> DrivenFields::Field() const {
  const Complex* begin = u_.data() + u_.rows();
  return std::vector<Complex>(begin, begin + u_.rows() * mine_.Count());
}

Complex DrivenFields::At(int i, int j) const {
  Complex phase = 1;
  if (points_.Periodic(1) && (j < 0 || j >= points_.Ny())) {
    const double gained = points_.Lattice().BlochPhase(1);
    phase = std::exp(Complex(0, j < 0 ? -gained : gained));
    j = (j + points_.Ny()) % points_.Ny();
  }
  if (j < 0 || j >= points_.Ny()) return 0;
  const int column = i - mine_.begin + 1;
  return column < 0 || column >= u_.cols() ? 0 : phase * u_(j, column);
}

Complex DrivenFields::Slope(const Stencil& stencil, int axis, int f, int across) const {
  const double factor = points_.FaceFactor(axis, f);
  if (factor == 0) return 0;
  const Complex difference =
      axis == 0 ? At(f, across) - At(f - 1, across) : At(across, f) - At(across, f - 1);
  return factor * difference /
         (points_.Spacing(axis, f) * points_.StretchAtFace(axis, f, stencil.Omega()));
}

Complex DrivenFields::CurrentAt(Component c, int i, int j) const {
  if (currents_.empty()) return 0;
  const auto found = currents_.find({c, {i + points_.First(0), j + points_.First(1)}});
  return found == currents_.end() ? 0 : found->second;
}

Complex DrivenFields::Displacement(const Stencil& stencil, Component c, int i, int j) const {
  const int axis = SlopeAxis(c);
  return CurlSign(c) * Slope(stencil, axis, axis == 0 ? i : j, axis == 0 ? j : i) +
         CurrentAt(c, i, j);
}

Complex DrivenFields::MeanAtNode(const Stencil& stencil, Component c, int i, int j) const {
  const int axis = static_cast<int>(domain::DirectionOf(c));  // along which c stands on halves
  const domain::Lattice& lattice = points_.Lattice();
  const int n = axis == 0 ? i : j;
  const double before = lattice.CellWidth(axis, n - 1), behind = lattice.CellWidth(axis, n);
  const Complex low = Displacement(stencil, c, axis == 0 ? i - 1 : i, axis == 1 ? j - 1 : j);
  return (before * low + behind * Displacement(stencil, c, i, j)) / (before + behind);
}

Complex DrivenFields::OverEps(const Stencil& stencil, Component c, int i, int j) const {
  const Coefficients& media = stencil.Media();
  const bool x = domain::DirectionOf(c) == AxisName::X;
  Complex value = (x ? media.AlphaY(i, j) : media.AlphaX(i, j)) * Displacement(stencil, c, i, j);
  if (!media.Coupled()) return value;
  const Component other = x ? Component::Ey : Component::Ex;
  for (const int step : {0, 1}) {
    const int node_i = x ? i + step : i, node_j = x ? j : j + step;
    const Complex gamma = media.Gamma(node_i, node_j);
    if (gamma != 0.0) value += 0.5 * gamma * MeanAtNode(stencil, other, node_i, node_j);
  }
  return value;
}

Complex DrivenFields::ValueAt(const Stencil& stencil, Component c, int i, int j) const {
  if (c == points_.Field()) return At(i, j);
  const domain::Lattice& lattice = points_.Lattice();
  for (int axis = 0; axis < 2; ++axis) {  // halves beyond the last cell carry no field
    const int n = (axis == 0 ? i : j) + points_.First(axis);
    const bool half = lattice.StaggerOf(c, axis) == domain::Stagger::Centre;
    if (half && !points_.Periodic(axis) && n >= lattice.Cells(axis)) return 0;
  }
  const Complex i_omega(0, stencil.Omega());
  if (!points_.Ez()) return OverEps(stencil, c, i, j) / -i_omega;
  const int axis = SlopeAxis(c);
  const Complex curl =
      CurlSign(c) * Slope(stencil, axis, (axis == 0 ? i : j) + 1, axis == 0 ? j : i);
  return (curl - CurrentAt(c, i, j)) / i_omega;
}

void DrivenFields::Record(const Stencil& stencil, double omega) {
  for (size_t n = 0; n < results_.size(); ++n) {
    yee::DftBlock& block = results_[n];
    const bool wanted = PlaceOf(requests_[n].omegas, omega) >= 0;
    block.omegas.assign(wanted ? 1 : 0, omega);
    block.Clear();
    if (!wanted) continue;
    for (size_t c = 0; c < block.components.size(); ++c) {
      for (int j = block.box.lo[1]; j < block.box.hi[1]; ++j) {
        for (int i = block.box.lo[0]; i < block.box.hi[0]; ++i) {
          block.values[block.Place(static_cast<int>(c), 0, i, j, 0)] =
              ValueAt(stencil, block.components[c], i - points_.First(0), j - points_.First(1));
        }
      }
    }
  }
}

}  // namespace symwave::solvers::fdfd
