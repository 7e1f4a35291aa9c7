#include "training/chip/chip_scale.hpp"

#include <cmath>
#include <map>

#include "domain/base/error.hpp"
#include "domain/for_each_point.hpp"
#include "solvers/fdfd/coefficients.hpp"
#include "solvers/fdfd/port_mode.hpp"

namespace symwave::training::chip {

namespace fdfd = solvers::fdfd;
namespace modes = solvers::modes;

namespace {

using domain::Component;
using Complex = std::complex<double>;

/// The part of the first port's plane that an element changes.
struct PlanePart {
  double width = 0;  ///< about the middle of the port
  std::array<double, 2> z{0, 0};

  bool operator<(const PlanePart& o) const { return width != o.width ? width < o.width : z < o.z; }
};

PlanePart PlanePartOf(const domain::Element& element) {
  const auto [low, high] = element.Extent(1 - element.axis);
  return {high - low, element.z};
}

/// Of a line of Ez.
class LineScale {
 public:
  explicit LineScale(const solvers::FixedOptics& optics)
      : omega_(optics.omega),
        points_(*optics.lattice),
        media_(optics.media),
        port_(fdfd::SolvePorts(optics.comm, points_, optics.media, optics.omega,
                               {optics.ports.front()}, *optics.known)
                  .front()) {}

  double Of(const PlanePart& part) const {
    const fdfd::PortLine& line = port_.line;
    const int across = line.Across(), normal = line.Normal();
    const bool vertical = normal == 1;
    const fdfd::ColumnRange columns = vertical ? fdfd::ColumnRange{line.begin, line.end}
                                               : fdfd::ColumnRange{line.plane, line.plane + 1};
    const fdfd::Coefficients eps(points_, media_, columns);
    const double centre =
        0.5 * (points_.Border(across, line.begin) + points_.Border(across, line.end));
    Complex changed = 0, all = 0;
    for (int k = line.begin; k < line.end; ++k) {
      const Complex u = port_.mode.profile[static_cast<size_t>(k - line.begin)];
      const Complex weight = u * u * points_.Width(across, k);
      all += weight;
      if (std::abs(points_.Position(across, k) - centre) < 0.5 * part.width) {
        changed +=
            weight * std::sqrt(vertical ? eps.MeanEps(k, line.plane) : eps.MeanEps(line.plane, k));
      }
    }
    return (omega_ * changed / (port_.mode.FluxFactor(0) * all)).real();
  }

 private:
  double omega_;
  fdfd::PlanePoints points_;
  domain::PermittivityMap media_;
  fdfd::PortMode port_;
};

/// Of a plane with all components.
class PlaneScale {
 public:
  explicit PlaneScale(const solvers::FixedOptics& optics)
      : optics_(optics), lattice_(*optics.lattice), port_(optics.ports.front()) {
    const domain::PortPlane at = domain::LocatePort(lattice_, port_);
    const modes::WaveguidePlane plane{at.axis, at.node, at.box, {}, {}};
    const auto found =
        modes::SolveWaveguide(optics.comm, lattice_, optics.media, plane, optics.omega, 1);
    base::Require(!found.empty(), "the first port has a mode");
    mode_ = found.front();
  }

  double Of(const PlanePart& part) const {
    return IndexShare(optics_, mode_, [&](Component c, const std::array<int, 3>& p) {
      return Holds(part, c, p) ? 1.0 : 0.0;
    });
  }

 private:
  bool Holds(const PlanePart& part, Component c, const std::array<int, 3>& p) const {
    const int across = mode_.plane.axis == 0 ? 1 : 0;
    const double off = lattice_.Position(c, across, p[static_cast<size_t>(across)]) -
                       port_.at[static_cast<size_t>(across)];
    const double z = lattice_.Position(c, 2, p[2]);
    const bool height = lattice_.TwoDimensional() || (z > part.z[0] && z < part.z[1]);
    return height && std::abs(off) < 0.5 * part.width;
  }

  const solvers::FixedOptics& optics_;
  const domain::Lattice& lattice_;
  domain::PlanePort port_;
  modes::WaveguideMode mode_;
};

}  // namespace

double IndexShare(const solvers::FixedOptics& optics, const modes::WaveguideMode& mode,
                  const std::function<double(Component, const std::array<int, 3>&)>& q) {
  const domain::Lattice& lattice = *optics.lattice;
  const modes::PlaneAxes axes = modes::AxesOfPlane(mode.plane.axis);
  Complex sum = 0;
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    if (!lattice.Has(c)) continue;
    const std::vector<Complex> eps = optics.media.sample(c, mode.plane.box);
    const std::vector<Complex>& e = mode.Field(c);
    const double sign = static_cast<int>(c) == axes.n ? -1 : 1;
    domain::ForEachPoint(mode.plane.box, [&](const std::array<int, 3>& p) {
      const auto k = static_cast<size_t>(mode.plane.box.Offset(p[0], p[1], p[2]));
      const double area =
          lattice.Weight(c, axes.u, p[axes.u]) * lattice.Weight(c, axes.v, p[axes.v]);
      sum += sign * 0.5 * std::sqrt(eps[k]) * e[k] * e[k] * area * q(c, p);
    });
  }
  return sum.real();
}

std::vector<double> Confinements(const solvers::FixedOptics& optics,
                                 const std::vector<domain::Element>& elements) {
  std::map<PlanePart, double> known;
  std::function<double(const PlanePart&)> scale;
  if (optics.lattice->Fields() == domain::FieldSet::Ez) {
    scale = [of = LineScale(optics)](const PlanePart& part) { return of.Of(part); };
  } else {
    scale = [of = PlaneScale(optics)](const PlanePart& part) { return of.Of(part); };
  }
  std::vector<double> values;
  for (const domain::Element& element : elements) {
    const auto [at, fresh] = known.emplace(PlanePartOf(element), 0.0);
    if (fresh) at->second = scale(at->first);
    if (!(at->second > 0)) {
      base::Fail(
          "{}: element {} does not change the light of the first port, {}: draw it as wide "
          "as the guide",
          element.where, element.name, optics.ports.front().name);
    }
    values.push_back(at->second);
  }
  return values;
}

std::vector<Complex> IndexPerUnit(const solvers::FixedOptics& optics,
                                  const std::vector<domain::Element>& elements) {
  const std::vector<double> confinement = Confinements(optics, elements);
  std::vector<Complex> index_per_unit;
  for (size_t e = 0; e < elements.size(); ++e) {
    const double scale = 1.0 / (optics.omega * elements[e].EffectiveLength() * confinement[e]);
    index_per_unit.push_back(elements[e].attenuates ? scale * domain::kI : Complex(scale));
  }
  return index_per_unit;
}

}  // namespace symwave::training::chip
