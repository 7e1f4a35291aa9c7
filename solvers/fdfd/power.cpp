#include "solvers/fdfd/power.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/messages.hpp"
#include "solvers/fdfd/block_access.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// Points [x_begin, x_end) x [y_begin, y_end) whose outer faces form the closed surface.
struct BalanceBox {
  int x_begin, x_end, y_begin, y_end;
};

BalanceBox MakeBox(const PlanePoints& points, const std::vector<PortMode>& ports) {
  BalanceBox box{points.PmlPoints(0, 0), points.Nx() - points.PmlPoints(0, 1),
                 points.PmlPoints(1, 0), points.Ny() - points.PmlPoints(1, 1)};
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

/// One side of the box: pairs of unknowns (inner, outer) and the coefficient between them.
struct BoxSide {
  std::vector<long> inner, outer;
  std::vector<int> inner_across, outer_across;  ///< numbers of the points along the side
  std::vector<Complex> coefficient;
  AxisName normal = AxisName::X;
  bool at_begin = true;
  int outer_layer = 0;  ///< number along `normal` of the outer points
};

/// Pairs across the faces of a side and, where nodes on it couple, across its nodes. The
/// coefficients are known where their columns are, and shared by a sum over ranks.
class SideMaker {
 public:
  SideMaker(const Stencil& stencil, ColumnRange mine, const BalanceBox& box, int axis,
            bool at_begin)
      : stencil_(stencil), mine_(mine), axis_(axis) {
    side_.normal = static_cast<AxisName>(axis);
    side_.at_begin = at_begin;
    face_ = axis == 0 ? (at_begin ? box.x_begin : box.x_end) : (at_begin ? box.y_begin : box.y_end);
    begin_ = axis == 0 ? box.y_begin : box.x_begin;
    end_ = axis == 0 ? box.y_end : box.x_end;
    inside_ = at_begin ? face_ : face_ - 1;
    side_.outer_layer = at_begin ? face_ - 1 : face_;
  }

  /// Collective.
  BoxSide Make(MPI_Comm comm) {
    // A wall, or the neighbour of the other end: no flux.
    if (face_ == 0 || face_ == stencil_.Points().Count(axis_)) return side_;
    for (int a = begin_; a < end_; ++a) {
      const bool known = Known(a);
      Add(a, a, !known ? 0.0 : axis_ == 0 ? stencil_.FluxX(face_, a) : stencil_.FluxY(a, face_));
    }
    int coupled = stencil_.Media().Coupled() ? 1 : 0;
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &coupled, 1, MPI_INT, MPI_MAX, comm));
    for (int a = begin_ + 1; coupled != 0 && a < end_; ++a) AddNode(a);
    base::SumInPlace(comm, side_.coefficient.data(), side_.coefficient.size());
    return side_;
  }

 private:
  /// Whether this rank has the coefficients between the layers at `a`.
  bool Known(int a) const {
    const int column = axis_ == 0 ? inside_ : a;
    return column >= mine_.begin && column < mine_.end;
  }
  long Unknown(int layer, int a) const {
    const long ny = stencil_.Points().Ny();
    return axis_ == 0 ? layer * ny + a : a * ny + layer;
  }
  void Add(int inner, int outer, Complex coefficient) {
    side_.inner.push_back(Unknown(inside_, inner));
    side_.outer.push_back(Unknown(side_.outer_layer, outer));
    side_.inner_across.push_back(inner);
    side_.outer_across.push_back(outer);
    side_.coefficient.push_back(coefficient);
  }
  /// The node between the points a - 1 and a of both layers.
  void AddNode(int a) {
    Stencil::NodeForm form{};
    if (Known(a) && stencil_.Media().Coupled()) {
      form = axis_ == 0 ? stencil_.FormOfNode(face_, a) : stencil_.FormOfNode(a, face_);
    }
    const auto number = [this, a](int layer, int across) {
      const auto l = static_cast<size_t>(layer - (face_ - 1));
      const auto c = static_cast<size_t>(across - (a - 1));
      return axis_ == 0 ? l + 2 * c : c + 2 * l;
    };
    for (const int inner : {a - 1, a}) {
      for (const int outer : {a - 1, a}) {
        Add(inner, outer, -form[number(inside_, inner)][number(side_.outer_layer, outer)]);
      }
    }
  }

  const Stencil& stencil_;
  ColumnRange mine_;
  int axis_;
  int face_ = 0, begin_ = 0, end_ = 0, inside_ = 0;
  BoxSide side_;
};

