// One-way launch of Gaussian beams and guided modes: what leaves behind the launch plane, the power
// in front of it, waist, focus and direction of the beam.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"
#include "solvers/fdtd/mode_source.hpp"
#include "tests/verification/waveguide_media.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::AxisName;
using domain::FieldSet;
using domain::Medium;
using domain::MediumMap;
using domain::Wall;
using namespace solvers::fdtd;
namespace modes = solvers::modes;
using Ends = std::array<AxisEnd, 2>;

constexpr double kInf = std::numeric_limits<double>::infinity();
const Medium kVacuum{"vacuum", 1, 0, {}};

Ends Open(int cells) {
  return {AxisEnd{Wall::Pec, cells}, AxisEnd{Wall::Pec, cells}};
}

/// Power through a node plane, cut one cell inside the PML, per unit |S(w)|^2.
class Plane {
 public:
  Plane(Engine& engine, int axis, int node, const std::vector<double>& omegas)
      : monitor_(engine, {FaceOn(engine.Lattice(), axis, node)}, omegas) {}

  std::vector<double> Power(const Waveform& waveform, double dt) const {
    std::vector<double> power = monitor_.Spectrum();
    for (size_t w = 0; w < power.size(); ++w) {
      power[w] /= std::norm(waveform.Spectrum(monitor_.Omegas()[w], dt));
    }
    return power;
  }

 private:
  static Face FaceOn(const Lattice& lattice, int axis, int node) {
    Face face;
    face.normal = axis;
    for (int d = 0; d < 3; ++d) {
      face.lo[d] = d == axis ? node : lattice.End(d, 0).pml_cells;
      face.hi[d] = d == axis ? node : lattice.Cells(d) - lattice.End(d, 1).pml_cells;
    }
    return face;
  }
  FluxMonitor monitor_;
};

/// |F|^2 of a component along y at node or half `i` of x, on every rank.
std::vector<double> Intensity(const Engine& engine, int number, int i, int frequency) {
  const DftBlock block = engine.Dft(number);
  std::vector<double> line(engine.Lattice().Points(1), 0.0);
  for (int j = block.box.lo[1]; j < block.box.hi[1]; ++j) {
    if (!block.box.Contains(i, j, 0)) continue;
    line[j] = std::norm(block.At(0, frequency, i, j, 0));
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, line.data(), static_cast<int>(line.size()), MPI_DOUBLE,
                          MPI_SUM, MPI_COMM_WORLD));
  return line;
}

struct BeamMoments {
  double peak = 0;
  double centre = 0;
  double radius = 0;  ///< 1/e radius of the field of a Gaussian of this variance
};

BeamMoments MomentsOf(const Lattice& lattice, Component c, const std::vector<double>& line) {
  double sum = 0, first = 0, second = 0;
  BeamMoments moments;
  for (int j = 0; j < static_cast<int>(line.size()); ++j) {
    const double y = lattice.Position(c, 1, j);
    sum += line[j];
    first += line[j] * y;
    second += line[j] * y * y;
    moments.peak = std::max(moments.peak, line[j]);
  }
  moments.centre = first / sum;
  moments.radius = 2 * std::sqrt(second / sum - moments.centre * moments.centre);
  return moments;
}

// ------------------------------------------------------------------------------------------------
// Gaussian beams

constexpr double kWaist = 1.2;
constexpr double kBeamCell = 0.05;

/// Per frequency.
struct BeamRun {
  std::vector<double> behind;
  std::vector<double> ahead;
  std::vector<double> incident;  ///< what reports divide by
  std::vector<BeamMoments> at_focus;
  std::vector<BeamMoments> before;  ///< at x = 0
};

