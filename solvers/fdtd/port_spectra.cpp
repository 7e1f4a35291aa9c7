#include "solvers/fdtd/port_spectra.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/base/rank_groups.hpp"
#include "solvers/fdtd/mode_chain.hpp"
#include "solvers/fdtd/mode_message.hpp"
#include "solvers/fdtd/port_window.hpp"
#include "solvers/modes/plane_digest.hpp"
#include "solvers/modes/waveguide_pairs.hpp"

namespace symwave::solvers::fdtd {

using base::Communicator;
using modes::WaveguideMode;

namespace {

/// Points of a band where a polynomial through all of them does not oscillate: Chebyshev of the
/// second kind, ends included.
std::vector<double> ChebyshevPoints(double low, double high, int count) {
  std::vector<double> points;
  for (int k = count - 1; k >= 0; --k) {
    points.push_back(0.5 * (low + high) + 0.5 * (high - low) * std::cos(M_PI * k / (count - 1)));
  }
  // To the last bit, as they are asked for elsewhere, too.
  points.front() = low;
  points[points.size() / 2] = 0.5 * (low + high);
  points.back() = high;
  return points;
}

/// What a pair of port and frequency, or a port, has, or why it has not.
template <class Value>
struct Solved {
  std::string error;
  Value value;
};

class SpectraSolver {
 public:
  SpectraSolver(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media,
                const std::vector<SpectrumRequest>& requests, const std::vector<double>& omegas,
                const ModeSpectrum::Options& options, ModeStore& known)
      : comm_(comm),
        lattice_(lattice),
        media_(media),
        requests_(requests),
        omegas_(omegas),
        options_(options),
        known_(known) {
    ChooseFrequencies();
  }

  std::vector<ModeSpectrum> Solve() {
    const base::RankGroups groups(comm_, RanksPerPlane());
    FindTwins(groups);
    Collect(SolveShare(groups));
    std::vector<ModeSpectrum> spectra;
    const std::vector<std::vector<char>> wanted = WantedByRank();
    for (size_t first = 0; first < requests_.size(); first += Ranks()) Hand(first, wanted, spectra);
    return spectra;
  }

 private:
  using Modes = std::vector<WaveguideMode>;
  using Pair = std::array<size_t, 2>;  ///< number of the port, of the frequency

  size_t Ranks() const { return static_cast<size_t>(Communicator::SizeOf(comm_)); }
  size_t Rank() const { return static_cast<size_t>(Communicator::RankIn(comm_)); }
  /// The rank that follows the modes of a port through the band.
  size_t OwnerOf(size_t port) const { return port % Ranks(); }

  void ChooseFrequencies() {
    at_ = omegas_;
    std::sort(at_.begin(), at_.end());
    at_.erase(std::unique(at_.begin(), at_.end()), at_.end());
    interpolated_ = static_cast<int>(at_.size()) > options_.most_solves;
    if (interpolated_) {
      at_ = ChebyshevPoints(at_.front(), at_.back(), std::max(3, options_.most_solves | 1));
    }
  }

  /// As many ranks for a plane as LargestPairs takes.
  int RanksPerPlane() const {
    long unknowns = 1;
    for (const auto& request : requests_) {
      unknowns = std::max(unknowns, 2 * request.plane.box.Count());
    }
    return static_cast<int>(
        std::clamp<long>(unknowns / modes::kRowsPerRank, 1, static_cast<long>(Ranks())));
  }

  /// Digests of both ends of the band, and what is asked of each kind of mode.
  struct TwinKey {
    std::array<modes::PlaneDigest, 2> digests{};
    std::array<int, 2> of_kind{0, 0};
    bool operator<(const TwinKey& other) const {
      return std::tie(digests, of_kind) < std::tie(other.digests, other.of_kind);
    }
  };

  /// A port's own key where its planes can be sampled, none where they cannot.
  struct Twin {
    bool known = false;
    TwinKey key{};
    modes::WaveguidePlane plane;
  };

  /// Collective: gives every port the first one whose planes are the same, itself perhaps.
  void FindTwins(const base::RankGroups& groups) {
    const auto ports = static_cast<long>(requests_.size());
    std::vector<std::vector<char>> mine;
    for (const long port : groups.Mine(ports)) {
      base::Packer packer;
      packer.Add(TwinOf(groups.Group(), static_cast<size_t>(port)));
      mine.push_back(packer.Bytes());
    }
    std::map<TwinKey, size_t> first;
    for (const std::vector<char>& bytes : groups.Collect(ports, mine)) {
      Twin twin;
      base::Unpacker(bytes).Take(twin);
      const size_t port = solver_of_.size();
      const bool is_new = !twin.known || first.try_emplace(twin.key, port).second;
      solver_of_.push_back(is_new ? port : first.at(twin.key));
      if (is_new) solved_.push_back(port);
      planes_.push_back(twin.plane);
    }
  }

