// The plane waves of the lattice that make up a Gaussian beam at one frequency.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/beam_launch.hpp"

namespace symwave::solvers::fdtd {

/// Wave vectors across the plane's axis and the amplitudes of the waves.
struct BeamSpectrum {
  std::vector<double> k_u, k_v;  ///< along axis + 1 and axis + 2 [1/um]
  /// [component][u * k_v.size() + v], of E on the plane and of H on the half plane behind. In the
  /// focus, where all waves are in phase, the part of E along the beam's field adds up to it.
  std::array<std::vector<Complex>, 6> amplitude;
  double power = 0;  ///< in the direction of travel, as flux monitors measure it
};

class BeamWaves {
 public:
  /// References must outlive the object.
  BeamWaves(const domain::Lattice& lattice, double dt, const GaussianBeam& beam,
            const BeamLaunch& launch);

  /// Directions are the same at all frequencies, so that the amplitudes are smooth functions of the
  /// frequency.
  BeamSpectrum At(double omega) const;
  double WaveNumber(double omega) const;
  double Radius(double omega) const;

 private:
  struct PlaneWave;
  std::vector<double> DirectionsAlong(int axis) const;
  bool Solve(double omega, double wave_number, PlaneWave& wave) const;
  void Add(const PlaneWave& wave, size_t number, BeamSpectrum& spectrum, double& sum) const;

  const domain::Lattice& lattice_;
  double dt_;
  const GaussianBeam& beam_;
  const BeamLaunch& launch_;
  int axis_, u_, v_;
  std::vector<double> s_u_, s_v_;  ///< k_u / k, k_v / k
};

/// sum over k_u, k_v of a component exp(i k_u u + i k_v v) at the points of a rectangle, u fastest.
std::vector<Complex> SumWaves(const BeamSpectrum& spectrum, domain::Component component,
                              const std::vector<double>& u, const std::vector<double>& v);

}  // namespace symwave::solvers::fdtd
