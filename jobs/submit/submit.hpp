// `symwave submit`: a run as a batch job of SLURM.
#pragma once

#include <string>

#include "jobs/submit/submit_options.hpp"

namespace symwave::jobs::submit {

/// By one process. Writes DIR/job.sbatch and submits it with sbatch, as often as a chain has jobs;
/// of a sweep DIR/array.sbatch, and DIR/collect.sbatch for a job that follows. What to tell the
/// user: the job and its files, or in a dry run the script. The deck has been checked before.
/// UserError for anything that stands in the way; the folder is then as it was.
std::string Submit(const SubmitOptions& options);

}  // namespace symwave::jobs::submit
