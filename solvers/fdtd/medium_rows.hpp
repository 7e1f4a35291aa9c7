// Media of one rank as rows of update factors. Equal rows are stored once: a planar chip has few
// different ones, so that the media cost next to no memory and stay in the cache.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/pole_rows.hpp"
#include "solvers/fdtd/row_dictionary.hpp"
#include "solvers/fdtd/storage.hpp"

namespace symwave::solvers::fdtd {

template <class Real>
class MediumRows {
 public:
  /// Samples the media for the points of `held`, plane by plane.
  MediumRows(const domain::Lattice& lattice, const domain::MediumMap& media,
             const domain::IndexBox& held, double dt);

  /// 1 / (eps (1 + s)), s = conductivity dt / (2 eps): factor of the curl; zero on electric walls.
  const Real* Curl(domain::Component e, int j, int k) const { return curl_[Index(e, j, k)]; }
  /// (1 - s) / (1 + s): factor of the old field, in lossy rows.
  const Real* Keep(domain::Component e, int j, int k) const { return keep_[Index(e, j, k)]; }
  /// A hint that the factors of row (j, k) will be asked for soon.
  void Prefetch(int j, int k) const {
    __builtin_prefetch(&curl_[Index(domain::Component::Ex, j, k)], 0, 2);
  }
  bool Lossy(int j, int k) const { return lossy_[RowIndex(j, k)] != 0; }

  /// Other values at held points; the rows (j, k) that have changed.
  std::vector<std::array<int, 2>> Set(const std::vector<PointMedium>& points);

  const PoleRows<Real>& Poles() const { return poles_; }

  double Bytes() const;

 private:
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  size_t Index(domain::Component e, int j, int k) const {
    return RowIndex(j, k) * 3 + static_cast<size_t>(e);
  }
  void AddPlane(const domain::Lattice& lattice, domain::Component e,
                const domain::MediumBlock& block);
  void AddRow(const domain::Lattice& lattice, domain::Component e, const domain::MediumBlock& block,
              int j, int k);

  /// Factors of a row that changes: a copy of its own.
  struct OwnRow {
    Buffer<Real> curl, keep;
  };
  OwnRow& OwnRowOf(size_t index);
  bool Absorbs(int j, int k) const;

  domain::IndexBox held_;
  double dt_;
  RowDictionary<Real> factors_;
  std::vector<const Real*> curl_, keep_;
  std::vector<std::uint8_t> lossy_;
  std::map<size_t, OwnRow> own_;  ///< by Index()
  PoleRows<Real> poles_;
};

}  // namespace symwave::solvers::fdtd
