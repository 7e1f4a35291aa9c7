#include "jobs/submit/wall_time.hpp"

#include <algorithm>
#include <regex>

#include "domain/base/error.hpp"

namespace symwave::jobs::submit {

namespace {

long Number(const std::ssub_match& match) {
  return match.matched ? std::stol(match.str()) : 0;
}

}  // namespace

long SecondsOf(const std::string& time) {
  static const std::regex kWithDays(R"((\d{1,4})-(\d{1,5})(?::(\d{1,5})(?::(\d{1,5}))?)?)");
  static const std::regex kHours(R"((\d{1,6}):(\d{1,6}):(\d{1,6}))");
  static const std::regex kMinutes(R"((\d{1,7})(?::(\d{1,6}))?)");
  constexpr long kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  std::smatch part;
  long seconds = 0;
  if (std::regex_match(time, part, kWithDays)) {
    seconds = Number(part[1]) * kDay + Number(part[2]) * kHour + Number(part[3]) * kMinute +
              Number(part[4]);
  } else if (std::regex_match(time, part, kHours)) {
    seconds = Number(part[1]) * kHour + Number(part[2]) * kMinute + Number(part[3]);
  } else if (std::regex_match(time, part, kMinutes)) {
    seconds = Number(part[1]) * kMinute + Number(part[2]);
  } else {
    base::Fail(
        "--time {}: not a time limit; write hours:minutes:seconds (02:00:00), days-hours "
        "(1-12) or minutes (90)",
        time);
  }
  if (seconds < kMinute) base::Fail("--time {}: SLURM counts in minutes; give one or more", time);
  return seconds;
}

long StopMargin(long limit) {
  return std::min(limit / 2, std::clamp(limit / 10, 60L, 600L));
}

std::string Words(long seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  const long minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{} min", minutes);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                           : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace symwave::jobs::submit
