#include "domain/plane_port.hpp"

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

const std::array<AxisEnd, 2> kPml{AxisEnd{Wall::Pec, 5}, AxisEnd{Wall::Pec, 5}};

Lattice Chip() {
  const Axis axis = Axis::Uniform(0.1, 40);  // -2..2, PML beyond -1.5 and 1.5
  return Lattice({axis, axis, axis}, {kPml, kPml, kPml});
}

PlanePort At(std::array<double, 3> at, Direction faces, std::array<double, 2> span) {
  PlanePort port;
  port.name = "in";
  port.at = at;
  port.faces = faces;
  port.span = span;
  port.where = "deck.yaml:12";
  return port;
}

TEST(Lattice, NearestNode) {
  const Axis graded(std::vector<double>{0, 0.1, 0.3, 0.7, 0.8});
  const Lattice lattice({graded, graded, graded}, {});
  EXPECT_EQ(lattice.NearestNode(0, -3), 0);
  EXPECT_EQ(lattice.NearestNode(1, 0.19), 1);
  EXPECT_EQ(lattice.NearestNode(1, 0.21), 2);
  EXPECT_EQ(lattice.NearestNode(2, 0.3), 2);
  EXPECT_EQ(lattice.NearestNode(2, 9), 4);
  for (const double rounding : {-1e-9, 0.0, 1e-9}) {
    EXPECT_EQ(lattice.NearestNode(0, 0.5 + rounding), 2);
    EXPECT_EQ(lattice.NearestNode(0, 0.5 + rounding, true), 3);
  }
}

TEST(PlanePort, StandsOnTheNearestNodes) {
  const PortPlane plane = LocatePort(Chip(), At({-1.02, 0.1, -0.2}, Direction::PlusX, {2.0, 1.0}));
  EXPECT_EQ(plane.axis, 0);
  EXPECT_TRUE(plane.forward);
  EXPECT_EQ(plane.node, 10);
  EXPECT_EQ(plane.box, (IndexBox{{10, 11, 13}, {11, 32, 24}}));
}

// Between two nodes rounding must not decide: the plane goes into the device, the span outwards.
TEST(PlanePort, MidwayBetweenNodesFacesDecide) {
  for (const double off : {-1e-9, 0.0, 1e-9}) {
    const PortPlane in = LocatePort(Chip(), At({-0.55 + off, 0.05, 0}, Direction::PlusX, {1, 1}));
    const PortPlane out = LocatePort(Chip(), At({0.55 + off, 0.05, 0}, Direction::MinusX, {1, 1}));
    EXPECT_EQ(in.node, 15);
    EXPECT_EQ(out.node, 25);
    EXPECT_EQ(in.box.hi[1] - in.box.lo[1], 12);
  }
}

TEST(PlanePort, SpansFollowTheOtherAxesInOrder) {
  const PortPlane plane = LocatePort(Chip(), At({0, 0, 0.5}, Direction::MinusZ, {1.0, 2.0}));
  EXPECT_EQ(plane.axis, 2);
  EXPECT_FALSE(plane.forward);
  EXPECT_EQ(plane.box, (IndexBox{{15, 10, 25}, {26, 31, 26}}));
}

TEST(PlanePort, EndsAtSymmetryPlanesAndWraps) {
  const Axis axis = Axis::Uniform(0.1, 40);
  const Axis upper(Borders(0, 2, 20));
  const std::array<AxisEnd, 2> mirror{AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 5}};
  const std::array<AxisEnd, 2> periodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};
  const Lattice lattice({axis, upper, axis}, {kPml, mirror, periodic});
  const PortPlane plane = LocatePort(lattice, At({0, 0, 0}, Direction::PlusX, {2.0, 4.0}));
  EXPECT_EQ(plane.box, (IndexBox{{20, 0, 0}, {21, 11, 40}}));
}

TEST(PlanePort, IsALineInTwoDimensions) {
  const Axis axis = Axis::Uniform(0.1, 40);
  const Lattice lattice(FieldSet::Ez, {axis, axis}, {kPml, kPml});
  const PortPlane plane = LocatePort(lattice, At({0.3, 0, 0}, Direction::MinusY, {1.0, 9.0}));
  EXPECT_EQ(plane.axis, 1);
  EXPECT_EQ(plane.box, (IndexBox{{18, 20, 0}, {29, 21, 1}}));
  ExpectSentence(
      [&] {
        LocatePort(lattice, At({0, 0, 0}, Direction::PlusZ, {1, 1}));
      },
      "two-dimensional");
}

TEST(PlanePort, ErrorsSayWhatIsWrong) {
  const auto locate = [](std::array<double, 3> at, std::array<double, 2> span) {
    return [=] { LocatePort(Chip(), At(at, Direction::PlusX, span)); };
  };
  ExpectSentence(
      locate({-1.6, 0, 0}, {1, 1}),
      "deck.yaml:12: port 'in' stands at x = -1.6 um, outside the grid: a port along x stands "
      "half a cell off the PML at least, from -1.45 to 1.45 um; move ports.at");
  ExpectSentence(locate({7, 0, 0}, {1, 1}), "stands at x = 7 um");
  ExpectSentence(locate({0, 0, 0}, {4.5, 1}), "spans -2.25 to 2.25 um along y");
  ExpectSentence(locate({0, 0, 0}, {1, 0.2}), "0.2 um along z, 2 cells; at least 4");
}

}  // namespace
}  // namespace symwave::domain
