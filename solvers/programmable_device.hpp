// A device in which only the permittivity at given points changes from solve to solve, whatever
// method solves it.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <complex>
#include <memory>
#include <vector>

#include "domain/frequency_media.hpp"
#include "domain/lattice.hpp"
#include "domain/plane_port.hpp"
#include "solvers/fdfd/line_mode.hpp"

namespace symwave::solvers {

using Complex = std::complex<double>;

/// A point of a component of E whose permittivity can be changed.
struct ElementPoint {
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> at{0, 0, 0};
  bool lossy = false;  ///< its changes may have an imaginary part
};

/// The optics of a programmable device and the points that can be changed.
struct FixedOptics {
  MPI_Comm comm = MPI_COMM_WORLD;
  std::shared_ptr<const domain::Lattice> lattice;
  domain::PermittivityMap media;
  double omega = 0;  ///< 1/um
  std::vector<domain::PlanePort> ports;
  std::vector<ElementPoint> points;
  /// Modes of ports that are known already, and those found from now on.
  std::shared_ptr<fdfd::KnownLines> known = std::make_shared<fdfd::KnownLines>();

  /// Lattice::Weight of a point along every axis, multiplied.
  double VolumeOf(const ElementPoint& point) const;
  /// -1 for the polarization Hz, else 1.
  double AmplitudeSign() const { return lattice->Fields() == domain::FieldSet::Hz ? -1 : 1; }
};

/// Answer to launched amplitudes.
struct Response {
  Eigen::MatrixXcd outgoing;  ///< port modes x launches: amplitudes leaving through every port
  Eigen::MatrixXcd points;    ///< changeable points x launches: E there; the same on every rank
};

/// What a device did so far.
struct DeviceStatistics {
  long solves = 0;          ///< right-hand sides, or runs in time domain
  long factorizations = 0;  ///< none in time domain
  double max_relative_residual = 0;
};

/// Fixed optics with changeable points. All members are collective. With the volumes V of the
/// points and the fields E of two unit launches a and b,
///   dS_ba / d eps = +- (i w / 4) V E_b E_a      at every point of a component of E,
/// + where the amplitudes are those of E and - where they are those of H (AmplitudeSign): a wave
/// that goes the other way with the same H has the opposite E.
class ProgrammableDevice {
 public:
  virtual ~ProgrammableDevice() = default;
  /// Adds eps_change[p] to the permittivity at point p of the list given at construction.
  virtual void Program(const std::vector<Complex>& eps_change) = 0;
  /// Launches the columns of `launched` (port modes x launches).
  virtual Response Launch(const Eigen::MatrixXcd& launched) = 0;
  virtual DeviceStatistics Statistics() const = 0;
  virtual long Unknowns() const = 0;  ///< solved for in every step of training
  /// Modes of all ports, which amplitudes refer to.
  virtual int PortModes() const = 0;
};

}  // namespace symwave::solvers