/// Flux out of the box through one face, without what the face itself dissipates: with this one the
/// sum over the cells of the box obeys Poynting's theorem of the lattice to rounding.
double FluxOut(Complex coefficient, Complex inner, Complex outer, double omega) {
  return std::imag(coefficient * std::conj(inner) * (outer - inner)) / (2 * omega);
}

/// Takes the light that the port modes carry out of the fields on one layer of points along a side
/// of the box, `distance` layers from that of the port into the device.
void SubtractMode(const PortFields& solved, size_t number, int distance,
                  const std::vector<int>& across, Eigen::MatrixXcd& fields) {
  const PortMode& port = solved.ports[number];
  for (size_t k = 0; k < across.size(); ++k) {
    if (across[k] < port.line.begin || across[k] >= port.line.end) continue;
    const auto point = static_cast<size_t>(across[k] - port.line.begin);
    const Complex profile = port.mode.profile[point];
    const Complex phase = port.Phase(distance, point);
    for (long a = 0; a < fields.cols(); ++a) {
      const bool launched = static_cast<size_t>(solved.first + a) == number;
      const Complex in = launched ? phase : Complex(0.0);
      fields(static_cast<long>(k), a) -= (in + solved.s(number, a) / phase) * profile;
    }
  }
}

bool StandsOn(const BoxSide& side, const PortLine& line) {
  return line.normal == side.normal && line.forward == side.at_begin;
}

