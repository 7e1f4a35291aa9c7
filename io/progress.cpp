#include "io/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "domain/base/log.hpp"
#include "domain/base/log_file.hpp"

namespace symwave::io {

namespace {

constexpr double kTerminalInterval = 0.1;  // s between two refreshes of the bar
constexpr double kLineInterval = 10.0;     // s between two lines
constexpr int kWidth = 24;
constexpr const char *kAbout = "about", *kAtMost = "at most";

double Seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

std::string WorthName(Total worth) {
  return worth == Total::About ? kAbout : worth == Total::AtMost ? kAtMost : "exact";
}

Total WorthOf(const std::string& name) {
  return name == kAbout ? Total::About : name == kAtMost ? Total::AtMost : Total::Exact;
}

std::string OfTotal(long total, Total worth) {
  if (total <= 0) return "";
  return worth == Total::Exact ? fmt::format("/{}", total)
                               : fmt::format(" of {} {}", WorthName(worth), total);
}

Progress::Progress(MPI_Comm comm, std::string title, long total, ProgressObserver observer)
    : title_(std::move(title)), observer_(std::move(observer)), total_(std::max(1L, total)) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  active_ = rank == 0;
  terminal_ = active_ && isatty(STDERR_FILENO) != 0 && !base::LogFile::IsOpen();
}

Progress::~Progress() {
  Finish();
}

void Progress::Set(long done, const std::string& note) {
  if (!active_ || finished_) return;
  if (first_ < 0) first_ = std::max(0L, done - 1);
  done_ = std::max(0L, total_ > 0 ? std::min(done, total_) : done);
  note_ = note;
  if (observer_) observer_(title_, done_, total_, worth_);
  const double waited = Seconds(Clock::now() - last_print_);
  const bool due = terminal_ ? waited >= kTerminalInterval
                             : waited >= kLineInterval && (done_ - printed_) * 10 >= total_;
  if (due) Print(note);
}

void Progress::Print(const std::string& note) {
  last_print_ = Clock::now();
  printed_ = done_;
  const long first = std::max(0L, first_);
  const double elapsed = Seconds(Clock::now() - start_);
  // Scaled to the whole, so that a resumed run estimates from its own part.
  const double fraction = static_cast<double>(done_ - first) / std::max(1L, done_);
  const double scaled = fraction > 0 ? elapsed / fraction : elapsed;
  const std::string line = Bar(title_, done_, total_, scaled, note, worth_);
  if (!terminal_) return base::LogRemark(line);
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
}

void Progress::EndHere() {
  if (!active_ || finished_) return;
  Expect(done_);
  if (observer_) observer_(title_, done_, total_, worth_);
  Finish();
}

void Progress::Finish() {
  if (!active_ || std::exchange(finished_, true)) return;
  const std::string took = Duration(Seconds(Clock::now() - start_));
  const std::string line = fmt::format("{}  {}{} in {}{}", title_, done_, OfTotal(total_, worth_),
                                       took, note_.empty() ? "" : "  " + note_);
  base::LogRemark(terminal_ ? "\r" + line + "\033[K" : line);
}

std::string Progress::Bar(const std::string& title, long done, long total, double elapsed,
                          const std::string& note, Total worth) {
  if (total <= 0) {
    return fmt::format("{}  {}  {}{}", title, done, Duration(elapsed),
                       note.empty() ? "" : "  " + note);
  }
  const double fraction = static_cast<double>(done) / static_cast<double>(std::max(1L, total));
  const int filled = static_cast<int>(fraction * kWidth);
  std::string line =
      fmt::format("{}  [{}{}] {:3.0f} %  {}{}", title, std::string(filled, '#'),
                  std::string(kWidth - filled, '.'), 100 * fraction, done, OfTotal(total, worth));
  if (done > 0 && done < total) {
    line += "  " + Duration(elapsed * (1 / fraction - 1)) + " left";
    if (worth == Total::AtMost) line += " at most";
  }
  if (!note.empty()) line += "  " + note;
  return line;
}

std::string Progress::Duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const long whole = std::lround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace symwave::io
