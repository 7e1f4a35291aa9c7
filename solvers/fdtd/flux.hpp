// Power spectra through axis-normal rectangles and out of boxes, from running transforms.
//
// With the transforms F(w) = int f(t) exp(i w t) dt taken as complex amplitudes,
//
//   P(w) = 1/2 Re int (E x H*) . n dA,
//
// the normalisation in which a guided mode of amplitude a (unit power at unit amplitude) carries
// |a(w)|^2. The energy that passes is int S dt = (2 / pi) int_0^inf P(w) dw. Ratios of two spectra
// of the same pulse are transmissions.
#pragma once

#include <vector>

#include "solvers/fdtd/face_fields.hpp"

namespace symwave::solvers::fdtd {

/// Sum over faces of sign * power. Place before the run. Must not outlive the engine.
class FluxMonitor {
 public:
  /// Collective. `omegas` in 1/um; fields are taken from every `every`-th step.
  FluxMonitor(Engine& engine, const std::vector<Face>& faces, std::vector<double> omegas,
              int every = 1);

  const std::vector<double>& Omegas() const { return omegas_; }
  /// Collective; the same on every rank. P(w) of the fields so far (per um of depth in 2D).
  std::vector<double> Spectrum() const;

 private:
  MPI_Comm comm_;
  std::vector<double> omegas_;
  std::vector<FaceFields> faces_;
};

}  // namespace symwave::solvers::fdtd
