#include "jobs/submit/batch_script.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "domain/base/error.hpp"
#include "domain/base/shared_files.hpp"
#include "jobs/submit/wall_time.hpp"

namespace symwave::jobs::submit {

namespace fs = std::filesystem;

namespace {

/// From the start of the run to the next job. The parts above it set program, command, output, job,
/// chain, again (arguments of sbatch that start a next job) and collect (a script for after it).
constexpr const char* kBody = R"BASH(
# One thread of OpenBLAS per rank, and no lines of mpirun about exit codes.
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}" OMPI_MCA_orte_execute_quiet=1

# mpirun of Open MPI starts a rank for every task of the job. A cluster that wants its own launcher
# gets it by, for example, export SYMWAVE_LAUNCHER='srun --mpi=pmix' before the job is submitted.
read -r -a launcher <<<"${SYMWAVE_LAUNCHER:-mpirun --bind-to none}"

say() { echo "$(date '+%F %T') job $job: $*"; }

# The signal is handed on once the run can take it, which it can when it writes its status.
status_time() { stat -c %y "$output/running/status.json" 2>/dev/null; }
status_before=$(status_time)
stopping=no
# shellcheck disable=SC2317 # the trap below calls it
hand_on_signal() {
  trap '' USR1 # a second signal would end the run without a checkpoint
  stopping=yes
  say "the time limit is near: the run is asked to stop"
  while [ "$(status_time)" = "$status_before" ] && kill -0 "$run" 2>/dev/null; do sleep 1; done
  kill -USR1 "$run" 2>/dev/null
}

# A part that leaves no newer checkpoint than it found has done nothing, and the next one would do the same.
newest_checkpoint() {
  local file newest=none
  for file in "$output"/running/checkpoint_*.h5; do
    [ ! -e "$file" ] || newest=$(stat -c '%n of %y' "$file" 2>/dev/null || echo "$newest")
  done
  echo "$newest"
}
found=$(newest_checkpoint)

say "begins on $SLURM_JOB_NODELIST (put back into the queue ${SLURM_RESTART_COUNT:-0} times)"
# SLURM itself begins a job again, too, as when a node has failed or the job is preempted.
begun=$output/job.begun
[ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] || rm -f "$begun"
times=$(grep -cxF -- "$found" "$begun" 2>/dev/null)
if [ "${times:-0}" -ge 5 ]; then
  say "has begun 5 times without a newer checkpoint than $found, and ends here; the log of those parts" \
    "stands above. To go on: sbatch ${again[*]}"
  rm -f "$begun"
  exit 1
fi
echo "$found" >>"$begun"

"${launcher[@]}" "$program" "${command[@]}" &
run=$!
trap hand_on_signal USR1
wait "$run"
code=$?
if [ "$stopping" = yes ]; then # the signal may have cut the wait short
  wait "$run"
  code=$?
fi

case $code in
  0)
    rm -f "$begun"
    say "done, see $output"
    ;;
  75) # stopped with a checkpoint
    if [ "$(newest_checkpoint)" = "$found" ]; then
      say "stopped without a newer checkpoint than $found: it does not go back into the queue, where it" \
        "would come no further. Give it more time: symwave submit with a longer --time"
      exit "$code"
    fi
    if [ "$chain" = yes ]; then
      say "stopped with a checkpoint; the next job of the chain goes on, after the last one: sbatch ${again[*]}"
    else
      say "goes back into the queue"
      if ! scontrol requeue "$job"; then
        say "may not go back into the queue: a new job goes on after this one"
        if ! next=$(sbatch --parsable --dependency=afterany:"$job" "${again[@]}"); then
          say "cannot submit a new job; to go on: sbatch ${again[*]}"
        elif [ -n "$collect" ]; then
          sbatch --dependency=afterany:"${next%%;*}" "$collect"
        fi
      fi
    fi
    ;;
  3)
    rm -f "$begun"
    say "done, but incomplete: see the warnings above"
    ;;
  *)
    say "failed with exit code $code; when that is mended, go on with: sbatch ${again[*]}"
    ;;
