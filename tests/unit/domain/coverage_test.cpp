#include "domain/coverage.hpp"

#include <chrono>
#include <cmath>
#include <numeric>

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

/// Borders with uneven spacing.
std::vector<double> Uneven(double from, double to, int cells) {
  std::vector<double> faces = Borders(0, 1, cells);
  for (double& f : faces) f = from + (to - from) * (f + 0.3 * f * (1 - f));
  return faces;
}

double Sum(const Coverage& c, const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (int i = 0; i < c.nx; ++i) {
    for (int j = 0; j < c.ny; ++j) {
      sum += c.fraction[i * c.ny + j] * (x[i + 1] - x[i]) * (y[j + 1] - y[j]);
    }
  }
  return sum;
}

/// Slow check: clips the polygon at the four sides of the cell (Sutherland and Hodgman).
double ClippedArea(Polygon p, double x0, double x1, double y0, double y1) {
  const auto cut = [&p](auto inside) {  // inside(point) >= 0, linear
    Polygon out;
    for (size_t i = 0; i < p.size(); ++i) {
      const Point& a = p[i];
      const Point& b = p[(i + 1) % p.size()];
      const double fa = inside(a), fb = inside(b);
      if (fa >= 0) out.push_back(a);
      if ((fa >= 0) != (fb >= 0)) {
        const double t = fa / (fa - fb);
        out.push_back({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)});
      }
    }
    p = out;
  };
  cut([&](const Point& q) { return q.x - x0; });
  cut([&](const Point& q) { return x1 - q.x; });
  cut([&](const Point& q) { return q.y - y0; });
  cut([&](const Point& q) { return y1 - q.y; });
  return p.empty() ? 0 : Area({p});
}

TEST(Coverage, SumsToTheTotalArea) {
  const auto x = Uneven(-7, 7, 83);
  const auto y = Uneven(-6.5, 6.5, 61);
  for (const ShapeGeometry& shape :
       {ShapeGeometry(Ring{{0.1, 0.2}, 5, 0.5}), ShapeGeometry(SBend{{-5, -3}, {5, 2}, 0.45}),
        ShapeGeometry(Circle{{0.3, 0.4}, 3}), ShapeGeometry(Box{{0, 0}, {3, 2}}),
        ShapeGeometry(Taper{{-4, 4}, {3, -5}, 0.1, 2})}) {
    const auto contours = Outlines(shape);
    EXPECT_NEAR(Sum(CoverCells(contours, x, y), x, y), Area(contours), 1e-12);
  }
}

TEST(Coverage, EqualsClippingCellByCell) {
  const Polygon p{{-1.3, -2.2}, {2.9, -0.3}, {2.0, 0.1}, {3.4, 2.7}, {0.2, 0.9}, {-3.7, 2.1}};
  // A window that the polygon leaves on all sides.
  const auto x = Uneven(-2, 1.5, 23);
  const auto y = Uneven(-1.5, 1.2, 17);
  const Coverage c = CoverCells({p}, x, y);
  for (int i = 0; i < c.nx; ++i) {
    for (int j = 0; j < c.ny; ++j) {
      const double cell = (x[i + 1] - x[i]) * (y[j + 1] - y[j]);
      EXPECT_NEAR(c.fraction[i * c.ny + j], ClippedArea(p, x[i], x[i + 1], y[j], y[j + 1]) / cell,
                  1e-12);
    }
  }
}

TEST(Coverage, EveryWindowSeesTheSame) {
  const auto contours = Outlines(Ring{{0, 0}, 3, 0.7, 10, 300});
  const auto x = Borders(-4, 4, 80);
  const auto y = Borders(-4, 4, 80);
  const Coverage whole = CoverCells(contours, x, y);
  for (int begin : {0, 13, 40, 66}) {
    const Coverage part =
        CoverCells(contours, std::vector<double>(x.begin() + begin, x.begin() + begin + 15), y);
    for (int i = 0; i < part.nx; ++i) {
      for (int j = 0; j < part.ny; ++j) {
        const int here = i * part.ny + j;
        const int there = (begin + i) * whole.ny + j;
        EXPECT_NEAR(part.fraction[here], whole.fraction[there], 1e-13);
        EXPECT_NEAR(part.normal_x[here], whole.normal_x[there], 1e-12);
        EXPECT_NEAR(part.normal_y[here], whole.normal_y[there], 1e-12);
      }
    }
  }
}

