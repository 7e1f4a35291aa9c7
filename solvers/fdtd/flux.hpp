// Power spectra through axis-normal rectangles and out of boxes, from running transforms.
//
// With the transforms F(w) = int f(t) exp(i w t) dt taken as complex amplitudes,
//
//   P(w) = 1/2 Re int (E x H*) . n dA,
//
// the normalisation in which a guided mode of amplitude a (unit power at unit amplitude) carries
// |a(w)|^2. The energy that passes is int S dt = (2 / pi) int_0^inf P(w) dw. Ratios of two spectra
// of the same pulse are transmissions.
//
// H on the node plane is the mean of the two half planes beside it: the flux that the lattice
// conserves. The power before and after a lossless body is equal to rounding, and R + T = 1 up to
// the reflection of the PML, whatever the media. A plane wave of wave number k_n along the normal
// has the phases exp(-+i k_n h / 2) there and counts
//
//   P = cos(k_n h / 2) * 1/2 Re (E x H*) . n,
//
// that is 1.2 % below the 1/2 n |E|^2 of the closed form at 20 cells h per wavelength in the medium
// (4.9 % at 10, 0.3 % at 40). The factor is the lattice's, not an error of a ratio: divide by the
// spectrum of an empty run, or of the incident wave at a face in the same medium with the same
// cells, rather than by a closed form. A general face holds waves of many k_n, so that it is not
// divided out here; near_to_far, whose background is known, does.
#pragma once

#include <vector>

#include "solvers/fdtd/face_fields.hpp"

namespace symwave::solvers::fdtd {

/// Adds `factor` times the power through this rank's points of a pair, per frequency.
void AddPower(const FacePair& pair, double factor, std::vector<double>& power);

/// Collective; the same on every rank: weight * sign * power summed over the faces, per omega (per
/// um of depth in 2D).
std::vector<double> PowerThrough(MPI_Comm comm, const std::vector<FaceFields>& faces,
                                 size_t omegas);

/// Sum over faces of weight * sign * power. Place before the run. Must not outlive the engine.
class FluxMonitor {
 public:
  /// Collective. `omegas` in 1/um; fields are taken from every `every`-th step, see DftRequest.
  FluxMonitor(yee::Transforms& fields, const std::vector<Face>& faces, std::vector<double> omegas,
              int every = 1, long first = 0);

  const std::vector<double>& Omegas() const { return omegas_; }
  const std::vector<FaceFields>& Faces() const { return faces_; }
  /// Collective; the same on every rank. P(w) of the fields so far (per um of depth in 2D).
  std::vector<double> Spectrum() const { return PowerThrough(comm_, faces_, omegas_.size()); }

 private:
  MPI_Comm comm_;
  std::vector<double> omegas_;
  std::vector<FaceFields> faces_;
};

}  // namespace symwave::solvers::fdtd
