#include "solvers/fdtd/engine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/processor.hpp"
#include "domain/base/waiting.hpp"
#include "solvers/fdtd/engine_block.hpp"
#include "solvers/fdtd/engine_check.hpp"
#include "solvers/fdtd/pml_media.hpp"
#include "solvers/fdtd/stability.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;

namespace {

std::array<std::array<bool, 2>, 3> OpenSides(const IndexBox& owned, const IndexBox& held) {
  std::array<std::array<bool, 2>, 3> open{};
  for (int d = 0; d < 3; ++d) {
    open[d][0] = held.lo[d] < owned.lo[d];
    open[d][1] = held.hi[d] > owned.hi[d];
  }
  return open;
}

/// Rows of a tile, such that the planes of all steps of a block stay in the second-level cache; no
/// fewer than its borders move down in a block.
int TileRows(double bytes_per_row, int block, bool couplings) {
  const double cache = 0.5 * static_cast<double>(base::SecondLevelCacheBytes());
  const double rows = cache / (bytes_per_row * (block + 2));
  return std::max(block * (couplings ? 2 : 1), static_cast<int>(rows));
}

/// A medium that this rank alone cannot take is an error of all. Collective.
template <class Real>
std::unique_ptr<LocalBlock<Real>> MakeBlock(MPI_Comm comm, const domain::Lattice& lattice,
                                            const domain::MediumMap& media, const IndexBox& held,
                                            const EngineOptions& options) {
  std::unique_ptr<LocalBlock<Real>> block;
  base::AgreeOnFailure(comm, [&] {
    base::FaultPoint("time_domain/block");
    block = std::make_unique<LocalBlock<Real>>(lattice, media, held, options.pml,
                                               options.courant * lattice.CourantLimit());
  });
  return block;
}

}  // namespace

template <class Real>
EngineOf<Real>::EngineOf(MPI_Comm comm, const domain::Lattice& lattice, const DampedMedia& media,
                         const EngineOptions& options, const Partition& partition, bool couplings)
    : comm_(comm),
      options_(options),
      dt_(options.courant * lattice.CourantLimit()),
      owned_(partition.Owned(base::Communicator::RankIn(comm))),
      media_(media.map.media),
      undamped_(media.undamped),
      storage_(MakeBlock<Real>(comm, lattice, media.map,
                               partition.Held(base::Communicator::RankIn(comm)), options)),
      block_(*storage_),
      halo_(comm, partition, block_, options.shared_halos),
      drive_(block_),
      recorder_(block_, owned_, dt_, options.block, options.threads),
      held_wedge_(block_.Held(), OpenSides(owned_, block_.Held()), couplings),
      owned_wedge_(Wedge::SweptFirst(owned_, OpenSides(owned_, block_.Held()), couplings)) {
  tile_ =
      options_.tile > 0 ? options_.tile : TileRows(block_.BytesPerRow(), options_.block, couplings);
  for (int i = owned_.lo[0]; i < owned_.hi[0]; ++i) {
    width_[0].push_back(lattice.Weight(Component::Ex, 0, i));
    width_[1].push_back(lattice.Weight(Component::Ey, 0, i));
  }
  visitor_.h = [this](int stage, int j, int k, int begin, int end) {
    if (stage == 0) block_.Prefetch(j, k + 2);
    block_.UpdateH(j, k, begin, end);
    drive_.Apply(false, stage, j, k, begin, end);
    block_.WrapRow(false, j, k);
    recorder_.Record(false, stage, j, k, begin, end);
  };
  visitor_.e = [this](int stage, int j, int k, int begin, int end) {
    block_.UpdateE(j, k, begin, end);
    drive_.Apply(true, stage, j, k, begin, end);
    block_.WrapRow(true, j, k);
    recorder_.Record(true, stage, j, k, begin, end);
  };
  visitor_.idle = [this] {
    if (!halo_.Empty()) halo_.Poll();
  };
}

template <class Real>
void EngineOf<Real>::Advance(long steps) {
  while (steps > 0) {
    base::FaultPoint("time_domain/step");
    const int stages = static_cast<int>(std::min<long>(steps, options_.block));
    AdvanceBlock(stages);
    steps -= stages;
  }
}

