#include "jobs/run/report.hpp"

#include <filesystem>

#include "domain/base/child_program.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/shared_files.hpp"
#include "io/summary.hpp"
#include "io/whole_file.hpp"

namespace symwave::jobs::run {

namespace {

constexpr const char* kNoReport = "no report";

/// The exit code; what went wrong is a warning.
int RunScript(const std::string& directory) {
  try {
    const std::string script = base::SharedFile("postproc/report");
    const int code = base::RunProgramUndisturbed({script, directory});
    if (code != 0) base::Warn("{}: {} {} failed", kNoReport, script, directory);
    return code;
  } catch (const base::UserError& error) {
    base::Warn("{}: {}", kNoReport, error.what());
    return 1;
  }
}

bool HasSummary(MPI_Comm comm, const std::string& directory) {
  int has = 0;
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) != 0) return;
    has = std::filesystem::exists(directory + "/summary.json") ? 1 : 0;
  });
  base::Mpi(MPI_Bcast(&has, 1, MPI_INT, 0, comm));
  return has != 0;
}

}  // namespace

std::set<std::string> FailedParts(const nlohmann::ordered_json& summary) {
  std::set<std::string> failed;
  for (const auto& part : summary.value("failed_parts", nlohmann::ordered_json::array())) {
    if (part.is_string()) failed.insert(part.get<std::string>());
  }
  // Summaries of an older version have no list.
  if (failed.empty() && !summary.value("complete", true)) failed.insert("see the warnings");
  return failed;
}

void NoteReport(MPI_Comm comm, const std::string& directory, bool made) {
  const std::string path = directory + "/summary.json";
  nlohmann::ordered_json summary = io::ReadSummary(comm, path);
  std::set<std::string> failed = FailedParts(summary);
  if ((failed.count(kReport) > 0) != made) return;
  if (made) {
    failed.erase(kReport);
    auto warnings = nlohmann::ordered_json::array();
    for (const auto& warning : summary.value("warnings", warnings)) {
      const std::string text = warning.is_string() ? warning.get<std::string>() : "";
      const bool of_it = text.rfind(kNoReport, 0) == 0 || text.rfind(kReport, 0) == 0;
      if (!of_it) warnings.push_back(warning);
    }
    summary["warnings"] = warnings;
  } else {
    failed.insert(kReport);
  }
  summary["complete"] = failed.empty();
  summary.erase("failed_parts");
  if (!failed.empty()) summary["failed_parts"] = failed;
  io::ChangeSummary(comm, path, summary);
}

int MakeReport(MPI_Comm comm, const std::string& directory) {
  base::FaultPoint("report");
  base::AgreeOnFailure(comm, [&] {
    const std::string results = directory + "/results.h5";
    if (base::Communicator::RankIn(comm) != 0 || !std::filesystem::exists(results)) return;
    const std::string fault = io::CheckFile(MPI_COMM_SELF, results).fault;
    if (!fault.empty()) base::Fail("{}", fault);
  });
  int code = 0;
  if (base::Communicator::RankIn(comm) == 0) {
    code = RunScript(directory);
  }
  base::Mpi(MPI_Bcast(&code, 1, MPI_INT, 0, comm));
  if (code == 0 && HasSummary(comm, directory)) NoteReport(comm, directory, true);
  return code;
}

}  // namespace symwave::jobs::run
