// Words that the plans of all jobs share.
#pragma once

#include <string>
#include <vector>

namespace symwave::jobs::run {

/// "3 s", "12 min", "5.1 h".
std::string DurationText(double seconds);

/// "11 from 1.53 to 1.58 um = 196 to 190 THz".
std::string BandText(const std::vector<double>& wavelengths);

/// "1 rank", "4 ranks".
std::string RanksText(int ranks);

}  // namespace symwave::jobs::run
