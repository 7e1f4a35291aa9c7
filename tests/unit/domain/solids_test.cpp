// Bodies: distances, sections, images, and what they fill, against closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "domain/base/error.hpp"
#include "domain/body_fill.hpp"
#include "domain/curved_guides.hpp"
#include "domain/shape_checks.hpp"
#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

double AreaOf(const std::vector<Polygon>& outlines) {
  return Area(outlines);
}

const Rotation kTurned{{1, -2, 0.5}, 35};

/// Bodies whose volumes are known.
struct Known {
  SolidGeometry body;
  double volume;
};

std::vector<Known> KnownBodies() {
  const Vector centre{0.11, -0.07, 0.05};
  return {{Sphere{centre, 0.8}, 4 * M_PI / 3 * 0.512},
          {Ellipsoid{centre, {0.8, 0.5, 0.3}, kTurned}, 4 * M_PI / 3 * 0.12},
          {Block{centre, {0.9, 0.5, 0.3}, kTurned}, 0.135},
          {Cylinder{centre, 0.4, 0.9, {0, 1, 0}}, M_PI * 0.16 * 0.9},
          {Cylinder{centre, 0.4, 0.9, {1, 2, -1}}, M_PI * 0.16 * 0.9},
          {Cone{centre, 0.5, 0, 0.8, {1, 0, 1}}, M_PI / 3 * 0.25 * 0.8},
          {Cone{centre, 0.5, 0.2, 0.8, {0, 0, -1}}, M_PI / 3 * 0.8 * (0.25 + 0.1 + 0.04)},
          {Prism{{{-0.5, -0.4}, {0.5, -0.4}, {0.1, 0.6}}, 1, {-0.3, 0.5}}, 0.5 * 0.8}};
}

/// Volume and directed surface that fillings of boxes add up to.
struct Sums {
  double volume = 0;
  Vector surface{0, 0, 0};  ///< sum of |n_a| dA
};

Sums AddUp(const SolidGeometry& body, int cells, int halvings) {
  const double low = -1.3, cell = 2.6 / cells;
  const BodyFill fill({{Solid(body), 1, true}}, 0, {1.0, 2.0}, halvings);
  Sums sums;
  for (int k = 0; k < cells; ++k) {
    for (int j = 0; j < cells; ++j) {
      for (int i = 0; i < cells; ++i) {
        const Vector at{low + i * cell, low + j * cell, low + k * cell};
        const auto filling = fill.Of({at, {at[0] + cell, at[1] + cell, at[2] + cell}});
        if (!filling) continue;
        const double volume = cell * cell * cell;
        sums.volume += filling->share[1] * volume;
        for (size_t d = 0; d < 3; ++d) sums.surface[d] += filling->variation[d] * volume;
      }
    }
  }
  return sums;
}

TEST(Solids, SharesAddUpToTheVolumes) {
  for (const Known& known : KnownBodies()) {
    const double error = std::abs(AddUp(known.body, 26, 2).volume / known.volume - 1);
    EXPECT_LT(error, known.body.index() < 2 ? 1e-5 : 5e-4) << known.body.index();
  }
}

TEST(Solids, VolumeOfASphereConvergesAndIsRightToAMillionth) {
  const Sphere sphere{{0.013, -0.021, 0.034}, 1};
  const double exact = 4 * M_PI / 3;
  const double coarse = std::abs(AddUp(sphere, 26, 1).volume / exact - 1);
  const double fine = std::abs(AddUp(sphere, 26, 3).volume / exact - 1);
  const double middle = std::abs(AddUp(sphere, 26, 2).volume / exact - 1);
  std::printf("a sphere of 10 cells: volume %.0e, %.0e, %.0e off with 1, 2, 3 halvings\n", coarse,
              middle, fine);
  EXPECT_LT(middle, 1e-6);
  EXPECT_LT(fine, 1e-6);
  EXPECT_LT(fine, coarse / 16);
}

TEST(Solids, SurfaceOfASphereHasEqualPartsAlongTheAxes) {
  const double radius = 1;
  const Sums sums = AddUp(Sphere{{0.013, -0.021, 0.034}, radius}, 26, 2);
  // The projection along an axis covers the disc twice.
  for (const double part : sums.surface) {
    EXPECT_NEAR(part, 2 * M_PI * radius * radius, 2e-3 * 2 * M_PI);
  }
}

TEST(Solids, SectionsIntegrateToTheVolumes) {
  for (const Known& known : KnownBodies()) {
    constexpr int kSlices = 4000;
    double volume = 0;
    for (int k = 0; k < kSlices; ++k) {
      volume += AreaOf(SectionOf(known.body, -1.3 + 2.6 * (k + 0.5) / kSlices)) * 2.6 / kSlices;
    }
    EXPECT_NEAR(volume, known.volume, 1e-3 * known.volume) << known.body.index();
  }
}

