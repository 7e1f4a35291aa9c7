#include "solvers/fdtd/plane_wave_line.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/lattice_wave.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::Lattice;

/// Cells between the first node and the driven one, and between the last node and the PML.
constexpr int kMargin = 2;
constexpr int kPmlCells = 160;
constexpr double kPmlReflection = 1e-16;

/// i (kappa a).
Complex Turned(double kappa, Complex a) {
  return {-kappa * a.imag(), kappa * a.real()};
}

}  // namespace

int PlaneWaveLine::SourceNode(const PlaneWave& wave, int first_node, int last_node) {
  return wave.direction > 0 ? first_node - kMargin : last_node + kMargin;
}

PlaneWaveLine::PlaneWaveLine(const Lattice& lattice, double dt, const PlaneWave& wave,
                             int first_node, int last_node)
    : axis_(static_cast<int>(wave.axis)),
      dt_(dt),
      eps_(wave.eps),
      poles_(wave.poles),
      omega_(wave.waveform.Omega()),
      bloch_(lattice.HasBlochPhase()),
      signal_(lattice, dt, wave, SourceNode(wave, first_node, last_node)),
      s_(wave.electric),
      kappa_u_(TransverseKappa(lattice, (axis_ + 1) % 3)),
      kappa_v_(TransverseKappa(lattice, (axis_ + 2) % 3)) {
  const bool forward = wave.direction > 0;
  first_ = first_node - kMargin - (forward ? 0 : kPmlCells);
  const int cells = last_node - first_node + 2 * kMargin + kPmlCells;
  source_ = forward ? 0 : cells;
  for (auto& values : field_) values.assign(cells + 1, 0);
  for (auto& values : psi_) values.assign(cells + 1, 0);
  polarization_.assign(3 * poles_.size(), std::vector<Complex>(cells + 1, 0));
  gain_ = polarization_;
  for (int l = 0; l <= cells; ++l) {
    inverse_width_.push_back(1 / lattice.CellWidth(axis_, first_ + l));
    inverse_spacing_.push_back(1 / lattice.NodeSpacing(axis_, first_ + l));
  }
  const double square = kappa_u_ * kappa_u_ + kappa_v_ * kappa_v_;
  if (square > 0) {
    const int u = (axis_ + 1) % 3, v = (axis_ + 2) % 3;
    const Complex along = (s_[u] * kappa_u_ + s_[v] * kappa_v_) / square;
    p_[u] = along * kappa_u_;
    p_[v] = along * kappa_v_;
    for (int t : {u, v}) s_[t] -= p_[t];
  }
  GradePml(lattice, wave);
  DriveSource();
}

void PlaneWaveLine::GradePml(const Lattice& lattice, const PlaneWave& wave) {
  const int cells = static_cast<int>(inverse_width_.size()) - 1;
  const bool forward = wave.direction > 0;
  const double begin = lattice.Node(axis_, first_ + (forward ? cells - kPmlCells : kPmlCells));
  const double end = lattice.Node(axis_, first_ + (forward ? cells : 0));
  const double peak = -4 * std::log(kPmlReflection) / (2 * std::abs(end - begin));
  const double eps = wave.Background().Permittivity(omega_).real();
  const auto decay = [&](double position) {
    const double depth = std::max(0.0, (position - begin) / (end - begin));
    return std::exp(-peak / std::sqrt(std::max(eps, eps_)) * depth * depth * depth * dt_);
  };
  for (int l = 0; l <= cells; ++l) {
    b_half_.push_back(decay(lattice.HalfNode(axis_, first_ + l)));
    b_node_.push_back(decay(lattice.Node(axis_, first_ + l)));
  }
}

void PlaneWaveLine::DriveSource() {
  Complex s = signal_.At(IncidentSignal::S, step_);
  Complex p = signal_.At(IncidentSignal::P, step_);
  if (bloch_) {
    s = s.real();
    p = p.real();
  }
  for (int t : {(axis_ + 1) % 3, (axis_ + 2) % 3}) {
    Field(domain::ElectricAlong(t))[source_] = s_[t] * s + p_[t] * p;
  }
}