BeamRun RunBeam2D(FieldSet fields, int direction, double degrees,
                  const std::vector<double>& omegas) {
  const double h = kBeamCell;
  const Lattice lattice(fields, {Axis::Uniform(h, 200), Axis::Uniform(h, 240)},
                        {Open(20), Open(20)});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(kVacuum), options);
  const double dt = engine->TimeStep();
  const double angle = degrees * M_PI / 180;
  GaussianBeam beam;
  beam.position = -2.5 * direction;
  beam.towards = {direction * std::cos(angle), std::sin(angle), 0};
  beam.focus = {1.5 * direction, 0.5, 0};
  beam.waist = kWaist;
  if (fields == FieldSet::Ez) {
    beam.electric = {0, 0, 1};
  } else {
    beam.electric = {-direction * std::sin(angle), std::cos(angle), 0};
  }
  beam.waveform = Waveform::Pulse(2 * M_PI, 0.08);
  beam.waveform = beam.waveform.Delayed(GaussianBeamLead(lattice, dt, beam));
  engine->AddCurrent(GaussianBeamCurrent(lattice, dt, engine->Held(), beam));
  const int plane = lattice.NearestNode(0, beam.position);
  const int focus = lattice.NearestNode(0, beam.focus[0]);
  const Plane behind(*engine, 0, plane - 10 * direction, omegas);
  const Plane ahead(*engine, 0, plane + 10 * direction, omegas);
  const Component seen = fields == FieldSet::Ez ? Component::Ez : Component::Ey;
  const auto record = [&](int i) {
    IndexBox box = lattice.InsidePml();
    box.lo[0] = i;
    box.hi[0] = i + 1;
    return engine->AddDft({box, {seen}, omegas, 1});
  };
  const int in_focus = record(focus);
  const int halfway = record(100);
  engine->Advance(static_cast<long>((beam.waveform.EndTime() + 15) / dt));
  BeamRun run;
  run.behind = behind.Power(beam.waveform, dt);
  run.ahead = ahead.Power(beam.waveform, dt);
  for (int w = 0; w < static_cast<int>(omegas.size()); ++w) {
    run.incident.push_back(GaussianBeamPower(lattice, dt, beam, omegas[w]));
    run.at_focus.push_back(MomentsOf(lattice, seen, Intensity(*engine, in_focus, focus, w)));
    run.at_focus[w].peak /= std::norm(beam.waveform.Spectrum(omegas[w], dt));
    run.before.push_back(MomentsOf(lattice, seen, Intensity(*engine, halfway, 100, w)));
  }
  return run;
}

void ExpectBeam(const BeamRun& run, size_t w, double k, FieldSet fields, int direction,
                double degrees) {
  EXPECT_LT(std::abs(run.behind[w] / run.ahead[w]), 1e-6);
  // Paraxial power 1/2 w sqrt(pi / 2); the next order in 1 / (k w) from the angular spectrum; the
  // H of a node plane is the mean of two half planes.
  const double cosine = std::cos(degrees * M_PI / 180);
  const double beyond = fields == FieldSet::Ez ? -0.5 : 2.5;
  const double power = 0.5 * kWaist * std::sqrt(M_PI / 2) * (1 + beyond / std::pow(k * kWaist, 2)) *
                       std::cos(0.5 * k * cosine * kBeamCell);
  EXPECT_NEAR(std::abs(run.ahead[w]), power, 0.01 * power);
  EXPECT_NEAR(std::abs(run.ahead[w] / run.incident[w]), 1, 1e-4);
  EXPECT_GT(run.ahead[w] * direction, 0);
  // 1 % and 4 % at 1 um, as 1 / k^2: the moments see the tails of a non-paraxial beam, above all of
  // Ey.
  const double share = (fields == FieldSet::Ez ? 0.01 : 0.04) * std::pow(2 * M_PI / k, 2);
  EXPECT_NEAR(run.at_focus[w].centre, 0.5, 1e-3);
  EXPECT_NEAR(run.at_focus[w].radius, kWaist / cosine, share * kWaist);
  EXPECT_NEAR(run.before[w].centre, 0.5 - 1.5 * std::tan(degrees * M_PI / 180), 0.02);
  const double spread = kWaist * std::hypot(1, 3 / (cosine * k * kWaist * kWaist)) / cosine;
  EXPECT_NEAR(run.before[w].radius, spread, share * spread);
  if (degrees == 0) {
    EXPECT_NEAR(run.at_focus[w].peak, 1, 2e-3);
  }
}

