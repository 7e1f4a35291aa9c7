#include "solvers/fdtd/medium_rows.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::MediumBlock;

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

/// Factors of the curl and of the old field.
std::pair<double, double> FactorsOf(double eps, double conductivity, double dt) {
  base::Require(eps > 0, "an effective permittivity is not positive");
  const double s = 0.5 * conductivity * dt / eps;
  return {1 / (eps * (1 + s)), (1 - s) / (1 + s)};
}

}  // namespace

template <class Real>
MediumRows<Real>::MediumRows(const Lattice& lattice, const domain::MediumMap& media,
                             const IndexBox& held, double dt)
    : held_(held),
      dt_(dt),
      factors_(RoundUp(held.Extent(0), kRowUnit)),
      poles_(held, media.media, dt) {
  const size_t rows = static_cast<size_t>(held.Extent(1)) * held.Extent(2);
  curl_.assign(rows * 3, factors_.Add(std::vector<Real>(RoundUp(held.Extent(0), kRowUnit), 0)));
  keep_ = curl_;
  lossy_.assign(rows, 0);
  for (int k = held.lo[2]; k < held.hi[2]; ++k) {
    IndexBox plane = held;
    plane.lo[2] = k;
    plane.hi[2] = k + 1;
    for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
      if (lattice.Has(e)) AddPlane(lattice, e, media.sample(e, plane));
    }
  }
  poles_.Finish();
}

template <class Real>
void MediumRows<Real>::AddPlane(const Lattice& lattice, Component e, const MediumBlock& block) {
  const int k = block.box.lo[2];
  for (int j = block.box.lo[1]; j < block.box.hi[1]; ++j) {
    AddRow(lattice, e, block, j, k);
    poles_.AddRow(e, block, j, k);
  }
}

template <class Real>
void MediumRows<Real>::AddRow(const Lattice& lattice, Component e, const MediumBlock& block, int j,
                              int k) {
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
    const auto [of_curl, of_old] = FactorsOf(eps, sigma, dt_);
    curl[i] = static_cast<Real>(of_curl);
    keep[i] = static_cast<Real>(of_old);
    lossy = lossy || sigma != 0;
  }
  const size_t index = Index(e, j, k);
  curl_[index] = factors_.Add(curl);
  keep_[index] = factors_.Add(keep);
  if (lossy) lossy_[RowIndex(j, k)] = 1;
}

template <class Real>
typename MediumRows<Real>::OwnRow& MediumRows<Real>::OwnRowOf(size_t index) {
  const auto [found, fresh] = own_.try_emplace(index);
  OwnRow& own = found->second;
  if (!fresh) return own;
  const auto length = static_cast<size_t>(RoundUp(held_.Extent(0), kRowUnit));
  own.curl = Buffer<Real>(length);
  own.keep = Buffer<Real>(length);
  std::copy_n(curl_[index], length, own.curl.Data());
  std::copy_n(keep_[index], length, own.keep.Data());
  curl_[index] = own.curl.Data();
  keep_[index] = own.keep.Data();
  return own;
}

template <class Real>
bool MediumRows<Real>::Absorbs(int j, int k) const {
  for (const Component e : {Component::Ex, Component::Ey, Component::Ez}) {
    const Real* keep = Keep(e, j, k);
    if (std::any_of(keep, keep + held_.Extent(0), [](Real f) { return f != 0 && f != 1; })) {
      return true;
    }
  }
  return false;
}

template <class Real>
std::vector<std::array<int, 2>> MediumRows<Real>::Set(const std::vector<PointMedium>& points) {
  std::vector<std::array<int, 2>> rows;
  for (const PointMedium& medium : points) {
    const auto [i, j, k] = medium.point;
    OwnRow& own = OwnRowOf(Index(medium.component, j, k));
    const auto at = i - held_.lo[0];
    if (own.curl.Data()[at] == 0) continue;  // a wall holds the field at zero
    const auto [of_curl, of_old] = FactorsOf(medium.eps, medium.conductivity, dt_);
    own.curl.Data()[at] = static_cast<Real>(of_curl);
    own.keep.Data()[at] = static_cast<Real>(of_old);
    rows.push_back({j, k});
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const auto& [j, k] : rows) lossy_[RowIndex(j, k)] = Absorbs(j, k) ? 1 : 0;
  return rows;
}

template <class Real>
double MediumRows<Real>::Bytes() const {
  double own = 0;
  for (const auto& [index, row] : own_) own += row.curl.Bytes() + row.keep.Bytes();
  return own + factors_.Bytes() + poles_.Bytes() +
         8.0 * static_cast<double>(curl_.size() + keep_.size());
}

template class MediumRows<float>;
template class MediumRows<double>;

}  // namespace symwave::solvers::fdtd
