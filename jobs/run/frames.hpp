// Fields on their way from the job that has them to those who show or keep them. Jobs offer fields
// and say when a step has ended; what is due then, and where it goes, is known here alone.
#pragma once

#include <mpi.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/base/timer.hpp"
#include "io/checkpoint_store.hpp"
#include "io/field_frame.hpp"
#include "io/frame_cut.hpp"
#include "jobs/deck/frame_options.hpp"

namespace symwave::jobs::run {

/// What is wanted of a frame.
struct FieldRequest {
  std::vector<std::string> names;  ///< of arrays, as deck/frame_names.hpp has them
  bool float64 = false;            ///< FieldArray::float64 of all of them
};

/// What a job can show from now on.
struct FieldOffer {
  /// Collective on the run's communicator: the fields at the moment, of one mesh or more, with the
  /// arrays that are asked for in their order.
  using Make = std::function<std::vector<io::FieldFrame>(long number, const FieldRequest& asked)>;
  Make make;
  long steps = 1;  ///< StepEnd::done that make one of what frames count, an epoch of 10 steps
};

/// A sink with what people call it: "ParaView".
struct NamedSink {
  std::string name;
  std::unique_ptr<io::FrameSink> sink;
};

/// Who takes frames.
struct FrameTaker {
  std::string title;    ///< of the timer: "in situ"
  std::string key;      ///< of the deck: "insitu.fields"
  std::string into;     ///< folder of what is made; "": files named after the meshes
  std::string cheaper;  ///< what the user may do where frames take long: "a larger insitu.every"
  deck::Cadence every;  ///< not given: at the end of an offer alone
  FieldRequest asked;
  io::FrameCut cut;
  std::vector<NamedSink> sinks;
};

/// All members but Wanted, KeyThatWants and Next are collective on the communicator.
class Frames {
 public:
  /// The timers must outlive it.
  Frames(MPI_Comm comm, base::Timers& timers) : comm_(comm), timers_(timers) {}
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  void Add(FrameTaker taker);

  /// Whether anybody takes fields, and that field; a run without pays nothing for what it could
  /// show.
  bool Wanted() const;
  bool Wanted(const std::string& field) const { return !KeyThatWants(field).empty(); }
  /// The key of the deck that asks for a field, "" where none does.
  std::string KeyThatWants(const std::string& field) const;
  /// The first step after `done` at which a frame is due by its count; a number beyond all steps
  /// where none is.
  long Next(long done) const;

  /// Offers fields, one offer at a time, until its end. What they refer to must outlive it.
  class Scope {
   public:
    Scope(Frames& frames, FieldOffer offer);
    ~Scope() { frames_.offer_.reset(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Frames& frames_;
  };
  /// At the end of step `done`: shows what is offered to whom it is due. A sink that throws is
  /// dropped with one warning, and the run goes on.
  void StepDone(long done);
  /// The same with the last fields of an offer, for those who take no others.
  void LastStepDone(long done);

  /// Frames shown in this run and the time that they took, for the summary.
  nlohmann::ordered_json Summary() const;
  /// A line for each who has taken frames: how many, where they are, the time that they took and
  /// its part of the `run` seconds of this process; why there are none where no step was due. Not
  /// collective.
  std::vector<std::string> Lines(double run) const;
  std::vector<std::string> Lines() const { return Lines(MPI_Wtime() - begun_); }
  bool Any() const { return !takers_.empty(); }

 private:
  struct Taker : FrameTaker {
    Taker(FrameTaker given, MPI_Comm comm)
        : FrameTaker(std::move(given)), clock(comm, every.seconds) {}
    io::CheckpointClock clock;
    long last = -1;  ///< number of the last frame of the present offer
    long frames = 0;
    double seconds = 0;
    std::set<std::string> meshes;
    bool told = false;  ///< that frames take long
  };
  static bool Due(const Taker& taker, long number);
  void Show(const std::vector<Taker*>& takers, long number);
  void ShowAlike(const std::vector<Taker*>& takers, long number);
  void Hand(Taker& taker, const io::FieldFrame& frame);
  void TellOfCost(Taker& taker) const;

  MPI_Comm comm_;
  base::Timers& timers_;
  std::vector<Taker> takers_;
  std::optional<FieldOffer> offer_;
  double begun_ = MPI_Wtime();
};

}  // namespace symwave::jobs::run
