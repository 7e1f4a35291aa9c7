// Modes of cross-sections of the Yee lattice: the lattice's own curl equations, orthogonality,
// independence of the ranks, and what the solver reports and refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/modes/slab.hpp"
#include "solvers/modes/waveguide_pairs.hpp"
#include "tests/verification/waveguide_guides.hpp"

namespace symwave::verification {
namespace {

// ------------------------------------------------------------------------------------------------
// The lattice's own equations

/// A lattice whose cells are graded along `axis + 1` and `axis + 2` and uniform along `axis`.
Lattice GradedLattice(int axis) {
  std::array<Axis, 3> axes{Cells(0, 0.05, 4), Cells(0, 0.05, 4), Cells(0, 0.05, 4)};
  for (int d = 1; d < 3; ++d) {
    std::vector<double> faces{-0.9};
    for (int i = 0; i < 40; ++i) faces.push_back(faces.back() + 0.045 + 0.012 * std::cos(i + d));
    axes[(axis + d) % 3] = Axis(faces);
  }
  return Lattice(axes, {kPec, kPec, kPec});
}

/// A mode's fields at any lattice point, exp(i beta h) from one node plane to the next.
class Wave {
 public:
  Wave(const Lattice& lattice, const WaveguideMode& mode) : lattice_(lattice), mode_(mode) {}
  Complex operator()(Component c, std::array<int, 3> at) const {
    const int n = mode_.plane.axis;
    const int planes = at[n] - mode_.plane.node;
    at[n] = mode_.plane.node;
    const bool half = lattice_.StaggerOf(c, n) == domain::Stagger::Centre;
    const Complex phase = std::exp(Complex(0, mode_.cell * planes) * mode_.beta);
    return mode_.Field(c)[mode_.plane.box.Offset(at[0], at[1], at[2])] * phase *
           (half ? mode_.HalfCellPhase() : 1.0);
  }

  /// Component `a` of the curl of E at its point of H (forward), or of H at its point of E.
  Complex Curl(bool of_electric, int a, const std::array<int, 3>& at) const {
    const auto difference = [&](int component, int axis) {
      const auto c = static_cast<Component>(component + (of_electric ? 0 : 3));
      std::array<int, 3> other = at;
      other[axis] += of_electric ? 1 : -1;
      const double spacing =
          of_electric ? lattice_.CellWidth(axis, at[axis]) : lattice_.NodeSpacing(axis, at[axis]);
      return (of_electric ? 1.0 : -1.0) * ((*this)(c, other) - (*this)(c, at)) / spacing;
    };
    const int b = (a + 1) % 3;
    const int c = (a + 2) % 3;
    return difference(c, b) - difference(b, c);
  }