TEST(Solids, DistancesAndSectionsAgree) {
  for (const Known& known : KnownBodies()) {
    const Solid solid(known.body);
    for (const double z : {-0.2, 0.07, 0.21}) {
      const OutlineDistance section(SectionOf(known.body, z));
      for (double x = -0.95; x < 1; x += 0.1) {
        for (double y = -0.95; y < 1; y += 0.1) {
          const double inside = section.At({x, y}, 10);
          if (std::abs(inside) < 1e-3) continue;
          const double distance = solid.Distance({x, y, z}, 10);
          EXPECT_EQ(distance < 0, inside < 0) << known.body.index() << " " << x << " " << y;
          // Nothing of the surface is nearer than the distance says; chords are 1e-5 off.
          EXPECT_LE(std::abs(distance), std::abs(inside) + 2e-5) << known.body.index();
        }
      }
    }
  }
}

TEST(Solids, ImagesHoldTheImagesOfPoints) {
  for (const Known& known : KnownBodies()) {
    const Solid solid(known.body);
    for (int axis = 0; axis < 3; ++axis) {
      const Solid image(MirrorImage(known.body, axis));
      for (const Vector& p :
           {Vector{0.3, 0.1, -0.2}, Vector{-0.2, 0.4, 0.3}, Vector{0.5, -0.3, 0}}) {
        Vector q = p;
        q[static_cast<size_t>(axis)] *= -1;
        EXPECT_NEAR(solid.Distance(p, 10), image.Distance(q, 10), 1e-12) << known.body.index();
      }
    }
  }
}

TEST(Solids, APlaneCutsACubeAsCounted) {
  const std::vector<std::pair<double, Vector>> planes{{0.1, {0.3, -0.5, 0.9}},
                                                      {-0.3, {0.2, 0.7, 0.4}},
                                                      {0.05, {1e-9, 0.4, 0.5}},
                                                      {0.12, {0, 0, 0.5}},
                                                      {-0.6, {0.6, 0.5, 0.4}}};
  for (const auto& [c, g] : planes) {
    constexpr int kPoints = 100;
    long below = 0;
    for (int n = 0; n < kPoints * kPoints * kPoints; ++n) {
      const std::array<int, 3> at{n % kPoints, n / kPoints % kPoints, n / kPoints / kPoints};
      const Vector x{(at[0] + 0.5) / kPoints - 0.5, (at[1] + 0.5) / kPoints - 0.5,
                     (at[2] + 0.5) / kPoints - 0.5};
      if (c + g[0] * x[0] + g[1] * x[1] + g[2] * x[2] < 0) ++below;
    }
    const PlaneCut cut = CutUnitCube(c, g);
    EXPECT_NEAR(cut.share, below / std::pow(kPoints, 3), 6e-3) << c;
    const double step = 1e-6;
    const double slope =
        (CutUnitCube(c - step, g).share - CutUnitCube(c + step, g).share) / (2 * step);
    EXPECT_NEAR(cut.slope, slope, 1e-4 * std::max(1.0, slope)) << c;
  }
}

TEST(Solids, ALaterBodyCoversAnEarlierOne) {
  const Sphere shell{{0, 0, 0}, 1};
  const Sphere core{{0, 0, 0}, 0.5};
  const BodyFill coated({{Solid(shell), 1, true}, {Solid(core), 2, true}}, 0, {1, 2, 3});
  const BodyFill covered({{Solid(core), 2, true}, {Solid(shell), 1, true}}, 0, {1, 2, 3});
  const Box3 at_core{{0.45, -0.05, -0.05}, {0.55, 0.05, 0.05}};
  EXPECT_NEAR(coated.Of(at_core)->share[2], 0.5, 0.02);
  EXPECT_EQ(coated.Of(at_core)->share[0], 0);
  EXPECT_EQ(covered.Of(at_core)->share[1], 1);
  EXPECT_EQ(covered.Of({{1.5, 0, 0}, {1.6, 0.1, 0.1}}), std::nullopt);
}

TEST(Solids, BadMeasuresAreNamed) {
  const double nan = std::nan("");
  ExpectSentence([] { CheckSolid(Sphere{{0, 0, 0}, -1}); }, "radius is -1 um");
  ExpectSentence([=] { CheckSolid(Sphere{{0, 0, 0}, nan}); }, "radius is nan um");
  ExpectSentence([=] { CheckSolid(Sphere{{0, nan, 0}, 1}); }, "centre is [0, nan, 0] um");
  ExpectSentence([] { CheckSolid(Ellipsoid{{}, {1, 0, 1}, {}}); }, "second of radii is 0");
  ExpectSentence(
      [] {
        CheckSolid(Block{{}, {1, 1, 1}, {{0, 0, 0}, 20}});
      },
      "rotation.axis is [0, 0, 0], which has no direction");
  ExpectSentence([] { CheckSolid(Cone{{}, 0, 0, 1, {0, 0, 1}}); }, "larger of start_radius");
  ExpectSentence([] { CheckSolid(Cone{{}, -1, 1, 1, {0, 0, 1}}); }, "start_radius is -1");
  ExpectSentence(
      [] {
        CheckSolid(Prism{{{0, 0}, {1, 0}, {0, 1}}, 1, {2, 1}});
      },
      "reaches from 2 to 1 um along y");
}

}  // namespace
}  // namespace symwave::domain
