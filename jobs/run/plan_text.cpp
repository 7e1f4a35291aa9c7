#include "jobs/run/plan_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "domain/base/units.hpp"

namespace symwave::jobs::run {

std::string DurationText(double seconds) {
  if (seconds < 9.5) return fmt::format("{:.1g} s", seconds);
  if (seconds < 300) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

std::string BandText(const std::vector<double>& wavelengths) {
  const auto [least, most] = std::minmax_element(wavelengths.begin(), wavelengths.end());
  if (*least == *most) {
    return fmt::format("{:.8g} um = {:.8g} THz", *least, base::Terahertz(*least));
  }
  return fmt::format("{} from {:.8g} to {:.8g} um = {:.8g} to {:.8g} THz", wavelengths.size(),
                     *least, *most, base::Terahertz(*least), base::Terahertz(*most));
}

std::string RanksText(int ranks) {
  return fmt::format("{} rank{}", ranks, ranks == 1 ? "" : "s");
}

}  // namespace symwave::jobs::run
