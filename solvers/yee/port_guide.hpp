// What stands along a port's normal, weighted by the light of its mode: whether the guide is the
// same from the port through the PML behind it, straight or along the circle that the port names,
// seen from the right side, and whether the window of the port holds its mode. Sentences with
// number and remedy for what is not.
#pragma once

#include <mpi.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "domain/plane_port.hpp"

namespace symwave::solvers::yee {

/// A guide as one mode of its port sees it, at one frequency. Planes are those of the lattice along
/// the normal of the port, points those of the port's window.
struct PortGuide {
  std::string port;       ///< name of the port
  std::string mode;       ///< "in", or "in#1" for the mode of index 1
  std::string where;      ///< "file:line" of the port, may be empty
  int axis = 0;           ///< normal of the port
  bool forward = true;    ///< launched light travels to larger coordinates
  double wavelength = 0;  ///< um
  double n_eff = 0;
  /// 1 / radius of the circle along which the guide runs, by the axes across: > 0 where its centre
  /// lies at larger coordinates [1/um]; zeros of a straight guide.
  std::array<double, 2> curvature{0, 0};
  bool Curved() const { return curvature != std::array<double, 2>{0, 0}; }
  bool neighbours = false;  ///< other guides stand in the port's window

  std::vector<double> position;        ///< of every plane along the normal [um], increasing
  int plane = 0;                       ///< that of the port
  std::array<double, 2> inside{0, 0};  ///< where the PMLs begin [um]
  std::array<double, 2> ends{0, 0};    ///< where they, and the lattice, end [um]
  int ahead = 1;  ///< planes before the port, in the device, on which the guide must be the same

  std::vector<std::array<double, 2>> across;  ///< of the points [um]
  std::vector<double> area;                   ///< that they stand for [um^2; um in 2D]
  std::vector<double> weight;                 ///< shares of the mode's |E|^2 at them, sum 1
  /// Re eps at the points on a plane.
  std::function<std::vector<double>(int plane)> eps;

  double outside = 0;   ///< share of the mode's power beyond the window
  double wider = 0;     ///< that much more of span on every side holds all but 1e-5 of it [um]
  double returned = 0;  ///< share of the mode's power that the PML sends back, see ReturnedByPml
  /// The shortest wavelength of the band from which on this is too much [um], with effective index
  /// and share there; 0: only `wavelength` is known.
  double from_wavelength = 0, from_n_eff = 0, from_returned = 0;
  std::vector<std::string> doubts;  ///< sentences on the choice of the port's modes
};

/// Share of its power that a mode of effective index `n_eff` keeps on the way through a PML and
/// back, where light of index `n_pml` keeps the amplitude `reflection`: reflection^(2 n_eff /
/// n_pml). A mode close to cut-off is hardly absorbed.
double ReturnedByPml(double reflection, double n_pml, double n_eff);

/// Whether the PML sends back so much of the mode that it shows in S.
bool CloseToCutOff(const PortGuide& guide);

/// PortGuide::curvature of a port.
std::array<double, 2> CurvatureOf(const domain::PlanePort& port);

/// One sentence for everything that makes the mode of a port differ from what its device carries,
/// one per port and kind. Collective: the media along a guide are looked at by one rank.
std::vector<std::string> JudgeGuides(MPI_Comm comm, const std::vector<PortGuide>& guides);

}  // namespace symwave::solvers::yee
