// Run control, flux and far field on given fields.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/near_to_far.hpp"
#include "solvers/fdtd/run_control.hpp"
#include "tests/unit/solvers/fake_engine.hpp"

namespace symwave::solvers::fdtd {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::Lattice;
using domain::Medium;
using domain::Wall;

const Medium kVacuum{"vacuum", 1, 0, {}};

Lattice Cube(double cell, int cells, AxisEnd end = {}) {
  const Axis axis = Axis::Uniform(cell, cells);
  const std::array<AxisEnd, 2> ends{end, end};
  return Lattice({axis, axis, axis}, {ends, ends, ends});
}

/// Faces that grow by 3 % from cell to cell, from -1 to 1.
Axis Graded(int cells) {
  std::vector<double> faces{0};
  for (int i = 0; i < cells; ++i) faces.push_back(faces.back() + std::pow(1.03, i));
  const double length = faces.back();
  for (double& face : faces) face = 2 * face / length - 1;
  return Axis(std::move(faces));
}

// ---------------------------------------------------------------- run control

/// Rises until step 1000 and falls by 10 dB every 1000 steps from there on.
double PulseEnergy(long step) {
  return step <= 1000 ? 3e-3 * static_cast<double>(step)
                      : 3 * std::pow(10.0, -(static_cast<double>(step) - 1000) / 1000);
}

TEST(RunUntilDecayed, StopsByDecayAndForeseesIt) {
  FakeEngine engine(MPI_COMM_WORLD, Cube(0.1, 8));
  engine.energy = PulseEnergy;
  RunControl control;
  control.source_end = 1200;
  control.decay = 1e-5;
  long foreseen = 0;
  control.progress = [&](const RunProgress& now) {
    if (now.step > 2000 && foreseen == 0) foreseen = now.step + now.steps_left;
    return true;
  };
  const RunResult result = RunUntilDecayed(engine, control);
  EXPECT_EQ(result.end, RunEnd::Decayed);
  EXPECT_TRUE(result.converged);
  // The peak is seen up to one check late.
  EXPECT_NEAR(result.last.step, 6000, 2 * control.check_every);
  EXPECT_NEAR(foreseen, 6000, 2 * control.check_every);
  EXPECT_LE(result.last.decibel, -50);
}

TEST(RunUntilDecayed, SaysThatSpectraMayBeUnconverged) {
  FakeEngine engine(MPI_COMM_WORLD, Cube(0.1, 8));
  engine.energy = PulseEnergy;
  RunControl control;
  control.source_end = 1200;
  control.decay = 1e-5;
  control.max_steps = 3000;
  const RunResult result = RunUntilDecayed(engine, control);
  EXPECT_EQ(result.end, RunEnd::StepLimit);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.last.step, 3000);
  EXPECT_NE(result.message.find("off by 1e-01"), std::string::npos) << result.message;
  EXPECT_NE(result.message.find("3e+03 steps more"), std::string::npos) << result.message;
}

TEST(RunUntilDecayed, EndsAtAFixedTimeOnRequestAndWithoutField) {
  FakeEngine engine(MPI_COMM_WORLD, Cube(0.1, 8));
  engine.energy = PulseEnergy;
  RunControl control;
  control.time = 12.34;
  control.source_end = 1200;
  EXPECT_EQ(RunUntilDecayed(engine, control).end, RunEnd::TimeReached);
  EXPECT_EQ(engine.Step(), 1234);

  control = {};
  control.source_end = 5000;
  control.progress = [](const RunProgress& now) { return now.step < 2000; };
  const RunResult stopped = RunUntilDecayed(engine, control);
  EXPECT_EQ(stopped.end, RunEnd::Stopped);
  EXPECT_NE(stopped.message.find("sources have not ended"), std::string::npos);

  FakeEngine dark(MPI_COMM_WORLD, Cube(0.1, 8));
  control = {};
  control.source_end = 500;
  EXPECT_EQ(RunUntilDecayed(dark, control).end, RunEnd::NoField);
  control.source_end = std::numeric_limits<long>::max();
  EXPECT_THROW(RunUntilDecayed(dark, control), base::UserError);
}

