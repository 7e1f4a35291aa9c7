#include "training/chip/part_store.hpp"

#include <cmath>
#include <complex>
#include <cstring>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/random.hpp"

namespace symwave::training::chip {

using domain::Component;
using solvers::fdfd::DeviceDescription;

namespace {

constexpr std::uint64_t kFormat = 1;  // of what a key is made of

/// Two streams, so that keys of different parts do not meet.
class KeyMaker {
 public:
  explicit KeyMaker(std::uint64_t stream) : key_{stream, ~stream} {}

  void Add(std::uint64_t value) {
    for (std::uint64_t& half : key_) half = base::MixSeed(half, value + 1);
  }
  void Add(int value) { Add(static_cast<std::uint64_t>(value)); }
  /// To 1e-9: the same part at another place differs by rounding.
  void Add(double value) { Add(static_cast<std::uint64_t>(std::llround(1e9 * value))); }
  /// Beyond all limits, or exact.
  void AddBits(double value) {
    std::uint64_t bits = 0;
    static_assert(sizeof(bits) == sizeof(value));
    std::memcpy(&bits, &value, sizeof(bits));
    Add(bits);
  }
  void Add(domain::Complex value) {
    Add(value.real());
    Add(value.imag());
  }
  const PartKey& Key() const { return key_; }

 private:
  PartKey key_;
};

void AddLattice(const domain::Lattice& lattice, KeyMaker& key) {
  key.Add(static_cast<int>(lattice.Fields()));
  for (int axis = 0; axis < 3; ++axis) {
    for (int i = 0; i < lattice.Cells(axis); ++i) key.Add(lattice.CellWidth(axis, i));
    for (const int side : {0, 1}) {
      key.Add(static_cast<int>(lattice.End(axis, side).wall));
      key.Add(lattice.End(axis, side).pml_cells);
    }
  }
}

void AddPorts(const DeviceDescription& part, KeyMaker& key) {
  for (const domain::PlanePort& port : part.ports) {
    for (int axis = 0; axis < 3; ++axis) {
      key.Add(port.at[static_cast<size_t>(axis)] - part.lattice->Node(axis, 0));
    }
    key.Add(static_cast<int>(port.faces));
    for (const double span : port.span) key.Add(span);
    for (const domain::ModeChoice& mode : port.modes) key.Add(mode.Code());
    key.Add(port.bend.radius);
    key.Add(static_cast<int>(port.bend.towards));
  }
}

void AddSolver(const ChipOptions& chip, KeyMaker& key) {
  key.Add(static_cast<int>(chip.solver));
  if (chip.solver == SolverKind::FrequencyDomain) {
    key.Add(static_cast<int>(chip.device.solver.factorization));
    return;
  }
  const solvers::fdtd::TimeDomainOptions& time = chip.time_domain;
  for (const double value :
       {time.courant, time.pulse_periods, time.residual, time.pml.order, time.pml.reflection,
        time.pml.kappa_max, time.pml.alpha_max, time.pml.index, time.pml.damped_below}) {
    key.AddBits(value);
  }
}

/// The sum over all rows of y, which are dealt to the ranks.
PartKey MediaKey(const DeviceDescription& part) {
  const int ranks = base::Communicator::SizeOf(part.comm);
  const domain::IndexBox all = part.lattice->AllPoints();
  PartKey sum{0, 0};
  for (int j = all.lo[1] + base::Communicator::RankIn(part.comm); j < all.hi[1]; j += ranks) {
    domain::IndexBox row = all;
    row.lo[1] = j;
    row.hi[1] = j + 1;
    KeyMaker key(static_cast<std::uint64_t>(j));
    for (const Component c : {Component::Ex, Component::Ey, Component::Ez}) {
      if (!part.lattice->Has(c)) continue;
      for (const domain::Complex eps : part.media.sample(c, row)) key.Add(eps);
    }
    if (part.media.couple) {
      for (const domain::ComplexCoupling& coupling : part.media.couple(row)) {
        key.Add(coupling.node[0]);
        key.Add(coupling.node[2]);
        key.Add(coupling.inverse_eps);
      }
    }
    for (size_t half = 0; half < sum.size(); ++half) sum[half] += key.Key()[half];
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sum.data(), 2, MPI_UINT64_T, MPI_SUM, part.comm));
  return sum;
}

}  // namespace

PartKey KeyOf(const ChipOptions& chip, const DeviceDescription& part) {
  KeyMaker key(kFormat);
  AddSolver(chip, key);
  key.AddBits(part.omega);
  AddLattice(*part.lattice, key);
  AddPorts(part, key);
  for (const std::uint64_t half : MediaKey(part)) key.Add(half);
  return key.Key();
}

void PartStore::SaveOrRestore(base::StateArchive& archive) {
  std::vector<std::int64_t> keys;  // two halves and the rows of every part
  std::vector<double> residuals;
  std::vector<std::complex<double>> values;
  for (const auto& [key, part] : known_) {
    for (const std::uint64_t half : key) keys.push_back(static_cast<std::int64_t>(half));
    keys.push_back(part.s.rows());
    residuals.push_back(part.residual);
    values.insert(values.end(), part.s.data(), part.s.data() + part.s.size());
  }
  archive.Values("parts/keys", keys);
  archive.Values("parts/residuals", residuals);
  archive.Values("parts/s", values);
  if (!archive.Restoring()) return;
  std::int64_t count = 0;
  for (size_t k = 2; k < keys.size(); k += 3) count += keys[k] * keys[k];
  if (keys.size() != 3 * residuals.size() || count != static_cast<std::int64_t>(values.size())) {
    base::Fail("the checkpoint is damaged, the parts of a device are not complete");
  }
  known_.clear();
  const std::complex<double>* next = values.data();
  for (size_t k = 0; k < residuals.size(); ++k) {
    const PartKey key{static_cast<std::uint64_t>(keys[3 * k]),
                      static_cast<std::uint64_t>(keys[3 * k + 1])};
    const auto rows = static_cast<Eigen::Index>(keys[3 * k + 2]);
    known_[key] = {Eigen::Map<const Eigen::MatrixXcd>(next, rows, rows), residuals[k]};
    next += rows * rows;
  }
}

}  // namespace symwave::training::chip
