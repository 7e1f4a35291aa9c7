// How far a long piece of work is, on stderr of rank 0: a bar with the remaining time on a
// terminal, a line elsewhere, after 10 s and a tenth of the work each.
#pragma once

#include <mpi.h>

#include <chrono>
#include <functional>
#include <string>

namespace symwave::io {

/// What the total of a piece of work is worth: work that ends by its own results has an estimate or
/// a bound.
enum class Total { Exact, About, AtMost };

/// "exact", "about", "at most"; back from such a word, exact from any other.
std::string WorthName(Total worth);
Total WorthOf(const std::string& name);

/// "/48", " of about 48", " of at most 48"; "" where the total is 0, not known.
std::string OfTotal(long total, Total worth);

/// What a Progress tells whoever keeps the status of a run, on rank 0 at every step.
using ProgressObserver =
    std::function<void(const std::string& title, long done, long total, Total worth)>;

/// Not collective: ranks other than 0 do nothing.
class Progress {
 public:
  Progress(MPI_Comm comm, std::string title, long total, ProgressObserver observer = nullptr);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `note` stands at the end of the line, such as "loss 0.31".
  void Step(const std::string& note = "") { Set(done_ + 1, note); }
  void Set(long done, const std::string& note = "");
  /// A better estimate of the total; 0: not known, the line then has no share and no time left.
  void Expect(long total, Total worth = Total::Exact) {
    total_ = total > 0 ? total : 0;
    worth_ = worth;
  }
  /// The work was done earlier than expected: what is done is the total.
  void EndHere();
  /// Last line with the total time; the destructor calls it, too.
  void Finish();

  /// "iris  [#####.....]  50 %  75/150  1:02 min left  loss 0.31"; `elapsed` seconds for `done`.
  /// Of an unknown total (0) "iris  75  1:02 min  loss 0.31".
  static std::string Bar(const std::string& title, long done, long total, double elapsed,
                         const std::string& note, Total worth = Total::Exact);
  /// "0.8 s", "42 s", "1:02 min", "2:03:04 h".
  static std::string Duration(double seconds);

 private:
  using Clock = std::chrono::steady_clock;
  void Print(const std::string& note);

  bool active_ = false;
  bool terminal_ = false;
  bool finished_ = false;
  std::string title_;
  ProgressObserver observer_;
  std::string note_;
  long total_ = 0;
  Total worth_ = Total::Exact;
  long done_ = 0;
  long first_ = -1;  ///< `done` of the first report: a resumed run does not start at zero
  long printed_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_print_ = start_;
};

}  // namespace symwave::io