template <class Real>
void EngineOf<Real>::Reset() {
  block_.Clear();
  drive_.Clear();
  recorder_.Clear();
  halo_.ClearCounts();
  statistics_ = {};
  step_ = 0;
}

template <class Real>
void EngineOf<Real>::AdvanceBlock(int stages) {
  drive_.Prepare(step_, stages);
  double before = MPI_Wtime();
  const auto lap = [&before](double& seconds) {
    const double now = MPI_Wtime();
    seconds += now - before;
    before = now;
  };
  recorder_.Prepare(step_, stages);
  lap(statistics_.seconds_monitors);
  if (halo_.Empty()) {
    SweepWedge(owned_wedge_, stages);
    lap(statistics_.seconds_update);
  } else {
    const bool overlap = owned_wedge_.Proper(stages);
    halo_.Start();
    lap(statistics_.seconds_halo);
    base::FaultPoint("time_domain/halo");
    if (overlap) SweepWedge(owned_wedge_, stages);
    lap(statistics_.seconds_update);
    halo_.Finish();
    lap(statistics_.seconds_halo);
    if (overlap) {
      for (const Wedge& rest : held_wedge_.Without(owned_wedge_)) SweepWedge(rest, stages);
    } else {
      SweepWedge(held_wedge_, stages);
    }
    lap(statistics_.seconds_update);
  }
  step_ += stages;
  statistics_.steps = step_;
  const double owned_updates = static_cast<double>(owned_.Count()) * stages;
  statistics_.cell_steps += owned_updates;
  statistics_.redundant_steps += held_wedge_.Updates(stages) - owned_updates;
}

template <class Real>
void EngineOf<Real>::SweepWedge(const Wedge& wedge, int stages) {
  if (options_.fused) {
    Sweep(wedge, stages, tile_, options_.threads, visitor_);
  } else {
    SweepUnfused(wedge, visitor_);
  }
}

template <class Real>
void EngineOf<Real>::RefreshHalo() const {
  if (halo_.Empty()) return;
  halo_.Start();
  halo_.Finish();
}

template <class Real>
double EngineOf<Real>::Volume(Component c, int i, int j, int k) const {
  const domain::Lattice& lattice = block_.Lattice();
  return lattice.Weight(c, 0, i) * lattice.Weight(c, 1, j) * lattice.Weight(c, 2, k);
}

template <class Real>
double EngineOf<Real>::Energy() const {
  double sum = 0;
  for (int part = 0; part < block_.Parts(); ++part) {
    for (int n = 0; n < 6; ++n) {
      const auto c = static_cast<Component>(n);
      if (!block_.Lattice().Has(c)) continue;
      for (int k = owned_.lo[2]; k < owned_.hi[2]; ++k) {
        for (int j = owned_.lo[1]; j < owned_.hi[1]; ++j) {
          sum += RowEnergy(block_.State(part), c, j, k);
        }
      }
    }
  }
  base::SumOverRanks(comm_, &sum, 1);
  return sum;
}

template <class Real>
double EngineOf<Real>::RowEnergy(const BlockState<Real>& state, Component c, int j, int k) const {
  const domain::Lattice& lattice = block_.Lattice();
  const long first = owned_.lo[0] - block_.Held().lo[0];
  const bool on_nodes = lattice.StaggerOf(c, 0) == domain::Stagger::Face;
  const Real* curl = domain::IsElectric(c) ? block_.Media().Curl(c, j, k) + first : nullptr;
  const double sum =
      KernelsFor<Real>(0).energy(state.fields.RowAt(c, j, k) + first, curl, width_[on_nodes].data(),
                                 static_cast<long>(width_[0].size()));
  return 0.5 * sum * lattice.Weight(c, 1, j) * lattice.Weight(c, 2, k);
}