/// Layers from the outer cells of a side to where FluxOut counts: Ez loses power in cells, Hz on
/// the faces between them.
double FluxDepth(const Stencil& stencil) {
  return stencil.Points().Ez() ? 0.5 : 1.0;
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
    for (size_t k = 0; k < side.coefficient.size(); ++k) {
      const auto field = [&](int across, double way) {
        if (across < port.line.begin || across >= port.line.end) return Complex(0.0);
        const auto point = static_cast<size_t>(across - port.line.begin);
        return port.mode.profile[point] * port.mode.Phase(way, point);
      };
      sum -= FluxOut(side.coefficient[k], field(side.inner_across[k], port.layer),
                     field(side.outer_across[k], 0), stencil.Omega());
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
    const PortLine& line = solved.ports[p].line;
    if (!StandsOn(side, line)) continue;
    const int distance = std::abs(side.outer_layer - line.plane);
    SubtractMode(solved, p, distance, side.outer_across, outer);
    SubtractMode(solved, p, distance + 1, side.inner_across, inner);
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
    const PortLine& line = ports[p].line;
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

/// What the forms of nodes dissipate: Im of the form between the values at its points.
double NodeLoss(const Stencil::NodeForm& form, const std::array<Complex, 4>& u) {
  double loss = 0;
  for (size_t p = 0; p < 4; ++p) {
    for (size_t q = 0; q < 4; ++q) loss += form[p][q].imag() * (std::conj(u[p]) * u[q]).real();
  }
  return loss;
}

/// Power dissipated in the box, this rank's columns.
Eigen::VectorXd Dissipated(const Stencil& stencil, ColumnRange mine, const BalanceBox& box,
                           Mat fields, const Eigen::MatrixXcd& next_column) {
  LocalBlock local(fields);
  const auto u = local.Values();
  const int ny = stencil.Points().Ny();
  const Coefficients& media = stencil.Media();
  Eigen::VectorXd power = Eigen::VectorXd::Zero(u.cols());
  for (int i = std::max(mine.begin, box.x_begin); i < std::min(mine.end, box.x_end); ++i) {
    for (int j = box.y_begin; j < box.y_end; ++j) {
      const long row = (i - mine.begin) * static_cast<long>(ny) + j;
      const bool right_inside = i + 1 < box.x_end, up_inside = j + 1 < box.y_end;
      const double loss = std::imag(stencil.Mass(i, j) * media.Beta(i, j));
      const double loss_x = right_inside ? std::imag(stencil.FluxX(i + 1, j)) : 0.0;
      const double loss_y = up_inside ? std::imag(stencil.FluxY(i, j + 1)) : 0.0;
      const bool node =
          right_inside && up_inside && media.Coupled() && media.Gamma(i + 1, j + 1).imag() != 0;
      if (loss == 0 && loss_x == 0 && loss_y == 0 && !node) continue;
      const Stencil::NodeForm form = node ? stencil.FormOfNode(i + 1, j + 1) : Stencil::NodeForm{};
      for (long a = 0; a < u.cols(); ++a) {
        const auto right_at = [&](int above) {
          return i + 1 < mine.end ? u(row + ny + above, a) : next_column(j + above, a);
        };
        const Complex right = right_at(0);
        const Complex up = j + 1 < ny ? u(row + 1, a) : Complex(0.0);
        power[a] += loss * std::norm(u(row, a)) - loss_x * std::norm(right - u(row, a)) -
                    loss_y * std::norm(up - u(row, a));
        if (node) power[a] -= NodeLoss(form, {u(row, a), right, up, right_at(1)});
      }
    }
  }
  return power / (2 * stencil.Omega());
}

/// First column of the next rank (ny x fields), zero on the last; collective.
Eigen::MatrixXcd NextRanksFirstColumn(MPI_Comm comm, const PlanePoints& points, ColumnRange mine,
                                      Mat fields) {
  const int rank = base::Communicator::RankIn(comm);
  const int size = base::Communicator::SizeOf(comm);
  LocalBlock local(fields);
  const auto u = local.Values();
  Eigen::MatrixXcd first = Eigen::MatrixXcd::Zero(points.Ny(), u.cols());
  if (mine.Count() > 0) first = u.topRows(points.Ny());
  Eigen::MatrixXcd next = Eigen::MatrixXcd::Zero(points.Ny(), u.cols());
  const int left = rank > 0 ? rank - 1 : MPI_PROC_NULL;
  const int right = rank + 1 < size ? rank + 1 : MPI_PROC_NULL;
  base::SendAndReceive(comm, reinterpret_cast<const double*>(first.data()), left,
                       reinterpret_cast<double*>(next.data()), right,
                       2 * static_cast<size_t>(first.size()));
  return next;
}

}  // namespace

std::vector<PowerBalance> BalancePower(MPI_Comm comm, const Stencil& stencil,
                                       ColumnRange my_columns, const PortFields& solved) {
  const std::vector<PortMode>& ports = solved.ports;
  const Eigen::MatrixXcd& s = solved.s;
  const BalanceBox box = MakeBox(stencil.Points(), ports);
  Eigen::VectorXd absorbed =
      Dissipated(stencil, my_columns, box, solved.fields,
                 NextRanksFirstColumn(comm, stencil.Points(), my_columns, solved.fields));
  base::SumInPlace(comm, absorbed.data(), static_cast<size_t>(absorbed.size()));
  Eigen::VectorXd radiated = Eigen::VectorXd::Zero(s.cols());
  Eigen::VectorXd flux = Eigen::VectorXd::Ones(s.rows());  // of the modes
  for (const bool at_begin : {true, false}) {
    for (const int axis : {0, 1}) {
      const BoxSide side = SideMaker(stencil, my_columns, box, axis, at_begin).Make(comm);
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
