#include "solvers/fdtd/recorder.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;

namespace {

/// Boxes with at most two points along an axis that the lattice extends over.
bool IsThin(const domain::Lattice& lattice, const IndexBox& box) {
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    if (box.Extent(d) <= 2) return true;
  }
  return false;
}

}  // namespace

template <class Real>
RunningDft<Real>::RunningDft(const LocalBlock<Real>& block, const IndexBox& owned,
                             const DftRequest& request, double dt)
    : block_(block),
      request_(request),
      box_(Intersect(owned, request.box)),
      dt_(dt),
      thin_(IsThin(block.Lattice(), request.box)) {
  base::Require(request.every >= 1, "a transform takes every n-th step, n >= 1");
  const size_t values =
      static_cast<size_t>(box_.Count()) * request_.components.size() * request_.omegas.size();
  re_.assign(values, 0.0);
  im_.assign(values, 0.0);
}

template <class Real>
void RunningDft<Real>::Prepare(long step, int count) {
  const size_t omegas = request_.omegas.size();
  slot_.assign(static_cast<size_t>(count), -1);
  slots_ = 0;
  for (int stage = 0; stage < count; ++stage) {
    if ((step + stage + 1) % request_.every == 0) slot_[stage] = slots_++;
  }
  if (thin_) {
    samples_.resize(static_cast<size_t>(block_.Parts()) * slots_ * request_.components.size() *
                    static_cast<size_t>(box_.Count()));
  }
  for (int electric = 0; electric < 2; ++electric) {
    phase_re_[electric].resize(omegas * count);
    phase_im_[electric].resize(omegas * count);
    for (int stage = 0; stage < count; ++stage) {
      const double n = static_cast<double>(step + stage) + (electric != 0 ? 1.0 : 0.5);
      for (size_t w = 0; w < omegas; ++w) {
        const double angle = std::fmod(request_.omegas[w] * dt_ * n, 2 * M_PI);
        const double weight = dt_ * request_.every;
        phase_re_[electric][stage * omegas + w] = weight * std::cos(angle);
        phase_im_[electric][stage * omegas + w] = weight * std::sin(angle);
      }
    }
  }
}

template <class Real>
size_t RunningDft<Real>::Start(size_t component, int w, int i, int j, int k) const {
  const size_t point = static_cast<size_t>(box_.Offset(i, j, k));
  const size_t omegas = request_.omegas.size();
  if (thin_) return (component * box_.Count() + point) * omegas + w;
  return (component * omegas + w) * box_.Count() + point;
}

template <class Real>
void RunningDft<Real>::AddRow(size_t component, int part, int stage, const Real* field, int i,
                              int j, int k, int count) {
  if (thin_) {
    const size_t point = static_cast<size_t>(box_.Offset(i, j, k));
    std::copy(field, field + count,
              samples_.begin() + SampleIndex(part, slot_[stage], component, point));
    return;
  }
  const bool electric = domain::IsElectric(request_.components[component]);
  const int omegas = static_cast<int>(request_.omegas.size());
  const size_t phase = static_cast<size_t>(stage) * omegas;
  // The imaginary part of the field adds i (cos + i sin) f = (-sin + i cos) f.
  const double sign = part == 0 ? 1.0 : -1.0;
  double* first = part == 0 ? re_.data() : im_.data();
  double* second = part == 0 ? im_.data() : re_.data();
  for (int w = 0; w < omegas; ++w) {
    const size_t start = Start(component, w, i, j, k);
    KernelsFor<Real>(0).add_points(first + start, second + start, field,
                                   phase_re_[electric][phase + w],
                                   sign * phase_im_[electric][phase + w], count);
  }
}

template <class Real>
void RunningDft<Real>::Add(bool electric, int stage, int j, int k, int begin, int end) {
  if (slot_[stage] < 0) return;
  const int from = std::max(begin, box_.lo[0]);
  const int to = std::min(end, box_.hi[0]);
  if (from >= to) return;
  for (size_t c = 0; c < request_.components.size(); ++c) {
    if (domain::IsElectric(request_.components[c]) != electric) continue;
    for (int part = 0; part < block_.Parts(); ++part) {
      const Real* row = block_.State(part).fields.RowAt(request_.components[c], j, k);
      AddRow(c, part, stage, row + (from - block_.Held().lo[0]), from, j, k, to - from);
    }
  }
}