/// The sentence with which a run fails on this rank.
std::string FailureOf(FakeEngine& engine, const domain::MediumMap& media) {
  RunControl control;
  control.source_end = 1200;
  control.media = &media;
  try {
    RunUntilDecayed(engine, control);
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "";
}

void ExpectParts(const std::string& sentence, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    EXPECT_NE(sentence.find(part), std::string::npos) << part << " in: " << sentence;
  }
}

TEST(RunUntilDecayed, NamesThePlaceWhereFieldsGrow) {
  FakeEngine engine(MPI_COMM_WORLD, Cube(0.1, 20, {Wall::Pec, 4}));
  engine.energy = [](long step) { return step < 3000 ? 1.0 : std::exp(1e-3 * (step - 3000.0)); };
  engine.field = [](Component c, int i, int j, int k) {
    return c == Component::Hy && i == 17 && j == 9 && k == 11 ? -5e3 : 1.0 * i;
  };
  const std::string sentence = FailureOf(engine, domain::UniformMedium({"glass", 2.25, 0, {}}));
  ExpectParts(sentence, {"step 4416", "|Hy| = 5e+03", "(0.7500, -0.1000, 0.1500) um", "(17, 9, 11)",
                         "'glass'", "PML at the high end of x, 1 of its 4 cells deep"});
}

TEST(RunUntilDecayed, NamesThePlaceWhereValuesAreNotFinite) {
  FakeEngine engine(MPI_COMM_WORLD, Cube(0.1, 20, {Wall::Pmc, 0}));
  engine.time_step = 0.05;
  engine.energy = [](long step) { return step < 700 ? 1.0 * step : std::nan(""); };
  engine.field = [](Component c, int i, int j, int k) {
    if (c == Component::Ez && i == 3 && j == 0) return std::nan("");
    return c == Component::Ez && i == 4 && j == 0 && k == 8 ? 1e37 : 0.0;
  };
  const std::string sentence = FailureOf(engine, domain::UniformMedium({"aerogel", 0.5, 0, {}}));
  ExpectParts(sentence,
              {"step 704", "21 values are not finite", "|Ez| = 1e+37", "(4, 0, 8)", "'aerogel'",
               "PMC wall at the low end of y", "Courant number below 0.7071 (now 0.866)"});
}

// ---------------------------------------------------------------- flux

TEST(FaceAt, FindsNodesAndRefusesWhatLeavesTheDevice) {
  const Lattice lattice = Cube(0.1, 40, {Wall::Pec, 6});
  const Face face = FaceAt(lattice, 1, {0, 0.52, 0.1}, {1, 0, 0.6});
  EXPECT_EQ(face.Plane(), 25);
  EXPECT_EQ(face.lo, (std::array<int, 3>{15, 25, 18}));
  EXPECT_EQ(face.hi, (std::array<int, 3>{25, 25, 24}));
  EXPECT_THROW(FaceAt(lattice, 1, {0, 1.8, 0}, {1, 0, 1}), base::UserError);
  EXPECT_THROW(FaceAt(lattice, 1, {0, 0, 0}, {3.4, 0, 1}), base::UserError);
  EXPECT_THROW(FaceAt(lattice, 1, {0, 0, 0}, {5, 0, 1}), base::UserError);
  EXPECT_EQ(BoxFacesAt(lattice, {0, 0, 0}, {1, 1, 1}).size(), 6u);
  // On mirror planes no power passes.
  const Lattice half = Cube(0.1, 40, {Wall::Pmc, 0});
  EXPECT_EQ(BoxFaces(half, {0, 0, 4}, {20, 40, 20}).size(), 3u);
}

