// The end of a job that cannot come to its end on all ranks.
#pragma once

#include <string>

namespace symwave::base {

/// Prints `message` (nothing when empty), once, and ends all ranks of the job with exit code 1,
/// wherever they are. May be called by any rank and thread.
[[noreturn]] void EndJob(const std::string& message) noexcept;

/// Prints `error: ...` or another last message on stderr.
void PrintLast(const std::string& message);

/// Remembers the sentence of the newest error, for the case that its rank gets stuck.
void RememberError(const char* message) noexcept;

/// Ends the job when this process fails where no exception handler can help: an exception that
/// leaves a thread or a destructor, an error inside MPI, a library that calls exit(), or a rank
/// that gets stuck while an exception unwinds it. To be called once, by the main thread, with MPI
/// at work.
void WatchOverProcess();

/// From now on the process has `seconds` to end; after that the job is ended.
void EndWithin(double seconds);

/// Ends the job with `message` when the object lives longer than `seconds`: around what may wait
/// for ranks that never come. One at a time, of the main thread.
class Deadline {
 public:
  Deadline(double seconds, const std::string& message);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
};

/// To be called before MPI_Finalize returns the process to its own end.
void StopWatching();

}  // namespace symwave::base
