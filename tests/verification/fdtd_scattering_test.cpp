// S-parameters from time domain: against the frequency domain on the same lattice, against what a
// straight guide must do, and on any number of ranks.
#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "solvers/fdtd/scattering.hpp"
#include "tests/unit/solvers/memory_archive.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using domain::Direction;
using domain::PlanePort;
using solvers::fdtd::Precision;
using solvers::fdtd::ScatteringOptions;
using solvers::fdtd::ScatteringSpectrum;

PlanePort PlanePortAt(const std::string& name, double x, double y, Direction faces, double span) {
  PlanePort port;
  port.name = name;
  port.at = {x, y, 0};
  port.faces = faces;
  port.span = {span, span};
  return port;
}

ScatteringOptions Options(double decay = 1e-11) {
  ScatteringOptions options;
  options.engine.precision = Precision::Float64;
  options.run.decay = decay;
  return options;
}

/// A guide that comes in along x and turns up a sharp corner, and a second one that begins beside
/// it: bend, coupler and scatterer at once. Ports stand on cell centres.
struct Corner {
  domain::Lattice lattice;
  domain::PermittivityMap media;
  std::vector<PlanePort> lines;
  std::vector<PlanePort> planes;

  explicit Corner(double cell, Polarization polarization = Polarization::Ez)
      : lattice(domain::UniformLattice(GridOf(polarization, cell, 4.8, 4.8, 1.6))) {
    media = domain::MakePermittivityMap(
        lattice, MediaOf({BoxShape(-9, 0.9, -0.2, 0.2), BoxShape(0.5, 0.9, -0.2, 9),
                          BoxShape(-1.2, 9, -0.9, -0.5), BoxShape(0.7, 0.9, -0.2, 0.0, "clad")},
                         {{"core", 2.848 * 2.848}, {"clad", 1.444 * 1.444}}));
    const double x = -2.16 + 0.5 * cell;
    lines = {PortAt("in", x, 0, Direction::PlusX, 3.4),
             PortAt("up", 0.7, -x, Direction::MinusY, 2.4),
             PortAt("beside", -x, -0.7, Direction::MinusX, 3.4)};
    planes = {PlanePortAt("in", x, 0, Direction::PlusX, 3.4),
              PlanePortAt("up", 0.7, -x, Direction::MinusY, 3.4),
              PlanePortAt("beside", -x, -0.7, Direction::MinusX, 3.4)};
  }

  ScatteringSpectrum SolveInTime(MPI_Comm comm, const std::vector<double>& wavelengths,
                                 const ScatteringOptions& options = Options()) const {
    const domain::MediumMap stepped = domain::MakeMediumMap(
        lattice, media, domain::SteppedFrequency(2 * M_PI / wavelengths.front(), 0));
    return solvers::fdtd::SolveScattering(comm, lattice, stepped, planes, wavelengths, options);
  }
};

double Relative(const Eigen::MatrixXcd& a, const Eigen::MatrixXcd& b) {
  return (a - b).norm() / b.norm();
}

/// How far the solvers are apart at one resolution, relative to norm(S).
struct Distance {
  double complex = 0;
  double moduli = 0;
};

