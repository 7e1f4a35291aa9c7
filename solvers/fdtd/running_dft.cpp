#include "solvers/fdtd/running_dft.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/saved_state.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;

template <class Real>
RunningDft<Real>::RunningDft(const LocalBlock<Real>& block, const IndexBox& owned,
                             const DftRequest& request, double dt, int steps)
    : block_(block),
      request_(request),
      box_(Intersect(owned, request.box)),
      dt_(dt),
      points_(static_cast<size_t>(box_.Count())),
      by_point_(2 * request.omegas.size() >= 8) {
  base::Require(request.every >= 0, "a transform takes every n-th step, n >= 1, or 0: chosen");
  if (request.every == 0) {
    const auto& omegas = request.omegas;
    const double highest = omegas.empty() ? 0 : *std::max_element(omegas.begin(), omegas.end());
    request_.every = StepsBetweenSamples(highest, dt);
  }
  // The buffer is not larger than the sums, unless the samples of one block of steps need more.
  constexpr int kMost = 32;
  const int parts = block.Parts();
  const auto like_sums = static_cast<int>(Columns() * sizeof(double) / sizeof(Real)) / parts;
  room_ = std::max(std::min(kMost, like_sums), (steps + request_.every - 1) / request_.every);
  // An odd number of cache lines, so that the samples of a point fall into different cache sets.
  constexpr long kLine = 64 / sizeof(Real);
  const size_t components = request.components.size();
  stride_ = (static_cast<long>(components * points_) / kLine | 1) * kLine;
  if (stride_ < static_cast<long>(components * points_)) stride_ += 2 * kLine;
  if (box_.Empty()) return;
  for (size_t c = 0; c < components; ++c) {
    const domain::Component component = request_.components[c];
    channels_[domain::IsElectric(component)].push_back(
        {block.State(0).fields.Offset(component), static_cast<long>(c * points_)});
  }
  samples_ = Buffer<Real>(static_cast<size_t>(stride_) * room_ * parts);
  sums_ = Buffer<double>(components * points_ * Columns());
}

template <class Real>
void RunningDft<Real>::AppendFactors(long step) {
  const double weight = dt_ * request_.every;
  for (const int electric : {0, 1}) {
    const double n = static_cast<double>(step) + (electric != 0 ? 1.0 : 0.5);
    std::vector<double> cosine, sine;
    for (const double omega : request_.omegas) {
      const double angle = std::fmod(omega * dt_ * n, 2 * M_PI);
      cosine.push_back(weight * std::cos(angle));
      sine.push_back(weight * std::sin(angle));
    }
    std::vector<double>& factors = factors_[electric];
    factors.insert(factors.end(), cosine.begin(), cosine.end());
    factors.insert(factors.end(), sine.begin(), sine.end());
    if (block_.Parts() == 1) continue;
    // The imaginary part of the field adds i (cos + i sin) f = (-sin + i cos) f.
    for (const double value : sine) factors.push_back(-value);
    factors.insert(factors.end(), cosine.begin(), cosine.end());
  }
}

template <class Real>
void RunningDft<Real>::Prepare(long step, int count, int threads) {
  const auto taken = [&](int stage) {
    return step + stage >= request_.first && (step + stage + 1) % request_.every == 0;
  };
  int incoming = 0;
  for (int stage = 0; stage < count; ++stage) incoming += taken(stage) ? 1 : 0;
  if (static_cast<int>(sampled_.size()) + incoming > room_) Flush(threads);
  slot_.assign(static_cast<size_t>(count), -1);
  for (int stage = 0; stage < count; ++stage) {
    if (!taken(stage)) continue;
    const int slot = AddSlot(step + stage);
    if (!box_.Empty()) slot_[stage] = slot;
  }
}

template <class Real>
int RunningDft<Real>::AddSlot(long step) {
  sampled_.push_back(step);
  AppendFactors(step);
  return static_cast<int>(sampled_.size()) - 1;
}

template <class Real>
void RunningDft<Real>::Add(bool electric, int stage, int j, int k, int begin, int end) {
  const int from = std::max(begin, box_.lo[0]);
  const int count = std::min(end, box_.hi[0]) - from;
  if (count <= 0 || channels_[electric].empty()) return;
  const int parts = block_.Parts();
  Real* to = samples_.Data() + slot_[stage] * parts * stride_ + box_.Offset(from, j, k);
  for (int part = 0; part < parts; ++part, to += stride_) {
    const Real* row = block_.State(part).fields.Base(j, k) + (from - block_.Held().lo[0]);
    for (const Channel& channel : channels_[electric]) {
      if (count == 1) {
        // A sweep comes to the same row of the next plane soon, after much else.
        __builtin_prefetch(to + channel.sample + box_.Extent(1), 1, 2);
        to[channel.sample] = row[channel.field];
      } else {
        std::copy_n(row + channel.field, count, to + channel.sample);
      }
    }
  }
}

