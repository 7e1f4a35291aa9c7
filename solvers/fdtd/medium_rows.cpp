#include "solvers/fdtd/medium_rows.hpp"

#include <algorithm>
#include <numeric>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::MediumBlock;

template <class Real>
const Real* RowDictionary<Real>::Add(const std::vector<Real>& row) {
  std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a over the values' bits
  for (const Real value : row) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    hash = (hash ^ bits) * 1099511628211ULL;
  }
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (std::equal(row.begin(), row.end(), it->second)) return it->second;
  }
  if (count_ % kRowsPerChunk == 0) {
    chunks_.emplace_back(kRowsPerChunk * length_);
  }
  Real* stored = chunks_.back().Data() + count_ % kRowsPerChunk * length_;
  ++count_;
  std::copy(row.begin(), row.end(), stored);
  by_hash_.emplace(hash, stored);
  return stored;
}

template <class Real>
double RowDictionary<Real>::Bytes() const {
  double bytes = 0;
  for (const auto& chunk : chunks_) bytes += chunk.Bytes();
  return bytes;
}

namespace {

/// Index 0..Cells of a tangential or normal component on an axis that ends in walls: does an
/// electric wall, or the end of the lattice, hold the field at zero there?
bool HeldAtZero(const Lattice& lattice, Component e, int axis, int i) {
  if (lattice.Periodic(axis)) return false;
  const int cells = lattice.Cells(axis);
  if (lattice.StaggerOf(e, axis) == domain::Stagger::Centre) return i < 0 || i >= cells;
  if (i == 0) return lattice.End(axis, 0).wall == domain::Wall::Pec;
  if (i == cells) return lattice.End(axis, 1).wall == domain::Wall::Pec;
  return i < 0 || i > cells;
}

template <class Real>
std::vector<PoleFactors<Real>> FactorsOf(const domain::Medium& medium, double dt) {
  std::vector<PoleFactors<Real>> factors;
  for (const domain::Pole& pole : medium.poles) {
    const double loss = 0.5 * pole.damping * dt;
    factors.push_back({static_cast<Real>((1 - loss) / (1 + loss)),
                       static_cast<Real>(pole.frequency * pole.frequency * dt * dt / (1 + loss)),
                       static_cast<Real>(pole.strength * dt * dt / (1 + loss))});
  }
  return factors;
}

}  // namespace

template <class Real>
MediumRows<Real>::MediumRows(const Lattice& lattice, const domain::MediumMap& media,
                             const IndexBox& held, double dt)
    : held_(held), factors_(RoundUp(held.Extent(0), kRowUnit)) {
  const size_t rows = static_cast<size_t>(held.Extent(1)) * held.Extent(2);
  curl_.assign(rows * 3, factors_.Add(std::vector<Real>(RoundUp(held.Extent(0), kRowUnit), 0)));
  keep_ = curl_;
  lossy_.assign(rows, 0);
  for (const domain::Medium& medium : media.media) poles_.push_back(FactorsOf<Real>(medium, dt));
  for (int k = held.lo[2]; k < held.hi[2]; ++k) {
    IndexBox plane = held;
    plane.lo[2] = k;
    plane.hi[2] = k + 1;
    for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
      if (lattice.Has(e)) AddPlane(lattice, e, media.sample(e, plane), dt);
    }
  }
  SortRuns();
}

template <class Real>
void MediumRows<Real>::AddPlane(const Lattice& lattice, Component e, const MediumBlock& block,
                                double dt) {
  const int k = block.box.lo[2];
  for (int j = block.box.lo[1]; j < block.box.hi[1]; ++j) {
    AddRow(lattice, e, block, j, k, dt);
    AddRuns(e, block, j, k);
  }
}

template <class Real>
void MediumRows<Real>::AddRow(const Lattice& lattice, Component e, const MediumBlock& block, int j,
                              int k, double dt) {
  const int nx = held_.Extent(0);
  const long start = block.box.Offset(held_.lo[0], j, k);
  const bool row_at_zero = HeldAtZero(lattice, e, 1, j) || HeldAtZero(lattice, e, 2, k);
  std::vector<Real> curl(RoundUp(nx, kRowUnit), 0);
  std::vector<Real> keep(curl.size(), 0);
  bool lossy = false;
  for (int i = 0; i < nx; ++i) {
    if (row_at_zero || HeldAtZero(lattice, e, 0, held_.lo[0] + i)) continue;
    const double eps = block.eps[start + i];
    const double sigma = block.conductivity.empty() ? 0.0 : block.conductivity[start + i];
    base::Require(eps > 0, "an effective permittivity is not positive");
    const double s = 0.5 * sigma * dt / eps;
    curl[i] = static_cast<Real>(1 / (eps * (1 + s)));
    keep[i] = static_cast<Real>((1 - s) / (1 + s));
    lossy = lossy || sigma != 0;
  }
  const size_t index = Index(e, j, k);
  curl_[index] = factors_.Add(curl);
  keep_[index] = factors_.Add(keep);
  if (lossy) lossy_[RowIndex(j, k)] = 1;
}

template <class Real>
void MediumRows<Real>::AddRuns(Component e, const MediumBlock& block, int j, int k) {
  const int nx = held_.Extent(0);
  const long start = block.box.Offset(held_.lo[0], j, k);
  for (const auto& dispersive : block.dispersive) {
    const size_t poles = poles_[dispersive.medium].size();
    const double* share = dispersive.share.data() + start;
    for (int begin = 0; begin < nx; ++begin) {
      if (share[begin] == 0) continue;
      int end = begin;
      while (end < nx && share[end] != 0) ++end;
      PolarizedRun<Real> run;
      run.component = e;
      run.begin = begin;
      run.end = end;
      run.medium = dispersive.medium;
      run.share.assign(share + begin, share + end);
      run.state = polarization_count_;
      polarization_count_ += 2 * poles * static_cast<size_t>(end - begin);
      runs_.push_back(std::move(run));
      run_row_.push_back(RowIndex(j, k));
      begin = end;
    }
  }
}

template <class Real>
void MediumRows<Real>::SortRuns() {
  const size_t rows = static_cast<size_t>(held_.Extent(1)) * held_.Extent(2);
  std::vector<size_t> order(runs_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [this](size_t a, size_t b) { return run_row_[a] < run_row_[b]; });
  std::vector<PolarizedRun<Real>> sorted;
  sorted.reserve(runs_.size());
  first_run_.assign(rows + 1, 0);
  for (const size_t r : order) {
    ++first_run_[run_row_[r] + 1];
    sorted.push_back(std::move(runs_[r]));
  }
  std::partial_sum(first_run_.begin(), first_run_.end(), first_run_.begin());
  runs_ = std::move(sorted);
  run_row_.clear();
}

template <class Real>
double MediumRows<Real>::Bytes() const {
  double bytes = factors_.Bytes() + 8.0 * static_cast<double>(curl_.size() + keep_.size());
  for (const auto& run : runs_) {
    bytes += static_cast<double>(sizeof(run) + run.share.size() * sizeof(Real));
  }
  return bytes;
}

template class RowDictionary<float>;
template class RowDictionary<double>;
template class MediumRows<float>;
template class MediumRows<double>;

}  // namespace symwave::solvers::fdtd
