// Time limits as SLURM writes them.
#pragma once

#include <string>

namespace symwave::jobs::submit {

/// Seconds of "minutes", "minutes:seconds", "hours:minutes:seconds", "days-hours",
/// "days-hours:minutes" or "days-hours:minutes:seconds". UserError for anything else, for parts
/// behind the first that are too large for it (02:99), and for less than a minute, the finest that
/// SLURM counts in.
long SecondsOf(const std::string& time);

/// Seconds before the limit at which the run is asked to stop: a tenth of it, from 1 to 10 minutes,
/// and half of a shorter limit. SLURM may send the signal a minute earlier.
long StopMargin(long limit);

/// "12 min", "1 h 30 min", "30 s".
std::string Words(long seconds);

}  // namespace symwave::jobs::submit
