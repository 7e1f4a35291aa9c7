#include "jobs/simulate/time/views.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Complex;
using domain::Component;

/// The part of one plane of a box that this rank's block has, thinned, [first axis][second axis].
struct PlanePart {
  domain::IndexBox whole;
  int normal, first, second;  ///< axes
  int index;                  ///< of the plane
  int stride;

  size_t Total(int axis) const {
    return static_cast<size_t>((whole.Extent(axis) + stride - 1) / stride);
  }
  /// Numbers of thinned points of this rank along an axis: [begin, end).
  std::array<int, 2> Range(const domain::IndexBox& mine, int axis) const {
    const auto up = [&](int i) { return (i - whole.lo[axis] + stride - 1) / stride; };
    return {up(mine.lo[axis]), up(mine.hi[axis])};
  }
  io::Slab SlabOf(const domain::IndexBox& mine) const {
    const auto a = Range(mine, first), b = Range(mine, second);
    const bool empty = mine.Empty() || index < mine.lo[normal] || index >= mine.hi[normal] ||
                       a[1] <= a[0] || b[1] <= b[0];
    io::Slab slab{{Total(first), Total(second)}, {0, 0}, {0, 0}};
    if (empty) return slab;
    slab.offset = {static_cast<hsize_t>(a[0]), static_cast<hsize_t>(b[0])};
    slab.count = {static_cast<hsize_t>(a[1] - a[0]), static_cast<hsize_t>(b[1] - b[0])};
    return slab;
  }
  /// The points of this rank's part, in the order of the slab.
  template <class Visit>
  void ForEach(const io::Slab& slab, Visit&& visit) const {
    std::array<int, 3> point{};
    point[normal] = index;
    for (hsize_t a = 0; a < slab.count[0]; ++a) {
      point[first] = whole.lo[first] + static_cast<int>(slab.offset[0] + a) * stride;
      for (hsize_t b = 0; b < slab.count[1]; ++b) {
        point[second] = whole.lo[second] + static_cast<int>(slab.offset[1] + b) * stride;
        visit(point);
      }
    }
  }
};

constexpr double kViewPoints = 5e5;

PlanePart PlaneOf(const domain::IndexBox& whole, int normal, int index) {
  PlanePart plane{whole, normal, normal == 0 ? 1 : 0, normal == 2 ? 1 : 2, index, 1};
  const auto points = [&] {
    return static_cast<double>(plane.Total(plane.first)) * plane.Total(plane.second);
  };
  while (points() > kViewPoints) ++plane.stride;
  return plane;
}

/// The box that the blocks of all ranks fill.
domain::IndexBox Hull(MPI_Comm comm, const domain::IndexBox& mine) {
  std::array<int, 6> ends{};
  for (int axis = 0; axis < 3; ++axis) {
    ends[axis] = mine.Empty() ? std::numeric_limits<int>::max() : mine.lo[axis];
    ends[3 + axis] = mine.Empty() ? std::numeric_limits<int>::max() : -mine.hi[axis];
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, ends.data(), 6, MPI_INT, MPI_MIN, comm));
  return {{ends[0], ends[1], ends[2]}, {-ends[3], -ends[4], -ends[5]}};
}

/// The node of the box nearest to a coordinate.
int NodeIn(const domain::Lattice& lattice, const domain::IndexBox& box, int axis, double position) {
  return std::clamp(lattice.NearestNode(axis, position), box.lo[axis], box.hi[axis] - 1);
}

/// +1 and -1 where the field on the side of a mirror plane that is not computed has the same and
/// the opposite sign, 0 where the axis begins at no such plane. The tangential E and the normal H
/// are odd about a PEC plane; the others are even, and all the other way round about a PMC plane.
int MirrorSign(const domain::Lattice& lattice, Component component, int axis) {
  const domain::AxisEnd& end = lattice.End(axis, 0);
  if (end.pml_cells > 0 || end.wall == domain::Wall::Periodic) return 0;
  // Without a mirror plane the lattice is centred on 0.
  if (std::abs(lattice.Node(axis, 0)) > 1e-9 * lattice.Along(axis).Length()) return 0;
  const bool normal = static_cast<int>(domain::DirectionOf(component)) == axis;
  const bool odd_about_pec = normal != domain::IsElectric(component);
  return odd_about_pec == (end.wall == domain::Wall::Pec) ? -1 : 1;
}