esac
exit "$code"
)BASH";

/// A value of an #SBATCH line, which knows double quotes alone.
std::string Quoted(const std::string& text) {
  if (text.find_first_of("\"\\\n\r") != std::string::npos) {
    base::Fail(
        "{}: a batch script cannot name a folder with quotes, backslashes or line breaks in its "
        "path; choose another",
        text);
  }
  return "\"" + text + "\"";
}

/// A percent sign stands for something else in the name of a log.
std::string LogName(const std::string& directory, const std::string& name) {
  std::string path;
  for (const char c : directory) path += c == '%' ? "%%" : std::string(1, c);
  return path + "/" + name;
}

std::string Header(const SubmitOptions& options) {
  const bool array = !options.array.sweep.empty();
  return fmt::format(
      R"(#!/bin/bash
# Batch script of symwave: runs {} until it is done, in as many jobs as that takes.
#
# {} before its time limit SLURM tells this shell, and the shell tells the run, which ends its step, writes
# a checkpoint and returns exit code 75. {} goes on from the
# checkpoint. To submit this file again does no harm: a run that is complete is left as it is.

)",
      array ? "each member of the sweep " + options.array.sweep : options.deck,
      Words(StopMargin(SecondsOf(options.time))),
      options.chain > 0 ? "The next job of the chain then"
                        : "The job then goes back into the queue and");
}

using Directive = std::pair<std::string, std::string>;

std::string DirectiveText(const std::vector<Directive>& directives) {
  std::string text;
  for (const auto& [name, value] : directives) {
    text += fmt::format("#SBATCH --{}{}{}\n", name, value.empty() ? "" : "=", value);
  }
  return text;
}

/// What every job of the same user has.
std::vector<Directive> CommonDirectives(const SubmitOptions& options, const std::string& from,
                                        const std::string& directory, const std::string& log) {
  std::vector<Directive> all{{"job-name", Quoted(fs::path(directory).filename().string())}};
  if (!options.partition.empty()) all.emplace_back("partition", Quoted(options.partition));
  if (!options.account.empty()) all.emplace_back("account", Quoted(options.account));
  all.emplace_back("open-mode", "append");
  all.emplace_back("output", Quoted(LogName(directory, log)));
  all.emplace_back("chdir", Quoted(from));
  return all;
}

std::string Directives(const SubmitOptions& options, const std::string& from,
                       const std::string& directory) {
  const ArrayOptions& array = options.array;
  const bool sweeps = !array.sweep.empty();
  std::vector<Directive> all =
      CommonDirectives(options, from, directory, sweeps ? "job_%4a.log" : "job.log");
  all.emplace_back("nodes", std::to_string(options.nodes));
  all.emplace_back("ntasks-per-node", std::to_string(options.tasks));
  if (options.threads > 1) all.emplace_back("cpus-per-task", std::to_string(options.threads));
  all.emplace_back("time", options.time);
  all.emplace_back("signal", fmt::format("B:USR1@{}", StopMargin(SecondsOf(options.time))));
  // Requeue: also after a node has failed.
  all.emplace_back(options.chain > 0 ? "no-requeue" : "requeue", "");
  if (sweeps) {
    all.emplace_back("array",
                     array.members + (array.at_once > 0 ? fmt::format("%{}", array.at_once) : ""));
  }
  return DirectiveText(all);
}

/// Of a run: the command and how it goes on.
std::string RunVariables(const SubmitOptions& options, const std::string& directory) {
  return fmt::format(
      R"(deck={}
output={}
command=(run "$deck" "${{settings[@]}}" --output "$output" --requeue)
job=$SLURM_JOB_ID
again=("$output/job.sbatch")
collect=
)",
      ShellWord(options.deck), ShellWord(directory));
}