/// H^{n-1/2} H^{n+1/2} at one point, the later one from the curl of E^n.
template <class Real>
double EngineOf<Real>::HalfStepProduct(const BlockState<Real>& state, Component h, int i, int j,
                                       int k) const {
  const domain::Lattice& lattice = block_.Lattice();
  const std::array<int, 3> point{i, j, k};
  const auto value = [&](Component c, const std::array<int, 3>& p) {
    return static_cast<double>(state.fields.RowAt(c, p[1], p[2])[p[0] - block_.Held().lo[0]]);
  };
  const int a = static_cast<int>(domain::DirectionOf(h));
  double curl = 0;  // d E_c / d b - d E_b / d c with (a, b, c) cyclic
  for (const int turn : {1, 2}) {
    const int axis = (a + turn) % 3;
    const auto e = static_cast<Component>((a + 3 - turn) % 3);
    if (!lattice.Has(e) || (lattice.TwoDimensional() && axis == 2)) continue;
    std::array<int, 3> next = point;
    ++next[axis];
    const double factor = block_.Factors().half[axis].D()[point[axis] - block_.Held().lo[axis]];
    curl += (turn == 1 ? factor : -factor) * (value(e, next) - value(e, point));
  }
  const double now = value(h, point);
  return now * (now - curl);
}

template <class Real>
double EngineOf<Real>::ConservedEnergy() const {
  RefreshHalo();
  double sum = 0;
  for (int part = 0; part < block_.Parts(); ++part) {
    const BlockState<Real>& state = block_.State(part);
    for (int n = 0; n < 6; ++n) {
      const auto c = static_cast<Component>(n);
      if (!block_.Lattice().Has(c)) continue;
      for (int k = owned_.lo[2]; k < owned_.hi[2]; ++k) {
        for (int j = owned_.lo[1]; j < owned_.hi[1]; ++j) {
          if (domain::IsElectric(c)) {
            sum += RowEnergy(state, c, j, k);
            continue;
          }
          for (int i = owned_.lo[0]; i < owned_.hi[0]; ++i) {
            sum += 0.5 * Volume(c, i, j, k) * HalfStepProduct(state, c, i, j, k);
          }
        }
      }
    }
  }
  base::SumOverRanks(comm_, &sum, 1);
  return sum;
}

template <class Real>
bool EngineOf<Real>::HeldAtZero(Component c, int i, int j, int k) const {
  if (!domain::IsElectric(c)) return Volume(c, i, j, k) == 0;
  return block_.Media().Curl(c, j, k)[i - block_.Held().lo[0]] == 0;
}

template <class Real>
std::vector<double> EngineOf<Real>::Probe(int number) const {
  std::vector<double> record = recorder_.Probe(number);
  record.resize(static_cast<size_t>(step_), 0.0);
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, record.data(), static_cast<int>(record.size()), MPI_DOUBLE,
                          MPI_SUM, comm_));
  return record;
}

template <class Real>
std::vector<double> EngineOf<Real>::Field(Component component, const IndexBox& box,
                                          int part) const {
  const IndexBox mine = Intersect(owned_, box);
  std::vector<double> values;
  values.reserve(static_cast<size_t>(mine.Count()));
  for (int k = mine.lo[2]; k < mine.hi[2]; ++k) {
    for (int j = mine.lo[1]; j < mine.hi[1]; ++j) {
      const Real* row = block_.State(part).fields.RowAt(component, j, k) - block_.Held().lo[0];
      values.insert(values.end(), row + mine.lo[0], row + mine.hi[0]);
    }
  }
  return values;
}

template <class Real>
void EngineOf<Real>::SetField(Component component,
                              const std::function<double(int, int, int)>& value, int part) {
  base::Require(block_.Lattice().Has(component), "an absent component is set");
  for (int k = owned_.lo[2]; k < owned_.hi[2]; ++k) {
    for (int j = owned_.lo[1]; j < owned_.hi[1]; ++j) {
      Real* row = block_.State(part).fields.RowAt(component, j, k) - block_.Held().lo[0];
      for (int i = owned_.lo[0]; i < owned_.hi[0]; ++i) {
        if (!HeldAtZero(component, i, j, k)) row[i] = static_cast<Real>(value(i, j, k));
      }
      block_.WrapRow(domain::IsElectric(component), j, k);
    }
  }
}

template <class Real>
EngineStatistics EngineOf<Real>::Statistics() const {
  EngineStatistics statistics = statistics_;
  statistics.halo_bytes += halo_.BytesSent();
  statistics.halo_messages += halo_.MessagesSent();
  statistics.block = options_.block;
  statistics.instruction_set = KernelsFor<Real>(0).instruction_set;
  statistics.field_bytes = block_.StateBytes();
  statistics.medium_bytes = block_.Media().Bytes() + block_.Couplings().Bytes();
  statistics.monitor_bytes = recorder_.Bytes();
  return statistics;
}

