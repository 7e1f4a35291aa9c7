// From the folder in which a run works to the output folder, all at once: whatever kills the run,
// its files are either complete or not there. The folder gets a list of its files, then the name
// `.complete`, which is the moment at which the run is complete; its files are moved one by one,
// and a later start moves those that were left.
#pragma once

#include <string>
#include <vector>

namespace symwave::jobs::run {

/// Of a file of the run: its name in the output folder is not taken by a folder.
bool HasPlace(const std::string& path, const std::string& directory);

/// Where the files of a completed run are until all have been moved.
std::string CompletedFolder(const std::string& directory);

/// Moves the run in `running` to `directory`, summary.json last, but for files without a place,
/// which stay in `running`; and removes `superseded`, checkpoints of this run, and what an earlier
/// run has left and this one has not made. UserError: list or folder cannot be written; all files
/// are where they were, or will be moved by FinishCompletion. Of one process.
void CompleteRun(const std::string& running, const std::string& directory,
                 const std::vector<std::string>& superseded);

/// What a run has completed in `directory` and could not move, if anything. UserError for a folder
/// `.complete` that is of no run, and while another process moves it.
void FinishCompletion(const std::string& directory);

}  // namespace symwave::jobs::run
