#include "jobs/submit/wall_time.hpp"

#include <algorithm>
#include <regex>
#include <vector>

#include "domain/base/error.hpp"

namespace symwave::jobs::submit {

namespace {

constexpr long kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;

/// A part of a time: its name, the seconds of one, and how many the part before it has room for.
struct TimeUnit {
  const char* name;
  long seconds, most;
};
constexpr TimeUnit kDays{"days", kDay, 0}, kHours{"hours", kHour, 23},
    kMinutes{"minutes", kMinute, 59}, kSeconds{"seconds", 1, 59};

/// The sum of the parts that are given, and the first behind another one that is too large for it.
struct ParsedTime {
  long seconds = 0;
  const TimeUnit* excess = nullptr;
};

ParsedTime Sum(const std::smatch& match, const std::vector<const TimeUnit*>& units) {
  ParsedTime time;
  for (std::size_t k = 0; k < units.size() && match[k + 1].matched; ++k) {
    const long number = std::stol(match[k + 1].str());
    time.seconds += number * units[k]->seconds;
    if (k > 0 && number > units[k]->most && !time.excess) time.excess = units[k];
  }
  return time;
}

}  // namespace

long SecondsOf(const std::string& time) {
  static const std::regex kWithDays(R"((\d{1,4})-(\d{1,5})(?::(\d{1,5})(?::(\d{1,5}))?)?)");
  static const std::regex kThree(R"((\d{1,6}):(\d{1,6}):(\d{1,6}))");
  static const std::regex kTwo(R"((\d{1,7})(?::(\d{1,6}))?)");
  std::smatch match;
  ParsedTime parsed;
  if (std::regex_match(time, match, kWithDays)) {
    parsed = Sum(match, {&kDays, &kHours, &kMinutes, &kSeconds});
  } else if (std::regex_match(time, match, kThree)) {
    parsed = Sum(match, {&kHours, &kMinutes, &kSeconds});
  } else if (std::regex_match(time, match, kTwo)) {
    parsed = Sum(match, {&kMinutes, &kSeconds});
  } else {
    base::Fail(
        "--time {}: not a time limit; write hours:minutes:seconds (02:00:00), days-hours "
        "(1-12) or minutes (90)",
        time);
  }
  const long seconds = parsed.seconds;
  if (parsed.excess) {
    base::Fail(
        "--time {}: its {} go up to {}; SLURM takes it for {}; write hours:minutes:seconds "
        "(02:00:00), minutes:seconds (90:00) or minutes (90)",
        time, parsed.excess->name, parsed.excess->most,
        Words((seconds + kMinute - 1) / kMinute * kMinute));
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