TEST(Coverage, NormalsOfACirclePointOutwards) {
  const auto b = Borders(-2, 2, 80);
  const Coverage c = CoverCells(Outlines(Circle{{0, 0}, 1.313}), b, b);
  int crossed = 0;
  for (int i = 0; i < 80; ++i) {
    for (int j = 0; j < 80; ++j) {
      const int cell = i * 80 + j;
      const double x = 0.5 * (b[i] + b[i + 1]);
      const double y = 0.5 * (b[j] + b[j + 1]);
      const double r = std::hypot(x, y);
      if (c.fraction[cell] == 0 || c.fraction[cell] == 1) {
        EXPECT_EQ(c.normal_x[cell], 0);
        EXPECT_EQ(c.normal_y[cell], 0);
        continue;
      }
      ++crossed;
      EXPECT_NEAR(std::hypot(c.normal_x[cell], c.normal_y[cell]), 1, 1e-14);
      EXPECT_GT((c.normal_x[cell] * x + c.normal_y[cell] * y) / r, 0.999);
    }
  }
  EXPECT_GT(crossed, 150);
}

TEST(Coverage, NormalsOfAHolePointIntoIt) {
  const auto b = Borders(-2, 2, 80);
  const Coverage c = CoverCells(Outlines(Ring{{0, 0}, 1.2, 0.9}), b, b);
  const int j = 40;  // just above y = 0
  const int i = 40 + static_cast<int>(0.75 / 0.05);
  const int inner = (i - (c.fraction[i * 80 + j] == 1 ? 1 : 0)) * 80 + j;
  EXPECT_LT(c.normal_x[inner], -0.99);
}

TEST(Coverage, OutlinesOnCellBordersAreSymmetricAtCorners) {
  // Left, right edges on borders, top and bottom ones inside cells: corner cells see one normal.
  const auto b = Borders(-1, 1, 20);
  const Coverage c = CoverCells(Outlines(Box{{0, 0}, {1.0, 1.1}}), b, b);
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 20; ++j) {
      const int cell = i * 20 + j;
      const int mirrored = (19 - i) * 20 + j;
      EXPECT_NEAR(c.fraction[cell], c.fraction[mirrored], 1e-13);
      EXPECT_NEAR(c.normal_x[cell], 0, 1e-12);
      EXPECT_NEAR(c.normal_y[cell], c.normal_y[mirrored], 1e-12);
      EXPECT_NEAR(c.normal_y[cell], -c.normal_y[i * 20 + 19 - j], 1e-12);
    }
  }
}

TEST(Coverage, IsFast) {
  // 1e5 edges on 1e6 cells take some 0.05 s; the bound leaves room for slow and busy machines.
  Polygon star;
  const int n = 100000;
  for (int i = 0; i < n; ++i) {
    const double a = 2 * std::acos(-1.0) * i / n;
    const double r = 0.9 + 0.05 * std::sin(50 * a);
    star.push_back({r * std::cos(a), r * std::sin(a)});
  }
  const auto b = Borders(-1, 1, 1000);
  const auto start = std::chrono::steady_clock::now();
  const Coverage c = CoverCells({star}, b, b);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds", static_cast<int>(1000 * seconds.count()));
  EXPECT_LT(seconds.count(), 1.0);
  EXPECT_NEAR(Sum(c, b, b), Area({star}), 1e-10);  // rounding of the sum over 1e6 cells
}

}  // namespace
}  // namespace symwave::domain
