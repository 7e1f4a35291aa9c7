#include "domain/uniform_lattice.hpp"

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

UniformLatticeOptions Options(Polarization polarization) {
  UniformLatticeOptions options;
  options.polarization = polarization;
  options.cell = 0.1;
  options.size = {2.05, 1};
  options.pml = 0.3;
  return options;
}

TEST(UniformLattice, HasTheNodesOfEzAtCentresOfCellsBeforeAPml) {
  const Lattice lattice = UniformLattice(Options(Polarization::Ez));
  EXPECT_EQ(lattice.Cells(0), 28);  // 21 and 2 x 3, and one more
  EXPECT_NEAR(lattice.Node(0, 14), 0.0, 1e-15);
  for (int axis = 0; axis < 2; ++axis) {
    EXPECT_EQ(lattice.End(axis, 0).pml_cells, 3);
    for (int i = 0; i <= lattice.Cells(axis); ++i) {
      EXPECT_EQ(lattice.Node(axis, i), -lattice.Node(axis, lattice.Cells(axis) - i));
    }
  }
}

TEST(UniformLattice, HasNodesOnWallsAndThoseOfHzOnFaces) {
  for (const Polarization polarization : {Polarization::Ez, Polarization::Hz}) {
    UniformLatticeOptions options = Options(polarization);
    options.boundary = {Boundary::Pml, Boundary::Pmc};
    const Lattice lattice = UniformLattice(options);
    EXPECT_EQ(lattice.Cells(1), 10);
    EXPECT_NEAR(lattice.Node(1, 0), -0.5, 1e-12);
    EXPECT_EQ(lattice.End(1, 1).wall, Wall::Pmc);
    EXPECT_EQ(lattice.Cells(0), polarization == Polarization::Ez ? 28 : 27);
    // Behind a PML the component out of the plane is zero.
    EXPECT_EQ(lattice.End(0, 0).wall, polarization == Polarization::Ez ? Wall::Pec : Wall::Pmc);
  }
}

TEST(UniformLattice, HasAFaceWhereItIsPlaced) {
  UniformLatticeOptions options = Options(Polarization::Hz);
  options.size = {2, 2};
  options.face = {0.05, 0.02};
  const Lattice lattice = UniformLattice(options);
  // Half a cell: symmetric about zero to the last bit, one cell more than the size.
  EXPECT_EQ(lattice.Cells(0), 21 + 6);
  for (int i = 0; i <= 27; ++i) EXPECT_EQ(lattice.Node(0, i), -lattice.Node(0, 27 - i));
  EXPECT_EQ(lattice.Cells(1), 21 + 6);
  EXPECT_NEAR(lattice.Node(1, lattice.NearestNode(1, 0.02)), 0.02, 1e-12);
  EXPECT_LE(lattice.Node(1, 3), -1);
  EXPECT_GE(lattice.Node(1, 24), 1);
}

TEST(UniformLattice, RefusesMoreCellsThanCanBeNumbered) {
  UniformLatticeOptions options = Options(Polarization::Ez);
  options.size = {1e9, 1};
  ExpectSentence([&] { UniformLattice(options); }, "allowed are 1 to 2e+09");
}

}  // namespace
}  // namespace symwave::domain
