// What `symwave run` and `symwave check` do with a deck; the regression tests call the same.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/deck/schema.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::cli {

/// What a run does with what an earlier one has left in its folder. Always: goes on from the
/// checkpoint, which must be there. IfAny, for batch scripts: goes on, begins where there is none,
/// and does nothing where the run is complete.
enum class Resume { Never, Always, IfAny };

struct RunOptions {
  std::string directory;  ///< "": output.directory of the deck, else out/<deck name>
  Resume resume = Resume::Never;
  bool report = true;  ///< make report.html at the end
  /// Of the memory of a node, where other runs of the same sweep are on it.
  double memory_share = 1;
};

/// Collective on `comm`; the exit code, 0 or kIncomplete (evaluation.hpp): runs the deck, writes
/// everything into the output folder and makes the report. What an earlier run has left there stays
/// until this one is complete. UserError on every rank for anything the user can mend.
int RunDeck(MPI_Comm comm, const deck::Deck& deck, const RunOptions& options);

/// Collective on `comm`: prints what a run would do. UserError on every rank for what it would
/// refuse.
void CheckDeck(MPI_Comm comm, const deck::Deck& deck);

/// Collective on the ranks of `job`, after its Memory: what the deck leaves unused, and what its
/// Check finds.
std::vector<std::string> WarningsOf(const deck::DeckOptions& options, run::Job& job);

/// Collective on `comm`: the same without a word about what is right and whatever the memory of
/// this machine, for a run on others. Warnings go to the log.
void CheckDeckForElsewhere(MPI_Comm comm, const deck::Deck& deck);

/// Collective on `comm`: UserError where `directory` holds a run of another deck, with which a
/// batch job could not go on.
void RequireFolderFor(MPI_Comm comm, const deck::Deck& deck, const std::string& directory);

/// The output folder of a run that is given `directory`, "" for none.
std::string OutputDirectory(const deck::Deck& deck, const std::string& directory);

}  // namespace symwave::jobs::cli
