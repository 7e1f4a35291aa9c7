#include "training/chip/solved_parts.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "training/network.hpp"

namespace symwave::training::chip {

using solvers::fdfd::DeviceDescription;

namespace {

void Add(const solvers::DeviceStatistics& spent, solvers::DeviceStatistics& effort) {
  effort.solves += spent.solves;
  effort.factorizations += spent.factorizations;
  effort.max_relative_residual =
      std::max(effort.max_relative_residual, spent.max_relative_residual);
}

Eigen::MatrixXcd SolveByFactorization(const ChipOptions& chip, const DeviceDescription& optics,
                                      solvers::DeviceStatistics& effort) {
  solvers::fdfd::MonolithicDevice device(optics);
  device.Program({});
  const int modes = device.PortModes();
  Eigen::MatrixXcd s = device.Launch(Eigen::MatrixXcd::Identity(modes, modes)).outgoing;
  for (int m = 0; m < modes && chip.solved; ++m) chip.solved();
  Add(device.Statistics(), effort);
  return s;
}

/// Launches are dealt to groups of ranks, each with the part on its own communicator.
Eigen::MatrixXcd SolveByRuns(const ChipOptions& chip, DeviceDescription optics,
                             solvers::DeviceStatistics& effort) {
  const MPI_Comm comm = chip.device.comm;
  const int ranks = base::Communicator::SizeOf(comm), rank = base::Communicator::RankIn(comm);
  int modes = 0;
  for (const domain::PlanePort& port : optics.ports) modes += static_cast<int>(port.modes.size());
  const int groups = std::clamp(chip.groups, 1, std::min(ranks, modes));
  const int group = static_cast<int>(static_cast<long>(rank) * groups / ranks);
  const base::Communicator mine = base::Communicator::Split(comm, group);
  Eigen::MatrixXcd s = Eigen::MatrixXcd::Zero(modes, modes);
  std::array<double, 2> spent{};
  base::AgreeOnGroupFailure(comm, mine.Get(), [&] {
    optics.comm = mine.Get();
    solvers::fdtd::TimeDomainDevice device(optics, chip.time_domain);
    device.Program({});
    const bool first = base::Communicator::RankIn(mine.Get()) == 0;
    for (int m = group; m < modes; m += groups) {
      const Eigen::MatrixXcd answer = device.Launch(Eigen::VectorXcd::Unit(modes, m)).outgoing;
      if (first) s.col(m) = answer;
      if (chip.solved) chip.solved();
    }
    spent = {first ? static_cast<double>(device.Statistics().solves) : 0,
             device.Statistics().max_relative_residual};
  });
  SumOverRanks(comm, reinterpret_cast<double*>(s.data()), 2 * static_cast<int>(s.size()));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &spent[0], 1, MPI_DOUBLE, MPI_SUM, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &spent[1], 1, MPI_DOUBLE, MPI_MAX, comm));
  Add({std::lround(spent[0]), 0, spent[1]}, effort);
  return s;
}

/// Number of the mirror image about x = 0 of every port among `others`; empty where one has none.
std::vector<Eigen::Index> ImagesOf(const std::vector<domain::PlanePort>& ports,
                                   const std::vector<domain::PlanePort>& others) {
  constexpr double kSame = 1e-9;  // um
  std::vector<Eigen::Index> images;
  for (const domain::PlanePort& port : ports) {
    for (size_t o = 0; o < others.size(); ++o) {
      const domain::PlanePort& other = others[o];
      const bool turned = domain::AxisOf(port.faces) == 0
                              ? domain::AxisOf(other.faces) == 0 && other.faces != port.faces
                              : other.faces == port.faces;
      const bool there = std::abs(other.at[0] + port.at[0]) < kSame &&
                         std::abs(other.at[1] - port.at[1]) < kSame &&
                         std::abs(other.at[2] - port.at[2]) < kSame;
      if (turned && there && port.modes.size() == 1 && other.modes == port.modes) {
        images.push_back(static_cast<Eigen::Index>(o));
        break;
      }
    }
  }
  if (images.size() != ports.size()) images.clear();
  return images;
}

/// The part that is the image of `part` about x = 0, and its S-matrix in the order of the ports of
/// `part`; nothing where none has been solved.
std::optional<Eigen::MatrixXcd> Mirrored(const Composition& composition, size_t part,
                                         const std::vector<DeviceDescription>& optics,
                                         const std::vector<Eigen::MatrixXcd>& solved) {
  constexpr double kSame = 1e-9;  // um
  const Part& own = composition.parts[part];
  const size_t column = composition.cuts.size() - own.column;
  if (column >= own.column) return std::nullopt;
  for (size_t image = 0; image < solved.size(); ++image) {
    const Part& other = composition.parts[image];
    const auto same = [&](size_t end) {
      return own.y[end] == other.y[end] || std::abs(own.y[end] - other.y[end]) < kSame;
    };
    if (other.column != column || other.Ports() != own.Ports() || !same(0) || !same(1)) continue;
    const std::vector<Eigen::Index> at = ImagesOf(optics[part].ports, optics[image].ports);
    if (at.empty()) continue;
    return solved[image](at, at);
  }
  return std::nullopt;
}

}  // namespace

SolvedParts SolveParts(const ChipOptions& chip, const Composition& composition) {
  SolvedParts solved;
  const std::shared_ptr<PartStore> store = chip.parts ? chip.parts : std::make_shared<PartStore>();
  std::vector<DeviceDescription> optics;
  for (size_t part = 0; part < composition.parts.size(); ++part) {
    optics.push_back(PartOf(chip.device, composition.cuts, composition.parts[part]));
    if (chip.device.media.mirror_symmetric) {
      if (auto image = Mirrored(composition, part, optics, solved.s)) {
        solved.s.push_back(std::move(*image));
        continue;
      }
    }
    const PartKey key = KeyOf(chip, optics[part]);
    solvers::DeviceStatistics effort;
    const KnownPart* known = store->Find(key);
    if (known) {
      effort.max_relative_residual = known->residual;
      solved.s.push_back(known->s);
    } else {
      solved.s.push_back(chip.solver == SolverKind::TimeDomain
                             ? SolveByRuns(chip, optics[part], effort)
                             : SolveByFactorization(chip, optics[part], effort));
      store->Keep(key, {solved.s.back(), effort.max_relative_residual});
    }
    Add(effort, solved.effort);
    if (!known && chip.part_solved) chip.part_solved(effort);
  }
  return solved;
}

}  // namespace symwave::training::chip
