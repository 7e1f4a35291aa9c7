#include "domain/fabrication.hpp"

#include <cmath>

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

TEST(RandomField, HasUnitVarianceAndGaussianCorrelation) {
  // Mean over many fields at fixed points: 4000 independent values, so 3 sigma is some 0.07.
  const double length = 0.3;
  const int fields = 4000;
  double mean = 0, square = 0, near = 0, far = 0;
  for (int seed = 0; seed < fields; ++seed) {
    const RandomField field(seed, length, 32);
    const double a = field(0.1, -0.2);
    mean += a / fields;
    square += a * a / fields;
    near += a * field(0.1 + 0.18, -0.2 + 0.24) / fields;  // distance 0.3
    far += a * field(0.1, 3.8) / fields;
  }
  EXPECT_NEAR(mean, 0, 0.07);
  EXPECT_NEAR(square, 1, 0.1);
  EXPECT_NEAR(near, std::exp(-0.5), 0.08);
  EXPECT_NEAR(far, 0, 0.08);
}

TEST(RandomField, OneFieldVariesLikeAnEnsemble) {
  const RandomField field(7, 0.05);
  double mean = 0, square = 0;
  const int n = 20000;
  for (int i = 0; i < n; ++i) {
    const double v = field(0.013 * (i % 200), 0.11 * (i / 200));
    mean += v / n;
    square += v * v / n;
  }
  EXPECT_NEAR(mean, 0, 0.1);
  EXPECT_NEAR(square, 1, 0.15);
}

TEST(RandomField, IsAFunctionOfSeedAndPosition) {
  const RandomField a(42, 0.3), b(42, 0.3), c(43, 0.3);
  EXPECT_EQ(a(1.5, 2.5), b(1.5, 2.5));
  EXPECT_NE(a(1.5, 2.5), c(1.5, 2.5));
  const FabricationErrors errors;
  EXPECT_GT(std::abs(RoughnessField(errors)(1, 2) - IndexField(errors)(1, 2)), 1e-3);
  // Fixed value: the same chip on every machine and with every standard library.
  EXPECT_NEAR(a(1.5, 2.5), 0.48276379833157, 1e-9);
}

TEST(Fabricate, WithoutErrorsIsTheDesign) {
  const auto design = ComposeRegions({{Box{{0, 0}, {3, 2}}, "core", ""}});
  const auto chip = Fabricate(design, FabricationErrors{});
  ASSERT_EQ(chip.size(), 1u);
  EXPECT_EQ(Area(chip[0].contours), Area(design[0].contours));
}

/// Width of a long guide at many places.
std::vector<double> Widths(const FabricationErrors& errors) {
  const auto chip = Fabricate(ComposeRegions({{Box{{0, 0}, {62, 0.45}}, "core", ""}}), errors);
  const Coverage c = CoverCells(chip[0].contours, Borders(-30, 30, 6000), {-1, 1});
  std::vector<double> widths;
  for (double f : c.fraction) widths.push_back(2 * f);
  return widths;
}

TEST(Fabricate, EtchBiasChangesTheWidthByTwiceItself) {
  FabricationErrors errors;
  errors.etch_bias = 0.004;
  for (double w : Widths(errors)) EXPECT_NEAR(w, 0.458, 1e-8);
}

TEST(Fabricate, RoughnessIsAddedToTheBias) {
  FabricationErrors errors;
  errors.etch_bias = -0.003;
  errors.roughness = 0.001;
  errors.roughness_correlation = 0.05;
  const std::vector<double> widths = Widths(errors);
  double mean = 0, square = 0;
  for (double w : widths) mean += w / widths.size();
  for (double w : widths) square += (w - mean) * (w - mean) / widths.size();
  EXPECT_NEAR(mean, 0.45 - 0.006, 1e-4);
  // Two independent edges, 0.45 um = 9 correlation lengths apart: sqrt(2) of one.
  EXPECT_NEAR(std::sqrt(square), 0.001 * std::sqrt(2.0), 1.5e-4);
  EXPECT_EQ(widths, Widths(errors));
  errors.seed = 2;
  EXPECT_NE(widths, Widths(errors));
}

TEST(Fabricate, ErrorsSayWhatIsWrong) {
  const auto design = ComposeRegions({{Box{{0, 0}, {3, 2}}, "core", ""}});
  FabricationErrors errors;
  errors.roughness = -1;
  ExpectSentence([&] { Fabricate(design, errors); }, "roughness is -1 um");
  errors.roughness = 0.001;
  errors.roughness_correlation = 0;
  ExpectSentence([&] { Fabricate(design, errors); }, "roughness_correlation is 0 um");
}

}  // namespace
}  // namespace symwave::domain
