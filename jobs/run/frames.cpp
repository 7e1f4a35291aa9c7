#include "jobs/run/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/try_on_all.hpp"

namespace symwave::jobs::run {

namespace {

/// Part of a run from which on the user is told what makes frames cheaper, but not in its first
/// seconds.
constexpr double kDear = 0.1, kEarly = 5;

/// A frame with these of its arrays.
io::FieldFrame WithArrays(const io::FieldFrame& frame, const std::vector<std::string>& names) {
  io::FieldFrame chosen{frame.mesh,      frame.of,          frame.number, frame.time,
                        frame.time_unit, frame.coordinates, frame.part,   {},
                        frame.time_grows};
  for (const std::string& name : names) {
    chosen.arrays.push_back(*std::find_if(frame.arrays.begin(), frame.arrays.end(),
                                          [&](const auto& array) { return array.name == name; }));
  }
  return chosen;
}

}  // namespace

void Frames::Add(FrameTaker taker) {
  takers_.emplace_back(std::move(taker), comm_);
}

bool Frames::Wanted() const {
  return std::any_of(takers_.begin(), takers_.end(),
                     [](const Taker& taker) { return !taker.sinks.empty(); });
}

std::string Frames::KeyThatWants(const std::string& field) const {
  for (const Taker& taker : takers_) {
    const std::vector<std::string>& names = taker.asked.names;
    if (std::find(names.begin(), names.end(), field) != names.end()) return taker.key;
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
  std::vector<Taker*> due;
  for (Taker& taker : takers_) {
    if (Due(taker, number)) due.push_back(&taker);
  }
  Show(due, number);
}

void Frames::LastStepDone(long done) {
  if (!offer_) return;
  std::vector<Taker*> due;
  for (Taker& taker : takers_) {
    if (!taker.every.Given() && !taker.sinks.empty()) due.push_back(&taker);
  }
  Show(due, done / offer_->steps);
}

void Frames::Show(const std::vector<Taker*>& takers, long number) {
  for (const bool float64 : {false, true}) {
    std::vector<Taker*> alike;
    std::copy_if(takers.begin(), takers.end(), std::back_inserter(alike),
                 [&](const Taker* taker) { return taker->asked.float64 == float64; });
    if (!alike.empty()) ShowAlike(alike, number);
  }
}

// What several of them want is made once: a chip solves a block for it.
void Frames::ShowAlike(const std::vector<Taker*>& takers, long number) {
  FieldRequest all{{}, takers.front()->asked.float64};
  for (const Taker* taker : takers) {
    for (const std::string& name : taker->asked.names) {
      if (std::count(all.names.begin(), all.names.end(), name) == 0) all.names.push_back(name);
    }
  }
  const double start = MPI_Wtime();
  std::vector<io::FieldFrame> frames;
  {
    // Not Timers::Measure: the part of the run that `symwave status` names stays what it is.
    const base::Timers::Scope scope(timers_, takers.front()->title);
    frames = offer_->make(number, all);
  }
  const double making = (MPI_Wtime() - start) / static_cast<double>(takers.size());
  for (Taker* taker : takers) {
    const base::Timers::Scope scope(timers_, taker->title);
    const double begin = MPI_Wtime();
    taker->last = number;
    for (const io::FieldFrame& frame : frames) {
      Hand(*taker, takers.size() == 1 ? frame : WithArrays(frame, taker->asked.names));
    }
    taker->clock.Restart();
    taker->seconds += making + MPI_Wtime() - begin;
    if (taker->sinks.empty()) continue;  // the last one has failed
    ++taker->frames;
    TellOfCost(*taker);
  }
}

void Frames::TellOfCost(Taker& taker) const {
  const double run = MPI_Wtime() - begun_;
  if (taker.told || !taker.every.Given() || run < kEarly || taker.seconds < kDear * run) return;
  taker.told = true;
  base::Info("{} takes {:.0f} % of the time so far ({} frame{} of {:.2g} s): cheaper with {}",
             taker.title, 100 * taker.seconds / run, taker.frames, taker.frames == 1 ? "" : "s",
             taker.seconds / static_cast<double>(taker.frames), taker.cheaper);
}

void Frames::Hand(Taker& taker, const io::FieldFrame& frame) {
  io::FieldFrame cut;
  const io::FieldFrame* shown = &frame;
  if (!taker.cut.Whole()) {
    const std::string outside = base::TryOnAll(comm_, [&] { cut = io::Cut(frame, taker.cut); });
    if (!outside.empty()) {
      base::Warn("{} is off: {}; the run goes on", taker.title, outside);
      return taker.sinks.clear();
    }
    shown = &cut;
  }
  const auto fails = [&](const NamedSink& named) {
    const std::string fault = base::TryOnAll(comm_, [&] { named.sink->Show(comm_, *shown); });
    if (!fault.empty()) base::Warn("{} is off: {}; the run goes on", named.name, fault);
    return !fault.empty();
  };
  taker.meshes.insert(frame.mesh);
  std::vector<NamedSink>& sinks = taker.sinks;
  sinks.erase(std::remove_if(sinks.begin(), sinks.end(), fails), sinks.end());
}

nlohmann::ordered_json Frames::Summary() const {
  long frames = 0;
  double seconds = 0;
  for (const Taker& taker : takers_) {
    frames += taker.frames;
    seconds += taker.seconds;
  }
  return {{"frames", frames}, {"frame_seconds", seconds}};
}

std::vector<std::string> Frames::Lines(double run) const {
  std::vector<std::string> lines;
  for (const Taker& taker : takers_) {
    if (taker.frames == 0 && !taker.sinks.empty()) {
      lines.push_back(
          fmt::format("{}: no frame, as the run ended before the first was due", taker.title));
    }
    if (taker.frames == 0) continue;
    std::string names = *taker.meshes.begin() + (taker.into.empty() ? ".xmf" : "");
    if (taker.meshes.size() > 1) names += fmt::format(" and {} more", taker.meshes.size() - 1);
    lines.push_back(
        fmt::format("{}: {} frame{} {}, {:.2g} s, {:.2g} % of the run", taker.title, taker.frames,
                    taker.frames == 1 ? "" : "s",
                    taker.into.empty() ? "in " + names : "of " + names + " in " + taker.into,
                    taker.seconds, 100 * taker.seconds / run));
  }
  return lines;
}

}  // namespace symwave::jobs::run