 private:
  const Lattice& lattice_;
  const WaveguideMode& mode_;
};

/// Largest violation of curl E = i W H and curl H = -i W eps E + sigma E cos(omega dt / 2) inside
/// the box, relative to the largest field: a leapfrog takes the mean of two steps for a
/// conductivity.
double Residual(const Lattice& lattice, const MediumMap& media, const WaveguideMode& mode, double w,
                double dt) {
  const Wave wave(lattice, mode);
  const IndexBox& box = mode.plane.box;
  const Complex i(0, 1);
  const double mean = std::cos(std::asin(w * dt / 2));
  double error = 0;
  double scale = 0;
  for (int a = 0; a < 3; ++a) {
    const auto electric = static_cast<Component>(a);
    const auto magnetic = static_cast<Component>(a + 3);
    const domain::MediumBlock block = media.sample(electric, box);
    IndexBox inside = box;
    for (int d = 0; d < 3; ++d) {
      if (d == mode.plane.axis) continue;
      ++inside.lo[d];
      --inside.hi[d];
    }
    for (int z = inside.lo[2]; z < inside.hi[2]; ++z) {
      for (int y = inside.lo[1]; y < inside.hi[1]; ++y) {
        for (int x = inside.lo[0]; x < inside.hi[0]; ++x) {
          const auto p = static_cast<size_t>(box.Offset(x, y, z));
          Complex eps = block.eps[p];
          if (!block.conductivity.empty()) eps += i * block.conductivity[p] * mean / w;
          const Complex e = wave(electric, {x, y, z});
          const Complex h = wave(magnetic, {x, y, z});
          error = std::max(error, std::abs(wave.Curl(true, a, {x, y, z}) - i * w * h));
          error = std::max(error, std::abs(wave.Curl(false, a, {x, y, z}) + i * w * eps * e));
          scale = std::max({scale, std::abs(w * h), std::abs(w * eps * e)});
        }
      }
    }
  }
  return error / scale;
}

class AlongAxis : public testing::TestWithParam<int> {};

TEST_P(AlongAxis, ModesFulfilTheCurlEquationsAndAreOrthogonal) {
  const int axis = GetParam();
  const Lattice lattice = GradedLattice(axis);
  Volume core;
  core.fill({-kInf, kInf});
  core[(axis + 1) % 3] = {-0.31, 0.23};
  core[(axis + 2) % 3] = {-0.12, 0.16};
  Medium lossy = kSilicon;
  lossy.conductivity = 0.3;
  const MediumMap media = GuideMedia(lattice, lossy, kOxide, Beam(core));
  const double dt = 0.95 * lattice.CourantLimit();
  const double w = 2 * std::sin(0.5 * kOmega * dt) / dt;
  const WaveguidePlane plane = PlaneOf(lattice, axis, 2);
  const auto modes = SolveWaveguide(MPI_COMM_WORLD, lattice, media, plane, kOmega, dt, 4);
  ASSERT_EQ(modes.size(), 4u);
  for (size_t m = 0; m < modes.size(); ++m) {
    EXPECT_LT(Residual(lattice, media, modes[m], w, dt), 1e-8) << "mode " << m;
    for (size_t k = 0; k < modes.size(); ++k) {
      EXPECT_LT(std::abs(Overlap(lattice, modes[m], modes[k]) - (m == k ? 1.0 : 0.0)), 1e-8)
          << "modes " << m << " and " << k;
    }
  }
  EXPECT_GT(modes[0].n_eff.imag(), 1e-4);  // the loss of the core
}

INSTANTIATE_TEST_SUITE_P(AllAxes, AlongAxis, testing::Values(0, 1, 2));

// ------------------------------------------------------------------------------------------------
// Contracts

/// Largest difference of the transverse fields, relative to the largest entry.
double Difference(const WaveguideMode& a, const WaveguideMode& b) {
  double largest = 0;
  double difference = 0;
  for (size_t p = 0; p < a.e_u.size(); ++p) {
    largest = std::max({largest, std::abs(a.e_u[p]), std::abs(a.e_v[p])});
    difference =
        std::max({difference, std::abs(a.e_u[p] - b.e_u[p]), std::abs(a.e_v[p] - b.e_v[p])});
  }
  return difference / largest;
}

TEST(WaveguideModes, DoNotDependOnTheRanks) {
  const Lattice lattice = StripLattice(0.05, 2.0);
  const auto together = StripModes(lattice, kOmega, 0, 2);
  const auto alone = StripModes(lattice, kOmega, 0, 2, MPI_COMM_SELF);
  for (size_t m = 0; m < 2; ++m) {
    EXPECT_NEAR(std::abs(together[m].n_eff - alone[m].n_eff), 0, 1e-10);
    EXPECT_NEAR(together[m].group_index, alone[m].group_index, 1e-9);
    EXPECT_LT(Difference(together[m], alone[m]), 1e-9);
  }
}

TEST(WaveguideModes, OperatorMayBeSpreadOverTheRanks) {
  using solvers::modes::LineOfAxis;
  const Lattice lattice = StripLattice(0.05, 2.0);
  const IndexBox box = PlaneOf(lattice, 0, 2).box;
  solvers::modes::PlaneMedium medium;
  const MediumMap media = GuideMedia(lattice, kSilicon, kOxide, Beam(kStrip));
  for (int k = 0; k < 3; ++k) {
    const auto block =
        media.sample(std::array{Component::Ey, Component::Ez, Component::Ex}[k], box);
    medium.eps[k].assign(block.eps.begin(), block.eps.end());
  }
  const solvers::modes::PlaneOperator op(LineOfAxis(lattice, 1, box.lo[1], box.hi[1]),
                                         LineOfAxis(lattice, 2, box.lo[2], box.hi[2]), medium, {},
                                         kOmega);
  const auto spread = LargestPairs(MPI_COMM_WORLD, op, 3, 100);
  const auto alone = LargestPairs(MPI_COMM_SELF, op, 3);
  for (size_t m = 0; m < 3; ++m) {
    EXPECT_NEAR(std::abs(spread[m].kappa2 / alone[m].kappa2 - 1.0), 0, 1e-10);
  }
}

TEST(WaveguideModes, DegenerateModesAreSeparatedByPolarisation) {
  const Lattice lattice = StripLattice(0.05, 2.0);
  const Volume square{std::pair(-kInf, kInf), std::pair(-0.5, 0.5), std::pair(-0.5, 0.5)};
  const MediumMap media = GuideMedia(lattice, kSilicon, kOxide, Beam(square));
  for (const int count : {1, 2, 5}) {
    const auto modes =
        SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), kOmega, 0, count);
    EXPECT_GT(modes[0].te_fraction, 0.99) << count;
    if (count == 1) continue;
    EXPECT_NEAR(modes[0].n_eff.real(), modes[1].n_eff.real(), 1e-11);
    EXPECT_NEAR(modes[0].te_fraction + modes[1].te_fraction, 1, 1e-7);
    EXPECT_LT(std::abs(Overlap(lattice, modes[0], modes[1])), 1e-9);
    double imaginary = 0;
    for (const Complex& value : modes[0].e_u)
      imaginary = std::max(imaginary, std::abs(value.imag()));
    EXPECT_LT(imaginary, 1e-7 * std::abs(modes[0].e_u[modes[0].e_u.size() / 2]));
  }
}

