// Ports dealt to ranks.
#include <algorithm>
#include <map>
#include <string>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/packing.hpp"
#include "solvers/fdfd/scattering_message.hpp"

namespace symwave::solvers::fdfd {

namespace {

using Key = KnownLines::Key;

/// What one port has, or why it has not.
template <class Value>
struct Found {
  std::string error;
  Value value;
};

template <class Make>
auto Try(Make&& make) -> Found<decltype(make())> {
  try {
    return {"", make()};
  } catch (const base::UserError& error) {
    return {error.what(), {}};
  }
}

void Pack(const std::vector<LineMode>& modes, base::Packer& packer) {
  packer.Add(modes.size());
  for (const LineMode& mode : modes) fdfd::Pack(mode, packer);
}

std::vector<LineMode> UnpackModes(base::Unpacker& packed) {
  size_t count = 0;
  packed.Take(count);
  std::vector<LineMode> modes(count);
  for (LineMode& mode : modes) mode = UnpackMode(packed);
  return modes;
}

class PortsSolver {
 public:
  PortsSolver(MPI_Comm comm, double omega, const std::vector<domain::PlanePort>& ports,
              KnownLines& known)
      : comm_(comm),
        ranks_(static_cast<size_t>(base::Communicator::SizeOf(comm))),
        rank_(static_cast<size_t>(base::Communicator::RankIn(comm))),
        omega_(omega),
        ports_(ports),
        known_(known) {
    known_.Trim();
  }

  std::vector<PortMode> Solve(const PlanePoints& points, const domain::PermittivityMap& media) {
    base::AgreeOnFailure(comm_, [&] {
      for (size_t p = rank_; p < ports_.size(); p += ranks_) {
        mine_.push_back(Try([&] { return SectionOf(points, media, omega_, ports_[p]); }));
      }
    });
    ShareModes(points, FindSolvers());
    return Collect();
  }

 private:
  /// A section as all ranks hear of it.
  struct Asked {
    bool fails = false;  ///< there is none
    bool known = false;  ///< to the rank of the port
    Key key{};
  };
  /// Who has the modes of a section, or solves them, and whether others lack them.
  struct Solver {
    size_t rank = 0;
    bool known = false;
    bool wanted = false;
  };

  Asked AskedOf(const Found<PortSection>& mine) const {
    if (!mine.error.empty()) return {true, false, {}};
    const Key key = KeyOf(mine.value);
    return {false, known_.Has(key), key};
  }
  Key KeyOf(const PortSection& of) const { return KnownLines::KeyOf(of.section); }

  /// Collective, the same on every rank: the first rank that knows the modes of a section, else
  /// that of the first port which has it.
  std::map<Key, Solver> FindSolvers() const {
    base::Packer packer;
    for (const auto& mine : mine_) packer.Add(AskedOf(mine));
    const std::vector<std::vector<char>> all = base::GatherFromAll(comm_, packer.Bytes());
    std::vector<base::Unpacker> packed(all.begin(), all.end());
    std::map<Key, Solver> solvers;
    for (size_t p = 0; p < ports_.size(); ++p) {
      Asked asked;
      packed[p % ranks_].Take(asked);
      if (asked.fails) continue;
      const auto [found, is_new] = solvers.try_emplace(asked.key, Solver{p % ranks_, asked.known});
      Solver& solver = found->second;
      if (is_new) continue;
      if (asked.known && !solver.known) solver = {p % ranks_, true, true};
      if (!asked.known && solver.rank != p % ranks_) solver.wanted = true;
    }
    return solvers;
  }

  /// Collective: what this rank is to solve, and to others what they lack.
  void ShareModes(const PlanePoints& points, const std::map<Key, Solver>& solvers) {
    base::Packer packer;
    base::AgreeOnFailure(comm_, [&] {
      for (const auto& mine : mine_) {
        if (!mine.error.empty()) continue;
        const LineSection& section = mine.value.section;
        if (solvers.at(KeyOf(mine.value)).rank == rank_) known_.Solve(points, section);
      }
      for (const auto& [key, solver] : solvers) {
        if (solver.rank != rank_ || !solver.wanted) continue;
        packer.Add(key);
        Pack(known_.Of(key), packer);
      }
    });
    for (const std::vector<char>& bytes : base::GatherFromAll(comm_, packer.Bytes())) {
      base::Unpacker packed(bytes);
      while (!packed.AtEnd()) {
        Key key;
        packed.Take(key);
        std::vector<LineMode> modes = UnpackModes(packed);
        if (!known_.Has(key)) known_.Add(key, std::move(modes));
      }
    }
  }

  /// Collective: the modes of all ports.
  std::vector<PortMode> Collect() const {
    base::Packer packer;
    base::AgreeOnFailure(comm_, [&] {
      for (size_t n = 0; n < mine_.size(); ++n) PackPort(n, packer);
    });
    const std::vector<std::vector<char>> all = base::GatherFromAll(comm_, packer.Bytes());
    std::vector<base::Unpacker> packed(all.begin(), all.end());
    std::vector<PortMode> modes;
    for (size_t p = 0; p < ports_.size(); ++p) {
      base::Unpacker& from = packed[p % ranks_];
      std::string error;
      size_t count = 0;
      from.Take(error);
      if (!error.empty()) throw base::UserError(error);
      from.Take(count);
      for (size_t m = 0; m < count; ++m) modes.push_back(UnpackPortMode(from));
    }
    return modes;
  }

  /// Error, or modes, of this rank's n-th port.
  void PackPort(size_t n, base::Packer& packer) const {
    const auto& [error, of] = mine_[n];
    Found<std::vector<PortMode>> found{error, {}};
    if (error.empty()) {
      found = Try([&, &section = of] {
        return ModesOfPort(ports_[rank_ + n * ranks_], section, known_.Of(KeyOf(section)));
      });
    }
    packer.Add(found.error);
    if (!found.error.empty()) return;
    packer.Add(found.value.size());
    for (const PortMode& mode : found.value) fdfd::Pack(mode, packer);
  }

  MPI_Comm comm_;
  size_t ranks_, rank_;
  double omega_;
  const std::vector<domain::PlanePort>& ports_;
  KnownLines& known_;
  std::vector<Found<PortSection>> mine_;
};

}  // namespace

std::vector<PortMode> SolvePorts(MPI_Comm comm, const PlanePoints& points,
                                 const domain::PermittivityMap& media, double omega,
                                 const std::vector<domain::PlanePort>& ports, KnownLines& known) {
  return PortsSolver(comm, omega, ports, known).Solve(points, media);
}

std::vector<PortMode> SolvePorts(MPI_Comm comm, const PlanePoints& points,
                                 const domain::PermittivityMap& media, double omega,
                                 const std::vector<domain::PlanePort>& ports) {
  KnownLines known;
  return SolvePorts(comm, points, media, omega, ports, known);
}

}  // namespace symwave::solvers::fdfd
