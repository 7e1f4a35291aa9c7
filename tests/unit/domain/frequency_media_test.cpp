#include "domain/frequency_media.hpp"

#include <algorithm>
#include <cmath>

#include "domain/uniform_lattice.hpp"
#include "domain/yee_media.hpp"
#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

FrequencyMedia Splitter() {
  FrequencyMedia media;
  StructureLayer layer;
  layer.base = "clad";
  layer.regions = ComposeRegions(
      {{Straight{{-4, -1.2}, {4, 0.9}, 0.5}, "core", ""}, {Circle{{0.3, 0.2}, 0.8}, "lossy", ""}});
  media.structure = std::make_shared<const Structure>(std::move(layer));
  media.materials = {{"clad", 2.1}, {"core", 8.1}, {"lossy", {10.0, 0.3}}};
  media.background = "clad";
  return media;
}

Lattice LatticeFor(Polarization polarization) {
  UniformLatticeOptions options;
  options.polarization = polarization;
  options.cell = 0.053;
  options.size = {7.9, 3.1};
  options.pml = 0.3;
  return UniformLattice(options);
}

Complex At(const PermittivityMap& map, Component c, int i, int j) {
  return map.sample(c, {{i, j, 0}, {i + 1, j + 1, 1}}).front();
}

// A straight wall at a place inside a cell: the mean along it, the harmonic mean across it.
TEST(PermittivityMap, IsTheMeanOfEachDirectionAtAWall) {
  FrequencyMedia media;
  StructureLayer layer;
  layer.base = "low";
  layer.regions = ComposeRegions({{Box{{0, 5.017}, {50, 10}}, "high", ""}});  // above y = 0.017
  media.structure = std::make_shared<const Structure>(std::move(layer));
  const Complex low(2, 0.1), high(9, 0.5);
  media.materials = {{"low", low}, {"high", high}};
  media.background = "low";
  const Lattice lattice = LatticeFor(Polarization::Hz);
  const PermittivityMap map = MakePermittivityMap(lattice, media);
  const double h = 0.053;
  const int half = lattice.Along(1).CellAt(0.017);
  const double share = (lattice.Node(1, half + 1) - 0.017) / h;  // of the cell that is cut
  const Complex across = 1.0 / (share / high + (1 - share) / low);
  EXPECT_LT(std::abs(At(map, Component::Ey, 40, half) - across), 1e-8);
  const int node = lattice.NearestNode(1, 0.017);
  const double above = (lattice.HalfNode(1, node) - 0.017) / h;
  const Complex along = above * high + (1 - above) * low;
  EXPECT_LT(std::abs(At(map, Component::Ex, 40, node) - along), 1e-8);
  EXPECT_TRUE(map.couple(lattice.AllPoints()).empty());  // parallel to an axis
}

TEST(PermittivityMap, IsSymmetricToTheLastBitWhereItSaysSo) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    const Lattice lattice = LatticeFor(polarization);
    FrequencyMedia media = Splitter();
    media.mirror_symmetric = true;
    const PermittivityMap map = MakePermittivityMap(lattice, media);
    for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
      if (!lattice.Has(c)) continue;
      IndexBox box = lattice.AllPoints();
      box.hi[0] = lattice.MirrorImage(c, 0, 0) + 1;
      const std::vector<Complex> eps = map.sample(c, box);
      for (int i = 0; i < box.hi[0]; ++i) {
        for (int j = 0; j < box.hi[1]; ++j) {
          const int image = lattice.MirrorImage(c, 0, i);
          ASSERT_EQ(eps[static_cast<size_t>(box.Offset(i, j, 0))],
                    eps[static_cast<size_t>(box.Offset(image, j, 0))]);
        }
      }
    }
  }
}

TEST(PermittivityMap, DependsOnThePointAloneAndContinuesBeyond) {
  const Lattice lattice = LatticeFor(Polarization::Hz);
  const PermittivityMap map = MakePermittivityMap(lattice, Splitter());
  const int nx = lattice.Cells(0), ny = lattice.Cells(1);
  for (const Component c : {Component::Ex, Component::Ey}) {
    const IndexBox all{{-2, -2, 0}, {nx + 3, ny + 3, 1}};
    const std::vector<Complex> whole = map.sample(c, all);
    for (const IndexBox& box : {IndexBox{{61, 3, 0}, {90, 40, 1}}, IndexBox{{-1, 5, 0}, {3, 7, 1}},
                                IndexBox{{nx - 1, 1, 0}, {nx + 2, ny + 2, 1}}}) {
      const std::vector<Complex> part = map.sample(c, box);
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
          ASSERT_EQ(part[static_cast<size_t>(box.Offset(i, j, 0))],
                    whole[static_cast<size_t>(all.Offset(i, j, 0))]);
        }
      }
    }
  }
}

