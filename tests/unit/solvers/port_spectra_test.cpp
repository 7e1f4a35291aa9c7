// Modes of many ports dealt to ranks: the same to the last bit on any number of them.
#include "solvers/fdtd/port_spectra.hpp"

#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::solvers::fdtd {
namespace {

using base::Communicator;
using modes::WaveguideMode;

/// Three guides, the outer two alike, with a port on each side of each.
struct Guides {
  domain::Lattice lattice =
      domain::UniformLattice(verification::GridOf(domain::Polarization::Ez, 0.05, 4, 6, 0.5));
  domain::MediumMap media;
  std::vector<domain::PlanePort> ports;

  Guides() {
    std::vector<domain::Shape> shapes;
    for (const auto& [y, half] :
         {std::pair(-2.0, 0.3), std::pair(0.0, 0.45), std::pair(2.0, 0.3)}) {
      shapes.push_back(verification::BoxShape(-9, 9, y - half, y + half));
      for (const bool left : {true, false}) {
        domain::PlanePort port;
        port.name = (left ? "left" : "right") + std::to_string(ports.size() / 2);
        port.at = {left ? -1.5 : 1.5, y, 0};
        port.faces = left ? domain::Direction::PlusX : domain::Direction::MinusX;
        port.span = {1.8, 0};
        if (y == 0.0) port.modes = {0, 1};
        ports.push_back(port);
      }
    }
    const domain::FrequencyMedia drawn =
        verification::MediaOf(shapes, {{"core", 8.1}, {"clad", 2.09}});
    media = domain::MakeMediumMap(lattice, domain::MakePermittivityMap(lattice, drawn),
                                  domain::SteppedFrequency(4, 0));
  }

  std::vector<SpectrumRequest> Requests() const {
    std::vector<SpectrumRequest> requests;
    for (const domain::PlanePort& port : ports) {
      requests.push_back({port, domain::LocatePort(lattice, port), true});
    }
    return requests;
  }
};

std::vector<double> Band(int count) {
  std::vector<double> omegas;
  for (int k = 0; k < count; ++k)
    omegas.push_back(2 * M_PI / (1.5 + 0.1 * k / std::max(1, count - 1)));
  return omegas;
}

void ExpectSame(const WaveguideMode& a, const WaveguideMode& b, bool fields) {
  EXPECT_EQ(a.beta, b.beta);
  EXPECT_EQ(a.n_eff, b.n_eff);
  EXPECT_EQ(a.group_index, b.group_index);
  EXPECT_EQ(a.guided, b.guided);
  EXPECT_EQ(a.plane.box, b.plane.box);
  if (!fields) return;
  EXPECT_EQ(a.e_v, b.e_v);
  EXPECT_EQ(a.e_n, b.e_n);
  EXPECT_EQ(a.h_u, b.h_u);
}

class Spectra : public testing::TestWithParam<int> {};

TEST_P(Spectra, AreThoseOfOneRankToTheLastBit) {
  const Guides guides;
  const ModeSpectrum::Options options{0.02, 5};
  const std::vector<double> omegas = Band(GetParam());
  std::vector<SpectrumRequest> requests = guides.Requests();
  const auto alone =
      SolveSpectra(MPI_COMM_SELF, guides.lattice, guides.media, requests, omegas, options);
  // A rank wants the fields of every other port, one without neighbours of all.
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  const bool single = Communicator::SizeOf(MPI_COMM_WORLD) == 1;
  for (size_t p = 0; p < requests.size(); ++p) requests[p].fields = single || (p + rank) % 2 == 0;
  const auto dealt =
      SolveSpectra(MPI_COMM_WORLD, guides.lattice, guides.media, requests, omegas, options);
  ASSERT_EQ(dealt.size(), 6u);
  for (size_t p = 0; p < dealt.size(); ++p) {
    EXPECT_EQ(dealt[p].HasFields(), requests[p].fields);
    EXPECT_EQ(dealt[p].Modes(), alone[p].Modes());
    EXPECT_EQ(dealt[p].InterpolationError(), alone[p].InterpolationError());
    const ModeSpectrum everywhere = WithFieldsEverywhere(MPI_COMM_WORLD, dealt[p]);
    EXPECT_TRUE(everywhere.HasFields());
    for (int m = 0; m < dealt[p].Modes(); ++m) {
      for (size_t w = 0; w < omegas.size(); ++w) {
        ExpectSame(dealt[p].At(m, w), alone[p].At(m, w), requests[p].fields);
        ExpectSame(everywhere.At(m, w), alone[p].At(m, w), true);
      }
    }
  }
}

TEST_P(Spectra, OfEqualPortsAreThoseOfEachAlone) {
  const Guides guides;
  const ModeSpectrum::Options options{0.02, 5};
  const std::vector<double> omegas = Band(GetParam());
  const std::vector<SpectrumRequest> requests = guides.Requests();
  const auto together =
      SolveSpectra(MPI_COMM_WORLD, guides.lattice, guides.media, requests, omegas, options);
  for (size_t p = 0; p < requests.size(); ++p) {
    const auto alone =
        SolveSpectra(MPI_COMM_WORLD, guides.lattice, guides.media, {requests[p]}, omegas, options);
    for (int m = 0; m < alone.front().Modes(); ++m) {
      const WaveguideMode a = together[p].At(m, 0), b = alone.front().At(m, 0);
      // Averages of eps differ by rounding from place to place.
      EXPECT_NEAR(std::abs(a.n_eff - b.n_eff), 0, 1e-11);
      EXPECT_EQ(a.plane.box, b.plane.box);
      double difference = 0, norm = 0;
      for (size_t n = 0; n < a.e_v.size(); ++n) {
        difference += std::norm(a.e_v[n] - b.e_v[n]);
        norm += std::norm(b.e_v[n]);
      }
      EXPECT_LT(difference, 1e-18 * norm);
    }
  }
  // Both outer guides, on both sides, have one solution; the thicker one has another.
  EXPECT_EQ(together[0].At(0, 0).n_eff, together[5].At(0, 0).n_eff);
  EXPECT_GT(together[2].At(0, 0).n_eff.real(), together[0].At(0, 0).n_eff.real() + 0.05);
}

INSTANTIATE_TEST_SUITE_P(Wavelengths, Spectra, testing::Values(1, 3, 11));

/// Planes that the ranks have solved at one frequency each, in all.
long SolvedByAll(const ModeStore& known) {
  long solved = known.Solved();
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &solved, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD));
  return solved;
}

