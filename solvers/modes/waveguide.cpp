#include "solvers/modes/waveguide.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/count.hpp"
#include "solvers/modes/plane_medium.hpp"
#include "solvers/modes/plane_modes.hpp"
#include "solvers/modes/profile_sign.hpp"
#include "solvers/modes/waveguide_operator.hpp"
#include "solvers/modes/waveguide_pairs.hpp"

namespace symwave::solvers::modes {

using domain::Component;
using domain::IndexBox;

namespace {

using domain::kI;

void CheckRequest(const domain::Lattice& lattice, const WaveguidePlane& plane, double omega,
                  double dt, int count) {
  if (!(omega > 0) || !std::isfinite(omega)) {
    base::Fail("modes were asked for at omega = {}; it must be positive", omega);
  }
  if (!(dt >= 0) || omega * dt >= M_PI) {
    base::Fail(
        "modes were asked for with a time step of {} um at omega = {}; omega dt must lie in "
        "0 .. pi: take a smaller time step or cell",
        dt, omega);
  }
  if (count < 1) base::Fail("{} modes were asked for; it must be at least 1", count);
  const int axes = lattice.TwoDimensional() ? 2 : 3;
  if (plane.axis < 0 || plane.axis >= axes) {
    base::Fail("a plane of modes has normal axis {}; a {}D lattice has axes 0 to {}", plane.axis,
               axes, axes - 1);
  }
}

void CheckPlane(const domain::Lattice& lattice, const WaveguidePlane& plane) {
  const IndexBox& box = plane.box;
  if (box.lo[plane.axis] != plane.node || box.hi[plane.axis] != plane.node + 1) {
    base::Fail(
        "a plane of modes at node {} has a box of {} .. {} along its normal; it must hold "
        "that node alone",
        plane.node, box.lo[plane.axis], box.hi[plane.axis]);
  }
  for (int d = 0; d < 3; ++d) {
    const int points = lattice.Points(d);
    if (box.lo[d] < 0 || box.hi[d] > points || box.Extent(d) == 0) {
      base::Fail(
          "a plane of modes takes points {} .. {} of the {} axis, which has points 0 .. {}: "
          "move or shrink it",
          box.lo[d], box.hi[d] - 1, "xyz"[d], points - 1);
    }
    if (d != plane.axis && lattice.BlochPhase(d) != 0) {
      base::Fail(
          "modes of a plane across a Bloch phase along {} are not available: make that axis "
          "periodic without a phase",
          "xyz"[d]);
    }
  }
  const double before = lattice.CellWidth(plane.axis, plane.node - 1);
  const double behind = lattice.CellWidth(plane.axis, plane.node);
  if (std::abs(before - behind) > 1e-9 * behind) {
    base::Fail(
        "a plane of modes lies between cells of {} and {} um along {}; they must be equal: "
        "make the spacing uniform around the port",
        before, behind, "xyz"[plane.axis]);
  }
}

PlaneLine LineOfPlane(const domain::Lattice& lattice, const WaveguidePlane& plane, int axis) {
  const int lo = plane.box.lo[axis], hi = plane.box.hi[axis];
  PlaneLine line = LineOfAxis(lattice, axis, lo, hi);
  if (plane.curve.axis != axis) return line;
  for (int i = lo; i < hi; ++i) {
    line.way_at_node.push_back(plane.curve.WayAt(lattice.Node(axis, i)));
    line.way_at_half.push_back(i + 1 < hi ? plane.curve.WayAt(lattice.HalfNode(axis, i))
                                          : line.way_at_node.back());
  }
  return line;
}

PlaneFields FieldsOf(const domain::Lattice& lattice, const PlaneAxes& axes) {
  return {lattice.Has(domain::ElectricAlong(axes.u)), lattice.Has(domain::ElectricAlong(axes.v)),
          lattice.Has(domain::ElectricAlong(axes.n)), lattice.Has(domain::MagneticAlong(axes.n))};
}

/// The medium of row `fixed` of axis 0 (u) or 1 (v) of a plane, as a plane without variation along
/// that axis; the half that is sampled there is `half`.
PlaneMedium EdgeMedium(const PlaneOperator& op, int axis, int node, int half) {
  const int nu = op.U().Points();
  const int length = axis == 0 ? op.V().Points() : nu;
  PlaneMedium edge;
  for (int k = 0; k < 3; ++k) {
    const int fixed = k == axis ? half : node;
    for (int m = 0; m < length; ++m) {
      const int point = axis == 0 ? m * nu + fixed : fixed * nu + m;
      edge.eps[k].push_back(op.Medium().eps[k][point]);
      edge.slope[k].push_back(op.Medium().slope[k][point]);
    }
  }
  return edge;
}

/// Largest kappa^2 that waves can have in the medium at one edge of a plane, taken as a stack of
/// layers that goes on for ever.
double EdgeKappa2(const PlaneOperator& op, const PlaneFields& fields, int axis, int node,
                  int half) {
  const bool u_fixed = axis == 0;
  const double way = op.Way(2, u_fixed ? node : 0, u_fixed ? 0 : node);
  PlaneMedium medium = EdgeMedium(op, axis, node, half);
  double low = INFINITY;
  double high = -INFINITY;
  const std::array<bool, 3> present{fields.e_u, fields.e_v, fields.e_n};
  for (int k = 0; k < 3; ++k) {
    if (!present[k]) continue;
    for (const Complex& eps : medium.eps[k]) {
      low = std::min(low, eps.real());
      high = std::max(high, eps.real());
    }
  }
  const double w2 = op.Frequency() * op.Frequency();
  const PlaneLine& along = u_fixed ? op.V() : op.U();
  if (along.way_at_node.empty() && high - low <= 1e-9 * std::abs(high))
    return w2 * way * way * high;
  const PlaneOperator stack(u_fixed ? UniformLine(way) : along, u_fixed ? along : UniformLine(way),
                            std::move(medium), fields, op.Frequency());
  return LargestPairs(MPI_COMM_SELF, stack, 1).at(0).kappa2.real();
}

/// kappa^2 above which nothing radiates through the open edges of a plane, and the edge at which
/// waves have it: axis u or v, side -1 or 1 (0: no edge is open).
struct Threshold {
  double kappa2 = 0;
  int axis = 0;
  int side = 0;
};

Threshold RadiationThreshold(const PlaneOperator& op, const PlaneFields& fields) {
  Threshold threshold;
  const auto edge = [&](bool open, int axis, int node, int half) {
    if (!open) return;
    const double kappa2 = EdgeKappa2(op, fields, axis, node, half);
    if (kappa2 > threshold.kappa2) threshold = {kappa2, axis, node == 0 ? -1 : 1};
  };
  for (int axis = 0; axis < 2; ++axis) {
    const PlaneLine& line = axis == 0 ? op.U() : op.V();
    const int last = line.Points() - 1;
    edge(line.open_begin, axis, 0, 0);
    edge(line.open_end, axis, last, std::max(0, last - 1));
  }
  return threshold;
}

/// cos(beta h / 2 s) of the half planes beside a point.
Complex MeanPhase(const WaveguideMode& mode, double way) {
  return std::cos(0.5 * mode.cell * mode.beta / way);
}

/// Fields at unit power, e_n that of the straight guide which the operator stands for, from the
/// transverse d of a pair, which is returned at unit power.
std::vector<Complex> SetFields(const PlaneOperator& op, const PlanePair& pair,
                               WaveguideMode& mode) {
  const double w = op.Frequency();
  const double s = AxesOfPlane(mode.plane.axis).orientation;
  Complex kappa = std::sqrt(pair.kappa2);
  if (kappa.imag() < 0 && -kappa.imag() > kappa.real()) kappa = -kappa;
  mode.beta = 2.0 / mode.cell * std::asin(0.5 * mode.cell * kappa);
  const Complex average = MeanPhase(mode, 1);

  std::vector<Complex> d = pair.d;
  std::vector<Complex> e = op.Electric(d);
  const std::vector<Complex> flux = op.Stiffness(d);
  Complex power = 0;
  for (size_t k = 0; k < e.size(); ++k) power += e[k] * flux[k];
  const Complex scale = 1.0 / std::sqrt(power * average / (2.0 * w * kappa));
  for (Complex& value : e) value *= scale;
  const double sign = SignOfProfile(e);
  for (Complex& value : e) value *= sign;
  for (Complex& value : d) value *= sign * scale;

  mode.e_u = op.Spread(e, 0);
  mode.e_v = op.Spread(e, 1);
  mode.e_n = op.ScaledCharge(d);
  for (Complex& value : mode.e_n) value *= -kI / kappa;
  mode.h_n = op.Curl(e);
  // M_e^-1 K d = orientation W kappa (h_v, -h_u).
  const std::vector<Complex> stiff = op.Stiffness(d);
  mode.h_v = op.Spread(stiff, 0);
  mode.h_u = op.Spread(stiff, 1);
  for (int j = 0, p = 0; j < op.V().Points(); ++j) {
    for (int i = 0; i < op.U().Points(); ++i, ++p) {
      mode.h_n[p] *= s / (kI * w);
      const double area_u = op.Area(0, i, j);
      const double area_v = op.Area(1, i, j);
      if (area_u > 0) mode.h_v[p] *= s / (area_u * w * kappa);
      if (area_v > 0) mode.h_u[p] *= -s / (area_v * w * kappa);
    }
  }
  return d;
}

/// e_n as it is in the curved guide, h_u and h_v as WaveguideMode states them, at unit power.
void BendFields(const PlaneOperator& op, WaveguideMode& mode) {
  const Complex average = MeanPhase(mode, 1);
  const double s = AxesOfPlane(mode.plane.axis).orientation;
  Complex power = 0;
  for (int j = 0, p = 0; j < op.V().Points(); ++j) {
    for (int i = 0; i < op.U().Points(); ++i, ++p) {
      mode.e_n[p] /= op.Way(2, i, j);
      mode.h_v[p] *= MeanPhase(mode, op.Way(0, i, j)) / average;
      mode.h_u[p] *= MeanPhase(mode, op.Way(1, i, j)) / average;
      power += 0.5 * s * average *
               (mode.e_u[p] * mode.h_v[p] * op.Area(0, i, j) -
                mode.e_v[p] * mode.h_u[p] * op.Area(1, i, j));
    }
  }
  for (auto* field : {&mode.e_u, &mode.e_v, &mode.e_n, &mode.h_u, &mode.h_v, &mode.h_n}) {
    for (Complex& value : *field) value /= std::sqrt(power);
  }
}

/// `d` is the transverse eps e, `w_slope` is dW / d omega.
void SetGroupIndex(const PlaneOperator& op, const std::vector<Complex>& d, double w_slope,
                   WaveguideMode& mode) {
  const std::vector<Complex> d_u = op.Spread(d, 0), d_v = op.Spread(d, 1);
  Complex sum = 0;
  const auto electric = [&](int k, int p, Complex e, Complex flux, double signed_area, double way) {
    const Complex slope = op.Medium().slope[k][p] * way;
    sum += signed_area * e * (w_slope * flux + op.Frequency() * slope * e);
  };
  for (int j = 0, p = 0; j < op.V().Points(); ++j) {
    for (int i = 0; i < op.U().Points(); ++i, ++p) {
      const std::array<double, 4> way{op.Way(0, i, j), op.Way(1, i, j), op.Way(2, i, j),
                                      op.Way(3, i, j)};
      const Complex d_n = op.Medium().eps[2][p] / way[2] * mode.e_n[p];
      electric(0, p, mode.e_u[p], d_u[p], op.Area(0, i, j), way[0]);
      electric(1, p, mode.e_v[p], d_v[p], op.Area(1, i, j), way[1]);
      electric(2, p, mode.e_n[p], d_n, -op.Area(2, i, j), 1 / way[2]);
      sum += w_slope * (way[1] * mode.h_u[p] * mode.h_u[p] * op.Area(1, i, j) +
                        way[0] * mode.h_v[p] * mode.h_v[p] * op.Area(0, i, j) -
                        way[3] * mode.h_n[p] * mode.h_n[p] * op.Area(3, i, j));
    }
  }
  mode.group_index = 0.25 * sum.real();
}

void SetShape(const PlaneOperator& op, WaveguideMode& mode) {
  const int nu = op.U().Points();
  double u = 0;
  double v = 0;
  double second = 0;
  double fourth = 0;
  for (int j = 0; j < op.V().Points(); ++j) {
    for (int i = 0; i < nu; ++i) {
      const int p = j * nu + i;
      u += std::norm(mode.e_u[p]) * op.Area(0, i, j);
      v += std::norm(mode.e_v[p]) * op.Area(1, i, j);
      const double area = op.Area(3, i, j);
      if (area == 0) continue;
      // |e|^2 at the centre of the cell from the points around it.
      const int q = j * nu + op.U().Next(i);
      const int above = op.V().Next(j) * nu;
      const double density =
          0.5 * (std::norm(mode.e_u[p]) + std::norm(mode.e_u[above + i])) +
          0.5 * (std::norm(mode.e_v[p]) + std::norm(mode.e_v[q])) +
          0.25 * (std::norm(mode.e_n[p]) + std::norm(mode.e_n[q]) + std::norm(mode.e_n[above + i]) +
                  std::norm(mode.e_n[above + op.U().Next(i)]));
      second += density * area;
      fourth += density * density * area;
    }
  }
  mode.te_fraction = u / (u + v);
  mode.effective_area = second * second / fourth;
}

}  // namespace

GuideCurve CurveOf(const domain::PlanePort& port) {
  if (port.bend.radius == 0) return {};
  const int axis = domain::AxisOf(port.bend.towards);
  const double way = domain::IsForward(port.bend.towards) ? port.bend.radius : -port.bend.radius;
  return {axis, port.at[static_cast<size_t>(axis)] + way, port.bend.radius,
          port.at[static_cast<size_t>(domain::AxisOf(port.faces))]};
}

PlaneAxes AxesOfPlane(int axis) {
  return axis == 0   ? PlaneAxes{0, 1, 2, 1}
         : axis == 1 ? PlaneAxes{1, 0, 2, -1}
                     : PlaneAxes{2, 0, 1, 1};
}

const std::vector<Complex>& WaveguideMode::Field(Component component) const {
  const PlaneAxes axes = AxesOfPlane(plane.axis);
  const int direction = static_cast<int>(domain::DirectionOf(component));
  const bool electric = domain::IsElectric(component);
  if (direction == axes.u) return electric ? e_u : h_u;
  if (direction == axes.v) return electric ? e_v : h_v;
  return electric ? e_n : h_n;
}

PlaneOperator OperatorOf(MPI_Comm comm, const domain::Lattice& lattice, const ModeMedia& media,
                         const ModeRequest& request) {
  const auto& [plane, omega, dt, count] = request;
  CheckRequest(lattice, plane, omega, dt, count);
  CheckPlane(lattice, plane);
  base::CheckedCast<int>(2 * plane.box.Count(), "unknowns of the modes of a plane");
  const PlaneAxes axes = AxesOfPlane(plane.axis);
  const double w = dt > 0 ? 2 * std::sin(0.5 * omega * dt) / dt : omega;
  PlaneOperator op(LineOfPlane(lattice, plane, axes.u), LineOfPlane(lattice, plane, axes.v),
                   SamplePlane(comm, lattice, media, plane), FieldsOf(lattice, axes), w);
  if (op.Unknowns() == 0) {
    base::Fail("a plane of modes with {} x {} points has none inside its walls: make it larger",
               plane.box.Extent(axes.u), plane.box.Extent(axes.v));
  }
  return op;
}

std::vector<WaveguideMode> ModesOf(MPI_Comm comm, const domain::Lattice& lattice,
                                   const PlaneOperator& op, const ModeRequest& request) {
  const auto& [plane, omega, dt, count] = request;
  const PlaneAxes axes = AxesOfPlane(plane.axis);
  const double w = op.Frequency();
  const Threshold threshold = RadiationThreshold(op, FieldsOf(lattice, axes));
  std::vector<WaveguideMode> modes;
  for (const PlanePair& pair : LargestPairs(comm, op, count)) {
    WaveguideMode mode;
    mode.plane = plane;
    mode.cell = lattice.CellWidth(plane.axis, plane.node);
    mode.guided = pair.kappa2.real() > threshold.kappa2;
    mode.edge_index = std::sqrt(threshold.kappa2) / w;
    if (threshold.side != 0) {
      mode.edge = {threshold.side < 0 ? '-' : '+', "xyz"[threshold.axis == 0 ? axes.u : axes.v]};
    }
    const std::vector<Complex> d = SetFields(op, pair, mode);
    mode.n_eff = mode.beta / omega;
    SetGroupIndex(op, d, std::cos(0.5 * omega * dt), mode);
    if (!plane.curve.Straight()) BendFields(op, mode);
    SetShape(op, mode);
    modes.push_back(std::move(mode));
  }
  return modes;
}

std::vector<WaveguideMode> SolveWaveguide(MPI_Comm comm, const domain::Lattice& lattice,
                                          const domain::MediumMap& media,
                                          const WaveguidePlane& plane, double omega, double dt,
                                          int count) {
  const ModeRequest request{plane, omega, dt, count};
  const ModeMedia at_points = ModeMediaOf(media, omega, dt);
  return ModesOf(comm, lattice, OperatorOf(comm, lattice, at_points, request), request);
}

std::vector<WaveguideMode> SolveWaveguide(MPI_Comm comm, const domain::Lattice& lattice,
                                          const domain::PermittivityMap& media,
                                          const WaveguidePlane& plane, double omega, int count) {
  const ModeRequest request{plane, omega, 0, count};
  const PlaneOperator op = OperatorOf(comm, lattice, ModeMediaOf(media), request);
  return ModesOf(comm, lattice, op, request);
}

}  // namespace symwave::solvers::modes
