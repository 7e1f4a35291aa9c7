// Resonances, energy, radiation and divergence of the time domain.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/random.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/flux.hpp"
#include "solvers/fdtd/near_to_far.hpp"
#include "solvers/fdtd/resonance.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::verification {
namespace {

using namespace solvers::fdtd;
using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::IndexBox;
using domain::Wall;

const domain::Medium kVacuum{"vacuum", 1, 0, {}};

bool Reports() {
  return base::Communicator::RankIn(MPI_COMM_WORLD) == 0;
}

/// In -1..1, from the point alone.
double Noise(int seed, int i, int j, int k) {
  return 2 * base::ToUniform(base::MixSeed(seed, (k * 4099L + j) * 4099L + i)) - 1;
}

/// Whether a point of an electric component lies in a PEC wall of a lattice with walls all around.
bool InWall(const domain::Lattice& lattice, Component c, const std::array<int, 3>& point) {
  for (int d = 0; d < 3; ++d) {
    if (lattice.StaggerOf(c, d) == domain::Stagger::Face &&
        (point[d] == 0 || point[d] == lattice.Cells(d))) {
      return true;
    }
    if (lattice.StaggerOf(c, d) == domain::Stagger::Centre && point[d] == lattice.Cells(d)) {
      return true;
    }
  }
  return false;
}

void FillWithNoise(Engine& engine) {
  for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
    engine.SetField(c, [&](int i, int j, int k) {
      return InWall(engine.Lattice(), c, {i, j, k}) ? 0.0 : Noise(static_cast<int>(c), i, j, k);
    });
  }
}

Axis Graded(int cells, double cell) {
  std::vector<double> nodes{0};
  for (int i = 0; i < cells; ++i)
    nodes.push_back(nodes.back() + cell * (1 + 0.3 * std::sin(0.9 * i)));
  return Axis(nodes);
}

/// A permittivity given point by point.
domain::MediumMap PointwiseMedia(const std::function<double(Component, int, int, int)>& eps) {
  domain::MediumMap media;
  media.media = {kVacuum};
  media.sample = [eps](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) block.eps.push_back(eps(c, i, j, k));
      }
    }
    return block;
  };
  return media;
}

TEST(ClosedBox, KeepsItsEnergy) {
  const AxisEnd wall{};
  const domain::Lattice lattice({Graded(13, 0.1), Graded(11, 0.12), Graded(14, 0.09)},
                                {{{wall, wall}, {wall, wall}, {wall, wall}}});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto media = PointwiseMedia([](Component c, int i, int j, int k) {
    return 2.5 + 1.5 * Noise(10 + static_cast<int>(c), i, j, k);
  });
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, options);
  FillWithNoise(*engine);
  const double start = engine->ConservedEnergy();
  double largest = 0;
  for (int n = 0; n < 20; ++n) {
    engine->Advance(250);
    largest = std::max(largest, std::abs(engine->ConservedEnergy() / start - 1));
  }
  // Rounding of 5000 steps.
  EXPECT_LT(largest, 1e-12);
  if (Reports())
    std::printf("energy of a closed box: off by at most %.1e in 5000 steps\n", largest);
}

/// Frequencies of the modes of a box of 5 x 2 x 6 um found in the ringing of noise.
std::vector<Resonance> BoxResonances(int per_um) {
  const AxisEnd wall{};
  const double cell = 1.0 / per_um;
  const domain::Lattice lattice({Axis::Uniform(cell, 5 * per_um), Axis::Uniform(cell, 2 * per_um),
                                 Axis::Uniform(cell, 6 * per_um)},
                                {{{wall, wall}, {wall, wall}, {wall, wall}}});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(kVacuum), options);
  // The noise makes the other modes ring as well.
  engine->SetField(Component::Ey, [&](int i, int j, int k) {
    if (InWall(lattice, Component::Ey, {i, j, k})) return 0.0;
    return std::sin(M_PI * i / (5 * per_um)) * std::sin(M_PI * k / (6 * per_um)) +
           0.1 * Noise(1, i, j, k);
  });
  const int probe = engine->AddProbe(Component::Ey, {2 * per_um, per_um, 2 * per_um});
  engine->Advance(std::lround(400 / engine->TimeStep()));
  return FindResonances(engine->Probe(probe), engine->TimeStep(), 0.11, 0.15);
}