TEST(FluxMonitor, OfAPlaneWaveIsItsIntensityTimesTheArea) {
  // Along +y: Ez with Hx.
  FakeEngine engine(MPI_COMM_WORLD, Lattice({Graded(40), Graded(50), Graded(30)}, {}));
  engine.spectrum = [](Component c, const FakeEngine::Place& r, double omega) {
    const Complex wave = std::exp(Complex(0, omega * r[1]));
    return c == Component::Ez || c == Component::Hx ? wave : Complex(0);
  };
  const Face face = FaceAt(engine.Lattice(), 1, {0, 0, 0}, {1, 0, 1}, -1);
  const double area =
      (engine.Lattice().Node(0, face.hi[0]) - engine.Lattice().Node(0, face.lo[0])) *
      (engine.Lattice().Node(2, face.hi[2]) - engine.Lattice().Node(2, face.lo[2]));
  const FluxMonitor flux(engine, {face}, {3.0, 1.0});
  // H interpolated over one cell of about h = 0.045: 1 - (w h)^2 / 8.
  EXPECT_NEAR(flux.Spectrum()[0], -0.5 * area, 0.5 * area * 2.7e-3);
  EXPECT_NEAR(flux.Spectrum()[1], -0.5 * area, 0.5 * area * 3e-4);
  // Nothing stays in a box; its two ends have different cells.
  const FluxMonitor box(engine, BoxFacesAt(engine.Lattice(), {0, 0, 0}, {1, 1, 1}), {3.0});
  EXPECT_NEAR(box.Spectrum()[0], 0, 2.7e-3);
}

TEST(FluxMonitor, FillsPeriodicAxesOnce) {
  const Axis axis = Axis::Uniform(0.05, 20);
  const AxisEnd wall{}, seam{Wall::Periodic, 0};
  FakeEngine engine(MPI_COMM_WORLD,
                    Lattice({axis, axis, axis}, {{{wall, wall}, {seam, seam}, {seam, seam}}}));
  engine.spectrum = [](Component c, const FakeEngine::Place&, double) {
    return c == Component::Ey || c == Component::Hz ? Complex(0, 1) : Complex(0);
  };
  const FluxMonitor flux(engine, {FaceAt(engine.Lattice(), 0, {0, 0, 0}, {0, 1, 1})}, {1.0});
  EXPECT_NEAR(flux.Spectrum()[0], 0.5, 1e-14);
  EXPECT_THROW(FluxMonitor(engine, {FaceAt(engine.Lattice(), 0, {0, 0.25, 0}, {0, 0.5, 1})}, {1.0}),
               base::UserError);
}

// ---------------------------------------------------------------- far field

/// Field of a unit current moment along `axis` in index n: Jackson, eq. 9.18, with p = i J / w.
Complex DipoleField(Component c, const Eigen::Vector3d& r, int axis, double n, double omega) {
  const double distance = r.norm(), k = n * omega, x = k * distance;
  const Eigen::Vector3d radial = r / distance, p = Eigen::Vector3d::Unit(axis);
  const Complex green = std::polar(1 / (4 * M_PI * distance), x), i(0, 1);
  const auto d = static_cast<int>(domain::DirectionOf(c));
  if (!domain::IsElectric(c)) return i * k * radial.cross(p)[d] * (1.0 + i / x) * green;
  return i * omega * green *
         (p[d] * (1.0 + i / x - 1 / (x * x)) +
          radial[d] * radial.dot(p) * (-1.0 - 3.0 * i / x + 3 / (x * x)));
}

/// Largest error of the far field on a sphere, relative to the largest field, and of the power.
std::array<double, 2> ErrorOfDipole(double cell, double n, int axis) {
  const double omega = 2 * M_PI;
  const Eigen::Vector3d place(0.13, -0.07, 0.21);
  FakeEngine engine(MPI_COMM_WORLD, Cube(cell, static_cast<int>(std::lround(2 / cell))));
  engine.spectrum = [&](Component c, const FakeEngine::Place& r, double w) {
    return DipoleField(c, Eigen::Vector3d(r[0], r[1], r[2]) - place, axis, n, w);
  };
  const NearToFar far(engine, BoxFacesAt(engine.Lattice(), {0, 0, 0}, {1.2, 1.4, 1.6}), {omega},
                      Medium{"background", n * n, 0, {}});
  const DirectionGrid grid = SphereDirections(10);
  const std::vector<FarField> fields = far.Amplitudes(grid.directions);
  const double largest = omega / (4 * M_PI);
  double error = 0;
  for (size_t d = 0; d < fields.size(); ++d) {
    const double theta = grid.directions[d].theta, phi = grid.directions[d].phi;
    const Eigen::Vector3d radial(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                                 std::cos(theta));
    const Eigen::Vector3d along_theta(std::cos(theta) * std::cos(phi),
                                      std::cos(theta) * std::sin(phi), -std::sin(theta));
    const Complex amplitude = Complex(0, largest) * std::polar(1.0, -n * omega * radial.dot(place));
    const Complex expected_phi =
        amplitude * (axis == 2 ? 0 : (axis == 0 ? -std::sin(phi) : std::cos(phi)));
    error = std::max(error, std::abs(fields[d].theta - amplitude * along_theta[axis]));
    error = std::max(error, std::abs(fields[d].phi - expected_phi));
  }
  const double power = n * omega * omega / (12 * M_PI);
  return {error / largest, std::abs(far.Power(grid)[0] / power - 1)};
}