TEST(GaussianBeam, RunsOneWayIntoItsFocusInTwoDimensions) {
  // The ends hold a third of the pulse's peak.
  const std::vector<double> omegas{0.88 * 2 * M_PI, 2 * M_PI, 1.12 * 2 * M_PI};
  struct Case {
    FieldSet fields;
    int direction;
    double degrees;
  };
  for (const auto& [fields, direction, degrees] :
       {Case{FieldSet::Ez, 1, 12}, Case{FieldSet::Ez, -1, 0}, Case{FieldSet::Hz, 1, 0},
        Case{FieldSet::Hz, -1, 12}}) {
    const BeamRun run = RunBeam2D(fields, direction, degrees, omegas);
    for (size_t w = 0; w < omegas.size(); ++w) {
      SCOPED_TRACE(fmt::format("{} degrees, omega {:.3f}", degrees, omegas[w]));
      ExpectBeam(run, w, omegas[w], fields, direction, degrees);
    }
  }
}

TEST(GaussianBeam, RunsOneWayInThreeDimensions) {
  const double h = 0.1;
  const Axis across = Axis::Uniform(h, 70);
  const Lattice lattice({across, across, Axis::Uniform(h, 44)}, {Open(8), Open(8), Open(8)});
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(kVacuum), {});
  const double dt = engine->TimeStep();
  GaussianBeam beam;
  beam.axis = AxisName::Z;
  beam.position = 1.0;
  beam.towards = {0, 0, -1};
  beam.focus = {0, 0, -0.5};
  beam.waist = 0.9;
  beam.electric = {0.6, Complex(0, 0.8), 0};
  beam.waveform = Waveform::Pulse(2 * M_PI, 0.08);
  beam.waveform = beam.waveform.Delayed(GaussianBeamLead(lattice, dt, beam));
  engine->AddCurrent(GaussianBeamCurrent(lattice, dt, engine->Held(), beam));
  const std::vector<double> omegas{0.88 * 2 * M_PI, 2 * M_PI, 1.12 * 2 * M_PI};
  const Plane behind(*engine, 2, 34, omegas);
  const Plane ahead(*engine, 2, 25, omegas);
  engine->Advance(static_cast<long>((beam.waveform.EndTime() + 8) / dt));
  const auto back = behind.Power(beam.waveform, dt);
  const auto forward = ahead.Power(beam.waveform, dt);
  for (size_t w = 0; w < omegas.size(); ++w) {
    // The beam is wider than the lattice is good for at the lowest frequency.
    EXPECT_LT(std::abs(back[w] / forward[w]), w == 0 ? 1e-5 : 1e-6);
    // As in 2D, with 1/4 pi w^2 (1 + 2 / (k w)^2); 1 / (k w)^4 is 0.2 %, its factor not small.
    const double square = std::pow(omegas[w] * beam.waist, 2);
    const double power =
        -0.25 * M_PI * beam.waist * beam.waist * (1 + 2 / square) * std::cos(0.5 * omegas[w] * h);
    EXPECT_NEAR(forward[w], power, 0.02 * std::abs(power));
    EXPECT_NEAR(-forward[w] / GaussianBeamPower(lattice, dt, beam, omegas[w]), 1, 1e-3);
  }
}

// ------------------------------------------------------------------------------------------------
// Guided modes

struct ModeRun {
  std::vector<double> behind;
  std::vector<double> ahead;
};

