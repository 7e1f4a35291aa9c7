// Whether the ports of a deck and the S-matrix of its run can be trusted: what geometry shows, for
// the list of jobs/checks/deck_warnings.hpp, and what the results show.
#pragma once

#include <mpi.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jobs/device/device.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/yee/scattering_judgement.hpp"
#include "solvers/yee/scattering_matrix.hpp"

namespace symwave::jobs::checks {

/// Collective, the same on every rank: guides, windows and directions of the ports at the longest
/// wavelength, where modes reach furthest (solvers/yee/port_guide.hpp).
std::vector<std::string> PortWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                      const device::TimeDomainProblem& problem);
/// The same for frequency domain and trained chips, as designed.
std::vector<std::string> PortWarnings(MPI_Comm comm, const deck::DeviceOptions& options,
                                      const device::Device& device);

/// What a run knows of its S-matrix. `left`: see DecayError::weakest.
solvers::yee::ScatteringEvidence EvidenceOf(const device::TimeDomainProblem& problem,
                                            const solvers::yee::ScatteringMatrix& matrix,
                                            double left);
solvers::yee::ScatteringEvidence EvidenceOf(const deck::DeviceOptions& options,
                                            const device::Device& device,
                                            const solvers::yee::ScatteringMatrix& matrix);

/// Warns of everything that the evidence contradicts (solvers/yee/scattering_judgement.hpp) and
/// writes the limits of the figures, `reciprocity_limit` and `energy_balance_limit`.
void WarnOfScattering(const solvers::yee::ScatteringEvidence& evidence,
                      nlohmann::ordered_json& summary);

}  // namespace symwave::jobs::checks
