#include "solvers/fdtd/diffraction_orders.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"
#include "solvers/fdtd/flux.hpp"

namespace symwave::solvers::fdtd {

/// Fourier coefficients on the plane of E and H along both axes across; H interpolated to it.
struct DiffractionOrders::Coefficients {
  std::array<Complex, 2> e{}, h{};
  double before = 0, behind = 0, weight_before = 0.5;  ///< distances of H from the plane
};

std::vector<double> TransparentEps(const domain::Medium& medium,
                                   const std::vector<double>& omegas) {
  std::vector<double> values;
  for (const double omega : omegas) {
    const Complex eps = medium.Permittivity(omega);
    if (eps.real() <= 0 || std::abs(eps.imag()) > 1e-6 * eps.real()) {
      base::Fail(
          "diffraction orders need a transparent medium at their plane, but '{}' has a "
          "permittivity "
          "of {:.6g} + {:.3g} i at a wavelength of {:.6g} um; move the plane",
          medium.name, eps.real(), eps.imag(), 2 * M_PI / omega);
    }
    values.push_back(eps.real());
  }
  return values;
}

DiffractionOrders::DiffractionOrders(yee::Transforms& fields, const Face& face, double plane,
                                     std::vector<double> omegas, const domain::Medium& medium,
                                     int every, long first)
    : fields_(fields),
      plane_(plane),
      omegas_(std::move(omegas)),
      eps_(TransparentEps(medium, omegas_)) {
  const domain::Lattice& lattice = fields.Lattice();
  across_ = {(face.normal + 1) % 3, (face.normal + 2) % 3};
  if (lattice.TwoDimensional() && across_[0] == 2) std::swap(across_[0], across_[1]);
  double largest = 0;
  for (size_t w = 0; w < omegas_.size(); ++w) {
    largest = std::max(largest, omegas_[w] * std::sqrt(eps_[w]));
  }
  std::array<int, 2> most{0, 0};
  for (int d = 0; d < 2; ++d) {
    if (!lattice.Periodic(across_[d]) || (lattice.TwoDimensional() && across_[d] == 2)) continue;
    const double period = lattice.Along(across_[d]).Length();
    most[d] = static_cast<int>((largest + std::abs(lattice.BlochPhase(across_[d])) / period) *
                               period / (2 * M_PI)) +
              1;
  }
  for (int m = -most[0]; m <= most[0]; ++m) {
    for (int n = -most[1]; n <= most[1]; ++n) {
      const auto k = WaveVector({m, n});
      if (std::hypot(k[0], k[1]) < largest) orders_.push_back({m, n});
    }
  }
  faces_.emplace_back(fields, face, omegas_, every, first);
}

std::array<double, 2> DiffractionOrders::WaveVector(const std::array<int, 2>& order) const {
  const domain::Lattice& lattice = fields_.Lattice();
  std::array<double, 2> k{0, 0};
  for (int d = 0; d < 2; ++d) {
    k[d] =
        (lattice.BlochPhase(across_[d]) + 2 * M_PI * order[d]) / lattice.Along(across_[d]).Length();
  }
  return k;
}

double DiffractionOrders::OnLattice(int axis, double k) const {
  const domain::Lattice& lattice = fields_.Lattice();
  const double width = lattice.CellWidth(axis, 0);
  for (int i = 1; i < lattice.Cells(axis); ++i) {
    if (std::abs(lattice.CellWidth(axis, i) - width) > 1e-9 * width) return k;
  }
  return 2 * std::sin(0.5 * k * width) / width;
}

OrderWaves DiffractionOrders::Separate(const Coefficients& of, double omega, double eps,
                                       const std::array<double, 2>& k) const {
  const domain::Lattice& lattice = fields_.Lattice();
  const double index = std::sqrt(eps), across = std::hypot(k[0], k[1]);
  OrderWaves waves;
  waves.angle = waves.azimuth = std::numeric_limits<double>::quiet_NaN();
  const double dt = fields_.TimeStep();
  const double w = domain::SteppedFrequency(omega, dt).w;
  std::array<double, 2> lattice_k{};
  for (int d = 0; d < 2; ++d) lattice_k[d] = k[d] == 0 ? 0 : OnLattice(across_[d], k[d]);
  const double square = eps * w * w - lattice_k[0] * lattice_k[0] - lattice_k[1] * lattice_k[1];
  if (across >= index * omega || square <= 0) return waves;
  waves.angle = std::asin(across / (index * omega));
  waves.azimuth = std::atan2(k[1], k[0]);

  const double normal_k = std::sqrt(square);
  // k_a of 2 sin(k_a h / 2) = K_a h, and what the interpolation of H makes of it.
  const double h = of.before + of.behind;
  const double along = 2 / h * std::asin(std::min(1.0, 0.5 * normal_k * h));
  const double interpolated = of.weight_before * std::cos(along * of.before) +
                              (1 - of.weight_before) * std::cos(along * of.behind);
  // q and s = a x q on the axes across, which are cyclic after a or (in 2D) the reverse.
  std::array<double, 2> q{1, 0};
  const double sense = (across_[0] - faces_.front().Where().normal + 3) % 3 == 1 ? 1 : -1;
  if (lattice.TwoDimensional()) {
    q = {sense, 0};
  } else if (across > 0) {
    q = {lattice_k[0], lattice_k[1]};
    const double length = std::hypot(q[0], q[1]);
    for (double& part : q) part /= length;
  }
  const std::array<double, 2> s{-sense * q[1], sense * q[0]};
  const auto dot = [](const std::array<Complex, 2>& f, const std::array<double, 2>& u) {
    return f[0] * u[0] + f[1] * u[1];
  };
  const Complex e_s = dot(of.e, s), e_q = dot(of.e, q), h_s = dot(of.h, s), h_q = dot(of.h, q);
  const double cosine = normal_k / (index * w);
  double area = 1;
  for (const int axis : across_) {
    if (!(axis == 2 && lattice.TwoDimensional())) area *= lattice.Along(axis).Length();
  }
  const Face& face = faces_.front().Where();
  const double way = plane_ - lattice.Node(face.normal, face.Plane());
  for (int towards = 0; towards < 2; ++towards) {
    const double sign = towards == 1 ? 1 : -1;
    const Complex carried = std::polar(1.0, sign * along * way);
    waves.s[towards] = 0.5 * carried * (e_s - sign * h_q * w / (normal_k * interpolated));
    waves.p[towards] = 0.5 * carried * (h_s / (index * interpolated) + sign * e_q / cosine);
    waves.power[towards] = area * 0.5 * interpolated * normal_k / w *
                           (std::norm(waves.s[towards]) + std::norm(waves.p[towards]));
  }
  return waves;
}

std::vector<OrderWaves> DiffractionOrders::Waves() const {
  const domain::Lattice& lattice = fields_.Lattice();
  const size_t count = orders_.size();
  std::vector<Coefficients> all(omegas_.size() * count);
  std::vector<Complex> sums(4 * all.size(), 0);
  double area = 1;
  for (const int axis : across_) {
    if (!(axis == 2 && lattice.TwoDimensional())) area *= lattice.Along(axis).Length();
  }
  for (const FacePair& pair : faces_.front().Collect()) {
    const int e_axis = static_cast<int>(domain::DirectionOf(pair.e)) == across_[0] ? 0 : 1;
    const Eigen::MatrixXcd h =
        pair.weight_before * pair.h_before + (1 - pair.weight_before) * pair.h_behind;
    for (size_t n = 0; n < all.size(); ++n) {
      const auto k = WaveVector(orders_[n % count]);
      const auto column = static_cast<long>(n / count);
      for (size_t p = 0; p < pair.areas.size(); ++p) {
        const auto row = static_cast<long>(p);
        const double path =
            k[0] * pair.positions[p][across_[0]] + k[1] * pair.positions[p][across_[1]];
        const Complex phase = std::polar(pair.areas[p] / area, -path);
        sums[4 * n + e_axis] += pair.e_values(row, column) * phase;
        sums[4 * n + 2 + (1 - e_axis)] += h(row, column) * phase;
      }
      all[n].before = pair.plane - pair.before;
      all[n].behind = pair.behind - pair.plane;
      all[n].weight_before = pair.weight_before;
    }
  }
  base::SumInPlace(fields_.Comm(), sums.data(), sums.size());
  std::vector<OrderWaves> waves;
  for (size_t n = 0; n < all.size(); ++n) {
    all[n].e = {sums[4 * n], sums[4 * n + 1]};
    all[n].h = {sums[4 * n + 2], sums[4 * n + 3]};
    waves.push_back(
        Separate(all[n], omegas_[n / count], eps_[n / count], WaveVector(orders_[n % count])));
  }
  return waves;
}

std::vector<double> DiffractionOrders::Flux() const {
  return PowerThrough(fields_.Comm(), faces_, omegas_.size());
}

}  // namespace symwave::solvers::fdtd