Distance BetweenSolvers(double cell, Polarization polarization, double courant = 0.95) {
  const Corner corner(cell, polarization);
  solvers::fdfd::Simulation simulation(MPI_COMM_WORLD, corner.lattice, {});
  const auto expected = simulation.Solve(1.55, corner.media, corner.lines);
  ScatteringOptions options = Options();
  options.engine.courant = courant;
  const auto actual = corner.SolveInTime(MPI_COMM_WORLD, {1.55}, options);
  EXPECT_LT(actual.reciprocity_defect[0], 1e-4);
  for (size_t input = 0; input < 3; ++input) {
    const auto& shares = actual.power[0][input];
    EXPECT_NEAR(shares.absorbed, 0, 1e-5) << "lossless";
    EXPECT_NEAR(shares.radiated, expected.power[input].radiated, 0.01);
    // Radiation is a flux of its own: only then does the balance say something of S. Windows hold
    // their modes, and the PML sends back 1e-5.
    EXPECT_LT(shares.BalanceError(true), 1e-3) << 1 - shares.transmitted - shares.reflected;
  }
  // Nothing comes in where nothing is launched.
  const Eigen::MatrixXcd strayed = actual.incoming[0] - Eigen::MatrixXcd::Identity(3, 3);
  EXPECT_LT(strayed.cwiseAbs().maxCoeff(), 1e-2);
  EXPECT_LT((expected.incoming - Eigen::MatrixXcd::Identity(3, 3)).cwiseAbs().maxCoeff(), 1e-2);
  const Distance distance{
      Relative(actual.s[0], expected.s),
      (actual.s[0].cwiseAbs() - expected.s.cwiseAbs()).norm() / expected.s.norm()};
  std::printf(
      "%s, cell %.2f um, Courant number %.3f: S differs by %.1e, its moduli by %.1e, reciprocity "
      "%.0e, %ld steps\n",
      polarization == Polarization::Ez ? "Ez" : "Hz", cell, courant, distance.complex,
      distance.moduli, actual.reciprocity_defect[0], actual.runs[0].end.last.step);
  return distance;
}

// The operator in space is the same, so the time step makes the difference, of second order.
TEST(TimeDomainScattering, ConvergesToTheFrequencyDomain) {
  const Distance coarse = BetweenSolvers(0.08, Polarization::Ez);
  const Distance fine = BetweenSolvers(0.04, Polarization::Ez);
  EXPECT_LT(fine.moduli, 0.01);
  EXPECT_GT(std::log2(coarse.complex / fine.complex), 1.7);
  const Distance half_step = BetweenSolvers(0.04, Polarization::Ez, 0.475);
  EXPECT_LT(half_step.complex, 0.01);
  EXPECT_NEAR(std::log2(fine.complex / half_step.complex), 2, 0.2);
}

// Amplitudes are those of Hz at the ports' planes in both, whatever points the fields stand on.
TEST(TimeDomainScattering, AgreesForHzToo) {
  const Distance full_step = BetweenSolvers(0.05, Polarization::Hz);
  EXPECT_LT(full_step.moduli, 0.01);
  const Distance half_step = BetweenSolvers(0.05, Polarization::Hz, 0.475);
  EXPECT_LT(half_step.complex, 0.02);
  EXPECT_NEAR(std::log2(full_step.complex / half_step.complex), 2, 0.3);
}

TEST(TimeDomainScattering, DoesNotDependOnRanks) {
  const Corner corner(0.08);
  const auto together = corner.SolveInTime(MPI_COMM_WORLD, {1.5, 1.6});
  const auto alone = corner.SolveInTime(MPI_COMM_SELF, {1.5, 1.6});
  for (size_t w = 0; w < 2; ++w) {
    EXPECT_LT(Relative(together.s[w], alone.s[w]), 1e-11);
    EXPECT_NEAR(together.power[w][0].radiated, alone.power[w][0].radiated, 1e-11);
  }
}

/// Saves at the first check from `step` of run `stop` on, and stops there.
ScatteringOptions StoppedAt(int stop, long step, MemoryArchive& archive) {
  ScatteringOptions options = Options(1e-3);
  options.progress = [stop, step, &archive](int run, int, const solvers::fdtd::RunProgress& now,
                                            const ScatteringOptions::SaveState& save) {
    if (run < stop || now.step < step) return true;
    save(archive);
    return false;
  };
  return options;
}

/// With the fields of the first two inputs.
ScatteringOptions WithFields(ScatteringOptions options, const domain::Lattice& lattice) {
  options.field =
      solvers::fdtd::FieldRequest{1.6, {lattice.AllPoints()}, {domain::Component::Ez}, 2};
  return options;
}

