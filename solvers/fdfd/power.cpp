#include "solvers/fdfd/power.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/messages.hpp"
#include "solvers/fdfd/block_access.hpp"

namespace symwave::solvers::fdfd {

using domain::AxisName;

namespace {

/// Cells [x_begin, x_end) x [y_begin, y_end) whose outer faces form the closed surface.
struct BalanceBox {
  int x_begin, x_end, y_begin, y_end;
};

BalanceBox MakeBox(const domain::Grid& grid, const std::vector<PortMode>& ports) {
  BalanceBox box{grid.PmlCells(AxisName::X), grid.Nx() - grid.PmlCells(AxisName::X),
                 grid.PmlCells(AxisName::Y), grid.Ny() - grid.PmlCells(AxisName::Y)};
  for (const PortMode& port : ports) {
    const int plane = port.line.plane;
    if (port.line.normal == AxisName::X) {
      if (port.line.forward) box.x_begin = std::max(box.x_begin, plane + 1);
      if (!port.line.forward) box.x_end = std::min(box.x_end, plane);
    } else {
      if (port.line.forward) box.y_begin = std::max(box.y_begin, plane + 1);
      if (!port.line.forward) box.y_end = std::min(box.y_end, plane);
    }
  }
  return box;
}

/// One side of the box: pairs of unknowns (inner, outer) and the face coefficient between them.
struct BoxSide {
  std::vector<long> inner, outer;
  std::vector<Complex> coefficient;
  std::vector<int> across;  ///< cell index along the side
  AxisName normal = AxisName::X;
  bool at_begin = true;
  int outer_layer = 0;  ///< index along `normal` of the outer cells
};

/// The coefficients of a face are known where its columns are; shared by a sum over ranks.
void ShareCoefficients(MPI_Comm comm, std::vector<Complex>& values) {
  base::SumInPlace(comm, values.data(), values.size());
}

BoxSide SideAcrossX(const Stencil& stencil, domain::ColumnRange mine, const BalanceBox& box,
                    bool at_begin) {
  const long ny = stencil.Grid().Ny();
  BoxSide side;
  side.at_begin = at_begin;
  const int face = at_begin ? box.x_begin : box.x_end;
  if (face == 0 || face == stencil.Grid().Nx()) return side;  // a wall: no flux
  const int inside = at_begin ? face : face - 1;
  const int outside = at_begin ? face - 1 : face;
  side.outer_layer = outside;
  for (int j = box.y_begin; j < box.y_end; ++j) {
    side.inner.push_back(inside * ny + j);
    side.outer.push_back(outside * ny + j);
    side.across.push_back(j);
    const bool known = inside >= mine.begin && inside < mine.end;
    side.coefficient.push_back(known ? stencil.FluxX(face, j) : Complex(0.0));
  }
  return side;
}

BoxSide SideAcrossY(const Stencil& stencil, domain::ColumnRange mine, const BalanceBox& box,
                    bool at_begin) {
  const long ny = stencil.Grid().Ny();
  BoxSide side;
  side.at_begin = at_begin;
  side.normal = AxisName::Y;
  const int face = at_begin ? box.y_begin : box.y_end;
  if (face == 0 || face == stencil.Grid().Ny()) return side;
  const int inside = at_begin ? face : face - 1;
  const int outside = at_begin ? face - 1 : face;
  side.outer_layer = outside;
  for (int i = box.x_begin; i < box.x_end; ++i) {
    side.inner.push_back(i * ny + inside);
    side.outer.push_back(i * ny + outside);
    side.across.push_back(i);
    const bool known = i >= mine.begin && i < mine.end;
    side.coefficient.push_back(known ? stencil.FluxY(i, face) : Complex(0.0));
  }
  return side;
}

/// Flux out of the box through one face, without what the face itself dissipates: with this one the
/// sum over the cells of the box obeys Poynting's theorem of the lattice to rounding.
double FluxOut(Complex coefficient, Complex inner, Complex outer, double omega) {
  return std::imag(coefficient * std::conj(inner) * (outer - inner)) / (2 * omega);
}

/// Takes the light that the port modes carry out of the fields on one layer of cells along a side
/// of the box, `distance` layers from that of the port into the device.
void SubtractMode(const PortFields& solved, size_t number, int distance,
                  const std::vector<int>& across, Eigen::MatrixXcd& fields) {
  const PortMode& port = solved.ports[number];
  const Complex phase =
      port.reference * std::exp(Complex(0, distance) * port.mode.wave_number * port.layer);
  for (size_t k = 0; k < across.size(); ++k) {
    if (across[k] < port.line.begin || across[k] >= port.line.end) continue;
    const Complex profile = port.mode.profile[across[k] - port.line.begin];
    for (long a = 0; a < fields.cols(); ++a) {
      const bool launched = static_cast<size_t>(solved.first + a) == number;
      const Complex in = launched ? phase : Complex(0.0);
      fields(static_cast<long>(k), a) -= (in + solved.s(number, a) / phase) * profile;
    }
  }
}

bool StandsOn(const BoxSide& side, const domain::PortLine& line) {
  return line.normal == side.normal && line.forward == side.at_begin;
}

/// Layers from the outer cells of a side to where FluxOut counts: Ez loses power in cells, Hz on
/// the faces between them.
double FluxDepth(const Stencil& stencil) {
  return stencil.Grid().Pol() == domain::Polarization::Ez ? 0.5 : 1.0;
}

/// Power of unit amplitude of each port mode that enters through a side of the box, as the lattice
/// counts it: 1 in lossless guides; where 1/eps is complex, |S|^2 alone is not power.
void AddModeFlux(const Stencil& stencil, const BoxSide& side, const std::vector<PortMode>& ports,
                 Eigen::VectorXd& flux) {
  for (size_t p = 0; p < ports.size(); ++p) {
    const PortMode& port = ports[p];
    if (!StandsOn(side, port.line)) continue;
    const Complex step = std::exp(Complex(0, 1) * port.mode.wave_number * port.layer);
    double sum = 0;
    for (size_t k = 0; k < side.across.size(); ++k) {
      if (side.across[k] < port.line.begin || side.across[k] >= port.line.end) continue;
      const Complex profile = port.mode.profile[side.across[k] - port.line.begin];
      sum -= FluxOut(side.coefficient[k], profile * step, profile, stencil.Omega());
    }
    flux[static_cast<long>(p)] = sum / std::pow(std::abs(step), 2 * FluxDepth(stencil));
  }
}

/// Flux per input out of one side of the box by what the port modes do not carry.
Eigen::VectorXd UnguidedFlux(MPI_Comm comm, const Stencil& stencil, const BoxSide& side,
                             const PortFields& solved) {
  Eigen::MatrixXcd inner = GatherRows(comm, solved.fields, side.inner);
  Eigen::MatrixXcd outer = GatherRows(comm, solved.fields, side.outer);
  for (size_t p = 0; p < solved.ports.size(); ++p) {
    const domain::PortLine& line = solved.ports[p].line;
    if (!StandsOn(side, line)) continue;
    const int distance = std::abs(side.outer_layer - line.plane);
    SubtractMode(solved, p, distance, side.across, outer);
    SubtractMode(solved, p, distance + 1, side.across, inner);
  }
  Eigen::VectorXd flux = Eigen::VectorXd::Zero(inner.cols());
  for (long k = 0; k < inner.rows(); ++k) {
    for (long a = 0; a < inner.cols(); ++a) {
      flux[a] += FluxOut(side.coefficient[k], inner(k, a), outer(k, a), stencil.Omega());
    }
  }
  return flux;
}

/// Power per input that port modes lose in absorbing guides between the ports' planes and a side of
/// the box: what they carry in there, and out of it here.
Eigen::VectorXd LostInGuides(const Stencil& stencil, const BoxSide& side, const PortFields& solved,
                             const Eigen::VectorXd& flux) {
  const std::vector<PortMode>& ports = solved.ports;
  const Eigen::MatrixXcd& s = solved.s;
  Eigen::VectorXd lost = Eigen::VectorXd::Zero(s.cols());
  for (size_t p = 0; p < ports.size(); ++p) {
    const domain::PortLine& line = ports[p].line;
    if (!StandsOn(side, line)) continue;
    const double way =
        (std::abs(side.outer_layer - line.plane) + FluxDepth(stencil)) * ports[p].layer -
        line.offset;
    const double share = std::exp(-2 * way * ports[p].mode.wave_number.imag());
    const auto row = static_cast<long>(p);
    const long launched = row - solved.first;
    if (launched >= 0 && launched < s.cols()) lost[launched] += flux[row] * (1 - share);
    for (long a = 0; a < s.cols(); ++a) {
      lost[a] += flux[row] * std::norm(s(row, a)) * (1 / share - 1);
    }
  }
  return lost;
}

/// Power dissipated in the box, this rank's columns.
Eigen::VectorXd Dissipated(const Stencil& stencil, domain::ColumnRange mine, const BalanceBox& box,
                           Mat fields, const Eigen::MatrixXcd& next_column) {
  LocalBlock local(fields);
  const auto u = local.Values();
  const int ny = stencil.Grid().Ny();
  const double omega = stencil.Omega();
  Eigen::VectorXd power = Eigen::VectorXd::Zero(u.cols());
  for (int i = std::max(mine.begin, box.x_begin); i < std::min(mine.end, box.x_end); ++i) {
    for (int j = box.y_begin; j < box.y_end; ++j) {
      const long row = (i - mine.begin) * static_cast<long>(ny) + j;
      const double loss = std::imag(stencil.Mass(i, j) * stencil.Eps().Beta(i, j));
      const double loss_x = i + 1 < box.x_end ? std::imag(stencil.FluxX(i + 1, j)) : 0.0;
      const double loss_y = j + 1 < box.y_end ? std::imag(stencil.FluxY(i, j + 1)) : 0.0;
      if (loss == 0 && loss_x == 0 && loss_y == 0) continue;
      for (long a = 0; a < u.cols(); ++a) {
        const Complex right = i + 1 < mine.end ? u(row + ny, a) : next_column(j, a);
        const Complex up = j + 1 < ny ? u(row + 1, a) : Complex(0.0);
        power[a] += (loss * std::norm(u(row, a)) - loss_x * std::norm(right - u(row, a)) -
                     loss_y * std::norm(up - u(row, a))) /
                    (2 * omega);
      }
    }
  }
  return power;
}

/// First column of the next rank (ny x fields), zero on the last; collective.
Eigen::MatrixXcd NextRanksFirstColumn(MPI_Comm comm, const domain::Grid& grid,
                                      domain::ColumnRange mine, Mat fields) {
  const int rank = base::Communicator::RankIn(comm);
  const int size = base::Communicator::SizeOf(comm);
  LocalBlock local(fields);
  const auto u = local.Values();
  Eigen::MatrixXcd first = Eigen::MatrixXcd::Zero(grid.Ny(), u.cols());
  if (mine.Count() > 0) first = u.topRows(grid.Ny());
  Eigen::MatrixXcd next = Eigen::MatrixXcd::Zero(grid.Ny(), u.cols());
  const int left = rank > 0 ? rank - 1 : MPI_PROC_NULL;
  const int right = rank + 1 < size ? rank + 1 : MPI_PROC_NULL;
  base::SendAndReceive(comm, reinterpret_cast<const double*>(first.data()), left,
                       reinterpret_cast<double*>(next.data()), right,
                       2 * static_cast<size_t>(first.size()));
  return next;
}

}  // namespace

std::vector<PowerBalance> BalancePower(MPI_Comm comm, const Stencil& stencil,
                                       domain::ColumnRange my_columns, const PortFields& solved) {
  const std::vector<PortMode>& ports = solved.ports;
  const Eigen::MatrixXcd& s = solved.s;
  const BalanceBox box = MakeBox(stencil.Grid(), ports);
  Eigen::VectorXd absorbed =
      Dissipated(stencil, my_columns, box, solved.fields,
                 NextRanksFirstColumn(comm, stencil.Grid(), my_columns, solved.fields));
  base::SumInPlace(comm, absorbed.data(), static_cast<size_t>(absorbed.size()));
  Eigen::VectorXd radiated = Eigen::VectorXd::Zero(s.cols());
  Eigen::VectorXd flux = Eigen::VectorXd::Ones(s.rows());  // of the modes
  for (const bool at_begin : {true, false}) {
    for (BoxSide side : {SideAcrossX(stencil, my_columns, box, at_begin),
                         SideAcrossY(stencil, my_columns, box, at_begin)}) {
      ShareCoefficients(comm, side.coefficient);
      AddModeFlux(stencil, side, ports, flux);
      absorbed += LostInGuides(stencil, side, solved, flux);
      radiated += UnguidedFlux(comm, stencil, side, solved);
    }
  }

  std::vector<PowerBalance> balance(s.cols());
  for (long a = 0; a < s.cols(); ++a) {
    PowerBalance& power = balance[a];
    const double launched = flux[solved.first + a];
    power.reflected = std::norm(s(solved.first + a, a));
    power.transmitted = s.col(a).squaredNorm() - power.reflected;
    power.radiated = radiated[a] / launched;
    power.absorbed = absorbed[a] / launched;
    const double guided = s.col(a).cwiseAbs2().dot(flux) / launched;
    power.balance_error = std::abs(1 - guided - power.radiated - power.absorbed);
  }
  return balance;
}

}  // namespace symwave::solvers::fdfd
