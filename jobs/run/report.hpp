// report.html of an output folder, made by the script postproc/report.
#pragma once

#include <mpi.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace symwave::jobs::run {

/// The name under which a report that failed stands in a summary.
inline constexpr const char* kReport = "the report";

/// Of a summary: the names of what failed behind the last step of its run.
std::set<std::string> FailedParts(const nlohmann::ordered_json& summary);

/// Collective; rank 0 runs the script. Returns its exit code on every rank. What the summary of the
/// run says of a report that failed before is taken back.
int MakeReport(MPI_Comm comm, const std::string& directory);

/// Collective: changes what the summary in `directory` says of the report.
void NoteReport(MPI_Comm comm, const std::string& directory, bool made);

}  // namespace symwave::jobs::run