TEST(PecBox, RingsAtTe101) {
  // c / 2 sqrt(1/5^2 + 1/6^2) per cm is 3.902423 GHz.
  const double expected = 0.5 * std::hypot(1 / 5.0, 1 / 6.0);
  EXPECT_NEAR(expected * 29.9792458, 3.902423, 1e-6);
  std::array<double, 2> error{};
  for (const int refined : {0, 1}) {
    const int per_um = refined == 0 ? 4 : 8;
    const auto found = BoxResonances(per_um);
    ASSERT_EQ(found.size(), 1u);
    // The lattice's own dispersion relation, to the accuracy of the inversion.
    const double h = 1.0 / per_um, dt = 0.95 * h / std::sqrt(3.0);
    const double k2 =
        std::pow(2 / h * std::sin(M_PI * h / 10), 2) + std::pow(2 / h * std::sin(M_PI * h / 12), 2);
    const double lattice = std::asin(0.5 * dt * std::sqrt(k2)) / (M_PI * dt);
    EXPECT_NEAR(found[0].frequency, lattice, 1e-6 * lattice);
    EXPECT_GT(std::abs(found[0].quality), 1e5);
    error[refined] = std::abs(found[0].frequency / expected - 1);
    if (Reports()) {
      std::printf("TE101 with %d cells per cm: %.6f GHz\n", per_um,
                  found[0].frequency * 29.9792458);
    }
  }
  EXPECT_LT(error[1], 5e-4);
  EXPECT_NEAR(std::log2(error[0] / error[1]), 2, 0.05);
}

/// Ring of index 3.4 between radii 1 and 2, areas averaged over 16 x 16 samples around each Ez.
domain::MediumMap RingMedia(const domain::Lattice& lattice) {
  return PointwiseMedia([lattice](Component c, int i, int j, int) {
    constexpr int kSamples = 16;
    const double cell = lattice.SmallestWidth(0);
    const auto shifted = [&](int axis, int point, int sample) {
      return lattice.Position(c, axis, point) + cell * ((sample + 0.5) / kSamples - 0.5);
    };
    int inside = 0;
    for (int s = 0; s < kSamples * kSamples; ++s) {
      const double r = std::hypot(shifted(0, i, s % kSamples), shifted(1, j, s / kSamples));
      inside += r > 1 && r < 2 ? 1 : 0;
    }
    return 1 + (3.4 * 3.4 - 1) * inside / (kSamples * kSamples);
  });
}

std::vector<Resonance> RingResonances(double cell) {
  const AxisEnd pml{Wall::Pec, static_cast<int>(std::lround(2 / cell))};
  const Axis axis = Axis::Uniform(cell, static_cast<int>(std::lround(16 / cell)));
  const domain::Lattice lattice(domain::FieldSet::Ez, {axis, axis}, {{{pml, pml}, {pml, pml}}});
  EngineOptions options;
  options.pml.alpha_max = 0;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, RingMedia(lattice), options);
  Dipole dipole;
  dipole.position = {1.1, 0, 0};
  dipole.waveform = Waveform::Pulse(2 * M_PI * 0.15, 0.15, 1e-6);
  const Current current = DipoleCurrent(lattice, engine->TimeStep(), engine->Held(), dipole);
  engine->AddCurrent(current);
  const int middle = lattice.Cells(0) / 2;
  const int probe =
      engine->AddProbe(Component::Ez, {middle + static_cast<int>(1.1 / cell), middle, 0});
  RunControl control;
  control.source_end = current.signals->EndStep();
  control.time = static_cast<double>(control.source_end) * engine->TimeStep() + 400;
  RunUntilDecayed(*engine, control);
  const auto record = engine->Probe(probe);
  return FindResonances({record.begin() + control.source_end, record.end()}, engine->TimeStep(),
                        0.1, 0.2, {1e-3, 5, 1e-3});
}

TEST(Ring, RingsAtTheModesOfTheAnnulus) {
  // Roots of the determinant of Bessel and Hankel functions of order m = 3, 4, 5 (scipy), accurate
  // to all digits given.
  const std::vector<std::array<double, 2>> modes{
      {0.1181917, 77.255}, {0.1474310, 343.92}, {0.1757794, 1634.2}};
  const auto coarse = RingResonances(0.1), fine = RingResonances(0.05);
  ASSERT_EQ(coarse.size(), modes.size());
  ASSERT_EQ(fine.size(), modes.size());
  for (size_t m = 0; m < modes.size(); ++m) {
    const auto [frequency, quality] = modes[m];
    if (Reports()) {
      std::printf("ring at 20 cells per um: f %.6f (exact %.6f), Q %.1f (exact %.1f)\n",
                  fine[m].frequency, frequency, fine[m].quality, quality);
    }
    EXPECT_NEAR(fine[m].frequency, frequency, 1e-3 * frequency);
    EXPECT_NEAR(fine[m].quality, quality, 0.08 * quality);
    const double order = std::log2(std::abs(coarse[m].frequency - frequency) /
                                   std::abs(fine[m].frequency - frequency));
    EXPECT_NEAR(order, 2, 0.3);
  }
  // Meep's tutorial prints 0.118101 and 80.7 at 10 cells per um, where its own error in Q is 5 %.
  EXPECT_NEAR(fine[0].frequency, 0.118101, 5e-4 * 0.118101);
  EXPECT_NEAR(fine[0].quality, 80.7, 0.06 * 80.7);
}