template <class Real>
void RunningDft<Real>::Flush(int threads) {
  constexpr long kPoints = 48 * 16;
  const auto points = static_cast<long>(points_);
  const auto columns = static_cast<long>(Columns());
  const long chunks = (points + kPoints - 1) / kPoints;
  const auto components = static_cast<long>(request_.components.size());
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (long n = 0; n < components * chunks; ++n) {
    const long c = n / chunks, begin = n % chunks * kPoints;
    const bool electric = domain::IsElectric(request_.components[static_cast<size_t>(c)]);
    const SampleBatch<Real> batch{samples_.Data() + c * points, stride_,
                                  static_cast<long>(sampled_.size()) * block_.Parts(),
                                  factors_[electric].data(), columns};
    const TransformSums sums{sums_.Data() + c * points * columns, by_point_ ? columns : points,
                             by_point_};
    KernelsFor<Real>(0).add_samples(batch, sums, begin, std::min(points, begin + kPoints));
  }
  sampled_.clear();
  for (auto& factors : factors_) factors.clear();
}

template <class Real>
std::vector<double> RunningDft<Real>::RequestedNumbers() const {
  std::vector<double> numbers(request_.omegas);
  for (int d = 0; d < 3; ++d) {
    numbers.push_back(request_.box.lo[d]);
    numbers.push_back(request_.box.hi[d]);
  }
  for (const domain::Component c : request_.components) numbers.push_back(static_cast<double>(c));
  numbers.push_back(request_.every);
  numbers.push_back(static_cast<double>(request_.first));
  return numbers;
}

template <class Real>
void RunningDft<Real>::SaveOrRestore(base::StateArchive& archive, const std::string& name,
                                     int threads) {
  RequireSame(archive, name + "/request", RequestedNumbers(), "the monitors");
  std::vector<std::int64_t> sampled = sampled_;
  archive.Values(name + "/sampled_steps", sampled);
  if (archive.Restoring()) {
    Flush(threads);
    room_ = std::max(room_, static_cast<int>(sampled.size()));
    if (!box_.Empty()) {
      samples_ = Buffer<Real>(static_cast<size_t>(stride_) * room_ * block_.Parts());
    }
    for (const std::int64_t step : sampled) AddSlot(step);
  }
  if (Intersect(request_.box, block_.Lattice().AllPoints()).Empty()) return;
  if (Columns() > 0) SaveOrRestoreSums(archive, name + "/sums");
  if (!sampled.empty()) SaveOrRestoreSamples(archive, name + "/samples");
}

// The sums lie in memory as they do in the archive.
template <class Real>
void RunningDft<Real>::SaveOrRestoreSums(base::StateArchive& archive, const std::string& name) {
  base::ArrayPart part = PartOf(box_, Intersect(request_.box, block_.Lattice().AllPoints()));
  part = by_point_ ? WithLast(part, Columns()) : WithFirst(part, Columns());
  archive.Array(name, sums_.Data(), WithFirst(part, request_.components.size()));
}

// Samples are padded, so that those of a transform are copied.
template <class Real>
void RunningDft<Real>::SaveOrRestoreSamples(base::StateArchive& archive, const std::string& name) {
  const size_t samples = sampled_.size() * static_cast<size_t>(block_.Parts());
  const size_t length = request_.components.size() * points_;
  const std::unique_ptr<Real[]> copy(new Real[samples * length]);
  for (size_t s = 0; s < samples && length > 0 && !archive.Restoring(); ++s) {
    std::copy_n(samples_.Data() + s * stride_, length, copy.get() + s * length);
  }
  base::ArrayPart part = PartOf(box_, Intersect(request_.box, block_.Lattice().AllPoints()));
  part = WithFirst(part, request_.components.size());
  archive.Array(name, copy.get(), WithFirst(part, samples));
  for (size_t s = 0; s < samples && length > 0 && archive.Restoring(); ++s) {
    std::copy_n(copy.get() + s * length, length, samples_.Data() + s * stride_);
  }
}

template <class Real>
DftBlock RunningDft<Real>::Result(int threads) {
  Flush(threads);
  DftBlock block;
  block.box = box_;
  block.components = request_.components;
  block.omegas = request_.omegas;
  const size_t omegas = request_.omegas.size();
  block.values.reserve(request_.components.size() * omegas * points_);
  const size_t column = by_point_ ? 1 : points_, point = by_point_ ? Columns() : 1;
  for (size_t c = 0; c < request_.components.size(); ++c) {
    const double* sums = sums_.Data() + c * points_ * Columns();
    for (size_t w = 0; w < omegas; ++w) {
      for (size_t p = 0; p < points_; ++p) {
        const double* at = sums + p * point + w * column;
        block.values.emplace_back(at[0], at[omegas * column]);
      }
    }
  }
  return block;
}

template <class Real>
double RunningDft<Real>::Bytes() const {
  return samples_.Bytes() + sums_.Bytes() +
         8.0 * static_cast<double>(factors_[0].capacity() + factors_[1].capacity());
}

template class RunningDft<float>;
template class RunningDft<double>;

}  // namespace symwave::solvers::fdtd
