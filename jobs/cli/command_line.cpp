#include "jobs/cli/command_line.hpp"

namespace symwave::jobs::cli {

namespace {

/// Empty for a number of nodes, ranks or the like.
std::string CheckCount(const std::string& text) {
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  const bool positive = text.find_first_not_of('0') != std::string::npos;
  if (digits && positive && text.size() < 10) return "";
  return text + " is not a whole number of 1 or more";
}

void AddSetOption(CLI::App& app, Command& command) {
  app.add_option("--set", command.overrides,
                 "Override a key of the deck: --set grid.cell=0.04um, --set shapes[2].width=0.5um "
                 "(can be repeated)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void AddDeckOptions(CLI::App& app, Command& command) {
  app.add_option("DECK", command.deck, "YAML deck, such as inputs/waveguide.yaml")->required();
  AddSetOption(app, command);
}

void AddKeepGoing(CLI::App& app, Command& command) {
  app.add_flag("--keep-going", command.keep_going,
               "Run the other members where some are refused by their check");
}

void DescribeBench(CLI::App& app, Command& command) {
  CLI::App* bench = app.add_subcommand("bench", "Measure the speed of a solver on this machine");
  bench->add_option("SOLVER", command.benchmark, "all, or one of them")
      ->required()
      ->check(CLI::IsMember({"all", "time_domain", "frequency_domain", "diffraction"}));
  bench
      ->add_option("--cells", command.bench.cells,
                   "Million cells in all; 0: fields of four times the last-level cache")
      ->check(CLI::NonNegativeNumber);
  bench->add_option("--seconds", command.bench.seconds, "Time for each line of the table")
      ->check(CLI::PositiveNumber);
  bench->add_option("--threads", command.bench.threads, "Threads of each rank")
      ->check(CLI::PositiveNumber);
  bench->add_flag("--json", command.bench.json, "Print JSON instead of the table");
  bench
      ->add_option("--write", command.machine,
                   "With all: write the rates into a machine file for symwave plan; without FILE "
                   "into the one that plan and check read by themselves")
      ->type_name("FILE")
      ->expected(0, 1)
      ->default_str(jobs::run::DefaultMachinePath());
  bench->footer(
      "Examples:\n"
      "  symwave bench time_domain                             cells per second beside STREAM\n"
      "  mpirun -n 2 symwave bench all --write                 this machine, 2 ranks on each node\n"
      "  mpirun -n 64 symwave bench all --write cluster.yaml   the node of a cluster, in a job "
      "there");
}

void AddOutputOption(CLI::App& app, Command& command) {
  app.add_option("--output", command.directory, "Output folder (default: out/<deck name>)")
      ->check([](const std::string& path) { return path.empty() ? "the path is empty" : ""; });
}

void DescribeSubmit(CLI::App& app, Command& command) {
  CLI::App* submit = app.add_subcommand("submit", "Run a deck as a job of SLURM until it is done");
  submit->add_option("DECK", command.deck, "YAML deck; with --array instead of the sweep's");
  AddSetOption(*submit, command);
  AddOutputOption(*submit, command);
  jobs::submit::SubmitOptions& batch = command.batch;
  submit
      ->add_option("--time", batch.time,
                   "Limit of one job, such as 02:00:00; the run goes on in the next one")
      ->required();
  submit->add_option("--nodes", batch.nodes, "Nodes (default: 1)")->check(CheckCount);
  submit->add_option("--tasks", batch.tasks, "Ranks of each node (default: 1)")->check(CheckCount);
  submit->add_option("--partition", batch.partition, "Partition, one of those of sinfo -s");
  submit->add_option("--account", batch.account, "Account that pays");
  submit->add_option("--array", command.sweep, "Sweep file: a job array with a task per member");
  AddKeepGoing(*submit, command);
  submit->add_option("--at-once", batch.array.at_once, "Members that run at a time at most")
      ->check(CLI::PositiveNumber);
  submit
      ->add_option("--chain", batch.chain,
                   "Jobs after each other, where a job may not go back into the queue")
      ->check(CLI::Range(2, 1000));
  submit->add_flag("--dry-run", batch.dry_run, "Print the batch script and submit nothing");
  submit->footer(
      "Examples:\n"
      "  symwave submit DECK --time 02:00:00 --nodes 2 --tasks 32   64 ranks\n"
      "  symwave submit DECK --time 1-00 --dry-run > job.sbatch     a script to change by hand\n"
      "  symwave submit --array SWEEP --time 01:00:00 --at-once 8   all members, then one table\n"
      "It writes job.sbatch and, once the job runs, job.log into the output folder. jobs/slurm "
      "holds "
      "more.");
}

void DescribeStatus(CLI::App& app, Command& command) {
  CLI::App* status = app.add_subcommand("status", "Where runs stand, from their files alone");
  status->add_option("DIR", command.directory, "Output folder of a run, or one that holds several")
      ->required();
  status->add_flag("--json", command.json, "Print JSON, a list of runs with their sums");
  status->footer(
      "Examples:\n"
      "  symwave status out/waveguide             state, step, time left, last checkpoint\n"
      "  symwave status out                       a line for each run below, and their sums\n"
      "  watch -n 5 symwave status out/waveguide  the same every 5 seconds\n"
      "It may be asked on any machine that sees the folder. States: running, done, incomplete,\n"
      "stopped (with a checkpoint), failed, dead (the process is gone), silent (at work on "
      "another\n"
      "machine, and not heard of for 2 minutes), queued and starting (of batch jobs), unreadable.");
}

void DescribePlan(CLI::App& app, Command& command) {
  CLI::App* plan =
      app.add_subcommand("plan", "Memory, time and core-hours of a run over a range of nodes");
  plan->add_option("DECK", command.deck, "YAML deck, or a sweep file: the sums of its members")
      ->required();
  AddSetOption(*plan, command);
  plan->add_option("--nodes", command.plan.nodes,
                   "Nodes, one row each (default: 1, 2, 4 ... to beyond the end of scaling)")
      ->check(CheckCount);
  plan->add_option("--tasks", command.plan.tasks,
                   "Ranks of each node (default: what is fastest within its memory)")
      ->check(CheckCount);
  plan->add_option("--machine", command.plan.machine,
                   "Machine file (default: the one of `symwave bench all --write`, or rates "
                   "measured here)")
      ->type_name("FILE");
  plan->add_flag("--json", command.plan.json, "Print JSON instead of the table");
  plan->footer(
      "Examples:\n"
      "  symwave plan inputs/coupler.yaml                          rates of this machine\n"
      "  mpirun -n 64 symwave bench all --write cluster.yaml       once, on a node of the cluster\n"
      "  symwave plan DECK --machine cluster.yaml --nodes 1 2 4 8  then on a login node\n"
      "  symwave plan DECK --machine cluster.yaml --json           for scripts\n"
      "  symwave plan inputs/coupler_sweep.yaml --nodes 1 2        all members: core-hours, "
      "longest\n"
      "Times are those of the run itself, without the start of MPI and report.html. A machine "
      "file\n"
      "is read and changed by hand, too: cores and memory of a node, links between nodes.");
}

void DescribeSweep(CLI::App& app, Command& command) {
  CLI::App* sweep = app.add_subcommand("sweep", "Run a deck many times, with other values each");
  sweep->add_option("SWEEP", command.sweep, "YAML file that says which keys take which values")
      ->required();
  sweep->add_option("--deck", command.deck, "Deck, instead of the one that SWEEP names");
  AddSetOption(*sweep, command);
  sweep->add_option("--output", command.directory, "Output folder (default: out/<sweep name>)");
  sweep
      ->add_option("--groups", command.groups,
                   "Groups of ranks, each of which runs one member at a time (default: 1)")
      ->check(CheckCount);
  sweep->add_flag("--resume", command.resume,
                  "Leave members that are complete, go on with the others from their checkpoints");
  AddKeepGoing(*sweep, command);
  sweep->add_option("--member", command.member, "Run this member alone, as a job array does")
      ->check(CheckCount);
  sweep->add_flag("--no-report", command.no_report, "Leave out the reports");
  sweep->add_flag("--dry-run", command.batch.dry_run,
                  "Check all members as `symwave check` does, list them, run none");
  sweep->footer(
      "Examples:\n"
      "  symwave sweep inputs/coupler_sweep.yaml --dry-run              what would run\n"
      "  mpirun -n 8 symwave sweep inputs/coupler_sweep.yaml --groups 4 4 members at a time, 2 "
      "ranks each\n"
      "  mpirun -n 8 symwave sweep SWEEP --groups 4 --resume            after a stop, or with more "
      "values\n"
      "SWEEP holds keys as --set takes them, in four blocks of which all combinations are run:\n"
      "  deck: coupler.yaml                                 the deck, beside this file\n"
      "  grid: {grid.cell: [0.05 um, 0.04 um]}              all combinations of lists and ranges\n"
      "  zip: {\"shapes[2].width\": {from: 0.4 um, to: 0.5 um, count: 3}}\n"
      "                                                     side by side; in braces such keys\n"
      "                                                     stand in quotes\n"
      "  random: {count: 20, seed: 1, keys: {\"shapes[7].width\": {mean: 0.45 um, sigma: 20 nm}}}\n"
      "  seeds: {fabrication.seed: 5}                       1 to 5\n"
      "Every member has a folder member_0001 ... in the output folder, with its messages in "
      "log.txt;\n"
      "sweep.csv and report.html put them together. Exit codes as of run; 3 where a member "
      "failed.");
  CLI::App* collect = app.add_subcommand("collect", "Merge the members of a sweep into one table");
  collect->add_option("DIR", command.directory, "Output folder of a sweep, finished or not")
      ->required();
  collect->add_flag("--no-report", command.no_report, "Leave out report.html");
  collect->footer(
      "It writes sweep.csv (one line per member: swept values, state, key numbers), sweep.json "
      "and\n"
      "report.html from the files of the members alone, at any time and on any machine.");
}

}  // namespace

void DescribeCommands(CLI::App& app, Command& command) {
  app.require_subcommand(0, 1);
  app.add_flag("--version", "Print the versions of symwave and of the libraries in it");
  app.footer(
      "Examples:\n"
      "  symwave check inputs/iris_chip.yaml              what a run would do, without solving\n"
      "  mpirun -n 2 symwave run inputs/waveguide.yaml    results in out/waveguide\n"
      "  symwave run DECK --set grid.cell=40nm            the same deck with finer cells\n"
      "  symwave keys grid                                what a deck can say about the grid\n"
      "Exit codes: 0 done, 1 error, 3 results written but incomplete (see the warnings),\n"
      "75 stopped by SIGTERM, SIGINT or SIGUSR1 with a checkpoint: go on with --resume;\n"
      "a second signal ends the run at once (128 + its number), the checkpoint before stays.\n"
      "mpirun hands SIGUSR1 on to the ranks and returns 75; of SIGTERM and SIGINT it returns 1 "
      "and\n"
      "kills the ranks within OMPI_MCA_odls_base_sigkill_timeout (1) seconds: set that to what a "
      "step\n"
      "and a checkpoint take.\n"
      "Set OPENBLAS_NUM_THREADS=1 when running under MPI; mpirun -q leaves out its own lines "
      "after\n"
      "an error.");
  CLI::App* run = app.add_subcommand("run", "Run a deck: simulate a device or train a chip");
  AddDeckOptions(*run, command);
  AddOutputOption(*run, command);
  run->add_flag("--resume", command.resume, "Go on from the last checkpoint in the output folder");
  run->add_flag("--requeue", command.requeue,
                "For batch scripts: go on from a checkpoint, begin where there is none, do nothing "
                "where the run is complete; a deck that is not that of the checkpoint is refused");
  run->add_flag("--no-report", command.no_report,
                "Leave out report.html; `symwave report DIR` makes it at any time");
  CLI::App* check = app.add_subcommand("check", "Validate a deck and print its plan, no solving");
  AddDeckOptions(*check, command);
  CLI::App* show = app.add_subcommand(
      "show", "One picture of a deck's device, ports, sources, PML and lattice, no solving");
  AddDeckOptions(*show, command);
  show->add_option("--output", command.directory,
                   "Picture, .png, .svg or .pdf (default: <deck name>.png)");
  CLI::App* expand = app.add_subcommand(
      "expand", "Print the deck with shapes, ports and elements that a deck's chip stands for");
  AddDeckOptions(*expand, command);
  CLI::App* keys = app.add_subcommand("keys", "List the keys of a deck with units and defaults");
  keys->add_option("SECTION", command.section, "Section, such as grid or training.optimizer");
  keys->add_flag("--json-schema", command.json_schema,
                 "Print a JSON Schema, with which editors complete and check decks");
  DescribePlan(app, command);
  DescribeSweep(app, command);
  DescribeSubmit(app, command);
  DescribeBench(app, command);
  CLI::App* report = app.add_subcommand("report", "Make report.html of an output folder again");
  report->add_option("DIR", command.directory, "Output folder of a run")->required();
  CLI::App* info =
      app.add_subcommand("info", "What an HDF5 file, a folder of a run or a layout holds");
  info->add_option("PATH", command.path,
                   "results.h5, a checkpoint, a field file, a folder, or a GDSII file")
      ->required();
  info->add_flag("--verify", command.verify, "Compare everything with its checksums");
  DescribeStatus(app, command);
}

}  // namespace symwave::jobs::cli
