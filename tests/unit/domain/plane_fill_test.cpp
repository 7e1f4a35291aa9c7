#include "domain/plane_fill.hpp"

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

TEST(PlaneFill, SumsToTheTotalArea) {
  const auto x = Uneven(-7, 7, 83);
  const auto y = Uneven(-6.5, 6.5, 61);
  for (const ShapeGeometry& shape :
       {ShapeGeometry(Ring{{0.1, 0.2}, 5, 0.5}), ShapeGeometry(SBend{{-5, -3}, {5, 2}, 0.45}),
        ShapeGeometry(Circle{{0.3, 0.4}, 3}), ShapeGeometry(Box{{0, 0}, {3, 2}}),
        ShapeGeometry(Taper{{-4, 4}, {3, -5}, 0.1, 2})}) {
    const auto contours = Outlines(shape);
    // Shares are multiples of 2^-30, and 1e-7 of an area counts as none or all.
    EXPECT_NEAR(Sum(CoverCells(contours, x, y), x, y), Area(contours), 2e-8);
  }
}

TEST(PlaneFill, EqualsClippingCellByCell) {
  const Polygon p{{-1.3, -2.2}, {2.9, -0.3}, {2.0, 0.1}, {3.4, 2.7}, {0.2, 0.9}, {-3.7, 2.1}};
  // A window that the polygon leaves on all sides.
  const auto x = Uneven(-2, 1.5, 23);
  const auto y = Uneven(-1.5, 1.2, 17);
  const Coverage c = CoverCells({p}, x, y);
  for (int i = 0; i < c.nx; ++i) {
    for (int j = 0; j < c.ny; ++j) {
      const double cell = (x[i + 1] - x[i]) * (y[j + 1] - y[j]);
      EXPECT_NEAR(c.fraction[i * c.ny + j], ClippedArea(p, x[i], x[i + 1], y[j], y[j + 1]) / cell,
                  1.1e-7);
    }
  }
}

TEST(PlaneFill, EveryWindowSeesTheSame) {
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
        EXPECT_EQ(part.fraction[here], whole.fraction[there]);
        EXPECT_EQ(part.across_x[here], whole.across_x[there]);
        EXPECT_EQ(part.across_y[here], whole.across_y[there]);
      }
    }
  }
}

TEST(PlaneFill, VariationIsThatOfACircle) {
  const auto b = Borders(-2, 2, 80);
  const Coverage c = CoverCells(Outlines(Circle{{0, 0}, 1.313}), b, b);
  int crossed = 0;
  for (int i = 0; i < 80; ++i) {
    for (int j = 0; j < 80; ++j) {
      const int cell = i * 80 + j;
      if (c.fraction[cell] == 0 || c.fraction[cell] == 1) continue;
      const double x = 0.5 * (b[i] + b[i + 1]);
      const double y = 0.5 * (b[j] + b[j + 1]);
      ++crossed;
      const double length = std::hypot(c.across_x[cell], c.across_y[cell]);
      EXPECT_GT((c.across_x[cell] * std::abs(x) + c.across_y[cell] * std::abs(y)) /
                    (length * std::hypot(x, y)),
                0.999);
    }
  }
  EXPECT_GT(crossed, 150);
}

TEST(PlaneFill, OutlinesOnCellBordersAreSymmetricAtCorners) {
  // Left, right edges on borders, top and bottom ones inside cells: corner cells see one normal.
  const auto b = Borders(-1, 1, 20);
  const Coverage c = CoverCells(Outlines(Box{{0, 0}, {1.0, 1.1}}), b, b);
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 20; ++j) {
      const int cell = i * 20 + j;
      const int mirrored = (19 - i) * 20 + j;
      EXPECT_EQ(c.fraction[cell], c.fraction[mirrored]);
      EXPECT_EQ(c.across_x[cell], 0);
      EXPECT_EQ(c.across_y[cell], c.across_y[mirrored]);
      EXPECT_EQ(c.across_y[cell], c.across_y[i * 20 + 19 - j]);
    }
  }
}

TEST(PlaneFill, IsFast) {
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
  EXPECT_NEAR(Sum(c, b, b), Area({star}), 2e-8);
}

}  // namespace
}  // namespace symwave::domain
