#include "solvers/fdtd/unguided_flux.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"
#include "solvers/modes/curved_mode.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::kI;

/// Takes one mode at one frequency out of the fields of a pair on a face: `plus` of the fields that
/// it has there towards larger coordinates, `minus` of those of the other way.
void TakeOut(const modes::WaveguideMode& forward, const modes::WaveguideMode& backward,
             Complex plus, Complex minus, long w, FacePair& pair) {
  const Complex half = forward.HalfCellPhase();
  const domain::IndexBox& box = forward.plane.box;
  for (size_t n = 0; n < pair.points.size(); ++n) {
    std::array<int, 3> p = pair.points[n];
    p[forward.plane.axis] = box.lo[forward.plane.axis];
    if (!box.Contains(p[0], p[1], p[2])) continue;
    const auto at = static_cast<size_t>(box.Offset(p[0], p[1], p[2]));
    const auto row = static_cast<long>(n);
    const Complex ahead = plus * forward.Field(pair.h)[at];
    const Complex back = minus * backward.Field(pair.h)[at];
    pair.e_values(row, w) -= plus * forward.Field(pair.e)[at] + minus * backward.Field(pair.e)[at];
    pair.h_before(row, w) -= ahead / half - back * half;
    pair.h_behind(row, w) -= ahead * half - back / half;
  }
}

void TakeOutAll(const domain::Lattice& lattice, const Face& face, const GuidedWaves& waves,
                FacePair& pair) {
  const int axis = waves.measured.axis;
  const domain::IndexBox& box = waves.modes->Plane().box;
  const bool reaches = std::any_of(pair.points.begin(), pair.points.end(), [&](auto p) {
    p[axis] = box.lo[axis];
    return box.Contains(p[0], p[1], p[2]);
  });
  if (!reaches) return;
  base::Require(waves.modes->HasFields(), "who has points across a port has its modes");
  const double distance =
      lattice.Node(axis, face.Plane()) - lattice.Node(axis, waves.measured.node);
  const double beside = lattice.Node(axis, face.Plane()) - waves.modes->Plane().curve.along;
  for (int m = 0; m < waves.modes->Modes(); ++m) {
    for (long w = 0; w < waves.amplitudes.forward.cols(); ++w) {
      const modes::WaveguideMode mode = waves.modes->At(m, static_cast<size_t>(w));
      const Complex way = std::exp(kI * mode.beta * distance);
      const Complex plus = waves.amplitudes.forward(m, w) * way;
      const Complex minus = waves.amplitudes.backward(m, w) / way;
      if (mode.plane.curve.Straight()) {
        TakeOut(mode, mode, plus, minus, w, pair);
      } else {
        TakeOut(modes::OnPlaneBeside(lattice, mode, beside),
                modes::OnPlaneBeside(lattice, mode, -beside), plus, minus, w, pair);
      }
    }
  }
}

}  // namespace

std::vector<double> UnguidedFlux(MPI_Comm comm, const domain::Lattice& lattice,
                                 const FluxMonitor& flux, const std::vector<GuidedWaves>& waves) {
  std::vector<double> power(flux.Omegas().size(), 0);
  for (const FaceFields& face : flux.Faces()) {
    const Face& where = face.Where();
    for (FacePair& pair : face.Collect()) {
      for (const GuidedWaves& guided : waves) {
        const bool its_side =
            guided.measured.axis == where.normal && where.sign == (guided.forward ? -1 : 1);
        if (its_side) TakeOutAll(lattice, where, guided, pair);
      }
      AddPower(pair, where.weight * where.sign, power);
    }
  }
  base::SumInPlace(comm, power.data(), power.size());
  return power;
}

}  // namespace symwave::solvers::fdtd
