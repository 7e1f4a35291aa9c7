#include "solvers/fdtd/near_to_far.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <utility>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using Vector3 = Eigen::Vector3d;

/// Radiation vectors N = int J exp(-i k r^.r') dA and L = int M exp(-i k r^.r') dA on theta^ and
/// phi^.
struct RadiationVectors {
  Complex n_theta, n_phi, l_theta, l_phi;
};

struct Frame {
  Vector3 radial, theta, phi;
};

Frame FrameOf(const Direction& d) {
  const double st = std::sin(d.theta), ct = std::cos(d.theta);
  const double sp = std::sin(d.phi), cp = std::cos(d.phi);
  return {{st * cp, st * sp, ct}, {ct * cp, ct * sp, -st}, {-sp, cp, 0}};
}

Vector3 Unit(int axis) {
  return Vector3::Unit(axis);
}

/// Adds the currents of one polarisation pair: J = n x H of its H, M = -n x E of its E.
void AddPair(const Face& face, const FacePair& pair, long w, double k, const Frame& frame,
             RadiationVectors& sum) {
  const int axis = face.normal;
  const Vector3 normal = face.sign * Unit(axis);
  const Vector3 j = normal.cross(Unit(static_cast<int>(domain::DirectionOf(pair.h))));
  const Vector3 m = -normal.cross(Unit(static_cast<int>(domain::DirectionOf(pair.e))));
  Complex electric = 0, magnetic = 0;
  for (size_t n = 0; n < pair.areas.size(); ++n) {
    const auto row = static_cast<long>(n);
    const auto& r = pair.positions[n];
    double path = 0;
    for (int d = 0; d < 3; ++d) path += frame.radial[d] * r[d];
    const Complex phase = std::polar(pair.areas[n], -k * path);
    magnetic += pair.e_values(row, w) * phase;
    electric += (pair.weight_before * pair.h_before(row, w) +
                 (1 - pair.weight_before) * pair.h_behind(row, w)) *
                phase;
  }
  // What the interpolation to the plane makes of a wave to this direction, or from it.
  const double along = k * frame.radial[axis];
  electric /= pair.weight_before * std::cos(along * (pair.plane - pair.before)) +
              (1 - pair.weight_before) * std::cos(along * (pair.behind - pair.plane));
  sum.n_theta += electric * j.dot(frame.theta);
  sum.n_phi += electric * j.dot(frame.phi);
  sum.l_theta += magnetic * m.dot(frame.theta);
  sum.l_phi += magnetic * m.dot(frame.phi);
}

/// Nodes and weights of Gauss-Legendre quadrature on (-1, 1): eigenvalues of the Jacobi matrix
/// (Golub and Welsch, Math. Comp. 23, 221 (1969)).
std::pair<Eigen::VectorXd, Eigen::VectorXd> GaussLegendre(int count) {
  Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(count, count);
  for (int m = 1; m < count; ++m) {
    jacobi(m, m - 1) = jacobi(m - 1, m) = m / std::sqrt(4.0 * m * m - 1);
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
  return {solver.eigenvalues(), 2 * solver.eigenvectors().row(0).cwiseAbs2().transpose()};
}

}  // namespace

DirectionGrid SphereDirections(int count) {
  base::Require(count >= 1, "a grid of directions is not empty");
  const auto [cosines, weights] = GaussLegendre(count);
  DirectionGrid grid;
  for (int a = 0; a < count; ++a) {
    for (int b = 0; b < 2 * count; ++b) {
      grid.directions.push_back({std::acos(cosines[a]), M_PI * b / count});
      grid.weights.push_back(weights[a] * M_PI / count);
    }
  }
  return grid;
}

DirectionGrid CircleDirections(int count) {
  base::Require(count >= 1, "a grid of directions is not empty");
  DirectionGrid grid;
  for (int b = 0; b < count; ++b) {
    grid.directions.push_back({M_PI_2, 2 * M_PI * b / count});
    grid.weights.push_back(2 * M_PI / count);
  }
  return grid;
}

NearToFar::NearToFar(Engine& engine, const std::vector<Face>& faces, std::vector<double> omegas,
                     const domain::Medium& background, int every, long first)
    : comm_(engine.Comm()),
      two_dimensional_(engine.Lattice().TwoDimensional()),
      omegas_(std::move(omegas)) {
  for (const double omega : omegas_) {
    const Complex eps = background.Permittivity(omega);
    if (eps.real() <= 0 || std::abs(eps.imag()) > 1e-6 * eps.real()) {
      base::Fail(
          "the far field needs a transparent background, but '{}' has a permittivity of "
          "{:.6g} + {:.3g} i at a wavelength of {:.6g} um",
          background.name, eps.real(), eps.imag(), 2 * M_PI / omega);
    }
    index_.push_back(std::sqrt(eps.real()));
  }
  for (const Face& face : faces) faces_.emplace_back(engine, face, omegas_, every, first);
}

std::vector<FarField> NearToFar::Amplitudes(const std::vector<Direction>& directions) const {
  if (two_dimensional_) {
    for (const Direction& d : directions) {
      base::Require(std::abs(d.theta - M_PI_2) < 1e-9, "directions of a 2D far field lie in plane");
    }
  }
  std::vector<Frame> frames;
  for (const Direction& d : directions) frames.push_back(FrameOf(d));
  std::vector<RadiationVectors> sums(omegas_.size() * frames.size());
  for (const FaceFields& face : faces_) {
    for (const FacePair& pair : face.Collect()) {
      for (size_t n = 0; n < sums.size(); ++n) {
        const size_t w = n / frames.size();
        AddPair(face.Where(), pair, static_cast<long>(w), index_[w] * omegas_[w],
                frames[n % frames.size()], sums[n]);
      }
    }
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(8 * sums.size()), MPI_DOUBLE,
                          MPI_SUM, comm_));

  // E_theta = c (L_phi + N_theta / n), E_phi = -c (L_theta - N_phi / n) with c = i k / (4 pi) in
  // 3D; in 2D the Green's function i/4 H0(k r) takes the place of exp(i k r) / (4 pi r).
  std::vector<FarField> fields;
  for (size_t n = 0; n < sums.size(); ++n) {
    const size_t w = n / frames.size();
    const double index = index_[w], k = index * omegas_[w];
    const Complex i(0, 1);
    const Complex green = two_dimensional_ ? std::polar(1 / std::sqrt(8 * M_PI * k), M_PI_4)
                                           : Complex(1 / (4 * M_PI));
    const RadiationVectors& v = sums[n];
    FarField field;
    field.theta = i * k * green * (v.l_phi + v.n_theta / index);
    field.phi = -i * k * green * (v.l_theta - v.n_phi / index);
    field.intensity = 0.5 * index * (std::norm(field.theta) + std::norm(field.phi));
    fields.push_back(field);
  }
  return fields;
}

std::vector<double> NearToFar::Power(const DirectionGrid& grid) const {
  const std::vector<FarField> fields = Amplitudes(grid.directions);
  std::vector<double> power(omegas_.size(), 0);
  for (size_t n = 0; n < fields.size(); ++n) {
    power[n / grid.directions.size()] +=
        grid.weights[n % grid.directions.size()] * fields[n].intensity;
  }
  return power;
}

}  // namespace symwave::solvers::fdtd
