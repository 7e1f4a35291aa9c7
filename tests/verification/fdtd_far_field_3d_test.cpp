// A point dipole in vacuum in three dimensions: its far field, the flux out of a box around it and
// the work of its current, against each other and against the closed form.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>

#include "domain/base/error.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/near_to_far.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::Lattice;
using domain::Medium;
using domain::Wall;
using namespace solvers::fdtd;

const Medium kVacuum{"vacuum", 1, 0, {}};
constexpr double kOmega = 2 * M_PI;

/// Powers over the closed form w^2 |moment|^2 / (12 pi), and how far the pattern is from
/// 3 / (8 pi) sin^2 theta of that power, over its largest value.
struct Radiated {
  double work, flux, far;
  double pattern;
  double crossed;  ///< largest |f_phi| over largest |f_theta|
};

double WorkOfCurrent(const Engine& engine, int number, const std::array<int, 3>& point,
                     Complex current) {
  const DftBlock block = engine.Dft(number);
  double work = 0;
  if (block.box.Contains(point[0], point[1], point[2])) {
    work = 0.5 * (block.At(0, 0, point[0], point[1], point[2]) * std::conj(current)).real();
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &work, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
  return work;
}

/// A cube of 1.6 um with PML around, a dipole along z in the middle, a box of 1 um around it.
Radiated RadiateFromCube(int cells_per_um) {
  const double h = 1.0 / cells_per_um;
  const int count = 2 * static_cast<int>(std::lround(0.8 * cells_per_um + 10));
  const std::array<AxisEnd, 2> open{AxisEnd{Wall::Pec, 10}, AxisEnd{Wall::Pec, 10}};
  const Axis axis = Axis::Uniform(h, count);
  const Lattice lattice({axis, axis, axis}, {open, open, open});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(kVacuum), options);
  const double dt = engine->TimeStep();
  const std::array<int, 3> point{count / 2, count / 2, count / 2};
  Dipole dipole;
  for (int d = 0; d < 3; ++d) dipole.position[d] = lattice.Position(Component::Ez, d, point[d]);
  dipole.waveform = Waveform::Pulse(kOmega, 0.2);
  engine->AddCurrent(DipoleCurrent(lattice, dt, engine->Held(), dipole));
  const int at_dipole = engine->AddDft(
      {{point, {point[0] + 1, point[1] + 1, point[2] + 1}}, {Component::Ez}, {kOmega}, 1});
  const auto faces = BoxFacesAt(lattice, {0, 0, 0}, {1, 1, 1});
  const FluxMonitor flux(*engine, faces, {kOmega});
  const NearToFar far(*engine, faces, {kOmega}, kVacuum);
  engine->Advance(static_cast<long>((dipole.waveform.EndTime() + 5) / dt));

  const Complex current = dipole.waveform.Spectrum(kOmega, dt);
  const double exact = kOmega * kOmega * std::norm(current) / (12 * M_PI);
  Radiated radiated{};
  radiated.work = WorkOfCurrent(*engine, at_dipole, point, current) / exact;
  radiated.flux = flux.Spectrum()[0] / exact;
  const DirectionGrid sphere = SphereDirections(12);
  radiated.far = far.Power(sphere)[0] / exact;
  double theta = 0;
  for (const FarField& field : far.Amplitudes(sphere.directions)) {
    theta = std::max(theta, std::abs(field.theta));
    radiated.crossed = std::max(radiated.crossed, std::abs(field.phi));
  }
  radiated.crossed /= theta;
  const auto fields = far.Amplitudes(sphere.directions);
  for (size_t n = 0; n < fields.size(); ++n) {
    const double sine = std::sin(sphere.directions[n].theta);
    const double wanted = exact * 3 / (8 * M_PI) * sine * sine;
    radiated.pattern = std::max(radiated.pattern,
                                std::abs(fields[n].intensity - wanted) / (exact * 3 / (8 * M_PI)));
  }
  return radiated;
}

TEST(FarFieldOfADipole, HasTheClosedPatternAndPower) {
  const Radiated coarse = RadiateFromCube(8);
  const Radiated fine = RadiateFromCube(16);
  for (const Radiated& r : {coarse, fine}) {
    std::printf(
        "dipole over closed form: work %.6f, flux %.6f, far field %.6f, pattern %.1e, "
        "crossed %.1e\n",
        r.work, r.flux, r.far, r.pattern, r.crossed);
    // Poynting's theorem of the lattice; what the PML sends back passes the box twice.
    EXPECT_NEAR(r.flux / r.work, 1, 1e-6);
  }
  // (k h)^2 = 0.15 at 16 cells per wavelength: a tenth of it in the work of a point current, of
  // which the flux is equal; near_to_far divides the cos(k h / 2) of the flux out and has more.
  EXPECT_NEAR(fine.work, 1, 0.02);
  EXPECT_NEAR(fine.far, 1, 0.03);
  EXPECT_LT(fine.pattern, 0.06);
  EXPECT_NEAR((coarse.far - 1) / (fine.far - 1), 4, 0.5);
  EXPECT_NEAR((coarse.work - 1) / (fine.work - 1), 4, 0.5);
  EXPECT_NEAR(coarse.pattern / fine.pattern, 4, 0.8);
  EXPECT_LT(fine.crossed, 0.01);
}

}  // namespace
}  // namespace symwave::verification
