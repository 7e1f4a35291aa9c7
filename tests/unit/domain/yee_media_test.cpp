#include "domain/yee_media.hpp"

#include <chrono>
#include <cmath>
#include <random>

#include "domain/pole_media.hpp"
#include "tests/unit/domain/yee_media_helpers.hpp"

namespace symwave::domain {
namespace {

TEST(YeeMedia, UncutVolumesHoldTheMediumItself) {
  const Structure chip("SiO2", {{"air", 0.3, kInfiniteHeight, ""}},
                       {Extruded(Box{{0, 0}, {20, 0.5}}, 0, 0.22)});
  std::vector<Medium> media = SiliconAndGlass();
  media.push_back(Constant("air", 1));
  const Lattice lattice(
      {Axis::Uniform(0.037, 40), Axis::Uniform(0.041, 40), Axis::Uniform(0.043, 30)}, kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, media);
  for (const Component c : kElectric) {
    const MediumBlock block = map.sample(c, lattice.AllPoints());
    EXPECT_TRUE(block.conductivity.empty());
    EXPECT_TRUE(block.dispersive.empty());
    long exact = 0;
    for (double eps : block.eps) exact += eps == kGlass || eps == kSilicon || eps == 1;
    EXPECT_GT(exact, static_cast<long>(0.8 * static_cast<double>(block.eps.size())));
    // Along a guide on x every row is one value.
    for (int k = 0; k < 31; ++k) {
      for (int j = 0; j < 41; ++j) {
        for (int i = 1; i < 41; ++i) {
          ASSERT_EQ(block.eps[block.box.Offset(i, j, k)], block.eps[block.box.Offset(0, j, k)]);
        }
      }
    }
  }
}

TEST(YeeMedia, ThinLayersAreAveragedAcross) {
  // A film of 10 nm inside one cell of 40 nm, whose two faces have opposite normals.
  const Structure chip("SiO2", {{"Si", 0.015, 0.025, ""}}, {});
  const Lattice lattice({Axis::Uniform(0.04, 6), Axis::Uniform(0.04, 6), Axis::Uniform(0.04, 6)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, SiliconAndGlass());
  EXPECT_NEAR(EpsAt(map, Component::Ez, 3, 3, 3), Farjadpour(0.25, 1), 1e-7);
  EXPECT_NEAR(EpsAt(map, Component::Ex, 3, 3, 3), Farjadpour(0.125, 0), 1e-7);
}

/// Crossing guides, a ring and a bridge over three layers, in a lossy and a dispersive medium.
Structure Busy() {
  return Structure("SiO2", {{"air", 0.35, kInfiniteHeight, ""}},
                   {Extruded(Straight{{-2, -0.9}, {2, 1.1}, 0.4}, -0.11, 0.11),
                    Extruded(Ring{{0.1, 0.2}, 0.5, 0.2}, -0.05, 0.3),
                    {{Box{{0.3, -0.2}, {0.7, 3}}, "Au", ""}, 0.21, 0.37}});
}

std::vector<Medium> BusyMedia() {
  Medium gold = Constant("Au", 1.5);
  gold.poles = {{400, 0, 0.3}};
  Medium glass = Constant("SiO2", 1.3);
  glass.poles = {{0.8 * 60 * 60, 60, 0}};
  return {glass, Constant("Si", kSilicon, 0.4), Constant("air", 1), gold};
}

void ExpectSameBits(const MediumBlock& whole, const MediumBlock& part) {
  const auto share_of = [](const MediumBlock& block, int medium, long at) {
    for (const auto& d : block.dispersive) {
      if (d.medium == medium) return d.share[static_cast<size_t>(at)];
    }
    return 0.0;
  };
  const auto& lo = part.box.lo;
  const auto& hi = part.box.hi;
  for (int k = lo[2]; k < hi[2]; ++k) {
    for (int j = lo[1]; j < hi[1]; ++j) {
      for (int i = lo[0]; i < hi[0]; ++i) {
        const long here = part.box.Offset(i, j, k);
        const long there = whole.box.Offset(i, j, k);
        ASSERT_EQ(part.eps[here], whole.eps[there]) << i << " " << j << " " << k;
        const double loss = part.conductivity.empty() ? 0 : part.conductivity[here];
        ASSERT_EQ(loss, whole.conductivity[there]);
        for (int m : {0, 3}) ASSERT_EQ(share_of(part, m, here), share_of(whole, m, there));
      }
    }
  }
}

TEST(YeeMedia, ValuesDependOnThePointAlone) {
  const std::array<Axis, 3> axes{Graded(-0.8, 0.033, 40), Graded(-0.7, 0.041, 30),
                                 Graded(-0.4, 0.031, 25)};
  auto some_periodic = kWalls;
  some_periodic[0] = kPeriodic;
  std::mt19937 random(3);
  for (const auto& ends : {kWalls, some_periodic}) {
    const Lattice lattice(axes, ends);
    for (bool poles : {false, true}) {
      std::vector<Medium> media = BusyMedia();
      for (Medium& medium : media) {
        if (!poles) medium.poles.clear();
      }
      const MediumMap map = MakeMediumMap(lattice, Busy(), media, poles ? 4.0 : 0.0);
      for (const Component c : kElectric) {
        const IndexBox all{{-3, -3, -3}, {45, 35, 30}};
        const MediumBlock whole = map.sample(c, all);
        for (int trial = 0; trial < 12; ++trial) {
          IndexBox box;
          for (int d = 0; d < 3; ++d) {
            std::uniform_int_distribution<int> from(all.lo[d], all.hi[d] - 1);
            box.lo[d] = from(random);
            box.hi[d] = std::uniform_int_distribution<int>(box.lo[d] + 1, all.hi[d])(random);
          }
          ExpectSameBits(whole, map.sample(c, box));
        }
      }
    }
  }
}

TEST(YeeMedia, PointsBeyondWallsContinueTheLastValue) {
  const Lattice lattice({Axis::Uniform(0.05, 20), Axis::Uniform(0.05, 20), Axis::Uniform(0.05, 20)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, Busy(), BusyMedia(), 4.0);
  EXPECT_EQ(EpsAt(map, Component::Ex, -3, 5, 9), EpsAt(map, Component::Ex, 0, 5, 9));
  EXPECT_EQ(EpsAt(map, Component::Ex, 20, 5, 9), EpsAt(map, Component::Ex, 19, 5, 9));
  EXPECT_EQ(EpsAt(map, Component::Ey, 22, 5, 9), EpsAt(map, Component::Ey, 20, 5, 9));
  EXPECT_EQ(EpsAt(map, Component::Ey, 5, 5, -1), EpsAt(map, Component::Ey, 5, 5, 0));
}

TEST(YeeMedia, PeriodicStructuresMayBeCutAnywhere) {
  // The same disc in the middle of the period and across its ends, seven cells further.
  const Axis axis = Axis::Uniform(0.05, 20);
  std::array<std::array<AxisEnd, 2>, 3> ends{kPeriodic, kPeriodic, kPeriodic};
  const Lattice lattice({axis, axis, axis}, ends);
  const Structure middle("SiO2", {}, {Extruded(Circle{{0.013, 0.021}, 0.31}, -0.11, 0.127)});
  std::vector<ExtrudedShape> pieces;
  for (double x : {0.0, -1.0}) {
    for (double y : {0.0, -1.0}) {
      for (double z : {0.0, -1.0}) {
        pieces.push_back(Extruded(Circle{{0.363 + x, 0.371 + y}, 0.31}, 0.39 + z, 0.627 + z));
      }
    }
  }
  const Structure across("SiO2", {}, pieces);
  const MediumMap a = MakeMediumMap(lattice, middle, SiliconAndGlass());
  const MediumMap b = MakeMediumMap(lattice, across, SiliconAndGlass());
  for (const Component c : kElectric) {
    const MediumBlock at_middle = a.sample(c, {{0, 0, 0}, {20, 20, 20}});
    const MediumBlock moved = b.sample(c, {{7, 7, 10}, {27, 27, 30}});
    // Heights differ by rounding, lateral positions by the 1e-10 um of the clipper.
    for (size_t p = 0; p < moved.eps.size(); ++p) {
      ASSERT_NEAR(moved.eps[p], at_middle.eps[p], 1e-6) << p << " " << NameOf(c);
    }
  }
}

TEST(YeeMedia, SymmetryPlanesHalveTheStructure) {
  const Structure chip("SiO2", {}, {Extruded(Circle{{0, 0}, 0.47}, -0.123, 0.123)});
  const Axis whole = Axis::Uniform(0.05, 24);
  const Axis half(std::vector<double>(whole.Faces().begin() + 12, whole.Faces().end()));
  const MediumMap full =
      MakeMediumMap(Lattice({whole, whole, whole}, kWalls), chip, SiliconAndGlass());
  const MediumMap octant =
      MakeMediumMap(Lattice({half, half, half}, kWalls), chip, SiliconAndGlass());
  for (const Component c : kElectric) {
    const MediumBlock part = octant.sample(c, {{0, 0, 0}, {13, 13, 13}});
    const MediumBlock same = full.sample(c, {{12, 12, 12}, {25, 25, 25}});
    for (size_t p = 0; p < part.eps.size(); ++p) ASSERT_NEAR(part.eps[p], same.eps[p], 1e-7);
  }
}

TEST(YeeMedia, TwoDimensionsAverageInThePlane) {
  const Structure chip("SiO2", {}, {Extruded(Box{{0.013, 0}, {0.7, 0.5}})});
  const Axis axis = Axis::Uniform(0.05, 24);
  const std::array<std::array<AxisEnd, 2>, 2> ends{};
  const MediumMap ez =
      MakeMediumMap(Lattice(FieldSet::Ez, {axis, axis}, ends), chip, SiliconAndGlass());
  const MediumMap hz =
      MakeMediumMap(Lattice(FieldSet::Hz, {axis, axis}, ends), chip, SiliconAndGlass());
  // The right wall at x = 0.363: node 19 at 0.35 has 0.325..0.375, half 19 has 0.35..0.4.
  EXPECT_NEAR(EpsAt(ez, Component::Ez, 19, 12, 0), Farjadpour(0.76, 0), 1e-6);
  EXPECT_NEAR(EpsAt(hz, Component::Ex, 19, 12, 0), Farjadpour(0.26, 1), 1e-6);
  EXPECT_NEAR(EpsAt(hz, Component::Ey, 19, 12, 0), Farjadpour(0.76, 0), 1e-6);
}

TEST(YeeMedia, DispersiveDielectricsHaveValueAndSlopeInTheMiddleOfTheBand) {
  const double omega = 4.05;
  const std::vector<Medium> media{BuiltInMedium("SiO2", {1.5, 1.6}),
                                  BuiltInMedium("Si", {1.5, 1.6})};
  const Structure chip("SiO2", {}, {Extruded(Box{{0, 0}, {9, 0.52}}, -0.11, 0.11)});
  const Lattice lattice({Axis::Uniform(0.05, 4), Axis::Uniform(0.05, 20), Axis::Uniform(0.05, 20)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, media, omega);
  const auto eps_at = [&](Component c, int j, int k, double w) {
    const MediumBlock block = map.sample(c, {{2, j, k}, {3, j + 1, k + 1}});
    EXPECT_GE(block.eps[0], 1);
    std::complex<double> eps = block.eps[0];
    for (const auto& d : block.dispersive) {
      EXPECT_LE(d.share[0], 1);
      eps += d.share[0] * (media[d.medium].Permittivity(w) - media[d.medium].eps_inf);
    }
    return eps.real();
  };
  for (double w : {omega, 3.9, 4.2}) {
    const double glass = media[0].Permittivity(w).real();
    const double silicon = media[1].Permittivity(w).real();
    // The first order in the dispersion; across walls the share of glass is limited to 1.
    const double tolerance = w == omega ? 1e-6 : 5e-4;
    // The wall at y = 0.26: 0.2 of the cell 0.25..0.3, 0.7 of the volume 0.225..0.275.
    EXPECT_NEAR(eps_at(Component::Ey, 15, 10, w), 1 / (0.2 / silicon + 0.8 / glass), tolerance);
    EXPECT_NEAR(eps_at(Component::Ex, 15, 10, w), 0.7 * silicon + 0.3 * glass, 1e-6);
    EXPECT_NEAR(eps_at(Component::Ez, 10, 12, w), 1 / (0.2 / silicon + 0.8 / glass), tolerance);
    EXPECT_NEAR(eps_at(Component::Ez, 2, 2, w), glass, 1e-12);
  }
}

TEST(YeeMedia, MetalSurfacesCarryNoCurrentAcross) {
  const Structure chip("SiO2", {{"Au", -kInfiniteHeight, 0.015, ""}}, {});
  const Lattice lattice({Axis::Uniform(0.04, 6), Axis::Uniform(0.04, 6), Axis::Uniform(0.04, 6)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, BusyMedia(), 4.0);
  const auto share_of_gold = [&](Component c, int k) {
    for (const auto& d : map.sample(c, {{3, 3, k}, {4, 4, k + 1}}).dispersive) {
      if (d.medium == 3) return d.share[0];
    }
    return 0.0;
  };
  EXPECT_EQ(share_of_gold(Component::Ez, 3), 0);
  EXPECT_EQ(share_of_gold(Component::Ez, 2), 1);
  EXPECT_NEAR(share_of_gold(Component::Ex, 3), 0.875, 1e-8);
}

// Re eps is -1 at one end of the band and positive in its middle: no average across the wall, which
// would resonate inside the band, and along it the mean at every frequency.
TEST(YeeMedia, MediaThatAreMetalsInPartOfTheBandAreMetals) {
  Medium drude{"Au", 1, 0, {}};
  drude.poles.push_back({2 * 3.6 * 3.6, 0, 0.01});
  const std::array<double, 2> band{3.6, 8.0};
  ASSERT_LT(drude.Permittivity(band[0]).real(), -0.9);
  ASSERT_GT(drude.Permittivity(5.8).real(), 0);
  const Structure chip("SiO2", {{"Au", -kInfiniteHeight, 0.015, ""}}, {});
  const Lattice lattice({Axis::Uniform(0.04, 6), Axis::Uniform(0.04, 6), Axis::Uniform(0.04, 6)},
                        kWalls);
  const std::vector<Medium> media{Constant("SiO2", 2), drude};
  const auto share = [&](const MediumMap& map, Component c, int k) {
    for (const auto& d : map.sample(c, {{3, 3, k}, {4, 4, k + 1}}).dispersive) {
      if (d.medium == 1) return d.share[0];
    }
    return 0.0;
  };
  const MediumMap map = MakeMediumMap(lattice, chip, media, band);
  EXPECT_EQ(share(map, Component::Ez, 3), 0);
  EXPECT_EQ(share(map, Component::Ez, 2), 1);
  EXPECT_NEAR(share(map, Component::Ex, 3), 0.875, 1e-8);
  // At a frequency of the band at which it is a dielectric the wall would be averaged.
  const MediumMap dielectric = MakeMediumMap(lattice, chip, media, 8.0);
  EXPECT_GT(share(dielectric, Component::Ez, 3), 0);
}

TEST(YeeMedia, ConductivityIsThatOfTheComplexMean) {
  // First order in the loss equals the complex formula when the loss is small.
  const Structure chip("SiO2", {}, {Extruded(Box{{0, 0}, {9, 0.52}})});
  const Axis axis = Axis::Uniform(0.05, 20);
  const Lattice lattice({axis, axis, axis}, kWalls);
  const double omega = 4.0;
  const std::vector<Medium> media{Constant("SiO2", 2, 1e-4), Constant("Si", 12, 3e-3)};
  const MediumMap first_order = MakeMediumMap(lattice, chip, media);
  const MediumMap complex_mean = MakeMediumMap(lattice, chip, media, omega);
  for (const Component c : kElectric) {
    const IndexBox point{{9, 15, 9}, {10, 16, 10}};
    const double fill = c == Component::Ey ? 0.2 : 0.7;
    const std::complex<double> a(2, 1e-4 / omega), b(12, 3e-3 / omega);
    const std::complex<double> mean =
        c == Component::Ey ? 1.0 / (fill / b + (1 - fill) / a) : fill * b + (1 - fill) * a;
    EXPECT_NEAR(complex_mean.sample(c, point).conductivity[0], omega * mean.imag(), 1e-9);
    EXPECT_NEAR(first_order.sample(c, point).conductivity[0], omega * mean.imag(), 1e-9);
  }
}

TEST(YeeMedia, SamplingPlaneByPlaneIsFast) {
  // 600 x 400 points, 40 planes, a ring of some 3000 edges: measured 0.2 s on one core; the bound
  // leaves room for slow and busy machines.
  const Structure chip("SiO2", {},
                       {Extruded(Ring{{0, 0}, 5, 0.5}, -0.11, 0.11),
                        Extruded(Straight{{-9, 5.7}, {9, 5.7}, 0.5}, -0.11, 0.11)});
  const Lattice lattice(
      {Axis::Uniform(0.03, 600), Axis::Uniform(0.03, 400), Axis::Uniform(0.03, 40)}, kWalls);
  const auto start = std::chrono::steady_clock::now();
  const MediumMap map = MakeMediumMap(lattice, chip, SiliconAndGlass());
  double sum = 0;
  for (int k = 0; k < 40; ++k) {
    for (const Component c : kElectric) {
      sum += map.sample(c, {{0, 0, k}, {600, 400, k + 1}}).eps[0];
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", static_cast<int>(1000 * seconds.count()));
  EXPECT_GT(sum, 0);
  EXPECT_LT(seconds.count(), 3.0);
}

TEST(YeeMedia, ErrorsSayWhatIsWrong) {
  const Axis axis = Axis::Uniform(0.05, 20);
  const Lattice lattice({axis, axis, axis}, kWalls);
  ExpectSentence([&] { MakeMediumMap(lattice, Busy(), SiliconAndGlass()); },
                 "contains Au, but no medium has this name; the media are SiO2, Si");
  ExpectSentence([&] { MakeMediumMap(lattice, Structure("air", {}, {}), {Constant("air", -2)}); },
                 "medium air has eps_inf = -2");
}

}  // namespace
}  // namespace symwave::domain
