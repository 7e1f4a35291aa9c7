#include "domain/materials.hpp"

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

TEST(Materials, FitsGiveThePublishedIndices) {
  EXPECT_NEAR(BuiltInIndex("Si", 1.55).real(), 3.4757, 1e-4);
  EXPECT_NEAR(BuiltInIndex("Si", 10.0).real(), 3.4144, 5e-4);
  EXPECT_NEAR(BuiltInIndex("SiO2", 1.55).real(), 1.4440, 5e-5);
  EXPECT_NEAR(BuiltInIndex("SiO2", 0.5893).real(), 1.45841, 1e-5);
  EXPECT_NEAR(BuiltInIndex("Si3N4", 1.55).real(), 1.9963, 5e-5);
  EXPECT_EQ(BuiltInIndex("Si", 1.55).imag(), 0);
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
  ExpectSentence([] { BuiltInIndex("SiO", 1.55); }, "did you mean SiO2?");
  ExpectSentence([] { BuiltInIndex("vacuum", 1.55); }, "built in are Si, SiO2, Si3N4");
  ExpectSentence([] { BuiltInIndex("Si", 0.8); }, "holds from 1.2 to 14 um, not at 0.8 um");
}

}  // namespace
}  // namespace symwave::domain
