#include "jobs/run/report.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/whole_file.hpp"

extern char** environ;

namespace symwave::jobs::run {

namespace {

/// Beside the program in an installation, else in the source tree it was built from.
std::string ReportScript() {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  const std::filesystem::path installed =
      program.parent_path().parent_path() / "share/symwave/postproc/report";
  if (std::filesystem::exists(installed)) return installed;
  return SYMWAVE_SOURCE_DIR "/postproc/report";
}

int RunScript(const std::string& script, const std::string& directory) {
  std::string program = script;
  std::string argument = directory;
  char* arguments[] = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0) return 1;
  int status = 0;
  if (waitpid(child, &status, 0) != child) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

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
    const std::string script = ReportScript();
    code = RunScript(script, directory);
    if (code != 0) {
      base::Warn("no report: {} {} failed", script, directory);
    }
  }
  base::Mpi(MPI_Bcast(&code, 1, MPI_INT, 0, comm));
  return code;
}

}  // namespace symwave::jobs::run