/// The same of a member of a sweep.
std::string MemberVariables(const SubmitOptions& options, const std::string& directory) {
  return fmt::format(
      R"(sweep={}
folder={}
member=$SLURM_ARRAY_TASK_ID
output=$(printf '%s/member_%04d' "$folder" "$member")
mkdir -p "$output"
command=(sweep "$sweep" "${{settings[@]}}" --output "$folder" --member "$member" --resume)
job=${{SLURM_ARRAY_JOB_ID}}_$member
again=(--array="$member" "$folder/array.sbatch")
collect=$folder/collect.sbatch
)",
      ShellWord(options.array.sweep), ShellWord(directory));
}

std::string Variables(const SubmitOptions& options, const std::string& program,
                      const std::string& directory) {
  const bool sweeps = !options.array.sweep.empty();
  std::string settings;
  const auto add = [&settings](const std::string& option, const std::string& value) {
    settings += (settings.empty() ? "" : " ") + option + " " + ShellWord(value);
  };
  if (sweeps && !options.deck.empty()) add("--deck", options.deck);
  for (const std::string& setting : options.overrides) add("--set", setting);
  std::string text = fmt::format("\nprogram={}\nsettings=({})\n", ShellWord(program), settings);
  text += sweeps ? MemberVariables(options, directory) : RunVariables(options, directory);
  text += fmt::format("chain={}\n", options.chain > 0 ? "yes" : "no");
  if (options.threads > 1) {
    text += "\n# srun asks anew for the cores of a task.\n";
    text += "export SRUN_CPUS_PER_TASK=\"$SLURM_CPUS_PER_TASK\"\n";
  }
  return text;
}

/// The lines of the template, without the first, which is for shellcheck.
std::string DisplayLines() {
  std::ostringstream text;
  std::ifstream file(base::SharedFile("jobs/slurm/display.sh"));
  std::string first;
  std::getline(file, first);
  text << "\n" << file.rdbuf();
  if (!file) base::Fail("{}: cannot be read", base::SharedFile("jobs/slurm/display.sh"));
  return text.str();
}

void RequireNames(const SubmitOptions& options) {
  for (const std::string& path : {options.deck, options.array.sweep}) {
    if (path.find_first_of("\n\r") == std::string::npos) continue;
    base::Fail("{}: a batch script cannot name a file with line breaks in its path", path);
  }
}

}  // namespace

std::string AbsoluteDirectory(const SubmitOptions& options, const std::string& from) {
  std::string path = (fs::path(from) / options.directory).lexically_normal().string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::string ShellWord(const std::string& text) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string("_@%+=:,./-").find(c) != std::string::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? R"('\'')" : std::string(1, c);
  return word + "'";
}

std::string BatchScript(const SubmitOptions& options, const std::string& program,
                        const std::string& from) {
  const std::string directory = AbsoluteDirectory(options, from);
  RequireNames(options);
  return Header(options) + Directives(options, from, directory) +
         Variables(options, program, directory) + (options.paraview ? DisplayLines() : "") + kBody;
}

std::string CollectScript(const SubmitOptions& options, const std::string& program,
                          const std::string& from) {
  const std::string directory = AbsoluteDirectory(options, from);
  std::vector<Directive> all = CommonDirectives(options, from, directory, "collect.log");
  all.emplace_back("nodes", "1");
  all.emplace_back("ntasks", "1");
  all.emplace_back("time", "15");
  return "#!/bin/bash\n# Batch script of symwave: puts the members of the sweep together, whatever "
         "has "
         "come of them.\n\n" +
         DirectiveText(all) +
         "\nread -r -a launcher <<<\"${SYMWAVE_LAUNCHER:-mpirun --bind-to none}\"\n" +
         fmt::format("exec \"${{launcher[@]}}\" -n 1 {} collect {}\n", ShellWord(program),
                     ShellWord(directory));
}

}  // namespace symwave::jobs::submit