/// |E| of a point; the components lie up to half a cell from its node.
float Modulus(const solvers::fdtd::DftBlock& block, int omega, const std::array<int, 3>& p) {
  double power = 0;
  for (size_t c = 0; c < block.components.size(); ++c) {
    if (!domain::IsElectric(block.components[c])) continue;
    power += std::norm(block.At(static_cast<int>(c), omega, p[0], p[1], p[2]));
  }
  return static_cast<float>(std::sqrt(power));
}

/// Field and, where several components of E are there, |E| of every input on a plane.
void WriteViewFields(io::Hdf5File& file, const std::string& group,
                     const std::vector<std::vector<solvers::fdtd::DftBlock>>& fields, size_t box,
                     int component, int omega, const PlanePart& plane, const io::Slab& slab) {
  std::vector<std::complex<float>> values;
  std::vector<float> modulus;
  for (const auto& blocks : fields) {
    const solvers::fdtd::DftBlock& block = blocks[box];
    plane.ForEach(slab, [&](const std::array<int, 3>& p) {
      values.emplace_back(block.At(component, omega, p[0], p[1], p[2]));
      modulus.push_back(Modulus(block, omega, p));
    });
  }
  const hsize_t np = fields.size();
  const io::Slab whole{{np, slab.global[0], slab.global[1]},
                       {0, slab.offset[0], slab.offset[1]},
                       {np, slab.count[0], slab.count[1]}};
  file.WriteSlab(group + "/field", values.data(), whole, {"1", "for each input"});
  const auto& kept = fields.front()[box].components;
  if (std::count_if(kept.begin(), kept.end(), domain::IsElectric) < 2) return;
  file.WriteSlab(group + "/modulus", modulus.data(), whole, {"1", "|E| for each input"});
}

/// Number of the component that holds most of the first input's field.
int StrongestComponent(MPI_Comm comm, const std::vector<solvers::fdtd::DftBlock>& blocks,
                       int omega) {
  std::vector<double> power(blocks.front().components.size(), 0.0);
  for (const solvers::fdtd::DftBlock& block : blocks) {
    const auto count = static_cast<size_t>(block.box.Count());
    for (size_t c = 0; c < power.size(); ++c) {
      const size_t row = (c * block.omegas.size() + omega) * count;
      for (size_t k = 0; k < count; ++k) power[c] += std::norm(block.values[row + k]);
    }
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, power.data(), static_cast<int>(power.size()), MPI_DOUBLE,
                          MPI_SUM, comm));
  return static_cast<int>(std::max_element(power.begin(), power.end()) - power.begin());
}

void WriteView(io::Hdf5File& file, const std::string& group,
               const device::TimeDomainProblem& problem,
               const std::vector<std::vector<solvers::fdtd::DftBlock>>& fields, size_t box,
               int component, int omega, const PlanePart& plane) {
  const solvers::fdtd::DftBlock& first = fields.front()[box];
  const domain::IndexBox& mine = first.box;
  const Component name = first.components[component];
  const io::Slab slab = plane.SlabOf(mine);
  const std::pair<const char*, int> coordinates[] = {{"x", plane.first}, {"y", plane.second}};
  for (const auto& [key, axis] : coordinates) {
    std::vector<double> positions;
    for (int i = plane.whole.lo[axis]; i < plane.whole.hi[axis]; i += plane.stride) {
      positions.push_back(problem.lattice.Position(name, axis, i));
    }
    file.Write(group + "/" + key, positions, {}, {"um", std::string("along ") + "xyz"[axis]});
  }
  domain::IndexBox cut = mine;
  cut.lo[plane.normal] = plane.index;
  cut.hi[plane.normal] = slab.count[0] > 0 ? plane.index + 1 : plane.index;
  const std::vector<float> index = IndexOn(problem, cut, first.omegas[omega]);
  std::vector<float> thin;
  plane.ForEach(slab, [&](const std::array<int, 3>& p) {
    thin.push_back(index[static_cast<size_t>(cut.Offset(p[0], p[1], p[2]))]);
  });
  file.WriteSlab(group + "/index", thin.data(), slab, {"1", "real part of the refractive index"});
  WriteViewFields(file, group, fields, box, component, omega, plane, slab);
  const std::vector<std::int32_t> mirror{MirrorSign(problem.lattice, name, plane.first),
                                         MirrorSign(problem.lattice, name, plane.second)};
  file.WriteAttribute(group, "mirror", mirror);
  file.WriteAttribute(group, "wavelength", 2 * M_PI / fields.front()[box].omegas[omega]);
  file.WriteAttribute(group, "component", domain::NameOf(name));
  file.WriteAttribute(group, "axes",
                      std::string{"xyz"[plane.first]} + std::string{"xyz"[plane.second]});
  file.WriteAttribute(group, "position", problem.lattice.Node(plane.normal, plane.index));
}

