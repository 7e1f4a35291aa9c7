// Dipoles of the time domain against the Green functions of free space.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "domain/base/error.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::FieldSet;
using domain::Lattice;
using domain::Medium;
using domain::Wall;
using namespace solvers::fdtd;
using Ends = std::array<AxisEnd, 2>;

const Medium kVacuum{"vacuum", 1, 0, {}};

double MaxOverRanks(double value) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  return value;
}

/// Largest error of the transform of an Ez dipole in the plane, over the largest exact value.
double LineSourceError(int cells_per_um, const std::array<double, 3>& position) {
  const double h = 1.0 / cells_per_um;
  const Ends open{AxisEnd{Wall::Pec, cells_per_um}, AxisEnd{Wall::Pec, cells_per_um}};
  const Axis axis = Axis::Uniform(h, 5 * cells_per_um);
  const Lattice lattice(FieldSet::Ez, {axis, axis}, {open, open});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(kVacuum), options);
  Dipole dipole;
  dipole.position = position;
  dipole.moment = Complex(0.8, 0.6);
  dipole.waveform = Waveform::Pulse(2 * M_PI, 0.2);
  const double dt = engine->TimeStep();
  engine->AddCurrent(DipoleCurrent(lattice, dt, engine->Held(), dipole));
  const double omega = 2 * M_PI;
  const int monitor = engine->AddDft({lattice.InsidePml(), {Component::Ez}, {omega}, 1});
  engine->Advance(static_cast<long>((dipole.waveform.EndTime() + 12) / dt));
  const DftBlock block = engine->Dft(monitor);
  const Complex source = dipole.moment * dipole.waveform.Spectrum(omega, dt);
  double error = 0;
  double largest = 0;
  for (int j = block.box.lo[1]; j < block.box.hi[1]; ++j) {
    for (int i = block.box.lo[0]; i < block.box.hi[0]; ++i) {
      const double r =
          std::hypot(lattice.Node(0, i) - position[0], lattice.Node(1, j) - position[1]);
      if (r < 0.4 || r > 1.2) continue;
      const Complex hankel(std::cyl_bessel_j(0, omega * r), std::cyl_neumann(0, omega * r));
      const Complex exact = source * 0.25 * omega * hankel;
      error = std::max(error, std::abs(block.At(0, 0, i, j, 0) - exact));
      largest = std::max(largest, std::abs(exact));
    }
  }
  return MaxOverRanks(error) / MaxOverRanks(largest);
}

TEST(Dipole, RadiatesTheHankelFunctionInTwoDimensions) {
  for (const std::array<double, 3>& position :
       {std::array<double, 3>{0, 0, 0}, std::array<double, 3>{0.013, -0.021, 0}}) {
    const double coarse = LineSourceError(20, position);
    const double fine = LineSourceError(40, position);
    EXPECT_LT(fine, 5e-3);
    EXPECT_NEAR(coarse / fine, 4, 0.5);
  }
}

/// E_z of an Ez dipole, or H_z of an Hz dipole, which is the same function.
void ExpectGreenFunction(Component c) {
  const double h = 0.05;
  const Axis axis = Axis::Uniform(h, 60);
  const Ends open{AxisEnd{Wall::Pec, 10}, AxisEnd{Wall::Pec, 10}};
  const Lattice lattice({axis, axis, axis}, {open, open, open});
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(kVacuum), {});
  const double dt = engine->TimeStep();
  const double k = 2 * M_PI;
  Dipole dipole;
  dipole.component = c;
  dipole.waveform = Waveform::Pulse(k, 0.2);
  for (int d = 0; d < 3; ++d) dipole.position[d] = lattice.Position(c, d, 30);
  engine->AddCurrent(DipoleCurrent(lattice, dt, engine->Held(), dipole));
  const int monitor = engine->AddDft({lattice.InsidePml(), {c}, {k}, 3});
  engine->Advance(static_cast<long>((dipole.waveform.EndTime() + 8) / dt));
  const DftBlock block = engine->Dft(monitor);
  const Complex source = Complex(0, -k) * dipole.waveform.Spectrum(k, dt);
  double error = 0;
  double largest = 0;
  for (int l = block.box.lo[2]; l < std::min(block.box.hi[2], lattice.Cells(2)); ++l) {
    for (int j = block.box.lo[1]; j < std::min(block.box.hi[1], lattice.Cells(1)); ++j) {
      for (int i = block.box.lo[0]; i < std::min(block.box.hi[0], lattice.Cells(0)); ++i) {
        const double z = lattice.Position(c, 2, l) - dipole.position[2];
        const double r = std::hypot(lattice.Position(c, 0, i) - dipole.position[0],
                                    lattice.Position(c, 1, j) - dipole.position[1], z);
        if (r < 0.4 || r > 0.9) continue;
        const Complex near(1 - 1 / (k * r * k * r), 1 / (k * r));
        const Complex axial(-1 + 3 / (k * r * k * r), -3 / (k * r));
        const Complex exact =
            source * std::polar(1 / (4 * M_PI * r), k * r) * (near + z * z / (r * r) * axial);
        error = std::max(error, std::abs(block.At(0, 0, i, j, l) - exact));
        largest = std::max(largest, std::abs(exact));
      }
    }
  }
  // Dispersion along an axis at 20 cells per wavelength turns the phase by 0.4 % of k r < 5.7.
  EXPECT_LT(MaxOverRanks(error), 0.03 * MaxOverRanks(largest));
}

TEST(Dipole, RadiatesTheGreenFunctionInThreeDimensions) {
  ExpectGreenFunction(Component::Ez);
  ExpectGreenFunction(Component::Hz);
}

}  // namespace
}  // namespace symwave::verification