void PlaneWaveLine::AdvanceMagnetic() {
  const auto& e_u = Field(domain::ElectricAlong(axis_ + 1));
  const auto& e_v = Field(domain::ElectricAlong(axis_ + 2));
  const auto& e_n = Field(domain::ElectricAlong(axis_));
  auto& h_u = Field(domain::MagneticAlong(axis_ + 1));
  auto& h_v = Field(domain::MagneticAlong(axis_ + 2));
  auto& h_n = Field(domain::MagneticAlong(axis_));
  for (size_t l = 0; l + 1 < e_u.size(); ++l) {
    const Complex slope_u = (e_u[l + 1] - e_u[l]) * inverse_width_[l];
    const Complex slope_v = (e_v[l + 1] - e_v[l]) * inverse_width_[l];
    psi_[0][l] = b_half_[l] * psi_[0][l] + (b_half_[l] - 1) * slope_u;
    psi_[1][l] = b_half_[l] * psi_[1][l] + (b_half_[l] - 1) * slope_v;
    h_u[l] += dt_ * (slope_v + psi_[1][l] - Turned(kappa_v_, e_n[l]));
    h_v[l] -= dt_ * (slope_u + psi_[0][l] - Turned(kappa_u_, e_n[l]));
  }
  for (size_t l = 0; l < e_u.size(); ++l) {
    h_n[l] -= dt_ * (Turned(kappa_u_, e_v[l]) - Turned(kappa_v_, e_u[l]));
  }
}

/// (P+ - 2 P + P-) / dt^2 + damping (P+ - P-) / (2 dt) + frequency^2 P = strength E.
void PlaneWaveLine::Polarize() {
  for (size_t p = 0; p < poles_.size(); ++p) {
    const double loss = 0.5 * poles_[p].damping * dt_;
    const double memory = (1 - loss) / (1 + loss);
    const double spring = std::pow(poles_[p].frequency * dt_, 2) / (1 + loss);
    const double drive = poles_[p].strength * dt_ * dt_ / (1 + loss);
    for (int d = 0; d < 3; ++d) {
      auto& polarization = polarization_[3 * p + d];
      auto& gain = gain_[3 * p + d];
      auto& e = Field(domain::ElectricAlong(d));
      for (size_t l = 0; l < e.size(); ++l) {
        gain[l] = memory * gain[l] - spring * polarization[l] + drive * e[l];
        polarization[l] += gain[l];
      }
    }
  }
  for (size_t n = 0; n < gain_.size(); ++n) {
    auto& e = Field(domain::ElectricAlong(static_cast<int>(n % 3)));
    for (size_t l = 0; l < e.size(); ++l) e[l] -= gain_[n][l] / eps_;
  }
}

void PlaneWaveLine::AdvanceElectric() {
  Polarize();
  const auto& h_u = Field(domain::MagneticAlong(axis_ + 1));
  const auto& h_v = Field(domain::MagneticAlong(axis_ + 2));
  const auto& h_n = Field(domain::MagneticAlong(axis_));
  auto& e_u = Field(domain::ElectricAlong(axis_ + 1));
  auto& e_v = Field(domain::ElectricAlong(axis_ + 2));
  auto& e_n = Field(domain::ElectricAlong(axis_));
  const double step = dt_ / eps_;
  for (size_t l = 1; l + 1 < e_u.size(); ++l) {
    const Complex slope_u = (h_u[l] - h_u[l - 1]) * inverse_spacing_[l];
    const Complex slope_v = (h_v[l] - h_v[l - 1]) * inverse_spacing_[l];
    psi_[2][l] = b_node_[l] * psi_[2][l] + (b_node_[l] - 1) * slope_u;
    psi_[3][l] = b_node_[l] * psi_[3][l] + (b_node_[l] - 1) * slope_v;
    e_u[l] -= step * (slope_v + psi_[3][l] - Turned(kappa_v_, h_n[l]));
    e_v[l] += step * (slope_u + psi_[2][l] - Turned(kappa_u_, h_n[l]));
  }
  for (size_t l = 0; l + 1 < e_u.size(); ++l) {
    e_n[l] += step * (Turned(kappa_u_, h_v[l]) - Turned(kappa_v_, h_u[l]));
  }
  ++step_;
  DriveSource();
}

void PlaneWaveLine::SaveOrRestore(base::StateArchive& archive, const std::string& name) {
  SaveOrRestoreInteger(archive, name + "/step", step_);
  const auto all = [&archive](const std::string& of, auto& lines) {
    for (size_t n = 0; n < lines.size(); ++n) {
      const size_t points = lines[n].size();
      archive.Values(of + std::to_string(n), lines[n]);
      if (lines[n].size() == points) continue;
      base::Fail("the line of the plane wave differs from that of the saved simulation");
    }
  };
  all(name + "/field", field_);
  all(name + "/pml", psi_);
  all(name + "/polarization", polarization_);
  all(name + "/gain", gain_);
}

Complex PlaneWaveLine::At(Component component, int index) const {
  return field_[static_cast<size_t>(component)].at(index - first_);
}

}  // namespace symwave::solvers::fdtd
