// results.h5 and the field files of a run: what is written where (README of jobs/ has the table).
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/device.hpp"
#include "jobs/evaluation.hpp"
#include "jobs/schema.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs {

inline constexpr int kResultsFormat = 1;

/// Everything below is collective on the file's communicator.

/// results.h5 of a simulation, from now on the only run whose files are in the folder.
io::Hdf5File StartResults(MPI_Comm comm, const std::string& directory);

/// /meta: format, versions, ranks, the deck as given and as resolved, timers, and the warnings of
/// the run so far.
void WriteMeta(io::Hdf5File& file, const Deck& deck, int ranks,
               const std::map<std::string, double>& timers);

/// Names of work that a failed run looks back at.
inline constexpr const char* kClosing = "closing the results";
inline constexpr const char* kSummary = "writing the summary";

/// /meta and closing, the last things that happen to results.h5.
void FinishResults(io::Hdf5File& file, const Deck& deck,
                   const std::map<std::string, double>& timers, Evaluation& evaluation);

/// summary.json with the warnings so far, and `complete`: whether all of the run was evaluated and
/// written. Once before what takes much of the disk and once at the end.
void WriteSummaryFile(MPI_Comm comm, const std::string& directory, nlohmann::ordered_json summary,
                      Evaluation& evaluation);

/// Ports, S-matrix, effective indices, power and residual of a wavelength sweep under `group` (""
/// or
/// "/block").
void WriteScattering(io::Hdf5File& file, const std::string& group,
                     const std::vector<solvers::fdfd::Scattering>& sweep);

/// Pictures under `group`/view: index and fields of the last solve of `simulation`, thinned to at
/// most half a million points.
void WriteView(io::Hdf5File& file, const std::string& group, const domain::Grid& grid,
               const domain::Layout& layout, const solvers::fdfd::Simulation& simulation,
               int inputs);

/// One ParaView file per input: u, its modulus and the index.
void WriteFieldFiles(MPI_Comm comm, const std::string& directory, const domain::Grid& grid,
                     const domain::Layout& layout, const solvers::fdfd::Simulation& simulation,
                     const std::vector<std::string>& input_names);

/// Largest figures of a sweep for summaries and verdicts.
struct Trust {
  double reciprocity_defect = 0;
  double energy_balance_error = 0;
  double max_relative_residual = 0;
};
/// Warns of equations that were not solved; what an S-matrix contradicts, see WarnOfScattering.
void WarnOf(const Trust& trust);

Trust TrustOf(const std::vector<solvers::fdfd::Scattering>& sweep);

}  // namespace symwave::jobs
