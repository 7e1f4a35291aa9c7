// What holds for every element: reciprocity, the same numbers on any ranks and threads and in both
// precisions, and refusals of what cannot be sampled.
#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "solvers/diffraction/layered_path.hpp"
#include "solvers/diffraction/misalignment.hpp"
#include "solvers/diffraction/pupil.hpp"
#include "solvers/diffraction/thin_element.hpp"
#include "solvers/diffraction/thin_optics.hpp"
#include "tests/verification/diffraction_planes.hpp"

namespace symwave::solvers::diffraction {
namespace {

using tests::Gathered;
using tests::RandomLight;

const std::vector<PlaneGrid> kGrids{{48, 45, 8}, {31, 7, 8}, {64, 1, 8}, {36, 3, 8}};

PropagationOptions At(double distance, int threads) {
  PropagationOptions options;
  options.distance = distance;
  options.threads = threads;
  return options;
}

/// [space | screen | space | pupil | misfit].
template <class Real>
std::shared_ptr<OpticalPath<Real>> MakePath(const PlaneShare& share, int threads) {
  const PlaneGrid& grid = share.Grid();
  auto path = std::make_shared<OpticalPath<Real>>();
  const int n = grid.ny > 1 ? std::min(grid.nx, grid.ny) : grid.nx;
  path->Add(std::make_shared<Propagation<Real>>(share, At(20.0 * n, threads)));
  path->Add(
      std::make_shared<ThinElement<Real>>(FromPhase<Real>(ZernikePhase(share, {0.7, 0.4, -0.5}))));
  path->Add(std::make_shared<Propagation<Real>>(share, At(13.0 * n, threads)));
  PupilOptions pupil;
  pupil.aberrations.coma = 0.8;
  pupil.half_width_x = 0.04;
  pupil.half_width_y = grid.ny > 1 ? 0.04 : 0;
  pupil.threads = threads;
  path->Add(std::make_shared<Pupil<Real>>(share, pupil));
  MisalignmentOptions misfit{11.3, grid.ny > 1 ? -5.7 : 0, grid.ny > 1 ? 0.11 : 0, threads};
  path->Add(std::make_shared<Misalignment<Real>>(share, misfit));
  return path;
}

TEST(DiffractionInvariants, BackwardIsTheTransposeOfForward) {
  for (const PlaneGrid& grid : kGrids) {
    for (MPI_Comm comm : {MPI_COMM_SELF, MPI_COMM_WORLD}) {
      const PlaneShare share(comm, grid);
      // Rounding of a transform of 100 points, per number.
      EXPECT_LT(tests::Irreciprocity(share, *MakePath<double>(share, 1)), 1e-14);
      EXPECT_LT(tests::Irreciprocity(share, *MakePath<float>(share, 1)), 5e-6);
    }
  }
}

TEST(DiffractionInvariants, PropagationIsItsOwnTranspose) {
  const PlaneShare share(MPI_COMM_WORLD, {40, 36, 8});
  Fields<double> a = RandomLight<double>(share, 1, 1), b = RandomLight<double>(share, 1, 2);
  const Fields<double> a0 = a, b0 = b;
  const Propagation<double> space(share, At(5000, 1));
  space.Forward(a);
  space.Forward(b);
  const auto there = tests::Bilinear(share, b0, a), back = tests::Bilinear(share, a0, b);
  EXPECT_LT(std::abs(there - back), 1e-12 * std::abs(there));
}

template <class Real>
void ExpectSameBits() {
  for (const PlaneGrid& grid : kGrids) {
    const PlaneShare whole(MPI_COMM_SELF, grid), spread(MPI_COMM_WORLD, grid);
    Fields<Real> here = RandomLight<Real>(whole, 5, 3), shared = RandomLight<Real>(spread, 5, 3);
    Fields<Real> threaded = here;
    MakePath<Real>(whole, 1)->Forward(here);
    MakePath<Real>(spread, 1)->Forward(shared);
    EXPECT_TRUE(Gathered(spread, shared) == here) << "ranks, " << grid.nx << " x " << grid.ny;
    if (base::Communicator::SizeOf(MPI_COMM_WORLD) > 1) continue;
    MakePath<Real>(whole, 2)->Forward(threaded);
    EXPECT_TRUE(threaded == here) << "threads, " << grid.nx << " x " << grid.ny;
  }
}

TEST(DiffractionInvariants, SameBitsOnAnyRanksAndThreads) {
  ExpectSameBits<double>();
  ExpectSameBits<float>();
}

TEST(DiffractionInvariants, FloatIsDoubleToItsRounding) {
  const PlaneShare share(MPI_COMM_WORLD, {96, 80, 8});
  Fields<double> exact = RandomLight<double>(share, 1, 4);
  Fields<float> rounded = exact.cast<std::complex<float>>();
  MakePath<double>(share, 1)->Forward(exact);
  MakePath<float>(share, 1)->Forward(rounded);
  // Four filters of two transforms with 6e-8 per step of log2(160).
  EXPECT_LT(tests::Difference(Gathered(share, rounded), Gathered(share, exact)), 2e-6);
}

TEST(DiffractionInvariants, MirroredLayersAreTheTransposedPath) {
  const PlaneShare share(MPI_COMM_WORLD, {32, 32, 8});
  Propagations<double> propagations(share, {});
  const auto screen = [&](double defocus) {
    return std::make_shared<const ThinElement<double>>(
        FromPhase<double>(ZernikePhase(share, {defocus, 0.3, 0})));
  };
  const std::vector<Layer<double>> layers{
      {700, screen(0.5)}, {1500, screen(-1)}, {2400, screen(2)}};
  const auto path = LayeredPath<double>(propagations, 4000, layers);
  const auto mirrored = LayeredPath<double>(propagations, 4000, Mirrored(layers, 4000));
  Fields<double> a = RandomLight<double>(share, 1, 8), b = a;
  path->Backward(a);
  mirrored->Forward(b);
  EXPECT_TRUE(a == b);
}

std::string SentenceOf(const PlaneGrid& grid, const PropagationOptions& options) {
  try {
    PropagationWarnings(grid, options);
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(DiffractionInvariants, SamplingErrorsNameTheNumberToChange) {
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  PropagationOptions bench = At(388000, 1);
  EXPECT_EQ(SentenceOf({400, 400, 8}, bench), "");
  bench.band_limit = false;
  // 0.532 x 388000 / 64 = 3225.3 samples.
  EXPECT_TRUE(has(SentenceOf({400, 400, 8}, bench), "at least 3226 samples"));
  EXPECT_TRUE(has(SentenceOf({400, 400, 8}, bench), "pitch of at least 16.06 um"));
  EXPECT_TRUE(has(SentenceOf({400, 400, 0.2}, At(100, 1)), "at least 0.266 um"));
  EXPECT_TRUE(has(SentenceOf({64, 64, 8}, At(388000, 1)), "distance below"));
  EXPECT_TRUE(has(SentenceOf({64, 64, 0}, At(1, 1)), "pitch"));
  bench.padding = 0.5;
  EXPECT_TRUE(has(SentenceOf({400, 400, 8}, bench), "padding 0.5"));
}

/// At the distance of the paper the plain method needs 3226 samples; the band-limited one gives the
/// same light with 800.
TEST(DiffractionInvariants, BandLimitReplacesSamples) {
  const PlaneShare share(MPI_COMM_SELF, {400, 1, 8});
  const auto light = tests::Light<double>(share, [](double x, double) {
    return std::polar(std::exp(-x * x / (300.0 * 300.0)), 1e-3 * x);
  });
  PropagationOptions plain = At(388000, 1);
  plain.band_limit = false;
  plain.padding = 8.2;
  Fields<double> limited = light, reference = light;
  Propagation<double>(share, At(388000, 1)).Forward(limited);
  Propagation<double>(share, plain).Forward(reference);
  EXPECT_LT(tests::Difference(limited, reference), 1e-4);
}

}  // namespace
}  // namespace symwave::solvers::diffraction
