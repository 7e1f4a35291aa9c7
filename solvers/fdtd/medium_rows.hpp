// Media of one rank as rows of update factors. Equal rows are stored once: a planar chip has few
// different ones, so that the media cost next to no memory and stay in the cache.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/storage.hpp"

namespace symwave::solvers::fdtd {

/// Rows of equal length, each kept once.
template <class Real>
class RowDictionary {
 public:
  explicit RowDictionary(int length) : length_(length) {}
  /// The stored copy of the row; stays where it is.
  const Real* Add(const std::vector<Real>& row);
  double Bytes() const;

 private:
  static constexpr size_t kRowsPerChunk = 64;
  int length_;
  size_t count_ = 0;
  std::vector<Buffer<Real>> chunks_;
  std::unordered_multimap<std::uint64_t, const Real*> by_hash_;
};

/// Consecutive points of a row in which one dispersive medium has a share.
template <class Real>
struct PolarizedRun {
  domain::Component component = domain::Component::Ex;
  int begin = 0;  ///< from the first held point
  int end = 0;
  int medium = 0;
  std::vector<Real> share;
  size_t state = 0;  ///< start of its polarisations: per pole (end - begin) P, then as many dP
};

/// Recursion of one pole:  dP <- memory dP - spring P + drive share E,  P <- P + dP, which is
///   P'' + damping P' + frequency^2 P = strength E
/// with central differences; dP is P^{n+1} - P^n.
template <class Real>
struct PoleFactors {
  Real memory = 0;
  Real spring = 0;
  Real drive = 0;
};

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

  /// Runs of row (j, k): [first, last).
  const PolarizedRun<Real>* RunsBegin(int j, int k) const {
    return runs_.data() + first_run_[RowIndex(j, k)];
  }
  const PolarizedRun<Real>* RunsEnd(int j, int k) const {
    return runs_.data() + first_run_[RowIndex(j, k) + 1];
  }
  bool Dispersive() const { return !runs_.empty(); }
  const std::vector<PoleFactors<Real>>& Poles(int medium) const { return poles_[medium]; }
  /// Values of polarisation that all runs need.
  size_t PolarizationCount() const { return polarization_count_; }

  double Bytes() const;

 private:
  size_t RowIndex(int j, int k) const {
    return static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]);
  }
  size_t Index(domain::Component e, int j, int k) const {
    return RowIndex(j, k) * 3 + static_cast<size_t>(e);
  }
  void AddPlane(const domain::Lattice& lattice, domain::Component e,
                const domain::MediumBlock& block, double dt);
  void AddRow(const domain::Lattice& lattice, domain::Component e, const domain::MediumBlock& block,
              int j, int k, double dt);
  void AddRuns(domain::Component e, const domain::MediumBlock& block, int j, int k);
  void SortRuns();

  domain::IndexBox held_;
  RowDictionary<Real> factors_;
  std::vector<const Real*> curl_, keep_;
  std::vector<std::uint8_t> lossy_;
  std::vector<std::vector<PoleFactors<Real>>> poles_;
  std::vector<PolarizedRun<Real>> runs_;
  std::vector<size_t> run_row_;    ///< while building
  std::vector<size_t> first_run_;  ///< per row, one more at the end
  size_t polarization_count_ = 0;
};

}  // namespace symwave::solvers::fdtd
