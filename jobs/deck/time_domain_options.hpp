// What a deck says about the time domain: sources, monitors, poles of materials, the solver.
// Lengths in um, times in um (light's way in vacuum), frequencies angular in 1/um (2 pi /
// wavelength).
#pragma once

#include <array>
#include <complex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::jobs::deck {

/// One resonance of a material: delta_eps w0^2 / (w0^2 - w^2 - i damping w), w0 = 2 pi /
/// wavelength.
struct LorentzOptions {
  double strength = 1;    ///< delta_eps
  double wavelength = 1;  ///< of the resonance
  double damping = 0;     ///< 1/um
};

/// Free charges: -plasma^2 / (w^2 + i damping w).
struct DrudeOptions {
  double plasma = 1;   ///< 1/um
  double damping = 0;  ///< 1/um
};

/// eps(w) = epsilon + i conductivity / w + sum of the poles.
struct PoleMaterial {
  double epsilon = 1;
  double conductivity = 0;  ///< 1/um
  std::vector<LorentzOptions> lorentz;
  std::vector<DrudeOptions> drude;
};

/// A slab of one material over the whole plane, below all shapes.
struct LayerOptions {
  std::string name;
  std::string material;
  std::array<double, 2> z{0, 1};
  std::string where;
};

enum class WaveformKind { Pulse, Continuous };

/// Course of a source in time.
struct WaveformOptions {
  WaveformKind kind = WaveformKind::Pulse;
  std::optional<double> wavelength;  ///< centre; left out: of the deck's wavelengths
  std::optional<double> bandwidth;   ///< full width over centre, in frequency; left out: the deck's
                                     ///< wavelengths, at least 0.1
};

/// A point current along a component. [x, y] or [x, y, z].
struct DipoleOptions {
  std::vector<double> at;
  domain::Component component = domain::Component::Ez;
};

/// A plane wave inside a box (total field), nothing but the scattered field outside; or, with size
/// 0 along its axis, from a plane on across a periodic grid, with the wave vector of grid.bloch
/// across.
struct PlaneWaveOptions {
  std::vector<double> centre, size;
  int axis = 0;                      ///< of propagation
  bool forward = true;               ///< towards larger coordinates
  std::vector<double> polarization;  ///< direction of E; 3D only

  bool Flat() const { return size[axis] == 0; }
};

/// A Gaussian beam launched from a plane towards `direction`.
struct BeamOptions {
  std::vector<double> centre, size;  ///< of the plane; one size is 0
  std::vector<double> focus;         ///< where the waist is; empty: the centre
  std::vector<double> direction;
  std::vector<double> polarization;
  double waist = 1;  ///< radius at 1/e of the field
};

struct SourceOptions {
  std::variant<DipoleOptions, PlaneWaveOptions, BeamOptions> what;
  std::complex<double> amplitude = 1;
  WaveformOptions waveform;
  std::string where;
};

/// Fourier transform of the fields in a box (or plane, line), written as field files.
struct DftMonitorOptions {
  std::vector<double> centre, size;
  std::vector<domain::Component> components;  ///< empty: all that the lattice has
  std::vector<double> wavelengths;            ///< empty: the middle one of the deck
};

/// Power through a plane (one size is 0; towards larger coordinates) or out of a box.
struct FluxMonitorOptions {
  std::vector<double> centre, size;
};

/// A field component over time, and its resonances.
struct ProbeOptions {
  std::vector<double> at;
  domain::Component component = domain::Component::Ez;
  bool resonances = false;  ///< harmonic inversion over the deck's wavelengths
};

/// Far field of what leaves a box, in directions of a plane or of the half sphere.
struct FarFieldOptions {
  std::vector<double> centre, size;
  int angles = 90;        ///< in the xy plane, from the x axis; 3D: azimuths
  int polar_angles = 37;  ///< 3D: from 0 to 180 degrees
};

/// Orders of a periodic lattice on a plane across it (one size is 0).
struct DiffractionOptions {
  std::vector<double> centre, size;
};

struct MonitorOptions {
  std::string name;
  std::variant<DftMonitorOptions, FluxMonitorOptions, ProbeOptions, FarFieldOptions,
               DiffractionOptions>
      what;
  std::string where;
};

enum class SolverMethod { FrequencyDomain, TimeDomain };

constexpr double kDefaultDecay = 1e-7;

struct StopOptions {
  /// Field energy over its largest value; left out: kDefaultDecay, the runs of a training 1e-14.
  std::optional<double> decay;
  double max_time = 0;  ///< um from the start; 0: none
};

constexpr double kDefaultCourant = 0.95;

struct TimeDomainOptions {
  bool float64 = false;
  std::optional<double> courant;  ///< left out: kDefaultCourant, less where a medium needs it
  int block = 0;
  int threads = 1;
  StopOptions stop;
};

}  // namespace symwave::jobs::deck
