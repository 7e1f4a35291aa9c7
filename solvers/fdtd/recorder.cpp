#include "solvers/fdtd/recorder.hpp"

#include "domain/base/error.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;

template <class Real>
Recorder<Real>::Recorder(const LocalBlock<Real>& block, const IndexBox& owned, double dt, int steps,
                         int threads)
    : block_(block),
      held_(block.Held()),
      owned_(owned),
      dt_(dt),
      steps_(steps),
      threads_(threads) {}

template <class Real>
void Recorder<Real>::Watch(const IndexBox& box, Watcher watcher) {
  if (box.Empty()) return;
  watched_.resize(static_cast<size_t>(held_.Extent(1)) * held_.Extent(2), 0);
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) watched_[RowIndex(j, k)] |= watcher;
  }
}

template <class Real>
int Recorder<Real>::AddDft(const DftRequest& request) {
  for (const auto c : request.components) {
    base::Require(block_.Lattice().Has(c), "a transform of an absent component");
  }
  transforms_.emplace_back(block_, owned_, request, dt_, steps_);
  Watch(transforms_.back().Box(), kTransform);
  return static_cast<int>(transforms_.size()) - 1;
}

template <class Real>
int Recorder<Real>::AddProbe(domain::Component component, const std::array<int, 3>& point) {
  base::Require(block_.Lattice().Has(component), "a probe of an absent component");
  PointProbe probe{component, point, owned_.Contains(point[0], point[1], point[2]), {}};
  if (probe.owned) {
    Watch({point, {point[0] + 1, point[1] + 1, point[2] + 1}}, kProbe);
  }
  probes_.push_back(std::move(probe));
  return static_cast<int>(probes_.size()) - 1;
}

template <class Real>
void Recorder<Real>::Clear() {
  transforms_.clear();
  probes_.clear();
  watched_.clear();
}

template <class Real>
void Recorder<Real>::Prepare(long step, int count) {
  step_ = step;
  asked_.assign(static_cast<size_t>(count), probes_.empty() ? 0 : kProbe);
  for (auto& transform : transforms_) {
    transform.Prepare(step, count, threads_);
    for (int stage = 0; stage < count; ++stage) {
      if (transform.Takes(stage)) asked_[stage] |= kTransform;
    }
  }
  for (auto& probe : probes_) probe.values.resize(static_cast<size_t>(step + count), 0.0);
}

template <class Real>
void Recorder<Real>::RecordRow(bool electric, int stage, int j, int k, int begin, int end) {
  for (auto& transform : transforms_) {
    if (transform.Takes(stage) && transform.HasRow(j, k)) {
      transform.Add(electric, stage, j, k, begin, end);
    }
  }
  for (auto& probe : probes_) {
    const auto& [i, pj, pk] = probe.point;
    if (!probe.owned || pj != j || pk != k || i < begin || i >= end) continue;
    if (domain::IsElectric(probe.component) != electric) continue;
    const Real* row = block_.State(0).fields.RowAt(probe.component, j, k);
    probe.values[static_cast<size_t>(step_ + stage)] = row[i - held_.lo[0]];
  }
}

template <class Real>
void Recorder<Real>::SaveOrRestore(base::StateArchive& archive, const std::string& name,
                                   long step) {
  std::vector<double> places;
  for (const PointProbe& probe : probes_) {
    places.push_back(static_cast<double>(probe.component));
    places.insert(places.end(), probe.point.begin(), probe.point.end());
  }
  RequireSame(archive, name + "/probes/places", places, "the probes");
  RequireSame(archive, name + "/transforms/count", {static_cast<double>(transforms_.size())},
              "the monitors");
  for (size_t n = 0; n < transforms_.size(); ++n) {
    transforms_[n].SaveOrRestore(archive, name + "/transforms/" + std::to_string(n), threads_);
  }
  for (size_t n = 0; n < probes_.size() && step > 0; ++n) {
    PointProbe& probe = probes_[n];
    const auto steps = static_cast<std::uint64_t>(step);
    probe.values.resize(steps, 0.0);
    archive.Array(name + "/probes/" + std::to_string(n), probe.values.data(),
                  {{steps}, {0}, {probe.owned ? steps : 0}});
  }
}

template <class Real>
double Recorder<Real>::Bytes() const {
  double bytes = 0;
  for (const auto& transform : transforms_) bytes += transform.Bytes();
  return bytes;
}

template class Recorder<float>;
template class Recorder<double>;

}  // namespace symwave::solvers::fdtd