// Stopped in the first run, at the end of the first, and in the last: the columns of ended runs are
// kept, and the rest is what the calculation without a stop finds.
TEST(TimeDomainScattering, GoesOnWhereItWasStopped) {
  const Corner corner(0.1);
  const domain::Lattice& lattice = corner.lattice;
  const std::vector<double> wavelengths{1.5, 1.6};
  const auto whole =
      corner.SolveInTime(MPI_COMM_WORLD, wavelengths, WithFields(Options(1e-3), lattice));
  ASSERT_FALSE(whole.stopped);
  const long end = whole.runs[0].end.last.step;
  for (const auto& [run, step] : {std::pair<int, long>{0, 200}, {0, end}, {2, 300}}) {
    MemoryArchive saved(MPI_COMM_WORLD);
    const auto stopped = corner.SolveInTime(MPI_COMM_WORLD, wavelengths,
                                            WithFields(StoppedAt(run, step, saved), lattice));
    ASSERT_TRUE(stopped.stopped);
    EXPECT_EQ(stopped.runs.size(), static_cast<size_t>(run) + 1);
    const auto go_on = [&](MPI_Comm comm) {
      MemoryArchive archive(comm, saved);
      ScatteringOptions options = WithFields(Options(1e-3), lattice);
      options.resume = [&archive](const ScatteringOptions::SaveState& state) { state(archive); };
      return corner.SolveInTime(comm, wavelengths, options);
    };
    const auto later = go_on(MPI_COMM_WORLD), alone = go_on(MPI_COMM_SELF);
    for (size_t w = 0; w < 2; ++w) {
      EXPECT_EQ(Relative(later.s[w], whole.s[w]), 0) << run << ", " << step;
      EXPECT_EQ(Relative(later.incoming[w], whole.incoming[w]), 0);
      EXPECT_EQ(later.reciprocity_defect[w], whole.reciprocity_defect[w]);
      EXPECT_LT(Relative(alone.s[w], whole.s[w]), 1e-11);
      for (size_t input = 0; input < 3; ++input) {
        EXPECT_EQ(later.power[w][input].radiated, whole.power[w][input].radiated);
      }
    }
    ASSERT_EQ(later.runs.size(), 3u);
    ASSERT_EQ(later.fields.size(), 2u);
    for (size_t input = 0; input < 3; ++input) {
      EXPECT_EQ(later.runs[input].end.last.step, whole.runs[input].end.last.step);
      EXPECT_EQ(later.runs[input].end.message, whole.runs[input].end.message);
      EXPECT_EQ(later.modes[input].launch_error, whole.modes[input].launch_error);
      if (input == 2) continue;
      EXPECT_TRUE(later.fields[input][0].values == whole.fields[input][0].values);
    }
  }
}

/// A straight guide along x with ports 3.45 um apart.
ScatteringSpectrum SolveStraight(double width, const std::vector<domain::ModeChoice>& modes,
                                 const std::vector<double>& wavelengths,
                                 const ScatteringOptions& options) {
  const domain::Lattice lattice = domain::UniformLattice(GridOf(Polarization::Ez, 0.05, 4, 4, 1.5));
  const domain::FrequencyMedia drawn = MediaOf({BoxShape(-9, 9, -0.5 * width, 0.5 * width)},
                                               {{"core", 2.848 * 2.848}, {"clad", 1.444 * 1.444}});
  const domain::MediumMap media = domain::MakeMediumMap(
      lattice, domain::MakePermittivityMap(lattice, drawn), domain::SteppedFrequency(4, 0));
  std::vector<PlanePort> ports = {PlanePortAt("in", -1.725, 0, Direction::PlusX, 3.6),
                                  PlanePortAt("out", 1.725, 0, Direction::MinusX, 3.6)};
  for (PlanePort& port : ports) port.modes = modes;
  return solvers::fdtd::SolveScattering(MPI_COMM_WORLD, lattice, media, ports, wavelengths,
                                        options);
}

Complex PhaseAlong(const ScatteringSpectrum& result, int mode, size_t w) {
  return std::exp(Complex(0, 3.45 * 2 * M_PI / result.wavelengths[w]) *
                  result.modes[mode].n_eff[w]);
}

