// What a batch job is asked for.
#pragma once

#include <string>
#include <vector>

namespace symwave::jobs::submit {

/// A sweep as a job array, each task of which runs one member.
struct ArrayOptions {
  std::string sweep;    ///< path of its file as given; "": no array
  std::string members;  ///< numbers of the tasks, as SLURM writes them: "1-7,9"
  int at_once = 0;      ///< tasks that run at a time at most; 0: as many as there is room for
  std::string list_name, list_text;  ///< the file of the members in the output folder
};

struct SubmitOptions {
  std::string deck;                    ///< path as given
  std::vector<std::string> overrides;  ///< KEY=VALUE of --set
  std::string directory;               ///< output folder of the run
  std::string time;                    ///< limit of one job, as SLURM writes it
  int nodes = 1;
  int tasks = 1;          ///< ranks of each node
  int threads = 1;        ///< of each rank, as the deck has them
  std::string partition;  ///< "": that of the cluster
  std::string account;    ///< "": that of the user
  int chain = 0;          ///< jobs after each other instead of one that is requeued; 0: requeue
  bool paraview = false;  ///< pictures by ParaView, which wants a display on every node
  bool dry_run = false;   ///< print the script, submit nothing
  ArrayOptions array;
};

}  // namespace symwave::jobs::submit
