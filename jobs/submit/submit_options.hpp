// What a batch job is asked for.
#pragma once

#include <string>
#include <vector>

namespace symwave::jobs::submit {

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
  bool dry_run = false;   ///< print the script, submit nothing
};

}  // namespace symwave::jobs::submit