/// Power of a dipole in glass by three ways.
TEST(Dipole, RadiatesTheSamePowerThroughABoxAndIntoTheFarField) {
  const double cell = 0.04, index = 1.5, omega = 2 * M_PI;
  const AxisEnd pml{Wall::Pec, 10};
  const Axis axis = Axis::Uniform(cell, 50);
  const std::array<AxisEnd, 2> ends{pml, pml};
  const domain::Lattice lattice({axis, axis, axis}, {ends, ends, ends});
  const domain::Medium glass{"glass", index * index, 0, {}};
  EngineOptions options;
  options.precision = Precision::Float64;
  options.pml.index = index;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, domain::UniformMedium(glass), options);
  Dipole dipole;
  dipole.component = Component::Ez;
  dipole.position = {0, 0, 0.5 * cell};
  dipole.placement = DipolePlacement::Nearest;
  dipole.waveform = Waveform::Pulse(omega, 0.3);
  const Current current = DipoleCurrent(lattice, engine->TimeStep(), engine->Held(), dipole);
  engine->AddCurrent(current);
  const std::vector<double> omegas{0.9 * omega, omega, 1.1 * omega};
  const FluxMonitor box(*engine, BoxFacesAt(lattice, {0, 0, 0}, {0.6, 0.72, 0.8}), omegas);
  const NearToFar far(*engine, BoxFacesAt(lattice, {0, 0, 0}, {0.8, 0.8, 0.8}), omegas, glass);
  const int at_dipole = engine->AddDft({{{25, 25, 25}, {26, 26, 26}}, {Component::Ez}, omegas, 1});

  RunControl control;
  control.decay = 1e-12;
  control.source_end = current.signals->EndStep();
  const RunResult run = RunUntilDecayed(*engine, control);
  EXPECT_EQ(run.end, RunEnd::Decayed);

  const auto flux = box.Spectrum(), far_power = far.Power(SphereDirections(8));
  const DftBlock there = engine->Dft(at_dipole);
  const auto pattern = far.Amplitudes({{M_PI_2, 0.3}, {M_PI / 4, 1.0}, {0.01, 0}});
  for (int w = 0; w < 3; ++w) {
    const Complex moment = dipole.waveform.Spectrum(omegas[w], engine->TimeStep());
    double work =
        there.box.Empty() ? 0 : 0.5 * std::real(there.At(0, w, 25, 25, 25) * std::conj(moment));
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &work, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
    const double closed_form = index * std::pow(omegas[w], 2) * std::norm(moment) / (12 * M_PI);
    if (Reports()) {
      std::printf(
          "dipole at omega %.3f: flux/work - 1 = %.1e, far/flux - 1 = %.1e, flux/closed form"
          " - 1 = %.1e\n",
          omegas[w], flux[w] / work - 1, far_power[w] / flux[w] - 1, flux[w] / closed_form - 1);
    }
    // Poynting's theorem of the lattice; what is left is the field at the end of the run.
    EXPECT_NEAR(flux[w], work, 1e-6 * work);
    // Dispersion of the lattice at 15 cells per wavelength: second order.
    EXPECT_NEAR(far_power[w], flux[w], 0.02 * flux[w]);
    EXPECT_NEAR(flux[w], closed_form, 0.03 * closed_form);
    // sin^2, and polarised along theta.
    const FarField* f = &pattern[3 * w];
    EXPECT_NEAR(f[1].intensity / f[0].intensity, 0.5, 0.02);
    EXPECT_LT(f[2].intensity / f[0].intensity, 1e-3);
    EXPECT_LT(std::abs(f[0].phi), 1e-3 * std::abs(f[0].theta));
  }
}

TEST(Divergence, EndsInOneSentenceOnAllRanks) {
  const AxisEnd wall{};
  const Axis axis = Axis::Uniform(0.1, 24);
  const std::array<AxisEnd, 2> ends{wall, wall};
  const domain::Lattice lattice({axis, axis, axis}, {ends, ends, ends});
  // A structure that holds less than its media promise: the pre-flight test cannot know. Much too
  // low a permittivity overflows between two checks, a little too low a one is seen to grow.
  for (const double eps : {0.3, 0.75}) {
    const auto media = PointwiseMedia([eps](Component, int i, int j, int k) {
      return i > 14 && i < 21 && j > 3 && j < 10 && k > 14 && k < 21 ? eps : 1.0;
    });
    const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, {});
    FillWithNoise(*engine);
    RunControl control;
    control.media = &media;
    std::string sentence;
    try {
      RunUntilDecayed(*engine, control);
    } catch (const base::UserError& error) {
      sentence = error.what();
    }
    const std::string low = fmt::format("permittivity of {}", eps);
    const std::string what = eps < 0.5 ? "not a finite number" : "grown by a factor";
    for (const std::string& part : {std::string("the fields diverge: at step"), what, low,
                                    std::string("Courant number below")}) {
      EXPECT_NE(sentence.find(part), std::string::npos) << part << " in: " << sentence;
    }
    if (Reports()) std::printf("%s\n", sentence.c_str());
  }
}

}  // namespace
}  // namespace symwave::verification