/// Permittivity on the points of the first electric component that the lattice has.
std::vector<Complex> EpsOn(const device::TimeDomainProblem& problem, const domain::IndexBox& box,
                           double omega) {
  if (box.Empty()) return {};
  const Component component = problem.lattice.Has(Component::Ex) ? Component::Ex : Component::Ez;
  const domain::MediumBlock block = problem.media.sample(component, box);
  std::vector<Complex> eps(block.eps.begin(), block.eps.end());
  for (const auto& dispersive : block.dispersive) {
    const domain::Medium& medium = problem.media.media[dispersive.medium];
    const Complex chi =
        medium.Permittivity(omega) - medium.eps_inf - Complex(0, medium.conductivity / omega);
    for (size_t k = 0; k < eps.size(); ++k) eps[k] += dispersive.share[k] * chi;
  }
  for (size_t k = 0; k < block.conductivity.size(); ++k) {
    eps[k] += Complex(0, block.conductivity[k] / omega);
  }
  return eps;
}

/// What `values_on` the points of that component are on nodes: the mean of both sides where it
/// stands on halves.
template <class ValuesOn>
std::vector<float> OnNodes(const domain::Lattice& lattice, const domain::IndexBox& box,
                           const ValuesOn& values_on) {
  std::vector<float> values = values_on(box);
  if (box.Empty() || !lattice.Has(Component::Ex)) return values;
  domain::IndexBox below = box;
  const int shift = box.lo[0] > 0 ? 1 : 0;
  below.lo[0] -= shift;
  below.hi[0] -= shift;
  const std::vector<float> before = values_on(below);
  for (size_t k = 0; k < values.size(); ++k) values[k] = 0.5F * (values[k] + before[k]);
  return values;
}

}  // namespace

std::vector<float> IndexOn(const device::TimeDomainProblem& problem, const domain::IndexBox& box,
                           double omega) {
  std::vector<float> index;
  for (const Complex& eps : EpsOn(problem, box, omega)) {
    index.push_back(static_cast<float>(std::sqrt(eps).real()));
  }
  return index;
}

std::vector<float> IndexOnNodes(const device::TimeDomainProblem& problem,
                                const domain::IndexBox& box, double omega) {
  return OnNodes(problem.lattice, box,
                 [&](const domain::IndexBox& at) { return IndexOn(problem, at, omega); });
}

std::vector<float> PermittivityOnNodes(const device::TimeDomainProblem& problem,
                                       const domain::IndexBox& box, double omega) {
  return OnNodes(problem.lattice, box, [&](const domain::IndexBox& at) {
    std::vector<float> real;
    for (const Complex& eps : EpsOn(problem, at, omega)) {
      real.push_back(static_cast<float>(eps.real()));
    }
    return real;
  });
}

std::vector<domain::IndexBox> ViewBoxes(const domain::Lattice& lattice,
                                        const domain::IndexBox& whole,
                                        const std::array<double, 3>& through) {
  if (lattice.TwoDimensional()) return {whole};
  std::vector<domain::IndexBox> planes;
  for (int normal = 2; normal >= 0; --normal) {
    planes.push_back(whole);
    planes.back().lo[normal] = NodeIn(lattice, whole, normal, through[normal]);
    planes.back().hi[normal] = planes.back().lo[normal] + 1;
  }
  return planes;
}

void WriteViews(io::Hdf5File& file, const device::TimeDomainProblem& problem,
                const std::vector<std::vector<solvers::fdtd::DftBlock>>& fields, int omega_number,
                const std::array<double, 3>& through) {
  if (fields.empty()) return;
  const int component = StrongestComponent(file.Comm(), fields.front(), omega_number);
  const char* groups[] = {"/view_yz", "/view_xz", "/view"};
  for (size_t box = 0; box < fields.front().size(); ++box) {
    const domain::IndexBox whole = Hull(file.Comm(), fields.front()[box].box);
    if (whole.Empty()) continue;
    for (int normal = 2; normal >= 0; --normal) {
      const PlanePart plane =
          PlaneOf(whole, normal, NodeIn(problem.lattice, whole, normal, through[normal]));
      if (whole.Extent(plane.first) < 2 || whole.Extent(plane.second) < 2) continue;
      WriteView(file, groups[normal], problem, fields, box, component, omega_number, plane);
    }
  }
}

}  // namespace symwave::jobs::simulate::time
