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

/// Largest effective indices of a film along x that bends towards larger y with a radius of 2 um.
std::vector<double> BentFilm(const Lattice& lattice, int count) {
  const Volume film{std::pair(-kInf, kInf), std::pair(-0.213, 0.224), std::pair(-kInf, kInf)};
  WaveguidePlane plane = PlaneOf(lattice, 0, 2);
  plane.curve = {1, 2.0, 2.0};
  std::vector<double> found;
  for (const WaveguideMode& mode :
       SolveWaveguide(MPI_COMM_WORLD, lattice, GuideMedia(lattice, kSilicon, kOxide, Beam(film)),
                      plane, kOmega, 0.01, count)) {
    found.push_back(mode.n_eff.real());
  }
  return found;
}

// A film without variation along z, full-vector in 3D, has the modes of both polarizations in 2D,
// and their group index is the difference quotient.
TEST(BentGuides, InThreeDimensionsHaveTheModesOfTwo) {
  const Axis x = Cells(0, 0.02, 4), y = Cells(-1, 0.02, 100), z = Cells(0, 0.02, 3);
  const double ez = BentFilm(Lattice(FieldSet::Ez, {x, y}, {kPec, kOpen}), 1)[0];
  const double hz = BentFilm(Lattice(FieldSet::Hz, {x, y}, {kPec, kOpen}), 1)[0];
  const std::vector<double> both = BentFilm(Lattice({x, y, z}, {kPec, kOpen, kPeriodic}), 4);
  for (const double index : {ez, hz}) {
    double nearest = 1;
    for (const double found : both) nearest = std::min(nearest, std::abs(found - index));
    EXPECT_LT(nearest, 1e-9) << index;
  }
}

TEST(BentGuides, HaveTheGroupIndexOfTheDifferenceQuotient) {
  const Lattice lattice({Cells(0, 0.04, 4), Cells(-0.8, 0.04, 40), Cells(-0.7, 0.04, 35)},
                        {kPec, kOpen, kOpen});
  const MediumMap media = GuideMedia(lattice, kSilicon, kOxide, Beam(kStrip));
  // Both ways to bend, sideways and upwards, about centres on either side.
  for (const auto& [axis, centre] : {std::pair(1, 2.5), std::pair(1, -2.5), std::pair(2, 2.5)}) {
    WaveguidePlane plane = PlaneOf(lattice, 0, 2);
    plane.curve = {axis, centre, 2.5};
    const auto at = [&](double omega) {
      return SolveWaveguide(MPI_COMM_WORLD, lattice, media, plane, omega, 0.01, 1)[0];
    };
    const double step = 1e-3;
    const WaveguideMode mode = at(kOmega);
    EXPECT_TRUE(mode.guided);
    const double quotient = (at(kOmega + step).beta - at(kOmega - step).beta).real() / (2 * step);
    EXPECT_NEAR(mode.group_index, quotient, 1e-5 * quotient) << axis << " " << centre;
  }
}

}  // namespace
}  // namespace symwave::verification
