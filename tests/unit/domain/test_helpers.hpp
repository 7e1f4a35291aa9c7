// Helpers of the geometry tests.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/plane_fill.hpp"
#include "domain/regions.hpp"

namespace symwave::domain {

/// Signed area: counter-clockwise contours count positive, holes negative.
inline double Area(const std::vector<Polygon>& contours) {
  double twice = 0;
  for (const Polygon& c : contours) {
    for (size_t i = 0; i < c.size(); ++i) {
      const Point& a = c[i];
      const Point& b = c[(i + 1) % c.size()];
      twice += (a.x - c[0].x) * (b.y - c[0].y) - (b.x - c[0].x) * (a.y - c[0].y);
    }
  }
  return 0.5 * twice;
}

inline double Area(const ShapeGeometry& geometry) {
  return Area(Outlines(geometry));
}

inline std::vector<double> Borders(double from, double to, int cells) {
  std::vector<double> faces(cells + 1);
  for (int i = 0; i <= cells; ++i) faces[i] = from + (to - from) * i / cells;
  return faces;
}

/// Shares of cells that contours cover, and means of |d/dx| and |d/dy| of their inside; index i *
/// ny
/// + j.
struct Coverage {
  int nx = 0, ny = 0;
  std::vector<double> fraction, across_x, across_y;
};

inline Coverage CoverCells(const std::vector<Polygon>& contours, const std::vector<double>& x,
                           const std::vector<double>& y) {
  const PlaneFill fill({0, {{1, contours}}}, {1, 2}, x, y);
  Coverage cover{static_cast<int>(x.size()) - 1, static_cast<int>(y.size()) - 1, {}, {}, {}};
  for (int i = 0; i < cover.nx; ++i) {
    for (int j = 0; j < cover.ny; ++j) {
      const int medium = fill.Medium(i, j);
      cover.fraction.push_back(medium >= 0 ? medium : fill.Shares(i, j)[1]);
      cover.across_x.push_back(medium >= 0 ? 0 : fill.VariationX(i, j));
      cover.across_y.push_back(medium >= 0 ? 0 : fill.VariationY(i, j));
    }
  }
  return cover;
}

/// The sentence of the UserError that `work` throws.
inline std::string Sentence(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::UserError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no UserError was thrown";
  return "";
}

inline void ExpectSentence(const std::function<void()>& work, const std::string& part) {
  const std::string sentence = Sentence(work);
  EXPECT_NE(sentence.find(part), std::string::npos) << "sentence: " << sentence;
}

}  // namespace symwave::domain