template class EngineOf<float>;
template class EngineOf<double>;

namespace {

HaloDepth DepthOf(int block, bool couplings) {
  HaloDepth depth{StepReach(couplings)};
  for (auto& sides : depth.points) {
    for (int& points : sides) points *= block;
  }
  return depth;
}

/// Cost of a step on the busiest rank in passes of `block` steps: the arithmetic of its points and
/// their way through the memory once per pass. Points of the halo cost more, as they lie in slabs
/// that are too thin for tiles. Measured on 1 and 2 ranks with 1 to 8 steps.
double StepCost(const Partition& partition, int ranks, int block, bool couplings) {
  constexpr double kPass = 0.9, kHaloPoint = 2;
  double most = 0;
  for (int rank = 0; rank < ranks; ++rank) {
    const IndexBox held = partition.Held(rank);
    const Wedge wedge(held, OpenSides(partition.Owned(rank), held), couplings);
    const double owned = static_cast<double>(partition.Owned(rank).Count());
    most = std::max(most, owned + kHaloPoint * (wedge.Updates(block) / block - owned));
  }
  return most * (1 + kPass / block);
}

/// Steps per block: as asked for, or as few as the halo needs to fit; else the cheapest.
int ChooseBlock(const domain::Lattice& lattice, int ranks, bool couplings,
                const EngineOptions& options) {
  constexpr int kLargest = 8;
  if (!options.fused) return 1;
  int block = options.block > 0 ? options.block : kLargest;
  const auto possible = [&] {
    return Partition::Possible(lattice, ranks, options.ranks, DepthOf(block, couplings));
  };
  while (block > 1 && !possible()) --block;
  if (options.block > 0 || block == 1) return block;
  int best = 1;
  double least = std::numeric_limits<double>::max();
  for (; block > 0; --block) {
    const Partition partition(lattice, ranks, options.ranks, DepthOf(block, couplings));
    const double cost = StepCost(partition, ranks, block, couplings);
    if (cost >= least) continue;
    least = cost;
    best = block;
  }
  return best;
}

}  // namespace

/// Couplings decide of a large Courant number and of many ranks alone: elsewhere nobody looks for
/// them, which takes all cells.
void RequireEngine(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media,
                   const EngineOptions& options) {
  RequirePml(options.pml);
  RequireStable(lattice, media.media, options.courant * lattice.CourantLimit());
  const int ranks = base::Communicator::SizeOf(comm);
  const bool decide = !StableCouplings(media.media, options.courant) ||
                      !Partition::Possible(lattice, ranks, options.ranks, DepthOf(1, true));
  const bool couplings = decide && HasCouplings(comm, lattice, media);
  if (couplings) RequireStableCouplings(media.media, options.courant);
  if (decide) Partition(lattice, ranks, options.ranks, DepthOf(1, couplings));
}

std::unique_ptr<Engine> MakeEngine(MPI_Comm comm, const domain::Lattice& lattice,
                                   const domain::MediumMap& media, const EngineOptions& options) {
  RequirePml(options.pml);
  RequireStable(lattice, media.media, options.courant * lattice.CourantLimit());
  EngineOptions chosen = options;
  const int ranks = base::Communicator::SizeOf(comm);
  const bool couplings = HasCouplings(comm, lattice, media);
  if (couplings) RequireStableCouplings(media.media, options.courant);
  chosen.block = ChooseBlock(lattice, ranks, couplings, options);
  const Partition partition(lattice, ranks, options.ranks, DepthOf(chosen.block, couplings), {},
                            ranks > 1 ? SamplePoles(comm, lattice, media) : PoleProfile{});
  const DampedMedia damped = DampPoles(lattice, media, options.pml);
  if (options.precision == Precision::Float32) {
    return std::make_unique<EngineOf<float>>(comm, lattice, damped, chosen, partition, couplings);
  }
  return std::make_unique<EngineOf<double>>(comm, lattice, damped, chosen, partition, couplings);
}

}  // namespace symwave::solvers::fdtd
