#include "jobs/submit/submit.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "domain/base/child_program.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/output_directory.hpp"
#include "io/test_delay.hpp"
#include "jobs/submit/batch_script.hpp"

namespace symwave::jobs::submit {

namespace fs = std::filesystem;

namespace {

/// A file that is new in its folder until it is kept: otherwise file and folder are as before.
class NewFile {
 public:
  NewFile(const std::string& directory, const std::string& name, const std::string& text)
      : path_(directory + "/" + name) {
    // The outermost folder that has to be made.
    for (fs::path folder = directory; !fs::exists(folder); folder = folder.parent_path()) {
      made_ = folder;
    }
    try {
      io::PrepareOutputDirectory(MPI_COMM_SELF, directory);
      if (fs::exists(path_)) before_ = TextOf(path_);
      io::ReplaceText(path_, text);
    } catch (...) {
      Undo();
      throw;
    }
  }
  ~NewFile() {
    if (!kept_) Undo();
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  const std::string& Path() const { return path_; }
  void Keep() { kept_ = true; }

 private:
  static std::string TextOf(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  void Undo() noexcept {
    std::error_code ignored;
    try {
      if (before_) io::ReplaceText(path_, *before_);
    } catch (const std::exception&) {
      return;  // the script that was refused stays, and can be submitted by hand
    }
    if (!before_) fs::remove(path_, ignored);
    if (made_.empty()) return;
    // A folder that is no longer empty belongs to somebody else.
    fs::path folder = fs::path(path_).parent_path();
    while (fs::remove(folder, ignored) && folder != made_) folder = folder.parent_path();
  }

  std::string path_;
  fs::path made_;                      ///< the outermost folder that was made, "" for none
  std::optional<std::string> before_;  ///< what the file held
  bool kept_ = false;
};

/// The last line of what sbatch says holds the reason.
std::string ReasonOf(const base::Answer& answer) {
  std::istringstream lines(answer.said);
  std::string reason;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) reason = line;
  }
  for (const std::string prefix : {"sbatch: ", "fatal: ", "error: ",
                                   "Batch job submission failed: ", "allocation failure: "}) {
    if (reason.rfind(prefix, 0) == 0) reason.erase(0, prefix.size());
  }
  if (reason.empty()) return fmt::format("sbatch ended with exit code {}", answer.code);
  return reason;
}

bool Speaks(const std::string& reason, const std::string& word) {
  return reason.find(word) != std::string::npos;
}

/// What the user can do about it.
std::string Advice(const std::string& reason, const SubmitOptions& options) {
  if (Speaks(reason, "account")) {
    return options.account.empty()
               ? "; give --account, one of those of `sacctmgr show associations user=$USER`"
               : fmt::format(
                     "; --account {} is not among those of `sacctmgr show associations "
                     "user=$USER`, or may not use the partition",
                     options.account);
  }
  if (Speaks(reason, "partition")) {
    return options.partition.empty()
               ? "; give --partition, `sinfo -s` lists them"
               : fmt::format("; --partition {} is none of those of `sinfo -s`", options.partition);
  }
  if (Speaks(reason, "time limit")) return "; a shorter --time may do, see `sinfo -s`";
  if (Speaks(reason, "node configuration") || Speaks(reason, "rocessor") ||
      Speaks(reason, "ode count")) {
    return fmt::format("; {} nodes with {} cores each are asked for, see `sinfo -o '%P %D %c'`",
                       options.nodes, options.tasks * options.threads);
  }
  return "";
}

std::string JobNumber(const std::string& said) {
  // The last line of --parsable: number, or number;cluster. Warnings may stand before it.
  std::istringstream lines(said);
  std::string number;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] >= '0' && line[0] <= '9') number = line.substr(0, line.find(';'));
  }
  return number;
}

/// Many clusters take jobs that no partition has room for and let them wait for ever.
void WarnOfNoStart(const SubmitOptions& options, const std::string& script,
                   const std::string& number) {
  const base::Answer test = base::RunProgram({"sbatch", "--test-only", script});
  if (test.code == 0) return;
  const std::string reason = ReasonOf(test);
  base::Warn("job {} may never start: {}{}", number, reason, Advice(reason, options));
}

}  // namespace

std::string Submit(const SubmitOptions& options) {
  const std::string from = fs::current_path().string();
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  const std::string script = BatchScript(options, program, from);
  if (options.dry_run) return script;
  if (!base::IsOnPath("sbatch")) {
    base::Fail(
        "sbatch of SLURM is not on the PATH: submit on a login node of the cluster, or see the "
        "script with --dry-run");
  }
  const std::string directory = AbsoluteDirectory(options, from);
  NewFile file(directory, "job.sbatch", script);
  io::TestDelay("submit.sbatch");
  const base::Answer answer = base::RunProgram({"sbatch", "--parsable", file.Path()});
  if (answer.code != 0) {
    const std::string reason = ReasonOf(answer);
    base::Fail("SLURM refuses the job: {}{}", reason, Advice(reason, options));
  }
  file.Keep();
  WarnOfNoStart(options, file.Path(), JobNumber(answer.said));
  return fmt::format(
      "job {} submitted: {}\nits log is {}/job.log; where the run stands says\n"
      "  symwave status {}\n",
      JobNumber(answer.said), file.Path(), directory, ShellWord(options.directory));
}

}  // namespace symwave::jobs::submit
