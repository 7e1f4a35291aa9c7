// Phase velocity of the Yee lattice, and waves that cross a change of cell size.
#include "tests/verification/fdtd_line.hpp"

namespace symwave::verification {
namespace {

using solvers::fdtd::Waveform;

/// v/c at `points` per vacuum wavelength from the phase that the transform of a pulse gains over
/// `length` wavelengths.
double PhaseVelocity(FieldSet fields, int axis, int points, Precision precision, int length) {
  const double cell = 1.0 / points, omega = 2 * M_PI;
  Line line;
  line.fields = fields;
  line.axis = axis;
  line.nodes = UniformNodes(0, cell, (length + 4) * points + 40);
  line.transverse_cell = cell;
  line.layers = {{0, {"vacuum", 1, 0, {}}}};
  EngineOptions options;
  options.precision = precision;
  options.courant = 0.5 * cell / line.MakeLattice().CourantLimit();
  const bool single = precision == Precision::Float32;
  const LineSpectra spectra = RunPulse(MPI_COMM_WORLD, line, 20 + points, Waveform::Band(0.8, 1.3),
                                       {omega}, options, single ? 1e-10 : 1e-18);
  EXPECT_NEAR(spectra.dt, 0.5 * cell, 1e-15);
  double phase = 0;
  const int begin = 20 + 2 * points, end = begin + length * points;
  for (int n = begin; n < end; ++n) {
    phase += std::arg(spectra.field[0][n + 1] / spectra.field[0][n]);
  }
  return omega / (phase / (line.nodes[end] - line.nodes[begin]));
}

// 1e-5 over 15 wavelengths is a phase of 1e-3 rad, a hundred times the reflection of the PML.
TEST(Dispersion, PhaseVelocityOnAxisAtHalfTheCourantLimit) {
  const int points[] = {10, 20, 40};
  const double expected[] = {0.987264, 0.996892, 0.999227};
  double deviation[2][3];
  for (int n = 0; n < 3; ++n) {
    for (const Precision precision : {Precision::Float32, Precision::Float64}) {
      const double velocity = PhaseVelocity(FieldSet::Ez, 0, points[n], precision, 15);
      EXPECT_NEAR(velocity, expected[n], 1e-5);
      deviation[precision == Precision::Float64][n] = std::abs(velocity - expected[n]);
    }
    EXPECT_NEAR(PhaseVelocity(FieldSet::Hz, 1, points[n], Precision::Float64, 15), expected[n],
                1e-5);
  }
  for (int axis = 0; axis < 3; ++axis) {
    EXPECT_NEAR(PhaseVelocity(FieldSet::All, axis, 10, Precision::Float64, 15), expected[0], 1e-5);
  }
  Report("v/c at 10, 20, 40 points: float32 off by %.0e %.0e %.0e, float64 by %.0e %.0e %.0e",
         deviation[0][0], deviation[0][1], deviation[0][2], deviation[1][0], deviation[1][1],
         deviation[1][2]);
}

/// |r| of a plane wave where cells of width `cell` turn into cells of width ratio * cell, in
/// `steps` equal ratios.
double GradingReflection(double cell, double ratio, int steps) {
  const double omega = 2 * M_PI;
  Line line;
  double width = cell;
  line.nodes = UniformNodes(0, cell, static_cast<int>(std::lround(1.5 / cell)) + 20);
  const int change = static_cast<int>(line.nodes.size()) - 1;
  for (int s = 0; s < steps; ++s) {
    if (s > 0) line.nodes.push_back(line.nodes.back() + width);
    width *= std::pow(ratio, 1.0 / steps);
  }
  const int end = static_cast<int>(line.nodes.size()) + static_cast<int>(0.5 / width) + 30;
  while (static_cast<int>(line.nodes.size()) < end) line.nodes.push_back(line.nodes.back() + width);
  line.ends[0].pml_cells = 20;
  line.ends[1].pml_cells = 30;
  line.transverse_cell = cell;
  line.layers = {{0, {"vacuum", 1, 0, {}}}};
  EngineOptions options;
  options.precision = Precision::Float64;
  const int source = 20 + static_cast<int>(0.2 / cell);
  const LineSpectra spectra =
      RunPulse(MPI_COMM_WORLD, line, source, Waveform::Band(0.8, 1.3), {omega}, options);
  const double k = LatticeWavenumber(line, omega, spectra.dt, cell, 1);
  const int quarter = static_cast<int>(0.25 / cell);
  const TwoWaves waves =
      Separate(line, spectra.field[0], k, change - 4 - quarter, change - 4, line.nodes[change]);
  return std::abs(waves.backward / waves.forward);
}

// A change of the cell size h to rh reflects (r^2 - 1) (k h)^2 / 16: to second order the impedance
// of the lattice is 1 + (k h)^2 / 8 (the node between the two has half of each cell's volume).
TEST(GradedAxis, ReflectionOfAStepIsOfSecondOrder) {
  double reflection[2];
  for (int n = 0; n < 2; ++n) {
    const double cell = n == 0 ? 0.02 : 0.01;
    reflection[n] = GradingReflection(cell, 2, 1);
    const double kh = 2 * M_PI * cell;
    EXPECT_NEAR(reflection[n] / (3 * kh * kh / 16), 1, 0.05);
  }
  Report("cells doubled at once: |r| %.1e %.1e", reflection[0], reflection[1]);
  EXPECT_NEAR(std::log2(reflection[0] / reflection[1]), 2, 0.1);
}

// The same doubling in 14 ratios of 5 %, over 0.4 wavelengths: the steps interfere and reflect less
// together (measured: 8e-4 against 3e-3); in 4 ratios of 19 % it is still of second order.
TEST(GradedAxis, SmallRatiosReflectLess) {
  EXPECT_LT(GradingReflection(0.02, 2, 14), 0.3 * GradingReflection(0.02, 2, 1));
  const double order = std::log2(GradingReflection(0.02, 2, 4) / GradingReflection(0.01, 2, 4));
  EXPECT_NEAR(order, 2, 0.15);
}

}  // namespace
}  // namespace symwave::verification