template <class Real>
void RunningDft<Real>::Finish() {
  if (!thin_ || slots_ == 0) return;
  const auto& kernels = KernelsFor<Real>(0);
  const long omegas = static_cast<long>(request_.omegas.size());
  const size_t points = static_cast<size_t>(box_.Count());
  for (size_t c = 0; c < request_.components.size(); ++c) {
    const bool electric = domain::IsElectric(request_.components[c]);
    for (size_t point = 0; point < points; ++point) {
      double* re = re_.data() + (c * points + point) * omegas;
      double* im = im_.data() + (c * points + point) * omegas;
      for (size_t stage = 0; stage < slot_.size(); ++stage) {
        if (slot_[stage] < 0) continue;
        const double* cosine = phase_re_[electric].data() + stage * omegas;
        const double* sine = phase_im_[electric].data() + stage * omegas;
        for (int part = 0; part < block_.Parts(); ++part) {
          const double value = samples_[SampleIndex(part, slot_[stage], c, point)];
          kernels.add_frequencies(part == 0 ? re : im, part == 0 ? im : re, cosine, sine,
                                  part == 0 ? 1.0 : -1.0, value, omegas);
        }
      }
    }
  }
}

template <class Real>
DftBlock RunningDft<Real>::Result() const {
  DftBlock block;
  block.box = box_;
  block.components = request_.components;
  block.omegas = request_.omegas;
  block.values.resize(re_.size());
  size_t n = 0;
  for (size_t c = 0; c < request_.components.size(); ++c) {
    for (int w = 0; w < static_cast<int>(request_.omegas.size()); ++w) {
      for (int k = box_.lo[2]; k < box_.hi[2]; ++k) {
        for (int j = box_.lo[1]; j < box_.hi[1]; ++j) {
          for (int i = box_.lo[0]; i < box_.hi[0]; ++i) {
            const size_t from = Start(c, w, i, j, k);
            block.values[n++] = {re_[from], im_[from]};
          }
        }
      }
    }
  }
  return block;
}

template <class Real>
Recorder<Real>::Recorder(const LocalBlock<Real>& block, const IndexBox& owned, double dt)
    : block_(block), held_(block.Held()), owned_(owned), dt_(dt) {}

template <class Real>
void Recorder<Real>::Watch(const IndexBox& box) {
  if (box.Empty()) return;
  watched_.resize(static_cast<size_t>(held_.Extent(1)) * held_.Extent(2), 0);
  for (int k = box.lo[2]; k < box.hi[2]; ++k) {
    for (int j = box.lo[1]; j < box.hi[1]; ++j) watched_[RowIndex(j, k)] = 1;
  }
}

template <class Real>
int Recorder<Real>::AddDft(const DftRequest& request) {
  for (const auto c : request.components) {
    base::Require(block_.Lattice().Has(c), "a transform of an absent component");
  }
  transforms_.emplace_back(block_, owned_, request, dt_);
  Watch(transforms_.back().Box());
  return static_cast<int>(transforms_.size()) - 1;
}

template <class Real>
int Recorder<Real>::AddProbe(domain::Component component, const std::array<int, 3>& point) {
  base::Require(block_.Lattice().Has(component), "a probe of an absent component");
  PointProbe probe{component, point, owned_.Contains(point[0], point[1], point[2]), {}};
  if (probe.owned) {
    Watch({point, {point[0] + 1, point[1] + 1, point[2] + 1}});
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
  for (auto& transform : transforms_) transform.Prepare(step, count);
  for (auto& probe : probes_) probe.values.resize(static_cast<size_t>(step + count), 0.0);
}

template <class Real>
void Recorder<Real>::Finish() {
  for (auto& transform : transforms_) transform.Finish();
}

template <class Real>
void Recorder<Real>::RecordRow(bool electric, int stage, int j, int k, int begin, int end) {
  for (auto& transform : transforms_) {
    if (transform.HasRow(j, k)) transform.Add(electric, stage, j, k, begin, end);
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
double Recorder<Real>::Bytes() const {
  double bytes = 0;
  for (const auto& transform : transforms_) bytes += transform.Bytes();
  return bytes;
}

template class RunningDft<float>;
template class RunningDft<double>;
template class Recorder<float>;
template class Recorder<double>;

}  // namespace symwave::solvers::fdtd
