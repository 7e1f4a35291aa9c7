// The cross-section mode solver on a round guide drawn as a structure, against the closed form:
// without averages, with the diagonal of the averaged 1/eps, and with all of it.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "domain/yee_media.hpp"
#include "tests/verification/waveguide_guides.hpp"

namespace symwave::verification {
namespace {

constexpr double kCore = 12;

/// Equal cells over the guide, then up to 2 um cells that grow by a rate in proportion to the cell.
Axis GrowingCells(double cell) {
  std::vector<double> faces{0};
  double width = cell;
  while (faces.back() < 2) {
    faces.push_back(faces.back() + width);
    if (faces.back() > 0.28) width *= 1 + 5 * cell;
  }
  return Axis(faces);
}

/// n_eff of HE11 of a guide along z, from the quarter that symmetry planes leave.
double RoundGuideIndex(double radius, double cell, int average) {
  const Lattice lattice({GrowingCells(cell), GrowingCells(cell), Cells(0, 1e-3, 4)},
                        {kPecOpen, kPmcOpen, kPec});
  const Medium core{"core", kCore, 0, {}}, air{"air", 1, 0, {}};
  const domain::Structure structure("air", {}, {{{domain::Circle{{0, 0}, radius}, "core", ""}}});
  MediumMap media = MakeMediumMap(lattice, structure, {core, air});
  if (average < 2) media.couple = nullptr;
  if (average == 0) {
    media.sample = [=](Component c, const IndexBox& box) {
      domain::MediumBlock block;
      block.box = box;
      for (int k = box.lo[2]; k < box.hi[2]; ++k) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
          for (int i = box.lo[0]; i < box.hi[0]; ++i) {
            const double r = std::hypot(lattice.Position(c, 0, i), lattice.Position(c, 1, j));
            block.eps.push_back(r < radius ? kCore : 1.0);
          }
        }
      }
      return block;
    };
  }
  return SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 2, 2), kOmega, 0, 1)[0]
      .n_eff.real();
}

TEST(CurvedInterfaces, RoundGuideHasTheIndexOfTheClosedForm) {
  constexpr std::array<const char*, 3> kNames{"not averaged", "diagonal", "tensor"};
  std::array<std::array<double, 3>, 3> errors{};
  for (int average = 0; average < 3; ++average) {
    for (int level = 0; level < 3; ++level) {
      // Radii that fall differently on the cells.
      const std::array<double, 2> radii{0.2, 0.2046};
      for (const double radius : radii) {
        const double exact = FibreIndex(radius, std::sqrt(kCore), 1);
        const double error = RoundGuideIndex(radius, 0.04 / (1 << level), average) / exact - 1;
        errors[average][level] += error * error / radii.size();
      }
    }
    for (double& error : errors[average]) error = std::sqrt(error);
    if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
      std::printf("round guide, %s, cells of 40 / 20 / 10 nm: %.1e / %.1e / %.1e\n",
                  kNames[average], errors[average][0], errors[average][1], errors[average][2]);
    }
  }
  const auto& tensor = errors[2];
  EXPECT_LT(tensor[2], errors[1][2]);
  EXPECT_LT(tensor[2], 2.5e-4);
  EXPECT_GT(0.5 * std::log2(tensor[0] / tensor[2]), 1.7);
}

}  // namespace
}  // namespace symwave::verification
