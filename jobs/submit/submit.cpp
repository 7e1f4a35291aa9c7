#include "jobs/submit/submit.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <vector>

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
  if (Speaks(reason, "array")) {
    return "; SLURM takes numbers of members below the MaxArraySize of `scontrol show config`; "
           "`symwave "
           "sweep --groups` runs them within one job";
  }
  if (Speaks(reason, "configuration source")) {
    return "; this machine is not set up to submit: log in where `sinfo` answers";
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

/// The number of a job that sbatch takes; UserError with its reason, and what is in the queue by
/// then.
std::string Queue(const SubmitOptions& options, const std::vector<std::string>& arguments,
                  const std::vector<std::string>& before) {
  std::vector<std::string> words{"sbatch", "--parsable"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const base::Answer answer = base::RunProgram(words);
  if (answer.code == 0) return JobNumber(answer.said);
  const std::string reason = ReasonOf(answer);
  std::string queued;
  for (const std::string& number : before) queued += " " + number;
  base::Fail("SLURM refuses the job: {}{}{}", reason, Advice(reason, options),
             queued.empty() ? "" : "; already in the queue, to be taken out by: scancel" + queued);
}

/// The jobs of a chain, each to begin when the one before has ended; `keep` is called once the
/// first is in the queue.
std::vector<std::string> QueueChain(const SubmitOptions& options, const NewFile& script,
                                    const std::function<void()>& keep) {
  std::vector<std::string> numbers{Queue(options, {script.Path()}, {})};
  keep();
  for (int k = 1; k < options.chain; ++k) {
    numbers.push_back(
        Queue(options, {"--dependency=afterany:" + numbers.back(), script.Path()}, numbers));
  }
  return numbers;
}

/// What the user is told.
std::string Said(const SubmitOptions& options, const std::vector<std::string>& numbers,
                 const std::string& script, const std::string& directory) {
  std::string text = numbers.size() > 1 ? "jobs" : "job";
  for (const std::string& number : numbers) text += " " + number;
  text += fmt::format(" submitted: {}\n", script);
  const std::string folder = ShellWord(options.directory);
  if (options.array.sweep.empty()) {
    return text + fmt::format(
                      "its log is {}/job.log; where the run stands says\n"
                      "  symwave status {}\n",
                      directory, folder);
  }
  return text + fmt::format(
                    "members {} of the sweep, with logs {}/job_NNNN.log; where they stand "
                    "says\n  symwave collect {}\n",
                    options.array.members, directory, folder);
}

}  // namespace

std::string Submit(const SubmitOptions& options) {
  const bool sweeps = !options.array.sweep.empty();
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
  NewFile file(directory, sweeps ? "array.sbatch" : "job.sbatch", script);
  std::optional<NewFile> list, collect;
  if (sweeps) {
    list.emplace(directory, options.array.list_name, options.array.list_text);
    collect.emplace(directory, "collect.sbatch", CollectScript(options, program, from));
  }
  io::TestDelay("submit.sbatch");
  const std::vector<std::string> numbers = QueueChain(options, file, [&] {
    file.Keep();
    if (list) list->Keep();
    if (collect) collect->Keep();
  });
  std::string said = Said(options, numbers, file.Path(), directory);
  if (sweeps) {
    said += fmt::format(
        "job {} collects them at the end: {}/sweep.csv, {}/report.html\n",
        Queue(options, {"--dependency=afterany:" + numbers.back(), collect->Path()}, numbers),
        options.directory, options.directory);
  }
  WarnOfNoStart(options, file.Path(), numbers.front());
  return said;
}

}  // namespace symwave::jobs::submit