  /// From both ends of the band, with slopes: media that agree there agree between.
  Twin TwinOf(MPI_Comm group, size_t port) const {
    const auto& [given, plane, fields] = requests_[port];
    Twin twin;
    twin.plane = {plane.axis, plane.node, plane.box, {}, {}};
    try {
      twin.plane = PlaneOfOwnGuide(
          given, plane, GuidesInWindow(group, lattice_, media_, given, plane, at_[at_.size() / 2]));
      const modes::ModeDemand demand = modes::ModeDemand::Of(given.modes, 0);
      twin.key.of_kind = {demand.te, demand.tm};
      for (size_t end = 0; end < 2; ++end) {
        const double omega = end == 0 ? at_.front() : at_.back();
        const modes::ModeRequest request{twin.plane, omega, options_.dt, demand.count};
        twin.key.digests[end] = modes::DigestOf(
            modes::OperatorOf(group, lattice_, modes::ModeMediaOf(media_, omega, options_.dt),
                              request),
            request, lattice_.CellWidth(plane.axis, plane.node));
      }
      twin.known = true;
    } catch (const base::UserError&) {
      // Solving the port says so.
    }
    return twin;
  }

  /// Collective: solves the pairs of this rank's group that no rank knows; what its leader sends to
  /// each rank, and what this rank knows.
  std::vector<std::vector<char>> SolveShare(const base::RankGroups& groups) {
    std::vector<base::Packer> messages(Ranks());
    const std::vector<Pair> pairs = Pairs();
    const std::vector<int> holders = HoldersOf(pairs);
    std::vector<Pair> unknown;
    for (size_t n = 0; n < pairs.size(); ++n) {
      const auto holder = static_cast<size_t>(holders[n]);
      if (holder == Ranks()) unknown.push_back(pairs[n]);
      if (holder == Rank()) Address(pairs[n], {"", known_.Of(RequestOf(pairs[n]))}, messages);
    }
    for (const long item : groups.Mine(static_cast<long>(unknown.size()))) {
      const Pair& pair = unknown[static_cast<size_t>(item)];
      const Solved<Modes> solved = TrySolve(groups.Group(), pair);
      if (!groups.LeadsGroup()) continue;
      if (solved.error.empty()) known_.Add(RequestOf(pair), solved.value);
      Address(pair, solved, messages);
    }
    std::vector<std::vector<char>> bytes;
    for (const base::Packer& message : messages) bytes.push_back(message.Bytes());
    return bytes;
  }

  /// Of the ports that are solved for, frequency by frequency.
  std::vector<Pair> Pairs() const {
    std::vector<Pair> pairs;
    pairs.reserve(at_.size() * solved_.size());
    for (size_t k = 0; k < at_.size(); ++k) {
      for (const size_t port : solved_) pairs.push_back({port, k});
    }
    return pairs;
  }

  /// Collective: of every pair the first rank that knows its modes, Ranks() where none does.
  std::vector<int> HoldersOf(const std::vector<Pair>& pairs) const {
    std::vector<int> holders;
    holders.reserve(pairs.size());
    for (const Pair& pair : pairs) {
      holders.push_back(static_cast<int>(known_.Has(RequestOf(pair)) ? Rank() : Ranks()));
    }
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, holders.data(), base::MessageCount(holders.size()),
                            MPI_INT, MPI_MIN, comm_));
    return holders;
  }

  /// Two more modes than asked for, since they may cross on the way from the middle.
  ModeStore::Request RequestOf(const Pair& pair) const {
    const auto [port, k] = pair;
    const int spare = k == at_.size() / 2 ? options_.spare_in_middle : 2;
    return {planes_[port], at_[k], options_.dt,
            modes::ModeDemand::Of(requests_[port].port.modes, spare)};
  }

  /// Into the messages to the owners of all ports that are equal to that of the pair.
  void Address(const Pair& pair, const Solved<Modes>& solved,
               std::vector<base::Packer>& messages) const {
    const auto [solver, k] = pair;
    for (size_t port = solver; port < requests_.size(); ++port) {
      if (solver_of_[port] == solver) Pack(Pair{port, k}, solved, messages[OwnerOf(port)]);
    }
  }

  void Pack(const Pair& pair, const Solved<Modes>& solved, base::Packer& message) const {
    message.Add(pair);
    message.Add(solved.error);
    message.Add(solved.value.size());
    for (WaveguideMode mode : solved.value) {
      mode.plane = planes_[pair[0]];
      fdtd::Pack(mode, true, message);
    }
  }

  Solved<Modes> TrySolve(MPI_Comm group, const Pair& pair) const {
    const ModeStore::Request request = RequestOf(pair);
    try {
      return {"", modes::SolveDemand(group, lattice_, media_, request.plane, request.omega,
                                     request.dt, request.demand)};
    } catch (const base::UserError& error) {
      return {error.what(), {}};
    }
  }