// Six ports of two different guides: two planes to solve at every frequency, whoever asks.
TEST(Spectra, ThatAreKnownAreNotSolvedAgain) {
  const Guides guides;
  const std::vector<SpectrumRequest> requests = guides.Requests();
  ModeStore known;
  const auto solve = [&](const std::vector<double>& omegas, const ModeSpectrum::Options& options) {
    return SolveSpectra(MPI_COMM_WORLD, guides.lattice, guides.media, requests, omegas, options,
                        known);
  };
  const std::vector<double> band = Band(3);
  // The check of a port at the longest wavelength, with the modes to spare of the ends of a band.
  solve({band.back()}, {0.02, 1, 2});
  EXPECT_EQ(SolvedByAll(known), 2);
  const auto first = solve(band, {0.02, 5});
  EXPECT_EQ(SolvedByAll(known), 6);
  const auto again = solve(band, {0.02, 5});
  solve({band[1]}, {0.02, 1});
  EXPECT_EQ(SolvedByAll(known), 6);
  for (size_t p = 0; p < requests.size(); ++p) {
    for (size_t w = 0; w < band.size(); ++w) {
      ExpectSame(first[p].At(0, w), again[p].At(0, w), true);
    }
  }
  // Another step has other modes.
  solve({band[1]}, {0.01, 1});
  EXPECT_EQ(SolvedByAll(known), 8);
}

TEST(Spectra, RefuseOnAllRanksAlike) {
  Guides guides;
  guides.ports[3].modes = {6};
  guides.ports[4].modes = {8};
  try {
    SolveSpectra(MPI_COMM_WORLD, guides.lattice, guides.media, guides.Requests(), Band(3),
                 {0.02, 5});
    FAIL() << "a guide of 0.9 um has no mode 6";
  } catch (const base::UserError& error) {
    EXPECT_EQ(std::string(error.what()).find("port 'right1' has no guided mode 6"), 0u)
        << error.what();
  }
}

}  // namespace
}  // namespace symwave::solvers::fdtd
