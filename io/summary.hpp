// summary.json: the key numbers of a run for scripts.
#pragma once

#include <mpi.h>

#include <nlohmann/json.hpp>
#include <string>

namespace symwave::io {

/// Collective; rank 0 writes its `summary` atomically, with the warnings of the run so far in
/// `warnings`. Numbers that are not finite become null.
void WriteSummary(MPI_Comm comm, const std::string& path, nlohmann::ordered_json summary);

/// Collective; rank 0 writes what ReadSummary gave, changed.
void ChangeSummary(MPI_Comm comm, const std::string& path, const nlohmann::ordered_json& summary);

/// Collective: the object in `path`. UserError when missing or not JSON.
nlohmann::ordered_json ReadSummary(MPI_Comm comm, const std::string& path);

}  // namespace symwave::io