// Of lossless media both averages are one, and so are the couplings, but where a leapfrog limits
// them.
TEST(PermittivityMap, IsThatOfTheTimeDomainForConstantMedia) {
  FrequencyMedia media = Splitter();
  media.materials["lossy"] = 10.0;
  std::vector<Medium> constant(3);
  for (size_t m = 0; m < 3; ++m) {
    const auto& [name, eps] = *std::next(media.materials.begin(), static_cast<long>(m));
    constant[m].name = name;
    constant[m].eps_inf = eps.real();
  }
  const Lattice lattice = LatticeFor(Polarization::Hz);
  const PermittivityMap map = MakePermittivityMap(lattice, media);
  const PermittivityMap stepped =
      PermittivityAt(MakeMediumMap(lattice, *media.structure, constant), SteppedFrequency(4.1, 0));
  for (const Component c : {Component::Ex, Component::Ey}) {
    const std::vector<Complex> a = map.sample(c, lattice.AllPoints());
    const std::vector<Complex> b = stepped.sample(c, lattice.AllPoints());
    for (size_t p = 0; p < a.size(); ++p) ASSERT_LT(std::abs(a[p] - b[p]), 1e-7);
  }
  const auto a = map.couple(lattice.AllPoints());
  const auto b = stepped.couple(lattice.AllPoints());
  ASSERT_EQ(a.size(), b.size());
  EXPECT_GT(a.size(), 100u);
  long equal = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    ASSERT_EQ(a[k].node, b[k].node);
    EXPECT_GE(std::abs(a[k].inverse_eps), std::abs(b[k].inverse_eps) - 1e-9);
    if (std::abs(a[k].inverse_eps - b[k].inverse_eps) < 1e-8) ++equal;
  }
  EXPECT_GT(equal, static_cast<long>(a.size()) / 2);
}

TEST(PermittivityMap, TakesChangesAndIndexErrors) {
  const Lattice lattice = LatticeFor(Polarization::Ez);
  FrequencyMedia media = Splitter();
  const PermittivityMap plain = MakePermittivityMap(lattice, media);
  const PermittivityMap changed = WithChanges(plain, {{Component::Ez, {70, 30, 0}, {1.5, 0.1}}});
  EXPECT_EQ(At(changed, Component::Ez, 70, 30),
            At(plain, Component::Ez, 70, 30) + Complex(1.5, 0.1));
  EXPECT_EQ(At(changed, Component::Ez, 71, 30), At(plain, Component::Ez, 71, 30));
  media.index_error = [](double, double) { return 0.01; };
  const PermittivityMap wrong = MakePermittivityMap(lattice, media);
  const int i = lattice.NearestNode(0, -2.5), j = lattice.NearestNode(1, -0.80);
  ASSERT_EQ(At(plain, Component::Ez, i, j), Complex(8.1));  // in the straight guide
  const double n = std::sqrt(8.1) + 0.01;
  EXPECT_LT(std::abs(At(wrong, Component::Ez, i, j) - n * n), 1e-12);
  EXPECT_EQ(At(wrong, Component::Ez, 5, 5), Complex(2.1));  // the background has none
}

// A leapfrog takes a metal as free charges, with the very same eps at its frequency; couplings
// where it can integrate them.
TEST(PermittivityMap, IsThatOfALeapfrogAtItsFrequency) {
  FrequencyMedia media = Splitter();
  media.materials["lossy"] = {-90, 10};
  const Lattice lattice = LatticeFor(Polarization::Hz);
  const PermittivityMap map = MakePermittivityMap(lattice, media);
  ASSERT_TRUE(map.metals);
  const SteppedFrequency frequency(4.1, 0.03);
  const MediumMap stepped = MakeMediumMap(lattice, map, frequency);
  const PermittivityMap back = PermittivityAt(stepped, frequency);
  for (const Component c : {Component::Ex, Component::Ey}) {
    const std::vector<Complex> a = map.sample(c, lattice.AllPoints());
    const std::vector<Complex> b = back.sample(c, lattice.AllPoints());
    for (size_t p = 0; p < a.size(); ++p) ASSERT_LT(std::abs(a[p] - b[p]), 1e-9 * std::abs(a[p]));
  }
  const auto a = map.couple(lattice.AllPoints()), b = back.couple(lattice.AllPoints());
  EXPECT_GT(b.size(), 100u);
  EXPECT_LE(b.size(), a.size());
  for (const ComplexCoupling& coupling : b) {
    const auto same = std::find_if(a.begin(), a.end(), [&](const ComplexCoupling& other) {
      return other.node == coupling.node;
    });
    ASSERT_NE(same, a.end());
    EXPECT_LT(std::abs(same->inverse_eps - coupling.inverse_eps), 1e-12);
  }
}

TEST(SortedChanges, AreFoundByTheBox) {
  std::vector<PointChange> changes;
  changes.reserve(400);
  for (int n = 0; n < 400; ++n) {
    changes.push_back({n % 3 == 0 ? Component::Ex : Component::Ey,
                       {(7 * n) % 23, (5 * n) % 19, n % 4},
                       {1.0 + n, 0}});
  }
  const SortedChanges sorted(changes);
  for (const IndexBox& box : {IndexBox{{0, 0, 0}, {23, 19, 4}}, IndexBox{{3, 4, 1}, {9, 17, 3}},
                              IndexBox{{22, 0, 3}, {40, 1, 9}}, IndexBox{{5, 5, 2}, {5, 9, 3}}}) {
    for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
      double expected = 0, found = 0;
      for (const PointChange& change : changes) {
        const auto [i, j, k] = change.point;
        if (change.component == c && box.Contains(i, j, k)) expected += change.eps.real();
      }
      sorted.ForEachIn(c, box, [&](const PointChange& change) { found += change.eps.real(); });
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(PermittivityMap, OfGainIsNotForALeapfrog) {
  const Lattice lattice = LatticeFor(Polarization::Ez);
  FrequencyMedia media = Splitter();
  media.materials["core"] = {9, -0.1};
  const MediumMap map =
      MakeMediumMap(lattice, MakePermittivityMap(lattice, media), SteppedFrequency(4.1, 0));
  ExpectSentence([&] { map.sample(Component::Ez, lattice.AllPoints()); },
                 "the time domain takes no gain");
}

}  // namespace
}  // namespace symwave::domain
