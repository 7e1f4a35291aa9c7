#include "jobs/submit/batch_script.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "domain/base/error.hpp"
#include "jobs/submit/wall_time.hpp"

namespace symwave::jobs::submit {

namespace fs = std::filesystem;

namespace {

/// From the start of the run to the next job. The parts above it set program, deck, settings and
/// output.
constexpr const char* kBody = R"BASH(
# One thread of OpenBLAS per rank, and no lines of mpirun about exit codes.
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}" OMPI_MCA_orte_execute_quiet=1

# mpirun of Open MPI starts a rank for every task of the job. A cluster that wants its own launcher
# gets it by, for example, export SYMWAVE_LAUNCHER='srun --mpi=pmix' before the job is submitted.
read -r -a launcher <<<"${SYMWAVE_LAUNCHER:-mpirun --bind-to none}"

say() { echo "$(date '+%F %T') job $SLURM_JOB_ID: $*"; }

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
if [ "$(cat "$begun" 2>/dev/null | grep -cxF -- "$found")" -ge 5 ]; then
  say "has begun 5 times without a newer checkpoint than $found, and ends here; the log of those parts" \
    "stands above. To go on: sbatch $output/job.sbatch"
  rm -f "$begun"
  exit 1
fi
echo "$found" >>"$begun"

"${launcher[@]}" "$program" run "$deck" "${settings[@]}" --output "$output" --requeue &
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
    say "goes back into the queue"
    if ! scontrol requeue "$SLURM_JOB_ID"; then
      say "may not go back into the queue: a new job goes on after this one"
      sbatch --dependency=afterany:"$SLURM_JOB_ID" "$output/job.sbatch" ||
        say "cannot submit a new job; to go on: sbatch $output/job.sbatch"
    fi
    ;;
  3)
    rm -f "$begun"
    say "done, but incomplete: see the warnings above"
    ;;
  *)
    say "failed with exit code $code; when that is mended, go on with: sbatch $output/job.sbatch"
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
std::string LogName(const std::string& directory) {
  std::string name;
  for (const char c : directory + "/job.log") name += c == '%' ? "%%" : std::string(1, c);
  return name;
}

std::string Header(const SubmitOptions& options) {
  return fmt::format(
      R"(#!/bin/bash
# Batch script of symwave: runs {} until it is done, in as many jobs as that takes.
#
# {} before its time limit SLURM tells this shell, and the shell tells the run, which ends its step, writes
# a checkpoint and returns exit code 75. The job then goes back into the queue and goes on from the
# checkpoint. To submit this file again does no harm: a run that is complete is left as it is.

)",
      options.deck, Words(StopMargin(SecondsOf(options.time))));
}

std::string Directives(const SubmitOptions& options, const std::string& from,
                       const std::string& directory) {
  std::string text;
  const auto add = [&](const std::string& name, const std::string& value) {
    text += fmt::format("#SBATCH --{}={}\n", name, value);
  };
  add("job-name", Quoted(fs::path(directory).filename().string()));
  if (!options.partition.empty()) add("partition", Quoted(options.partition));
  if (!options.account.empty()) add("account", Quoted(options.account));
  add("nodes", std::to_string(options.nodes));
  add("ntasks-per-node", std::to_string(options.tasks));
  if (options.threads > 1) add("cpus-per-task", std::to_string(options.threads));
  add("time", options.time);
  add("signal", fmt::format("B:USR1@{}", StopMargin(SecondsOf(options.time))));
  text += "#SBATCH --requeue\n";  // also after a node has failed
  add("open-mode", "append");
  add("output", Quoted(LogName(directory)));
  add("chdir", Quoted(from));
  return text;
}

std::string Variables(const SubmitOptions& options, const std::string& program,
                      const std::string& directory) {
  std::string settings;
  for (const std::string& setting : options.overrides) {
    settings += (settings.empty() ? "--set " : " --set ") + ShellWord(setting);
  }
  std::string text =
      fmt::format("\nprogram={}\ndeck={}\nsettings=({})\noutput={}\n", ShellWord(program),
                  ShellWord(options.deck), settings, ShellWord(directory));
  if (options.threads > 1) {
    text += "\n# srun asks anew for the cores of a task.\n";
    text += "export SRUN_CPUS_PER_TASK=\"$SLURM_CPUS_PER_TASK\"\n";
  }
  return text;
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
  if (options.deck.find_first_of("\n\r") != std::string::npos) {
    base::Fail("{}: a batch script cannot name a deck with line breaks in its path", options.deck);
  }
  return Header(options) + Directives(options, from, directory) +
         Variables(options, program, directory) + kBody;
}

}  // namespace symwave::jobs::submit
