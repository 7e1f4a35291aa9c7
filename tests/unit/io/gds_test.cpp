// Layouts: every record by hand-made bytes, areas and corners by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "domain/polygon_union.hpp"
#include "io/gds/gds_flatten.hpp"
#include "tests/unit/io/gds_bytes.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using domain::Polygon;
using testing_files::Says;
using testing_files::Sentence;
using testing_gds::Stream;
using Corners = std::vector<std::pair<int, int>>;

const Corners kTriangle{{0, 0}, {2000, 0}, {0, 1000}, {0, 0}};

FlatLayout Flat(const Stream& stream, const std::string& cell = "",
                std::optional<GdsBox> window = {}) {
  return FlattenGds(ParseGds(stream.Bytes(), "t.gds"), {cell, {{1, 0}}, window});
}

std::vector<Polygon> On(const FlatLayout& flat, int layer = 1) {
  const auto found = flat.polygons.find({layer, 0});
  return found == flat.polygons.end() ? std::vector<Polygon>{} : found->second;
}

double AreaOf(const std::vector<Polygon>& polygons) {
  double area = 0;
  for (const Polygon& p : domain::UniteOutlines(polygons)) area += domain::OutlineArea(p);
  return area;
}

/// Whether the polygon has these corners [um], in any order.
void ExpectCorners(const Polygon& polygon, const std::vector<domain::Point>& corners) {
  ASSERT_EQ(polygon.size(), corners.size());
  for (const domain::Point& c : corners) {
    EXPECT_TRUE(std::any_of(polygon.begin(), polygon.end(),
                            [&](const domain::Point& p) {
                              return std::abs(p.x - c.x) < 1e-12 && std::abs(p.y - c.y) < 1e-12;
                            }))
        << c.x << ", " << c.y;
  }
}

TEST(Gds, PlacesCellsTurnedMirroredAndMagnified) {
  const auto placed = [](double angle, bool mirrored, double magnification) {
    Stream stream;
    stream.Cell("PART").Boundary(1, kTriangle).EndCell();
    stream.Cell("TOP").Reference("PART", {5000, 1000}, angle, mirrored, magnification).EndCell();
    return On(Flat(stream)).at(0);
  };
  ExpectCorners(placed(90, false, 1), {{5, 1}, {5, 3}, {4, 1}});
  ExpectCorners(placed(0, true, 1), {{5, 1}, {7, 1}, {5, 0}});
  ExpectCorners(placed(90, true, 2), {{5, 1}, {5, 5}, {7, 1}});  // mirrored first, then turned
  const double s = std::sqrt(0.5);
  ExpectCorners(placed(45, false, 1), {{5, 1}, {5 + 2 * s, 1 + 2 * s}, {5 - s, 1 + s}});
  EXPECT_GT(domain::OutlineArea(placed(0, true, 1)), 0);  // counter-clockwise again
}

