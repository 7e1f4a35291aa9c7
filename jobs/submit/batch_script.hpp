// The batch script of a run that goes on over time limits until it is done.
#pragma once

#include <string>

#include "jobs/submit/submit_options.hpp"

namespace symwave::jobs::submit {

/// Of the program at `program`, started from the folder `from`, from which a relative deck counts.
/// UserError for a time limit that is none and for folders that no batch script can name. With
/// `paraview` it holds the lines of jobs/slurm/display.sh.
std::string BatchScript(const SubmitOptions& options, const std::string& program,
                        const std::string& from);

/// Of the job that follows the array of a sweep and collects its members.
std::string CollectScript(const SubmitOptions& options, const std::string& program,
                          const std::string& from);

/// The folder of the run, seen from `from`.
std::string AbsoluteDirectory(const SubmitOptions& options, const std::string& from);

/// A word of a shell: as it is where that is plain, else in single quotes.
std::string ShellWord(const std::string& text);

}  // namespace symwave::jobs::submit