/// A launch of the profiles at `omegas`, which are looked at, too.
ModeRun RunMode(const Lattice& lattice, const MediumMap& media, int direction,
                const std::vector<double>& omegas, double time) {
  EngineOptions options;
  options.precision = Precision::Float64;
  options.pml.index = 2;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, options);
  const double dt = engine->TimeStep();
  const Waveform waveform = Waveform::Pulse(omegas[omegas.size() / 2], 0.1);
  const int node = lattice.Cells(0) / 2;
  modes::WaveguidePlane plane{0, node, lattice.InsidePml()};
  plane.box.lo[0] = node;
  plane.box.hi[0] = node + 1;
  std::vector<modes::WaveguideMode> found;
  for (const double omega : omegas) {
    found.push_back(
        modes::SolveWaveguide(MPI_COMM_WORLD, lattice, media, plane, omega, dt, 1).front());
    EXPECT_TRUE(found.back().guided);
  }
  std::vector<const modes::WaveguideMode*> profiles;
  for (const modes::WaveguideMode& mode : found) profiles.push_back(&mode);
  const ModeLaunch launch(lattice, dt, LaunchOf(lattice, omegas, profiles, direction, waveform));
  EXPECT_LT(launch.Error(), 1e-6);
  EXPECT_LE(launch.Terms(), 7);
  engine->AddCurrent(launch.OnPoints(engine->Held()));
  const Plane behind(*engine, 0, node - 8 * direction, omegas);
  const Plane ahead(*engine, 0, node + 8 * direction, omegas);
  engine->Advance(static_cast<long>((waveform.EndTime() + launch.Lead() + time) / dt));
  return {behind.Power(waveform, dt), ahead.Power(waveform, dt)};
}

/// The same at all frequencies: each has the profile of its mode, at unit power as the lattice's
/// own flux counts it.
void ExpectOneWay(const ModeRun& run, int direction, double bound) {
  for (size_t w = 0; w < run.behind.size(); ++w) {
    EXPECT_LT(std::abs(run.behind[w]), bound);
    EXPECT_NEAR(run.ahead[w], direction, 1e-4);
  }
}

/// From -10 to +10 % of a frequency.
std::vector<double> BandAround(double omega) {
  return {0.9 * omega, 0.94 * omega, omega, 1.05 * omega, 1.1 * omega};
}

TEST(ModeSource, RunsOneWayInSlabs) {
  const double h = 0.02;
  const Medium silicon{"Si", 3.476 * 3.476, 0, {}};
  const Medium oxide{"SiO2", 1.444 * 1.444, 0, {}};
  for (FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
    const Lattice lattice(fields, {Axis::Uniform(h, 160), Axis::Uniform(h, 181)},
                          {Open(30), Open(30)});
    const MediumMap media =
        GuideMedia(lattice, silicon, oxide,
                   Beam({std::pair(-kInf, kInf), std::pair(-0.11, 0.11), std::pair(-kInf, kInf)}));
    const int direction = fields == FieldSet::Ez ? 1 : -1;
    // The tail of TM0 reaches into the PML, where the mode is not the lattice's: more at 1.7 um.
    ExpectOneWay(RunMode(lattice, media, direction, BandAround(2 * M_PI / 1.55), 20), direction,
                 fields == FieldSet::Ez ? 1e-9 : 1e-5);
  }
}

TEST(ModeSource, RunsOneWayInAStrip) {
  const double h = 0.05;
  const Medium silicon{"Si", 3.473 * 3.473, 0, {}};
  const Medium oxide{"SiO2", 1.444 * 1.444, 0, {}};
  const Lattice lattice({Axis::Uniform(h, 60), Axis::Uniform(h, 52), Axis::Uniform(h, 44)},
                        {Open(10), Open(8), Open(8)});
  const MediumMap media =
      GuideMedia(lattice, silicon, oxide,
                 Beam({std::pair(-kInf, kInf), std::pair(-0.25, 0.25), std::pair(-0.11, 0.11)}));
  // The box of the mode cuts its tails at 3e-4 of the peak at 1.55 um, the end of the band.
  ExpectOneWay(RunMode(lattice, media, 1, BandAround(2 * M_PI / 1.4), 12), 1, 1e-5);
}

}  // namespace
}  // namespace symwave::verification