/// Modes with n_eff above the slab that leaves the box on both sides are guided by a rib.
TEST(WaveguideModes, RibIsGuidedAboveItsSlab) {
  const Lattice lattice = StripLattice(0.05, 3.0);
  const auto strip = Beam({std::pair(-kInf, kInf), std::pair(-0.35, 0.35), std::pair(-0.1, 0.15)});
  const auto slab = Beam({std::pair(-kInf, kInf), std::pair(-kInf, kInf), std::pair(-0.1, 0.05)});
  const auto rib = [&](const Volume& volume) {
    Filling f = slab(volume);
    if (f.share < 1 && strip(volume).share > f.share) f = strip(volume);
    return f;
  };
  const MediumMap media = GuideMedia(lattice, kSilicon, kOxide, rib);
  const auto modes =
      SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), kOmega, 0, 4);
  const double below = solvers::modes::SlabEffectiveIndices(1.55, 1.444, {{3.473, 0.15}}, 1.444,
                                                            solvers::modes::SlabPolarization::TE)
                           .at(0);
  EXPECT_TRUE(modes[0].guided);
  int leaking = 0;
  for (const auto& mode : modes) {
    if (std::abs(mode.n_eff.real() - below) > 0.05) {
      EXPECT_EQ(mode.guided, mode.n_eff.real() > below) << mode.n_eff.real() << " " << below;
    }
    leaking += !mode.guided && mode.n_eff.real() > 1.6;
  }
  EXPECT_GT(leaking, 0);  // well above the oxide's index, but not held by the rib
}

TEST(WaveguideModes, BoxMayBeSmallerThanTheLattice) {
  const Lattice lattice = StripLattice(0.05, 3.0);
  const MediumMap media = GuideMedia(lattice, kSilicon, kOxide, Beam(kStrip));
  WaveguidePlane plane = PlaneOf(lattice, 0, 2);
  const auto whole = SolveWaveguide(MPI_COMM_WORLD, lattice, media, plane, kOmega, 0, 1);
  for (int d = 1; d < 3; ++d) {
    plane.box.lo[d] += 10;
    plane.box.hi[d] -= 10;
  }
  const auto part = SolveWaveguide(MPI_COMM_WORLD, lattice, media, plane, kOmega, 0, 1);
  // The field has decayed by exp(-7) in amplitude at 0.9 um from the core, and twice in beta.
  EXPECT_NEAR(part[0].n_eff.real(), whole[0].n_eff.real(), 1e-5);
  EXPECT_TRUE(part[0].guided);
}

TEST(WaveguideModes, NothingGuidedIsReportedNotRefused) {
  const Lattice lattice = StripLattice(0.1, 2.0);
  const auto modes = SolveWaveguide(MPI_COMM_WORLD, lattice, domain::UniformMedium(kOxide),
                                    PlaneOf(lattice, 0, 2), kOmega, 0, 2);
  EXPECT_FALSE(modes.at(0).guided);
}

TEST(WaveguideModes, RefusesPlanesThatMakeNoSense) {
  const Lattice lattice = StripLattice(0.1, 2.0);
  const MediumMap media = domain::UniformMedium(kOxide);
  const auto solve = [&](const Lattice& on, const WaveguidePlane& plane, double omega, double dt,
                         int count) {
    SolveWaveguide(MPI_COMM_WORLD, on, media, plane, omega, dt, count);
  };
  const WaveguidePlane plane = PlaneOf(lattice, 0, 2);
  EXPECT_THROW(solve(lattice, plane, 0, 0, 1), base::UserError);
  EXPECT_THROW(solve(lattice, plane, kOmega, 1.0, 1), base::UserError);
  EXPECT_THROW(solve(lattice, plane, kOmega, 0, 0), base::UserError);
  WaveguidePlane outside = plane;
  outside.box.hi[1] += 1;
  EXPECT_THROW(solve(lattice, outside, kOmega, 0, 1), base::UserError);
  WaveguidePlane thick = plane;
  thick.box.hi[0] += 1;
  EXPECT_THROW(solve(lattice, thick, kOmega, 0, 1), base::UserError);
  WaveguidePlane thin = plane;
  thin.box.hi[1] = thin.box.lo[1] + 1;
  EXPECT_THROW(solve(lattice, thin, kOmega, 0, 1), base::UserError);
  const Lattice uneven({Axis({0, 0.1, 0.25, 0.4}), Cells(0, 0.1, 9), Cells(0, 0.1, 9)},
                       {kPec, kPec, kPec});
  EXPECT_THROW(solve(uneven, PlaneOf(uneven, 0, 1), kOmega, 0, 1), base::UserError);
  const Lattice bloch({Cells(0, 0.1, 4), Cells(0, 0.1, 9), Cells(0, 0.1, 9)},
                      {kPec, kPeriodic, kPec}, {0, 0.3, 0});
  EXPECT_THROW(solve(bloch, PlaneOf(bloch, 0, 1), kOmega, 0, 1), base::UserError);
  const Lattice flat(FieldSet::Ez, {Cells(0, 0.1, 4), Cells(0, 0.1, 9)}, {kPec, kPec});
  EXPECT_THROW(solve(flat, PlaneOf(flat, 2, 0), kOmega, 0, 1), base::UserError);
}

}  // namespace
}  // namespace symwave::verification
