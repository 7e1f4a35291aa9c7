#include "domain/materials.hpp"

#include <cmath>

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

TEST(Materials, FitsGiveThePublishedIndices) {
  EXPECT_NEAR(BuiltInIndex("Si", 1.55).real(), 3.4757, 1e-4);
  EXPECT_NEAR(BuiltInIndex("SiO2", 1.55).real(), 1.4440, 5e-5);
  EXPECT_NEAR(BuiltInIndex("SiO2", 0.5893).real(), 1.45841, 1e-5);
  EXPECT_NEAR(BuiltInIndex("Si3N4", 1.55).real(), 1.9963, 5e-5);
  EXPECT_EQ(BuiltInIndex("Si", 1.55).imag(), 0);
}

TEST(Materials, SiliconAgreesWithAnIndependentMeasurement) {
  // Salzberg and Villa, J. Opt. Soc. Am. 47, 244 (1957), 1.36 to 11 um; the sets differ by 0.003.
  for (double l : {1.4, 1.55, 2.0, 4.0, 10.0}) {
    const double l2 = l * l;
    const double epsilon = 1 + 10.6684293 * l2 / (l2 - 0.301516485 * 0.301516485) +
                           0.003043475 * l2 / (l2 - 1.13475115 * 1.13475115) +
                           1.54133408 * l2 / (l2 - 1104.0 * 1104.0);
    EXPECT_NEAR(BuiltInIndex("Si", l).real(), std::sqrt(epsilon), 0.004) << l << " um";
  }
}

TEST(Materials, EveryFitStatesItsSourceAndDecreasesInTheBand) {
  for (const DispersionFit& fit : BuiltInMaterials()) {
    EXPECT_FALSE(fit.source.empty());
    EXPECT_LT(fit.range_um[0], 1.31);
    EXPECT_GT(fit.range_um[1], 2.0);
    EXPECT_GT(fit.index(1.31), fit.index(1.55));
  }
}

TEST(Materials, ErrorsSayWhatIsWrong) {
  ExpectSentence([] { BuiltInIndex("Si3N", 1.55); }, "did you mean Si3N4?");
  ExpectSentence([] { BuiltInIndex("vacuum", 1.55); }, "built in are Si, SiO2, Si3N4");
  ExpectSentence([] { BuiltInIndex("Si", 0.8); }, "holds from 1.2 to 14 um, not at 0.8 um");
}

}  // namespace
}  // namespace symwave::domain