// exp(i beta L) at every wavelength, also between those at which modes are solved.
TEST(TimeDomainScattering, StraightGuideOverABand) {
  std::vector<double> wavelengths;
  for (int k = 0; k <= 20; ++k) wavelengths.push_back(1.5 + 0.005 * k);
  const auto result = SolveStraight(0.4, {0}, wavelengths, Options(1e-10));
  double worst = 0;
  double reflection = 0;
  double lost = 0;
  for (size_t w = 0; w < wavelengths.size(); ++w) {
    worst = std::max(worst, std::abs(result.s[w](1, 0) - PhaseAlong(result, 0, w)));
    reflection = std::max(reflection, std::norm(result.s[w](0, 0)));
    lost = std::max(lost, std::abs(result.power[w][0].absorbed));
  }
  EXPECT_LT(worst, 1e-5);
  EXPECT_LT(reflection, 1e-8);
  EXPECT_LT(lost, 1e-6);
  EXPECT_LT(result.mode_interpolation_error, 1e-6);
  std::printf(
      "straight guide, 21 wavelengths: |S21 - exp(i beta L)| <= %.1e, reflection %.0f dB, "
      "flux balance %.0e, modes interpolated to %.0e\n",
      worst, 10 * std::log10(reflection), lost, result.mode_interpolation_error);
}

TEST(TimeDomainScattering, SeveralModesOfOnePort) {
  const auto result = SolveStraight(0.7, {0, 1}, {1.55}, Options(1e-10));
  ASSERT_EQ(result.modes.size(), 4u);
  EXPECT_EQ(result.modes[3].name, "out#1");
  Eigen::MatrixXcd expected = Eigen::MatrixXcd::Zero(4, 4);
  for (int m = 0; m < 2; ++m) {
    expected(2 + m, m) = expected(m, 2 + m) = PhaseAlong(result, m, 0);
  }
  // Modes of opposite sign at the two ports are as good.
  const Eigen::MatrixXd difference =
      (result.s[0].array() * expected.array().conjugate() - expected.array().abs2()).abs();
  EXPECT_LT(difference.maxCoeff(), 1e-4);
  EXPECT_LT((result.s[0].cwiseAbs() - expected.cwiseAbs()).norm(), 1e-4);
  std::printf("two modes: norm(|S| - |exp(i beta L)|) = %.1e\n",
              (result.s[0].cwiseAbs() - expected.cwiseAbs()).norm());
}

// |Ez| along the axis of the guide is that of the mode at unit power, from port to port.
TEST(TimeDomainScattering, KeepsFieldsPerUnitIncidentAmplitude) {
  ScatteringOptions options = Options(1e-10);
  solvers::fdtd::FieldRequest request;
  // Node 70 + 1 of 140 along both axes is the cell centre next to the axis of the guide.
  request.boxes = {{{40, 71, 0}, {100, 72, 1}}, {{70, 71, 0}, {71, 72, 1}}};
  request.components = {domain::Component::Ez};
  options.field = request;
  const auto result = SolveStraight(0.4, {0}, {1.55}, options);
  ASSERT_EQ(result.fields.size(), 2u);
  double range[2] = {1e9, 0};
  for (const Complex& value : result.fields[0][0].values) {
    range[0] = std::min(range[0], std::abs(value));
    range[1] = std::max(range[1], std::abs(value));
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &range[0], 1, MPI_DOUBLE, MPI_MIN, MPI_COMM_WORLD));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &range[1], 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  EXPECT_GT(range[0], 0.5);
  EXPECT_LT(range[1] / range[0] - 1, 1e-4);
  // A box of one point is that point of the line.
  ASSERT_EQ(result.fields[0].size(), 2u);
  for (const Complex& value : result.fields[0][1].values) {
    EXPECT_EQ(value, result.fields[0][0].At(0, 0, 70, 71, 0));
  }
}

}  // namespace
}  // namespace symwave::verification
