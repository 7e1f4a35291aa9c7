// S-matrices of parts of devices that are known: no part is solved twice, on whatever chip it lies.
#pragma once

#include <Eigen/Dense>
#include <array>
#include <cstdint>
#include <map>

#include "domain/base/state_archive.hpp"
#include "training/chip/chip.hpp"

namespace symwave::training::chip {

/// Of all that the S-matrix of a part follows from: lattice, media (to 1e-9 of eps), ports,
/// wavelength and the way it is solved; not of where the part lies.
using PartKey = std::array<std::uint64_t, 2>;

/// The same on any number of ranks. Collective on part.comm.
PartKey KeyOf(const ChipOptions& chip, const solvers::fdfd::DeviceDescription& part);

struct KnownPart {
  Eigen::MatrixXcd s;
  double residual = 0;  ///< the largest of its solves
};

/// The same on every rank of the chips that share it.
class PartStore {
 public:
  /// Null: not known.
  const KnownPart* Find(const PartKey& key) const {
    const auto found = known_.find(key);
    return found == known_.end() ? nullptr : &found->second;
  }
  void Keep(const PartKey& key, const KnownPart& part) { known_[key] = part; }
  size_t Size() const { return known_.size(); }
  /// As "parts/...". Collective on archive.Comm().
  void SaveOrRestore(base::StateArchive& archive);

 private:
  std::map<PartKey, KnownPart> known_;
};

}  // namespace symwave::training::chip