TEST(NearToFar, OfADipoleHasItsPatternPhaseAndPower) {
  for (const int axis : {0, 1, 2}) {
    const auto coarse = ErrorOfDipole(0.1, 1.5, axis), fine = ErrorOfDipole(0.05, 1.5, axis);
    // Sums over the points of a face and the interpolation of H err by O(h^2).
    EXPECT_LT(fine[0], 0.01) << axis;
    EXPECT_LT(fine[1], 0.005) << axis;
    EXPECT_NEAR(std::log2(coarse[0] / fine[0]), 2, 0.4) << axis;
    if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
      std::printf("dipole along %d: far field off by %.1e at 13 cells per wavelength, %.1e at 7\n",
                  axis, fine[0], coarse[0]);
    }
  }
}

TEST(NearToFar, OfALineCurrentIsUniform) {
  const double omega = 2 * M_PI, n = 1.3, k = n * omega;
  const Axis axis = Axis::Uniform(0.025, 80);
  FakeEngine engine(MPI_COMM_WORLD, Lattice(domain::FieldSet::Ez, {axis, axis}, {}));
  engine.spectrum = [&](Component c, const FakeEngine::Place& r, double w) {
    const double x = r[0] - 0.1, y = r[1] + 0.2, rho = std::hypot(x, y);
    const Complex i(0, 1);
    const auto hankel = [&](double order) {
      return std::cyl_bessel_j(order, k * rho) + i * std::cyl_neumann(order, k * rho);
    };
    // Ez = -w/4 H0(k rho), curl E = i w H.
    if (c == Component::Ez) return -0.25 * w * hankel(0);
    const Complex slope = 0.25 * k * hankel(1) / i;
    return c == Component::Hx ? slope * y / rho : -slope * x / rho;
  };
  const auto faces = BoxFacesAt(engine.Lattice(), {0, 0, 0}, {1, 1.2, 0});
  ASSERT_EQ(faces.size(), 4u);
  const NearToFar far(engine, faces, {omega}, Medium{"background", n * n, 0, {}});
  const DirectionGrid grid = CircleDirections(24);
  const auto fields = far.Amplitudes(grid.directions);
  for (size_t d = 0; d < fields.size(); ++d) {
    const double phi = grid.directions[d].phi;
    const double path = 0.1 * std::cos(phi) - 0.2 * std::sin(phi);
    // Ez = i w exp(i pi/4) / sqrt(8 pi k) and theta^ = -z^.
    const Complex expected =
        -omega / std::sqrt(8 * M_PI * k) * std::polar(1.0, 0.75 * M_PI - k * path);
    EXPECT_LT(std::abs(fields[d].theta - expected), 0.003 * std::abs(expected)) << d;
    EXPECT_LT(std::abs(fields[d].phi), 1e-12);
  }
  EXPECT_NEAR(far.Power(grid)[0], omega / 8, 0.003 * omega / 8);
}

TEST(NearToFar, NeedsATransparentBackground) {
  FakeEngine engine(MPI_COMM_WORLD, Cube(0.1, 20));
  EXPECT_THROW(NearToFar(engine, {}, {1.0}, Medium{"lossy", 2, 0.1, {}}), base::UserError);
}

TEST(DirectionGrid, IntegratesSphericalHarmonicsExactly) {
  const DirectionGrid grid = SphereDirections(6);
  double one = 0, even = 0;
  for (size_t d = 0; d < grid.weights.size(); ++d) {
    const auto [theta, phi] = grid.directions[d];
    one += grid.weights[d];
    even += grid.weights[d] * std::pow(std::sin(theta) * std::cos(phi), 4);
  }
  EXPECT_NEAR(one, 4 * M_PI, 1e-12);
  EXPECT_NEAR(even, 4 * M_PI / 5, 1e-12);
}

}  // namespace
}  // namespace symwave::solvers::fdtd
