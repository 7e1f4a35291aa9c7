// Elements of the bench against what they are by definition.
#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "solvers/diffraction/misalignment.hpp"
#include "solvers/diffraction/pupil.hpp"
#include "solvers/diffraction/row_halo.hpp"
#include "solvers/diffraction/thin_optics.hpp"
#include "tests/verification/diffraction_planes.hpp"

namespace symwave::solvers::diffraction {
namespace {

using tests::Gathered;
using tests::Light;

/// A tilted elliptic spot off the axis, well inside the plane and the band.
std::complex<double> Spot(double x, double y) {
  const double a = (x - 30) / 30, b = (y + 20) / 40;
  return std::polar(std::exp(-a * a - b * b), 0.03 * x - 0.01 * y);
}

Fields<double> Misaligned(const PlaneShare& share, Fields<double> light,
                          const MisalignmentOptions& options) {
  Misalignment<double>(share, options).Forward(light);
  return light;
}

TEST(Misalignment, ShiftIsExactWithinTheBand) {
  const PlaneShare share(MPI_COMM_WORLD, {64, 60, 8});
  const Fields<double> expected =
      Light<double>(share, [](double x, double y) { return Spot(x + 11.3, y - 7.9); });
  const Fields<double> seen = Misaligned(share, Light<double>(share, Spot), {11.3, -7.9, 0, 1});
  // The tails of the spot beyond the plane and the band are 1e-10 of its peak.
  EXPECT_LT((seen - expected).cwiseAbs().maxCoeff(), 1e-8);
}

TEST(Misalignment, RotatesAboutTheAxisAndThenShifts) {
  const PlaneShare share(MPI_COMM_WORLD, {64, 60, 8});
  const double angle = 0.3, c = std::cos(angle), s = std::sin(angle);
  const Fields<double> expected = Light<double>(
      share, [&](double x, double y) { return Spot(c * x - s * y + 9, s * x + c * y - 13); });
  const Fields<double> seen = Misaligned(share, Light<double>(share, Spot), {9, -13, angle, 1});
  EXPECT_LT((seen - expected).cwiseAbs().maxCoeff(), 1e-7);
}

TEST(Misalignment, RefusesWhatLeavesThePlane) {
  const PlaneShare plane(MPI_COMM_SELF, {64, 64, 8}), row(MPI_COMM_SELF, {64, 1, 8});
  EXPECT_THROW((Misalignment<double>(plane, {512, 0, 0, 1})), base::UserError);
  EXPECT_THROW((Misalignment<double>(plane, {0, 0, 1, 1})), base::UserError);
  EXPECT_THROW((Misalignment<double>(row, {0, 1, 0, 1})), base::UserError);
  EXPECT_NO_THROW((Misalignment<double>(row, {1, 0, 0, 1})));
}

TEST(Pupil, ComaShiftsALowFrequencyAsItsSlopeSays) {
  // Z8 = sqrt(8) (3 r^3 - 2 r) cos t has the slope -2 sqrt(8) at the centre, so that light of low
  // frequency moves by coma (-2 sqrt(8)) / (2 pi R) against x.
  const PlaneShare share(MPI_COMM_WORLD, {128, 96, 8});
  PupilOptions options;
  options.aberrations.coma = 0.9;
  options.half_width_x = options.half_width_y = 0.04;
  const double radius = std::hypot(0.04, 0.04);
  const auto beam = [](double x, double y) { return std::exp(-(x * x + y * y) / (160.0 * 160.0)); };
  Fields<double> light = Light<double>(share, beam);
  Pupil<double>(share, options).Forward(light);
  const double shift = 0.9 * -2 * std::sqrt(8.0) / (2 * M_PI * radius);
  const Fields<double> expected =
      Light<double>(share, [&](double x, double y) { return beam(x + shift, y); });
  const Fields<double> unmoved = Light<double>(share, beam);
  // The cubic term at the 1/e width 1 / (160 pi) of the spectrum: 0.9 sqrt(8) 3 (f / R)^3 = 3e-4.
  EXPECT_LT(tests::Difference(Gathered(share, light), Gathered(share, expected)), 1e-3);
  EXPECT_GT(tests::Difference(Gathered(share, light), Gathered(share, unmoved)), 0.05);
}

TEST(ThinOptics, ZernikePolynomialsAreOrthonormalOnTheCircle) {
  const int n = 801;
  Eigen::Matrix3d products = Eigen::Matrix3d::Zero();
  int inside = 0;
  for (int j = 0; j < n; ++j) {
    for (int i = 0; i < n; ++i) {
      const double x = (2.0 * i - n + 1) / n, y = (2.0 * j - n + 1) / n;
      if (std::hypot(x, y) > 1) continue;
      const Eigen::Vector3d z(ZernikePhase({1, 0, 0}, x, y), ZernikePhase({0, 1, 0}, x, y),
                              ZernikePhase({0, 0, 1}, x, y));
      products += z * z.transpose();
      ++inside;
    }
  }
  // Squares at the rim: 2 / n of the circle.
  EXPECT_LT((products / inside - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff(), 0.01);
}

TEST(ThinOptics, AperturesHaveTheirArea) {
  const PlaneShare share(MPI_COMM_SELF, {200, 200, 2});
  EXPECT_EQ(SquareAperture(share, 100).sum(), 50 * 50);
  EXPECT_NEAR(CircularAperture(share, 300).sum() * 4, M_PI * 150 * 150, 0.01 * M_PI * 150 * 150);
}

TEST(RowHalo, BringsRowsFromAsManyRanksAsNeeded) {
  for (const PlaneGrid& grid : {PlaneGrid{5, 11, 1}, PlaneGrid{3, 2, 1}, PlaneGrid{4, 1, 1}}) {
    const PlaneShare share(MPI_COMM_WORLD, grid);
    for (const int depth : {0, 1, 4, 20}) {
      const RowHalo halo(share, depth);
      const Eigen::ArrayXd own = Eigen::ArrayXd::LinSpaced(share.Pixels(), share.FirstPixel(),
                                                           share.FirstPixel() + share.Pixels() - 1);
      const Eigen::ArrayXd rows = halo.Exchange(own);
      if (share.Rows() == 0) {
        EXPECT_EQ(rows.size(), 0);
        continue;
      }
      EXPECT_EQ(halo.FirstRow(), std::max(0, share.FirstRow() - depth));
      EXPECT_EQ(halo.FirstRow() + halo.Rows(),
                std::min(grid.ny, share.FirstRow() + share.Rows() + depth));
      for (long p = 0; p < rows.size(); ++p) {
        EXPECT_EQ(rows[p], static_cast<double>(halo.FirstRow()) * grid.nx + p);
      }
    }
  }
}

}  // namespace
}  // namespace symwave::solvers::diffraction