TEST(Gds, ArraysGoAlongTheirOwnSteps) {
  Stream stream;
  stream.Cell("PART").Box(1, {{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}).EndCell();
  stream.Cell("TOP").Array("PART", 3, 2, {{0, 0}, {0, 3000}, {-2000, 0}}, 90).EndCell();
  const auto boxes = On(Flat(stream));
  ASSERT_EQ(boxes.size(), 6u);
  ExpectCorners(boxes[5], {{-1, 2}, {-1.1, 2}, {-1.1, 2.1}, {-1, 2.1}});  // last column, last row
}

TEST(Gds, PathsHaveWidthEndsAndCorners) {
  const Corners line{{0, 0}, {10000, 0}};
  const auto area = [&](int type, const Corners& points, int begin = 0, int end = 0) {
    Stream stream;
    stream.Cell("TOP").Path(1, type, 500, points, begin, end).EndCell();
    return AreaOf(On(Flat(stream)));
  };
  EXPECT_NEAR(area(0, line), 5, 1e-9);
  EXPECT_NEAR(area(2, line), 5.25, 1e-9);
  EXPECT_NEAR(area(4, line, 1000, -2000), 4.5, 1e-9);
  // The disc of both ends is a polygon within 1e-5 um of it.
  EXPECT_NEAR(area(1, line), 5 + M_PI * 0.0625, 2 * M_PI * 0.25 * 1e-5);
  EXPECT_NEAR(area(0, {{0, 0}, {10000, 0}, {10000, 10000}}), 10, 1e-9);  // mitred corner
  // A closed ring of a path keeps its hole.
  EXPECT_NEAR(area(2, {{0, 0}, {9000, 0}, {9000, 9000}, {0, 9000}, {0, 0}}), 4 * 9 * 0.5, 1e-9);
}

TEST(Gds, MagnifiedPathsKeepAbsoluteWidths) {
  for (const auto& [width, area] : {std::pair(500, 20.0), {-500, 10.0}}) {
    Stream stream;
    stream.Cell("PART").Path(1, 0, width, {{0, 0}, {10000, 0}}).EndCell();
    stream.Cell("TOP").Reference("PART", {0, 0}, 0, false, 2).EndCell();
    EXPECT_NEAR(AreaOf(On(Flat(stream))), area, 1e-9);
  }
}

TEST(Gds, OtherUnitsAreMicrometresAfterwards) {
  Stream stream(2.5e-11);
  stream.Cell("TOP").Boundary(1, {{0, 0}, {40000, 0}, {0, 80000}}).EndCell();
  ExpectCorners(On(Flat(stream)).at(0), {{0, 0}, {1, 0}, {0, 2}});
}

TEST(Gds, UnionClosesWhatTouchesAndKeepsHoles) {
  Stream stream;
  stream.Cell("TOP");
  stream.Boundary(1, {{0, 0}, {3000, 0}, {3000, 1000}, {0, 1000}});
  stream.Boundary(1, {{0, 2000}, {0, 3000}, {3000, 3000}, {3000, 2000}});  // clockwise
  stream.Boundary(1, {{0, 1000}, {1000, 1000}, {1000, 2000}, {0, 2000}});
  stream.Boundary(1, {{2000, 500}, {3000, 500}, {3000, 2500}, {2000, 2500}}).EndCell();
  const auto united = domain::UniteOutlines(On(Flat(stream)));
  ASSERT_EQ(united.size(), 2u);
  EXPECT_NEAR(AreaOf(On(Flat(stream))), 8, 1e-9);
}

TEST(Gds, RingDrawnAndFromALayoutAgreeToTheVertices) {
  const std::vector<Polygon> drawn = domain::Outlines(domain::Ring{{0, 0}, 5, 0.5});
  ASSERT_EQ(drawn.size(), 2u);
  // As layouts hold holes: outer boundary and hole joined by a cut; corners on whole nanometres.
  Corners corners;
  for (const Polygon& contour : drawn) {
    for (size_t k = 0; k <= contour.size(); ++k) {
      const domain::Point& p = contour[k % contour.size()];
      corners.emplace_back(std::lround(1e3 * p.x), std::lround(1e3 * p.y));
    }
  }
  Stream stream;
  stream.Cell("TOP").Boundary(1, corners).EndCell();
  const auto united = domain::UniteOutlines(On(Flat(stream)));
  ASSERT_EQ(united.size(), 2u);
  double area = 0, length = 0;
  for (const Polygon& contour : drawn) {
    area += domain::OutlineArea(contour);
    length += domain::OutlineLength(contour);
  }
  EXPECT_NEAR(AreaOf(united), area, 0.5e-3 * length);
  for (const Polygon& contour : united) {
    for (const domain::Point& p : contour) {
      const double radius = std::hypot(p.x, p.y);
      EXPECT_LT(std::abs(std::abs(radius - 5) - 0.25), 0.71e-3 + 1e-5);  // half a nanometre aslant
    }
  }
}

TEST(Gds, RepairsAreRemarked) {
  Stream stream;
  stream.Cell("TOP").Boundary(1, {{0, 0}, {1000, 0}, {2000, 0}});
  stream.Boundary(1, {{0, 0}, {1000, 1000}, {1000, 0}, {0, 1000}});  // an hourglass
  stream.Path(1, 0, 0, {{0, 0}, {1000, 0}});
  stream.Record(0x7a, 0, "").Reference("NONE", {0, 0}).EndCell();
  const FlatLayout flat = Flat(stream);
  EXPECT_NEAR(AreaOf(On(flat)), 0.5, 1e-9);
  std::string all;
  for (const std::string& sentence : flat.remarks.Sentences("t.gds")) all += sentence + "\n";
  EXPECT_TRUE(Says(all,
                   "1 polygons without area are left out; the first: cell TOP, layer 1/0, at "
                   "(0, 0) um"));
  EXPECT_TRUE(Says(all, "1 polygons cross themselves; all that they enclose is filled"));
  EXPECT_TRUE(Says(all, "1 paths without width are left out"));
  EXPECT_TRUE(Says(all, "cell NONE in cell TOP"));
  EXPECT_TRUE(Says(all, "type 0x7a at t.gds: byte"));
}

TEST(Gds, LabelsAndPinsKeepTheirPlace) {
  Stream stream;
  stream.Cell("PART").Boundary(1, kTriangle).Label(7, {2000, 0}, "opt1");
  stream.Path(7, 0, 500, {{1990, 0}, {2010, 0}}).EndCell();
  stream.Cell("TOP").Reference("PART", {0, 0}, 180).EndCell();
  const FlatLayout flat = Flat(stream);
  ASSERT_EQ(flat.labels.size(), 1u);
  EXPECT_EQ(flat.labels[0].text, "opt1");
  EXPECT_EQ(flat.labels[0].depth, 1);
  EXPECT_EQ(flat.labels[0].at.x, -2);
  ASSERT_EQ(flat.pins.size(), 1u);
  EXPECT_EQ(flat.pins[0].to.x, -2.01);
}

TEST(Gds, WindowsLeaveOutWhatLiesOutside) {
  Stream stream;
  stream.Cell("PART").Boundary(1, kTriangle).EndCell();
  stream.Cell("TOP").Array("PART", 100, 100, {{0, 0}, {500000, 0}, {0, 500000}}).EndCell();
  EXPECT_EQ(On(Flat(stream)).size(), 10000u);
  EXPECT_EQ(On(Flat(stream, "", GdsBox{{4, 4}, {11, 6}})).size(), 2u);
}

TEST(Gds, FailuresAreSentences) {
  const auto parse = [](const std::string& bytes) {
    return Sentence([&] { ParseGds(bytes, "t.gds"); });
  };
  const auto flatten = [](const Stream& stream, const std::string& cell = "") {
    return Sentence([&] { Flat(stream, cell); });
  };
  Stream whole;
  whole.Cell("TOP").Boundary(1, kTriangle).EndCell();
  const std::string bytes = whole.Bytes();
  EXPECT_TRUE(Says(parse("not a layout"), "t.gds: is not a GDSII stream file"));
  EXPECT_TRUE(Says(parse(whole.Unfinished()), "without ENDLIB"));
  for (size_t k = 4; k < bytes.size(); ++k) EXPECT_NE(parse(bytes.substr(0, k)), "") << k;
  Stream recursive;
  recursive.Cell("A").Reference("B", {0, 0}).EndCell();
  recursive.Cell("B").Reference("A", {0, 0}).EndCell();
  EXPECT_TRUE(Says(flatten(recursive), "cell A holds itself (A > B > A)"));
  Stream two;
  two.Cell("FIRST").EndCell().Cell("SECOND").EndCell().Cell("$$$CONTEXT_INFO$$$").EndCell();
  EXPECT_TRUE(Says(flatten(two), "2 top cells; choose one by layout.cell: FIRST, SECOND"));
  EXPECT_TRUE(Says(flatten(two, "FIRTS"), "no cell \"FIRTS\" (did you mean FIRST?)"));
  EXPECT_TRUE(Says(parse(Stream().Cell("A").EndCell().Cell("A").EndCell().Bytes()),
                   "two cells of the name A"));
  Stream huge;
  huge.Cell("A").Boundary(1, kTriangle).EndCell();
  huge.Cell("B").Array("A", 30000, 30000, {{0, 0}, {9, 0}, {0, 9}}).EndCell();
  EXPECT_TRUE(Says(flatten(huge), "cell B holds 9e+08 elements"));
  Stream far(1e-3);
  far.Cell("TOP").Boundary(1, kTriangle).EndCell();
  EXPECT_TRUE(Says(flatten(far), "cell TOP, layer 1/0: a point lies at (2e+06, 0) um"));
}

}  // namespace
}  // namespace symwave::io
