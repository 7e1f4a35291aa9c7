// Waveforms, dipoles, launch planes and the auxiliary line of plane waves, without an engine.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"
#include "solvers/fdtd/held_points.hpp"
#include "solvers/fdtd/plane_wave.hpp"
#include "solvers/fdtd/plane_wave_line.hpp"

namespace symwave::solvers::fdtd {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::AxisName;
using domain::Component;
using domain::FieldSet;
using domain::Lattice;
using domain::Wall;

const double kPi = std::acos(-1.0);
using Ends = std::array<AxisEnd, 2>;
constexpr AxisEnd kPec{Wall::Pec, 0};
constexpr AxisEnd kPml{Wall::Pec, 8};
constexpr AxisEnd kPeriodic{Wall::Periodic, 0};

Lattice Cube(int cells, double cell, AxisEnd end) {
  const Axis axis = Axis::Uniform(cell, cells);
  const Ends ends{end, end};
  return Lattice({axis, axis, axis}, {ends, ends, ends});
}

TEST(Waveform, PulseFollowsItsClosedSpectrum) {
  const double omega0 = 2 * kPi / 1.55;
  const double width = 0.15;
  const Waveform pulse = Waveform::Pulse(omega0, width, 1e-10);
  const double tau = 1 / (width * omega0);
  const double dt = 0.02;
  for (double omega : {0.7 * omega0, omega0, 1.3 * omega0}) {
    // Half of the transform of a(t): Re a holds the negative frequencies as well.
    const Complex expected = 0.5 * omega / omega0 * tau * std::sqrt(2 * kPi) *
                             std::exp(-0.5 * std::pow((omega - omega0) * tau, 2)) *
                             std::polar(1.0, 0.5 * omega * pulse.EndTime());
    // The tails cut at 1e-10 and the sampling of a smooth pulse leave about that much.
    EXPECT_LT(std::abs(pulse.Spectrum(omega, dt) - expected), 1e-8 * tau);
    EXPECT_LT(std::abs(pulse.Spectrum(omega, dt, CurrentKind::Magnetic) - expected), 1e-8 * tau);
  }
  EXPECT_LT(std::abs(pulse.Spectrum(0, dt)), 1e-8 * tau);
}

TEST(Waveform, PulseStartsAndEndsAtItsCutoff) {
  const Waveform pulse = Waveform::Pulse(4.0, 0.3, 1e-7);
  // The derivative adds the factor 1 + i s / (omega0 tau^2), 2 at the ends here.
  EXPECT_LT(std::abs(pulse.At(0)), 3e-7);
  EXPECT_LT(std::abs(pulse.At(pulse.EndTime())), 3e-7);
  EXPECT_EQ(pulse.At(pulse.EndTime() * 1.0001), 0.0);
  EXPECT_EQ(pulse.At(-1e-9), 0.0);
  EXPECT_NEAR(std::abs(pulse.At(0.5 * pulse.EndTime())), 1, 1e-12);
}

TEST(Waveform, BandFallsToItsEdges) {
  const Waveform band = Waveform::Band(1.5, 1.6, 0.2);
  const double low = 2 * kPi / 1.6;
  const double high = 2 * kPi / 1.5;
  const double dt = 0.03;
  const double centre = std::abs(band.Spectrum(band.Omega(), dt));
  for (double edge : {low, high}) {
    EXPECT_NEAR(std::abs(band.Spectrum(edge, dt)) / centre, 0.2 * edge / band.Omega(), 1e-6);
  }
}

TEST(Waveform, ContinuousWaveRampsToUnitAmplitude) {
  const Waveform wave = Waveform::Continuous(2 * kPi, 5);
  EXPECT_EQ(wave.At(0), 0.0);
  EXPECT_NEAR(std::abs(wave.At(2.5)), 0.5, 1e-12);
  EXPECT_NEAR(std::abs(wave.At(5.3) - std::polar(1.0, -2 * kPi * 5.3)), 0, 1e-12);
  EXPECT_THROW(wave.Spectrum(6, 0.1), base::UserError);
  // 20 periods of exp(-i w t) after the ramp: half of Re a lies at +w.
  const Complex ramp = wave.Spectrum(2 * kPi, 0.01, CurrentKind::Magnetic, 500);
  const Complex all = wave.Spectrum(2 * kPi, 0.01, CurrentKind::Magnetic, 2500);
  EXPECT_LT(std::abs(all - ramp - 10.0), 1e-9);
}

TEST(Waveform, RefusesWhatIsNoPulse) {
  EXPECT_THROW(Waveform::Pulse(-1, 0.1), base::UserError);
  EXPECT_THROW(Waveform::Pulse(1, 1.5), base::UserError);
  EXPECT_THROW(Waveform::Band(1.6, 1.5), base::UserError);
  EXPECT_THROW(Waveform::Continuous(1, 0), base::UserError);
}

TEST(WaveformSignals, AreTakenHalfAStepApart) {
  const Waveform pulse = Waveform::Pulse(4.0, 0.3);
  const double dt = 0.05;
  WaveformSignals signals(pulse, dt);
  std::array<double, 4> values;
  signals.Evaluate(31, values.data());
  const Complex later = pulse.At(31.5 * dt);
  EXPECT_NEAR(values[WaveformSignals::RealPart(CurrentKind::Electric)], later.real(), 1e-14);
  EXPECT_NEAR(values[WaveformSignals::ImaginaryPart(CurrentKind::Electric)], later.imag(), 1e-14);
  EXPECT_NEAR(values[WaveformSignals::RealPart(CurrentKind::Magnetic)], pulse.At(31 * dt).real(),
              1e-14);
  signals.Evaluate(signals.EndStep(), values.data());
  EXPECT_EQ(values, (std::array<double, 4>{0, 0, 0, 0}));
}

/// Integral of the profile over the lattice and its first moments, from the entries alone.
std::array<double, 4> Moments(const Lattice& lattice, const Current& current) {
  std::array<double, 4> moments{};
  for (const CurrentEntry& entry : current.entries) {
    double volume = 1;
    for (int d = 0; d < 3; ++d) volume *= lattice.Weight(entry.component, d, entry.point[d]);
    const double share = entry.weight.real() * volume;
    moments[0] += share;
    for (int d = 0; d < 3; ++d) {
      moments[d + 1] += share * lattice.Position(entry.component, d, entry.point[d]);
    }
  }
  return moments;
}

TEST(Dipole, SpreadKeepsMomentAndPlaceOnGradedCells) {
  std::vector<double> faces{0};
  for (int i = 0; i < 12; ++i) faces.push_back(faces.back() + 0.05 * std::pow(1.15, i));
  const Ends ends{kPec, kPec};
  const Lattice lattice({Axis(faces), Axis(faces), Axis(faces)}, {ends, ends, ends});
  for (Component c : {Component::Ex, Component::Ez, Component::Hy}) {
    Dipole dipole;
    dipole.component = c;
    dipole.position = {0.31, 0.52, 0.44};
    dipole.moment = 2.5;
    const auto moments =
        Moments(lattice, DipoleCurrent(lattice, 0.01, lattice.AllPoints(), dipole));
    EXPECT_NEAR(moments[0], 2.5, 1e-12);
    for (int d = 0; d < 3; ++d) EXPECT_NEAR(moments[d + 1], 2.5 * dipole.position[d], 1e-12);
    dipole.placement = DipolePlacement::Nearest;
    const Current nearest = DipoleCurrent(lattice, 0.01, lattice.AllPoints(), dipole);
    ASSERT_EQ(nearest.entries.size(), 1u);
    EXPECT_NEAR(Moments(lattice, nearest)[0], 2.5, 1e-12);
  }
}

TEST(Dipole, EntriesOfRanksAddUpToTheWhole) {
  const Lattice lattice = Cube(10, 0.1, kPec);
  Dipole dipole;
  dipole.position = {0.02, 0.03, 0.04};
  dipole.moment = Complex(1, 2);
  const auto whole = DipoleCurrent(lattice, 0.01, lattice.AllPoints(), dipole);
  size_t parts = 0;
  for (int i = 0; i < 11; ++i) {
    parts += DipoleCurrent(lattice, 0.01, {{i, 0, 0}, {i + 1, 11, 11}}, dipole).entries.size();
  }
  EXPECT_EQ(parts, whole.entries.size());
  EXPECT_EQ(whole.entries.size(), 16u);  // 8 points, real and imaginary part
}

TEST(Dipole, WrapsWithTheBlochPhase) {
  const Axis axis = Axis::Uniform(0.1, 10);
  const Ends ends{kPeriodic, kPeriodic};
  const double phase = 0.7;
  const Lattice lattice(FieldSet::Ez, {axis, axis}, {ends, ends}, {phase, 0});
  Dipole dipole;
  dipole.position = {0.47, 0, 0};  // between node 9 at 0.4 and node 10 at 0.5, the image of node 0
  const auto current = DipoleCurrent(lattice, 0.01, lattice.AllPoints(), dipole);
  std::map<int, Complex> weight;
  for (const auto& entry : current.entries) weight[entry.point[0]] += entry.weight;
  ASSERT_EQ(weight.size(), 2u);
  EXPECT_LT(std::abs(weight[9] - 0.3 / 0.01), 1e-9);
  EXPECT_LT(std::abs(weight[0] - 0.7 / 0.01 * std::polar(1.0, -phase)), 1e-9);
}

TEST(HeldPoints, CountPeriodicImages) {
  const Axis axis = Axis::Uniform(0.1, 10);
  const Lattice lattice(FieldSet::Ez, {axis, axis}, {Ends{kPeriodic, kPeriodic}, Ends{kPec, kPec}});
  const domain::IndexBox held{{-3, -3, 0}, {4, 4, 1}};
  EXPECT_EQ(HeldAlong(lattice, held, 0, 0, 10), (std::vector<int>{0, 1, 2, 3, 7, 8, 9}));
  EXPECT_EQ(HeldAlong(lattice, held, 1, 0, 11), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_TRUE(Holds(lattice, held, {8, 2, 0}));
  EXPECT_FALSE(Holds(lattice, held, {8, 4, 0}));
  EXPECT_TRUE(HoldsAlong(lattice, {{-3, 0, 0}, {14, 1, 1}}, 0, 5));
}

TEST(Dipole, RefusesPlacesOutsideTheLattice) {
  const Lattice lattice = Cube(10, 0.1, kPec);
  Dipole dipole;
  dipole.position = {0.6, 0, 0};
  EXPECT_THROW(DipoleCurrent(lattice, 0.01, lattice.AllPoints(), dipole), base::UserError);
}

/// Modulus of the reflection at the end of the line, from the standing wave on its nodes.
double EndReflection(const Lattice& lattice, const PlaneWave& wave, double dt) {
  PlaneWaveLine line(lattice, dt, wave, 20, 30);
  const double omega = wave.waveform.Omega();
  const long settle = 6000;
  const long period = std::lround(2 * kPi / omega / dt);
  const int tangential = wave.electric[2] != 0.0 ? 2 : 1;
  std::vector<Complex> sum(11, 0);
  for (long n = 0; n < settle + 10 * period; ++n) {
    if (n >= settle) {
      for (int i = 0; i <= 10; ++i) {
        sum[i] += line.At(static_cast<Component>(tangential), 20 + i) *
                  std::polar(1.0, omega * static_cast<double>(n) * dt);
      }
    }
    line.AdvanceMagnetic();
    line.AdvanceElectric();
  }
  // |E| along a travelling wave is constant; a reflection r makes it vary by 1 +- |r|.
  double low = std::abs(sum[0]);
  double high = low;
  for (const Complex& value : sum) {
    low = std::min(low, std::abs(value));
    high = std::max(high, std::abs(value));
  }
  return (high - low) / (high + low);
}

TEST(PlaneWaveLine, EndsWithoutReflection) {
  const double h = 0.05;
  const double dt = 0.5 * h;  // an integral number of steps per period
  PlaneWave wave;
  wave.waveform = Waveform::Continuous(2 * kPi / 1.0, 20);
  const Ends ends{kPec, kPec};
  const Ends periodic{kPeriodic, kPeriodic};
  const Lattice straight(FieldSet::Ez, {Axis::Uniform(h, 50), Axis::Uniform(h, 4)},
                         {ends, periodic});
  EXPECT_LT(EndReflection(straight, wave, dt), 1e-7);
  const double k_t = 2 * kPi * std::sin(40 * kPi / 180);
  const Lattice oblique(FieldSet::Ez, {Axis::Uniform(h, 50), Axis::Uniform(h, 4)}, {ends, periodic},
                        {0, k_t * 4 * h});
  EXPECT_LT(EndReflection(oblique, wave, dt), 1e-6);
  wave.direction = -1;
  EXPECT_LT(EndReflection(straight, wave, dt), 1e-7);
}

TEST(PlaneWave, RefusesWhatTheLatticeCannotCarry) {
  const Lattice lattice = Cube(40, 0.1, kPml);
  const auto make = [&](PlaneWave wave) {
    wave.waveform = wave.waveform.Delayed(PlaneWaveLead(lattice, 0.05, wave));
    return PlaneWaveCurrent(lattice, 0.05, lattice.AllPoints(), wave);
  };
  PlaneWave good;
  good.lo = {-0.8, -0.8, -0.8};
  good.hi = {0.8, 0.8, 0.8};
  good.waveform = Waveform::Pulse(2 * kPi, 0.2);
  EXPECT_NO_THROW(make(good));
  PlaneWave wave = good;
  wave.lo[0] = -PlaneWave::kUnbounded;
  EXPECT_THROW(make(wave), base::UserError);
  wave = good;
  wave.hi[1] = 1.6;  // inside the PML
  EXPECT_THROW(make(wave), base::UserError);
  wave = good;
  wave.electric = {1, 0, 0};
  EXPECT_THROW(make(wave), base::UserError);
  wave = good;
  wave.hi[2] = -0.8;
  EXPECT_THROW(make(wave), base::UserError);
}

TEST(PlaneWave, WarnsOfFacesOffTheBackground) {
  const Lattice lattice = Cube(40, 0.1, kPml);
  PlaneWave wave;
  wave.lo = {-0.8, -0.8, -0.8};
  wave.hi = {0.8, 0.8, 0.8};
  wave.waveform = Waveform::Pulse(2 * kPi, 0.2);
  // A slab of index 1.5 above `bottom`.
  const auto warning = [&](double bottom) {
    domain::MediumMap media = domain::UniformMedium({"vacuum", 1, 0, {}});
    media.sample = [&lattice, bottom](Component c, const domain::IndexBox& box) {
      domain::MediumBlock block{box, {}, {}, {}};
      for (long n = 0; n < box.Count(); ++n) {
        const long layer = n / (static_cast<long>(box.Extent(0)) * box.Extent(1));
        const double z = lattice.Position(c, 2, box.lo[2] + static_cast<int>(layer));
        block.eps.push_back(z > bottom ? 2.25 : 1.0);
      }
      return block;
    };
    return PlaneWaveWarning(MPI_COMM_WORLD, lattice, media, wave);
  };
  EXPECT_EQ(warning(0.9), "");
  EXPECT_NE(warning(0.79), "");  // the topmost points of every face
  const std::string side = warning(0.2);
  EXPECT_NE(side.find("x = -0.8 um"), std::string::npos);
  EXPECT_NE(side.find("permittivity 1 to 2.25"), std::string::npos);
  // A dispersive background passes by its permittivity at the carrier.
  const domain::Medium glass{"glass", 1.5, 0, {{200, 15, 0}}};
  wave.eps = glass.Permittivity(2 * kPi).real();
  EXPECT_EQ(PlaneWaveWarning(MPI_COMM_WORLD, lattice, domain::UniformMedium(glass), wave), "");
  wave.eps = 1.5;
  EXPECT_NE(PlaneWaveWarning(MPI_COMM_WORLD, lattice, domain::UniformMedium(glass), wave), "");
}

TEST(PlaneWave, SignalsEndAfterThePulseHasPassed) {
  const Lattice lattice = Cube(40, 0.1, kPml);
  PlaneWave wave;
  wave.lo = {-0.8, -0.8, -0.8};
  wave.hi = {0.8, 0.8, 0.8};
  wave.waveform = Waveform::Pulse(2 * kPi, 0.2);
  const double dt = 0.05;
  wave.waveform = wave.waveform.Delayed(PlaneWaveLead(lattice, dt, wave));
  const Current current = PlaneWaveCurrent(lattice, dt, lattice.AllPoints(), wave);
  const double end = static_cast<double>(current.signals->EndStep()) * dt;
  EXPECT_GT(end, wave.waveform.EndTime() + 1.6);
  EXPECT_LT(end, wave.waveform.EndTime() + 8);
  EXPECT_EQ(current.signals->Count(), 2 * 19);
  // Two calls for one step give the same values.
  std::vector<double> once(current.signals->Count()), twice(once);
  for (int n = 0; n < 60; ++n) current.signals->Evaluate(n, once.data());
  current.signals->Evaluate(59, twice.data());
  EXPECT_EQ(once, twice);
  EXPECT_GT(std::abs(std::accumulate(once.begin(), once.end(), 0.0)), 0);
}

/// Largest deviation of the wave's tangential E at its origin, a node, from the waveform (times the
/// cosine of the lattice's angle for p) over frequencies.
double ErrorAtOrigin(FieldSet fields, const Axis& along, double bloch, int direction) {
  const Ends ends{kPec, kPec}, periodic{kPeriodic, kPeriodic};
  const Lattice lattice(fields, {along, Axis::Uniform(0.05, 8)}, {ends, periodic}, {0, bloch});
  const double dt = 0.9 * lattice.CourantLimit();
  const bool s = fields == FieldSet::Ez;
  PlaneWave wave;
  wave.electric = {0, s ? 0.0 : 1.0, s ? 1.0 : 0.0};
  wave.direction = direction;
  wave.eps = 1.3;
  wave.poles = {{200, 18, 0}};
  wave.lo[0] = direction > 0 ? lattice.Node(0, 10) : -PlaneWave::kUnbounded;
  wave.hi[0] = direction > 0 ? PlaneWave::kUnbounded : lattice.Node(0, 30);
  const int node = direction > 0 ? 25 : 14;
  wave.origin[0] = lattice.Node(0, node);
  wave.waveform = Waveform::Pulse(2 * kPi, 0.1);
  const Component component = s ? Component::Ez : Component::Ey;
  double error = 0;
  for (const double omega : {0.9 * 2 * kPi, 2 * kPi, 1.1 * 2 * kPi}) {
    const double stepped = 2 * std::sin(omega * dt / 2) / dt;
    const double eps = wave.eps + 200 / (18.0 * 18.0 - stepped * stepped);
    const double kappa = 2 * std::sin(bloch / 16) / 0.05;
    const double cosine = s ? 1 : std::sqrt(1 - kappa * kappa / (eps * stepped * stepped));
    const Complex found = IncidentTransform(lattice, dt, wave, component, node, omega);
    error = std::max(error, std::abs(found / (cosine * wave.waveform.Spectrum(omega, dt)) - 1.0));
  }
  return error;
}

TEST(PlaneWave, IsItsWaveformAtTheOriginAtAllFrequencies) {
  // The absorbing end of the line reflects 1e-7.
  for (const int direction : {+1, -1}) {
    for (const double bloch : {0.0, 1.6}) {
      for (const FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
        EXPECT_LT(ErrorAtOrigin(fields, Axis::Uniform(0.05, 40), bloch, direction), 1e-6)
            << direction << " " << bloch;
      }
    }
  }
  // Where cells grow by 1 % from one to the next, phases are those of every cell for itself; what
  // is left is the size of E on larger cells, cos(k h / 2)^(-1/2).
  std::vector<double> faces{0};
  for (int i = 0; i < 40; ++i) faces.push_back(faces.back() + 0.05 * std::pow(1.01, i - 20));
  EXPECT_LT(ErrorAtOrigin(FieldSet::Ez, Axis(faces), 0, +1), 6e-3);
}

TEST(GaussianBeam, RefusesWhatDoesNotFit) {
  const Lattice lattice = Cube(60, 0.1, kPml);
  GaussianBeam beam;
  beam.waveform = Waveform::Pulse(2 * kPi, 0.1);
  const auto make = [&](const GaussianBeam& b) {
    GaussianBeam later = b;
    later.waveform = b.waveform.Delayed(GaussianBeamLead(lattice, 0.05, b));
    return GaussianBeamCurrent(lattice, 0.05, {{30, 30, 30}, {31, 31, 31}}, later);
  };
  beam.waist = 0.8;
  EXPECT_NO_THROW(make(beam));
  beam.waist = 0.3;
  EXPECT_THROW(make(beam), base::UserError);
  beam.waist = 1.5;
  EXPECT_THROW(make(beam), base::UserError);
  beam.waist = 0.8;
  beam.towards = {0.2, 1, 0};
  EXPECT_THROW(make(beam), base::UserError);
}

}  // namespace
}  // namespace symwave::solvers::fdtd
