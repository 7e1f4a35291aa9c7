#include "domain/layout_media.hpp"

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

Layout SplitterLayout() {
  Layout layout;
  layout.regions = ComposeRegions(
      {{Straight{{-4, -1.2}, {4, 0.9}, 0.5}, "core", ""}, {Circle{{0.3, 0.2}, 0.8}, "lossy", ""}});
  layout.materials = {{"clad", 2.1}, {"core", 8.1}, {"lossy", {10.0, 0.3}}};
  layout.background = "clad";
  return layout;
}

GridOptions Options(Polarization polarization) {
  GridOptions options;
  options.polarization = polarization;
  options.cell = 0.053;
  options.size = {7.9, 3.1};
  options.pml = 0.3;
  return options;
}

// Blocks of columns sum areas in another order than the whole, hence 1e-11.
void ExpectPoint(const MediumBlock& block, int i, int j, Complex eps, double omega) {
  const long p = block.box.Offset(i, j, 0);
  ASSERT_NEAR(block.eps[p], eps.real(), 1e-11) << i << " " << j;
  ASSERT_NEAR(block.conductivity[p], omega * eps.imag(), 1e-11);
}

TEST(LayoutMedia, EzHasTheCoefficientsOfTheFrequencyDomain) {
  for (bool symmetric : {false, true}) {
    const Grid grid(Options(Polarization::Ez));
    Layout layout = SplitterLayout();
    layout.mirror_symmetric = symmetric;
    layout.changes = {{70, 30, {1.5, 0.1}}};
    const Permittivity expected = EvaluatePermittivity(grid, layout, {0, grid.Nx()});
    const Lattice lattice = LatticeOf(grid);
    const double omega = 4.1;
    const MediumBlock block =
        MakeMediumMap(lattice, grid, layout, omega).sample(Component::Ez, lattice.AllPoints());
    for (int i = 0; i < grid.Nx(); ++i) {
      for (int j = 0; j < grid.Ny(); ++j) {
        ExpectPoint(block, i + 1, j + 1, expected.Beta(i, j), omega);
      }
    }
  }
}

TEST(LayoutMedia, HzHasTheCoefficientsOfTheFrequencyDomain) {
  for (bool symmetric : {false, true}) {
    const Grid grid(Options(Polarization::Hz));
    Layout layout = SplitterLayout();
    layout.mirror_symmetric = symmetric;
    const Permittivity expected = EvaluatePermittivity(grid, layout, {0, grid.Nx()});
    const Lattice lattice = LatticeOf(grid);
    const double omega = 4.1;
    const MediumMap map = MakeMediumMap(lattice, grid, layout, omega);
    const MediumBlock ex = map.sample(Component::Ex, lattice.AllPoints());
    const MediumBlock ey = map.sample(Component::Ey, lattice.AllPoints());
    for (int i = 0; i < grid.Nx(); ++i) {
      for (int j = 0; j <= grid.Ny(); ++j) {
        ExpectPoint(ex, i, j, 1.0 / expected.AlphaY(i, j), omega);
      }
    }
    for (int i = 0; i <= grid.Nx(); ++i) {
      for (int j = 0; j < grid.Ny(); ++j) {
        ExpectPoint(ey, i, j, 1.0 / expected.AlphaX(i, j), omega);
      }
    }
  }
}

TEST(LayoutMedia, ValuesDependOnThePointAloneAndContinueBeyond) {
  const Grid grid(Options(Polarization::Hz));
  const Lattice lattice = LatticeOf(grid);
  const MediumMap map = MakeMediumMap(lattice, grid, SplitterLayout(), 4.1);
  const int nx = grid.Nx();
  const int ny = grid.Ny();
  for (const Component c : {Component::Ex, Component::Ey}) {
    const MediumBlock whole = map.sample(c, {{-2, -2, 0}, {nx + 3, ny + 3, 1}});
    for (const IndexBox& box : {IndexBox{{61, 3, 0}, {90, 40, 1}}, IndexBox{{-1, 5, 0}, {3, 7, 1}},
                                IndexBox{{nx - 1, 1, 0}, {nx + 2, ny + 2, 1}}}) {
      const MediumBlock part = map.sample(c, box);
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
          ASSERT_EQ(part.eps[box.Offset(i, j, 0)], whole.eps[whole.box.Offset(i, j, 0)]);
        }
      }
    }
  }
}

TEST(LayoutMedia, MetalsAreRefused) {
  const Grid grid(Options(Polarization::Ez));
  const Lattice lattice = LatticeOf(grid);
  Layout layout = SplitterLayout();
  layout.materials["core"] = {-90, 10};
  const MediumMap map = MakeMediumMap(lattice, grid, layout, 4.1);
  ExpectSentence([&] { map.sample(Component::Ez, lattice.AllPoints()); },
                 "give a metal by Drude and Lorentz poles");
}

}  // namespace
}  // namespace symwave::domain