  /// Collective: the pairs of the ports that this rank owns, followed through the band.
  void Collect(const std::vector<std::vector<char>>& for_rank) {
    std::map<size_t, std::vector<Modes>> found;
    std::map<size_t, std::string> errors;
    for (const std::vector<char>& bytes : base::Exchange(comm_, for_rank)) {
      base::Unpacker packed(bytes);
      while (!packed.AtEnd()) {
        Pair pair;
        std::string error;
        size_t count = 0;
        packed.Take(pair);
        packed.Take(error);
        packed.Take(count);
        const auto [port, k] = pair;
        auto& of_port = found[port];
        of_port.resize(at_.size());
        for (size_t m = 0; m < count; ++m) of_port[k].push_back(UnpackMode(packed));
        if (!error.empty()) errors.emplace(port, error);
      }
    }
    for (auto& [port, of_port] : found) {
      owned_[port] = errors.count(port) > 0 ? Solved<ModeSpectrum::Solution>{errors[port], {}}
                                            : Follow(port, of_port);
    }
  }

  Solved<ModeSpectrum::Solution> Follow(size_t port, const std::vector<Modes>& found) const {
    const auto& [given, plane, fields] = requests_[port];
    try {
      ModeSpectrum::Solution solution = FollowModes(lattice_, media_, given, plane, at_, found);
      solution.interpolated = interpolated_;
      const double error = ModeSpectrum(solution, omegas_).MeasureInterpolationError();
      solution.interpolation_error = error;
      return {"", std::move(solution)};
    } catch (const base::UserError& error) {
      return {error.what(), {}};
    }
  }

  /// Collective: for every rank, which ports' fields it wants.
  std::vector<std::vector<char>> WantedByRank() const {
    std::vector<char> mine;
    for (const SpectrumRequest& request : requests_) mine.push_back(request.fields ? 1 : 0);
    return base::GatherFromAll(comm_, mine);
  }

  /// Collective: from the owners of as many ports as there are ranks to all ranks.
  void Hand(size_t first, const std::vector<std::vector<char>>& wanted,
            std::vector<ModeSpectrum>& spectra) {
    std::vector<std::vector<char>> for_rank(Ranks());
    const size_t end = std::min(requests_.size(), first + Ranks());
    for (size_t port = first; port < end; ++port) {
      if (OwnerOf(port) != Rank()) continue;
      const auto& [error, solution] = owned_.at(port);
      for (size_t r = 0; r < Ranks(); ++r) {
        base::Packer packer;
        packer.Add(error);
        if (error.empty()) fdtd::Pack(solution, wanted[r][port] != 0, packer);
        for_rank[r] = packer.Bytes();
      }
      owned_.erase(port);
    }
    const std::vector<std::vector<char>> from = base::Exchange(comm_, for_rank);
    for (size_t port = first; port < end; ++port) {
      base::Unpacker packed(from[OwnerOf(port)]);
      std::string error;
      packed.Take(error);
      if (!error.empty()) throw base::UserError(error);
      spectra.emplace_back(UnpackSolution(packed), omegas_);
    }
  }

  MPI_Comm comm_;
  const domain::Lattice& lattice_;
  const domain::MediumMap& media_;
  const std::vector<SpectrumRequest>& requests_;
  const std::vector<double>& omegas_;
  ModeSpectrum::Options options_;
  ModeStore& known_;
  std::vector<double> at_;
  bool interpolated_ = false;
  std::vector<size_t> solver_of_;  ///< of every port, the one that is solved for it
  std::vector<size_t> solved_;     ///< these
  std::vector<modes::WaveguidePlane> planes_;
  std::map<size_t, Solved<ModeSpectrum::Solution>> owned_;
};

}  // namespace

std::vector<ModeSpectrum> SolveSpectra(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media,
                                       const std::vector<SpectrumRequest>& requests,
                                       const std::vector<double>& omegas,
                                       const ModeSpectrum::Options& options, ModeStore& known) {
  base::Require(!omegas.empty(), "ports have frequencies");
  for (const SpectrumRequest& request : requests) {
    base::Require(!request.port.modes.empty(), "a port has modes");
  }
  return SpectraSolver(comm, lattice, media, requests, omegas, options, known).Solve();
}

std::vector<ModeSpectrum> SolveSpectra(MPI_Comm comm, const domain::Lattice& lattice,
                                       const domain::MediumMap& media,
                                       const std::vector<SpectrumRequest>& requests,
                                       const std::vector<double>& omegas,
                                       const ModeSpectrum::Options& options) {
  ModeStore known;
  return SolveSpectra(comm, lattice, media, requests, omegas, options, known);
}

ModeSpectrum WithFieldsEverywhere(MPI_Comm comm, const ModeSpectrum& spectrum) {
  const int ranks = Communicator::SizeOf(comm);
  int first = spectrum.HasFields() ? Communicator::RankIn(comm) : ranks;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm));
  base::Require(first < ranks, "some rank has the fields of a port's modes");
  std::vector<char> bytes;
  if (Communicator::RankIn(comm) == first) {
    base::Packer packer;
    Pack(spectrum.AsSolved(), true, packer);
    bytes = packer.Bytes();
  }
  unsigned long size = bytes.size();
  base::Mpi(MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG, first, comm));
  bytes.resize(size);
  base::Broadcast(comm, bytes.data(), bytes.size(), first);
  base::Unpacker packed(bytes);
  return ModeSpectrum(UnpackSolution(packed), spectrum.Omegas());
}

}  // namespace symwave::solvers::fdtd
