#include "solvers/fdtd/beam_waves.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::Lattice;
using Vector = std::array<double, 3>;
using ComplexVector = std::array<Complex, 3>;

/// exp(-(k_perp waist / 2)^2) at the end of the spectrum.
constexpr double kSpectrumEnd = 1e-8;
/// (k_u^2 + k_v^2) / k^2 of the most oblique waves: those that graze more have no part.
constexpr double kGrazing = 0.996;

template <class A, class B>
auto Dot(const A& a, const B& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

template <class A, class B>
ComplexVector Cross(const A& a, const B& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

}  // namespace

/// One plane wave of the lattice, and the share of the beam that its solid angle holds.
struct BeamWaves::PlaneWave {
  Vector k{};
  ComplexVector e{};
  ComplexVector h{};
  double share = 0;
};

BeamWaves::BeamWaves(const Lattice& lattice, double dt, const GaussianBeam& beam,
                     const BeamLaunch& launch)
    : lattice_(lattice),
      dt_(dt),
      beam_(beam),
      launch_(launch),
      axis_(launch.plane.axis),
      u_((axis_ + 1) % 3),
      v_((axis_ + 2) % 3),
      s_u_(DirectionsAlong(u_)),
      s_v_(DirectionsAlong(v_)) {}

double BeamWaves::WaveNumber(double omega) const {
  return omega * LatticeIndex(beam_.medium, dt_, omega);
}

double BeamWaves::Radius(double omega) const {
  return RadiusAtPlane(beam_, launch_, WaveNumber(omega));
}

/// Samples of a direction cosine; the spacing keeps the images of the sampled beam, 2 pi / (k
/// spacing) apart, off the plane.
std::vector<double> BeamWaves::DirectionsAlong(int axis) const {
  if (launch_.cell[axis] == 0) return {0.0};
  const auto [low, high] = launch_.fitted;
  const double centre = launch_.centre[axis];
  const double reach = std::max(lattice_.Node(axis, launch_.plane.last_node[axis]) - centre,
                                centre - lattice_.Node(axis, launch_.plane.first_node[axis])) +
                       5 * Radius(low) / std::abs(launch_.direction[axis_]);
  const double spacing = 2 * M_PI / (reach * std::max(WaveNumber(low), WaveNumber(high)));
  const double half_range = 2 * std::sqrt(-std::log(kSpectrumEnd)) /
                            (beam_.waist * std::min(WaveNumber(low), WaveNumber(high)));
  const int half_count = static_cast<int>(std::ceil(std::min(2.0, half_range) / spacing));
  std::vector<double> samples;
  for (int m = -half_count; m <= half_count; ++m) {
    samples.push_back(launch_.direction[axis] + m * spacing);
  }
  return samples;
}

/// Completes a wave from its transverse k by the Yee dispersion relation; false where it does not
/// propagate along the beam.
bool BeamWaves::Solve(double omega, double wave_number, PlaneWave& wave) const {
  const int a = axis_;
  const double across = wave.k[u_] * wave.k[u_] + wave.k[v_] * wave.k[v_];
  if (across > kGrazing * wave_number * wave_number) return false;
  const double omega_lattice = 2 * std::sin(0.5 * omega * dt_) / dt_;
  Vector kappa;
  double square = std::pow(wave_number / omega * omega_lattice, 2);
  for (int d = 0; d < 3; ++d) {
    const double h = launch_.cell[d];
    if (d == a) continue;
    kappa[d] = h > 0 ? 2 * std::sin(0.5 * wave.k[d] * h) / h : 0;
    square -= kappa[d] * kappa[d];
  }
  const double sine = 0.5 * launch_.cell[a] * std::sqrt(std::max(0.0, square));
  if (sine <= 0 || sine >= 1) return false;
  kappa[a] = launch_.plane.inward * std::sqrt(square);
  wave.k[a] = launch_.plane.inward * 2 * std::asin(sine) / launch_.cell[a];
  const double along = Dot(wave.k, launch_.direction);
  if (along <= 0) return false;
  const double off_axis = Dot(wave.k, wave.k) - along * along;
  wave.share = std::exp(-0.25 * off_axis * beam_.waist * beam_.waist) * along / std::abs(wave.k[a]);
  const Complex longitudinal = Dot(kappa, beam_.electric) / Dot(kappa, kappa);
  for (int d = 0; d < 3; ++d) wave.e[d] = beam_.electric[d] - kappa[d] * longitudinal;
  wave.h = Cross(kappa, wave.e);
  for (Complex& value : wave.h) value /= omega_lattice;
  return true;
}

void BeamWaves::Add(const PlaneWave& wave, size_t number, BeamSpectrum& spectrum,
                    double& sum) const {
  const double to_plane = lattice_.Node(axis_, launch_.plane.node) - beam_.focus[axis_];
  const double to_half = lattice_.HalfNode(axis_, launch_.plane.HalfBehind()) - beam_.focus[axis_];
  double strength = 0;
  for (const Complex& e : beam_.electric) strength += std::norm(e);
  double along_field = 0;
  for (int d = 0; d < 3; ++d) {
    along_field += (std::conj(beam_.electric[d]) * wave.e[d]).real() / strength;
  }
  sum += wave.share * along_field;
  const double across = wave.k[u_] * beam_.focus[u_] + wave.k[v_] * beam_.focus[v_];
  const Complex electric = std::polar(wave.share, wave.k[axis_] * to_plane - across);
  const Complex magnetic = std::polar(wave.share, wave.k[axis_] * to_half - across);
  for (int d = 0; d < 3; ++d) {
    spectrum.amplitude[d][number] = electric * wave.e[d];
    spectrum.amplitude[d + 3][number] = magnetic * wave.h[d];
  }
  // H of a node plane is the mean of both sides, exact in the sum of both.
  ComplexVector conjugate = wave.h;
  for (Complex& value : conjugate) value = std::conj(value);
  spectrum.power += 0.5 * launch_.plane.inward * wave.share * wave.share *
                    Cross(wave.e, conjugate)[axis_].real() *
                    std::cos(0.5 * wave.k[axis_] * launch_.cell[axis_]);
}

BeamSpectrum BeamWaves::At(double omega) const {
  const double wave_number = WaveNumber(omega);
  BeamSpectrum spectrum;
  for (const double s : s_u_) spectrum.k_u.push_back(wave_number * s);
  for (const double s : s_v_) spectrum.k_v.push_back(wave_number * s);
  for (auto& values : spectrum.amplitude) values.assign(s_u_.size() * s_v_.size(), 0);
  double sum = 0;
  for (size_t m = 0; m < s_u_.size() * s_v_.size(); ++m) {
    PlaneWave wave;
    wave.k[u_] = spectrum.k_u[m / s_v_.size()];
    wave.k[v_] = spectrum.k_v[m % s_v_.size()];
    if (Solve(omega, wave_number, wave)) Add(wave, m, spectrum, sum);
  }
  for (auto& values : spectrum.amplitude) {
    for (Complex& value : values) value /= sum;
  }
  spectrum.power /= sum * sum;
  // Waves spaced by dk make up one beam in every 2 pi / dk.
  for (const auto* k : {&spectrum.k_u, &spectrum.k_v}) {
    if (k->size() > 1) spectrum.power *= 2 * M_PI / ((*k)[1] - (*k)[0]);
  }
  return spectrum;
}

std::vector<Complex> SumWaves(const BeamSpectrum& spectrum, Component component,
                              const std::vector<double>& u, const std::vector<double>& v) {
  const std::vector<Complex>& amplitude = spectrum.amplitude[static_cast<size_t>(component)];
  const auto turns = [](const std::vector<double>& k, double x) {
    std::vector<Complex> phases;
    for (const double value : k) phases.push_back(std::polar(1.0, value * x));
    return phases;
  };
  const size_t count_u = spectrum.k_u.size(), count_v = spectrum.k_v.size();
  std::vector<std::vector<Complex>> turns_u;
  for (const double x : u) turns_u.push_back(turns(spectrum.k_u, x));
  std::vector<Complex> values;
  values.reserve(u.size() * v.size());
  for (const double y : v) {
    const std::vector<Complex> turns_v = turns(spectrum.k_v, y);
    std::vector<Complex> line(count_u, 0);
    for (size_t m = 0; m < count_u; ++m) {
      for (size_t n = 0; n < count_v; ++n) line[m] += amplitude[m * count_v + n] * turns_v[n];
    }
    for (const auto& phases : turns_u) {
      Complex value = 0;
      for (size_t m = 0; m < count_u; ++m) value += line[m] * phases[m];
      values.push_back(value);
    }
  }
  return values;
}

}  // namespace symwave::solvers::fdtd
