// How often the modes of the four ports of a deck are solved, by its checks, the error of its mesh
// and its run together, on all ranks.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdtd/port_spectra.hpp"

namespace symwave::jobs {
namespace {

// Cells of which a guide is a whole number wide and away from the next: both of its sides are
// alike.
const std::vector<std::string> kOverrides{"grid.cell=0.1um", "wavelength.count=3"};

long OnAllRanks(long solved) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &solved, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD));
  return solved;
}

TEST(KnownModes, OfADeckInFrequencyDomainAreSolvedOnce) {
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/coupler.yaml", kOverrides);
  const device::Device device = device::BuildDevice(deck.options);
  const auto solved = [&] { return OnAllRanks(device.known_modes->Solved()); };
  // At the longest wavelength.
  checks::FrequencyDomainWarnings(MPI_COMM_WORLD, deck.options, device);
  const long lines = solved();  // different ones of the four
  EXPECT_GE(lines, 1);
  EXPECT_LE(lines, 4);
  // In the middle; half the cells are those of another device.
  checks::EstimateMeshError(MPI_COMM_WORLD, deck.options, device);
  EXPECT_EQ(solved(), 2 * lines);
  for (const double wavelength : deck.options.wavelengths) {
    solvers::fdfd::SolvePorts(MPI_COMM_WORLD, solvers::fdfd::PlanePoints(*device.lattice),
                              device::MediaAt(device, deck.options, wavelength),
                              2 * M_PI / wavelength, device.ports, *device.known_modes);
  }
  EXPECT_EQ(solved(), 3 * lines);
}

TEST(KnownModes, OfADeckInTimeDomainAreSolvedOnce) {
  std::vector<std::string> overrides = kOverrides;
  overrides.push_back("solver.method=time_domain");
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/coupler.yaml", overrides);
  const device::TimeDomainProblem problem = device::BuildTimeDomain(deck.options);
  const auto solved = [&] { return OnAllRanks(problem.known_modes->Solved()); };
  checks::TimeDomainWarnings(MPI_COMM_WORLD, deck.options, problem);
  const long planes = solved();
  EXPECT_GE(planes, 1);
  EXPECT_LE(planes, 4);
  checks::EstimateMeshError(MPI_COMM_WORLD, deck.options, problem);
  EXPECT_EQ(solved(), 2 * planes);
  // The run: at the longest wavelength the modes are known, in the middle of three wavelengths,
  // which is not that of the band, they are not.
  std::vector<solvers::fdtd::SpectrumRequest> requests;
  for (const domain::PlanePort& port : problem.ports) {
    requests.push_back({port, domain::LocatePort(problem.lattice, port), false});
  }
  std::vector<double> omegas;
  for (const double wavelength : deck.options.wavelengths) omegas.push_back(2 * M_PI / wavelength);
  solvers::fdtd::SolveSpectra(MPI_COMM_WORLD, problem.lattice, problem.media, requests, omegas,
                              {problem.time_step, 9}, *problem.known_modes);
  EXPECT_EQ(solved(), 4 * planes);
}

}  // namespace
}  // namespace symwave::jobs
