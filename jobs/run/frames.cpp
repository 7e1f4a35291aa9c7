#include "jobs/run/frames.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/try_on_all.hpp"

namespace symwave::jobs::run {

void Frames::Add(FrameTaker taker) {
  takers_.emplace_back(std::move(taker), comm_);
}

bool Frames::Wanted() const {
  return std::any_of(takers_.begin(), takers_.end(),
                     [](const Taker& taker) { return !taker.sinks.empty(); });
}

std::string Frames::KeyThatWants(const std::string& field) const {
  for (const Taker& taker : takers_) {
    if (std::find(taker.fields.begin(), taker.fields.end(), field) != taker.fields.end()) {
      return taker.key;
    }
  }
  return "";
}

long Frames::Next(long done) const {
  long next = std::numeric_limits<long>::max();
  for (const Taker& taker : takers_) {
    const long every = taker.every.count;
    if (every > 0 && !taker.sinks.empty()) next = std::min(next, (done / every + 1) * every);
  }
  return next;
}

Frames::Scope::Scope(Frames& frames, FieldOffer offer) : frames_(frames) {
  base::Require(!frames.offer_, "one offer of fields at a time");
  frames.offer_ = std::move(offer);
  for (Taker& taker : frames.takers_) taker.last = -1;
}

bool Frames::Due(const Taker& taker, long number) {
  if (taker.sinks.empty() || !taker.every.Given() || number <= taker.last) return false;
  return taker.every.seconds > 0 ? taker.clock.Due() : number % taker.every.count == 0;
}

void Frames::StepDone(long done) {
  if (!offer_ || done % offer_->steps != 0) return;
  const long number = done / offer_->steps;
  for (Taker& taker : takers_) {
    if (Due(taker, number)) Show(taker, number);
  }
}

void Frames::LastStepDone(long done) {
  if (!offer_) return;
  for (Taker& taker : takers_) {
    if (!taker.every.Given() && !taker.sinks.empty()) Show(taker, done / offer_->steps);
  }
}

void Frames::Show(Taker& taker, long number) {
  // Not Timers::Measure: the part of the run that `symwave status` names stays what it is.
  const base::Timers::Scope scope(timers_, taker.title);
  const double start = MPI_Wtime();
  taker.last = number;
  for (const io::FieldFrame& frame : offer_->make(number, taker.fields)) {
    Hand(taker, taker.cut.Whole() ? frame : io::Cut(frame, taker.cut));
  }
  taker.clock.Restart();
  ++frames_;
  seconds_ += MPI_Wtime() - start;
}

void Frames::Hand(Taker& taker, const io::FieldFrame& frame) {
  const auto fails = [&](const NamedSink& named) {
    const std::string fault = base::TryOnAll(comm_, [&] { named.sink->Show(comm_, frame); });
    if (!fault.empty()) base::Warn("{} is off: {}; the run goes on", named.name, fault);
    return !fault.empty();
  };
  std::vector<NamedSink>& sinks = taker.sinks;
  sinks.erase(std::remove_if(sinks.begin(), sinks.end(), fails), sinks.end());
}

nlohmann::ordered_json Frames::Summary() const {
  return {{"frames", frames_}, {"frame_seconds", seconds_}};
}

}  // namespace symwave::jobs::run
