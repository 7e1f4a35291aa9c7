#include "solvers/fdtd/plane_wave.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/column_range.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/incident_signal.hpp"
#include "solvers/fdtd/lattice_wave.hpp"
#include "solvers/fdtd/plane_wave_line.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Stagger;

/// The box in nodes; `face` marks the sides that have one.
struct NodeBox {
  std::array<int, 3> first{0, 0, 0};
  std::array<int, 3> last{0, 0, 0};
  std::array<std::array<bool, 2>, 3> face{};

  LaunchPlane Face(int axis, int side) const {
    return {axis, side == 0 ? first[axis] : last[axis], side == 0 ? +1 : -1, first, last};
  }
};

NodeBox SnapBox(const Lattice& lattice, const PlaneWave& wave) {
  NodeBox box;
  for (int d = 0; d < 3; ++d) {
    const auto [first, last] = SpanningNodes(lattice, d);
    const bool flat = d == 2 && lattice.TwoDimensional();
    box.face[d] = {!flat && std::isfinite(wave.lo[d]), !flat && std::isfinite(wave.hi[d])};
    box.first[d] = box.face[d][0] ? lattice.NearestNode(d, wave.lo[d]) : first;
    box.last[d] = box.face[d][1] ? lattice.NearestNode(d, wave.hi[d]) : last;
    if (box.first[d] >= box.last[d]) {
      base::Fail(
          "plane wave: the box from {:.6g} to {:.6g} um holds no cell along {}; enlarge size",
          wave.lo[d], wave.hi[d], "xyz"[d]);
    }
    if (lattice.Periodic(d) && box.face[d][0] != box.face[d][1] &&
        d != static_cast<int>(wave.axis)) {
      base::Fail(
          "plane wave: the box ends on one side only of the periodic {} axis; give both "
          "bounds or none",
          "xyz"[d]);
    }
  }
  return box;
}

bool HasSideFaces(const NodeBox& box, int axis) {
  for (int d = 0; d < 3; ++d) {
    if (d != axis && (box.face[d][0] || box.face[d][1])) return true;
  }
  return false;
}

void CheckTransverse(const Lattice& lattice, const NodeBox& box, int axis) {
  const bool sides = HasSideFaces(box, axis);
  for (int d = 0; d < 3; ++d) {
    const auto low_pml = lattice.End(d, 0).pml_cells;
    const auto high_pml = lattice.End(d, 1).pml_cells;
    const bool in_pml = box.first[d] < low_pml || box.last[d] > lattice.Cells(d) - high_pml;
    if (in_pml && (d != axis || sides)) {
      base::Fail(
          "plane wave: the box reaches into the PML along {}; its faces may stand from {:.6g} to "
          "{:.6g} um: change centre or size, or enlarge grid.size",
          "xyz"[d], lattice.Node(d, low_pml), lattice.Node(d, lattice.Cells(d) - high_pml));
    }
    if (d == axis || lattice.BlochPhase(d) == 0) continue;
    if (box.face[d][0] || box.face[d][1]) {
      base::Fail("plane wave: the box must span the {} axis, which has a Bloch phase", "xyz"[d]);
    }
    const double width = lattice.CellWidth(d, 0);
    for (int i = 1; i < lattice.Cells(d); ++i) {
      if (std::abs(lattice.CellWidth(d, i) - width) > 1e-9 * width) {
        base::Fail(
            "plane wave: the {} axis has a Bloch phase and cells of unequal width; oblique "
            "incidence needs equal ones",
            "xyz"[d]);
      }
    }
  }
}

void Check(const Lattice& lattice, const PlaneWave& wave) {
  const int axis = static_cast<int>(wave.axis);
  if (wave.direction != 1 && wave.direction != -1) {
    base::Fail("plane wave: the direction is {}, but must be +1 or -1", wave.direction);
  }
  if (!(wave.eps > 0) || !std::isfinite(wave.eps)) {
    base::Fail("plane wave: the permittivity is {}, but must be positive", wave.eps);
  }
  if (axis == 2 && lattice.TwoDimensional()) {
    base::Fail("plane wave: a 2D lattice has no waves along z; the axis must be x or y");
  }
  if (lattice.BlochPhase(axis) != 0) {
    base::Fail("plane wave: a Bloch phase along {} does not fit a wave that enters along it",
               "xyz"[axis]);
  }
  const double entry = wave.direction > 0 ? wave.lo[axis] : wave.hi[axis];
  if (!std::isfinite(entry)) {
    base::Fail("plane wave: the box needs a bound along {} where the wave enters", "xyz"[axis]);
  }
  for (int d = 0; d < 3; ++d) {
    if (wave.electric[d] == 0.0) continue;
    if (d == axis || !lattice.Has(domain::ElectricAlong(d))) {
      base::Fail("plane wave: the electric field along {} must be zero, {}", "xyz"[d],
                 d == axis ? "the direction of the wave" : "which this 2D lattice does not carry");
    }
  }
}

int EntryNode(const Lattice& lattice, const PlaneWave& wave) {
  const int axis = static_cast<int>(wave.axis);
  return lattice.NearestNode(axis, wave.direction > 0 ? wave.lo[axis] : wave.hi[axis]);
}

/// Values of the line at the indices that the faces ask for, and zero from EndStep() on.
class LineSignals : public SignalSet {
 public:
  LineSignals(const Lattice& lattice, double dt, const PlaneWave& wave, int first, int last)
      : line_(lattice, dt, wave, first, last),
        first_(first - 1),
        count_(last - first + 3),
        parts_(lattice.HasBlochPhase() ? 2 : 1) {
    const int axis = static_cast<int>(wave.axis);
    for (int c = 0; c < 6; ++c) {
      const auto component = static_cast<Component>(c);
      const int direction = c % 3;
      const int partner = 3 - axis - direction;
      const bool carried = direction != axis && wave.electric[c < 3 ? direction : partner] != 0.0;
      row_[c] = lattice.Has(component) && (lattice.HasBlochPhase() || carried)
                    ? static_cast<int>(components_.size())
                    : -1;
      if (row_[c] >= 0) components_.push_back(component);
    }
    if (wave.waveform.IsContinuous()) return;
    const double path = lattice.Node(axis, last + 4) - lattice.Node(axis, first - 4);
    const double eps = wave.Background().Permittivity(wave.waveform.Omega()).real();
    FindEnd(wave.waveform, 2 * std::sqrt(std::max(eps, wave.eps)) * path, dt);
  }

  int Count() const override { return static_cast<int>(components_.size()) * count_ * parts_; }
  long EndStep() const override { return end_; }
  void Evaluate(long step, double* values) override {
    if (step >= end_) {
      std::fill(values, values + Count(), 0.0);
      return;
    }
    AdvanceTo(line_, step);
    for (Component c : components_) {
      for (int i = 0; i < count_; ++i) {
        const Complex value = line_.At(c, first_ + i);
        *values++ = value.real();
        if (parts_ == 2) *values++ = value.imag();
      }
    }
  }

  void SaveOrRestore(base::StateArchive& archive, const std::string& name) override {
    SaveOrRestoreInteger(archive, name + "/advanced", advanced_);
    line_.SaveOrRestore(archive, name + "/line");
  }

  bool Carries(Component c) const { return row_[static_cast<size_t>(c)] >= 0; }
  int Parts() const { return parts_; }
  /// Signal of the real part of a component at a lattice index; the imaginary part is the next one.
  int Number(Component c, int index) const {
    return (row_[static_cast<size_t>(c)] * count_ + index - first_) * parts_;
  }

 private:
  /// E to step dt and H to (step + 1/2) dt, from which H and E of step follow.
  void AdvanceTo(PlaneWaveLine& line, long step) {
    if (advanced_ < 0) {
      line.AdvanceMagnetic();
      advanced_ = 0;
    }
    for (; advanced_ < step; ++advanced_) {
      line.AdvanceElectric();
      line.AdvanceMagnetic();
    }
  }

  double Level(const PlaneWaveLine& line) const {
    double level = 0;
    for (Component c : components_) {
      for (int i = 0; i < count_; ++i) level = std::max(level, std::abs(line.At(c, first_ + i)));
    }
    return level;
  }

  /// The step from which on a trial run stays below the waveform's cutoff for as long as it lasts:
  /// at most four times the pulse and its way through the box, for waves that graze.
  void FindEnd(const Waveform& waveform, double transit, double dt) {
    PlaneWaveLine trial = line_;
    const long pulse = static_cast<long>((waveform.EndTime() + transit) / dt);
    double peak = 0;
    long step = 0;
    for (;; ++step) {
      AdvanceTo(trial, step);
      const double level = Level(trial);
      peak = std::max(peak, level);
      if (step > 4 * pulse || (step > pulse && level < waveform.Cutoff() * peak)) break;
    }
    end_ = step + 1;
    advanced_ = -1;
  }

  PlaneWaveLine line_;
  int first_;
  int count_;
  int parts_;
  std::vector<Component> components_;
  std::array<int, 6> row_{};
  long advanced_ = -1;
  long end_ = std::numeric_limits<long>::max();
};

}  // namespace

double PlaneWaveLead(const Lattice& lattice, double dt, const PlaneWave& wave) {
  Check(lattice, wave);
  const NodeBox box = SnapBox(lattice, wave);
  CheckTransverse(lattice, box, static_cast<int>(wave.axis));
  for (int d = 0; d < 3; ++d) {
    for (int side = 0; side < 2; ++side) {
      // Without points to drive: where the face stands is all that is looked at.
      if (box.face[d][side]) ForEachTerm(lattice, box.Face(d, side), {}, [](const auto&) {});
    }
  }
  const int entry = EntryNode(lattice, wave);
  return IncidentLead(lattice, dt, wave, PlaneWaveLine::SourceNode(wave, entry, entry));
}

Current PlaneWaveCurrent(const Lattice& lattice, double dt, const IndexBox& held,
                         const PlaneWave& wave) {
  Check(lattice, wave);
  const int axis = static_cast<int>(wave.axis);
  const NodeBox box = SnapBox(lattice, wave);
  CheckTransverse(lattice, box, axis);
  const int entry = wave.direction > 0 ? box.first[axis] : box.last[axis];
  const bool entry_only = !HasSideFaces(box, axis) && !(box.face[axis][0] && box.face[axis][1]);
  const auto signals = std::make_shared<LineSignals>(
      lattice, dt, wave, entry_only ? entry : box.first[axis], entry_only ? entry : box.last[axis]);
  Current current{signals, {}, {}};
  const auto add = [&](const EquivalentTerm& term) {
    if (!signals->Carries(term.incident)) return;
    double phase = 0;
    for (int d = 0; d < 3; ++d) {
      phase += TransverseWaveNumber(lattice, d) *
               (lattice.Position(term.incident, d, term.incident_point[d]) - wave.origin[d]);
    }
    Complex weight = term.factor * std::polar(1.0, phase);
    int signal = signals->Number(term.incident, term.incident_point[axis]);
    for (int part = 0; part < signals->Parts(); ++part, ++signal, weight *= Complex(0, 1)) {
      current.entries.push_back({term.driven, term.point, signal, weight});
    }
  };
  for (int d = 0; d < 3; ++d) {
    for (int side = 0; side < 2; ++side) {
      if (box.face[d][side]) ForEachTerm(lattice, box.Face(d, side), held, add);
    }
  }
  return current;
}

namespace {

/// This rank's share of the points of a component on a face of the box.
IndexBox ShareOfFace(MPI_Comm comm, const Lattice& lattice, const LaunchPlane& face, Component c) {
  IndexBox box;
  int longest = face.axis == 0 ? 1 : 0;
  for (int d = 0; d < 3; ++d) {
    const bool halves = d == face.axis || lattice.StaggerOf(c, d) == Stagger::Centre;
    box.lo[d] = d == face.axis ? face.node : face.first_node[d];
    box.hi[d] = (d == face.axis ? face.node + 1 : face.last_node[d] + (halves ? 0 : 1));
    box.hi[d] = std::min(box.hi[d], lattice.Points(d));
    if (d != face.axis && box.Extent(d) > box.Extent(longest)) longest = d;
  }
  const domain::ColumnRange mine =
      domain::PartitionColumns({box.lo[longest], box.hi[longest]}, base::Communicator::RankIn(comm),
                               base::Communicator::SizeOf(comm));
  box.lo[longest] = mine.begin;
  box.hi[longest] = mine.end;
  return box;
}

/// What a face of the box holds at the carrier.
struct FaceMedium {
  double lowest = std::numeric_limits<double>::max();  ///< of Re eps
  double highest = std::numeric_limits<double>::lowest();
  double deviation = 0;  ///< largest |eps - background|
};

void AddMedia(const domain::MediumBlock& block, const std::vector<domain::Medium>& media,
              const PlaneWave& wave, FaceMedium& found) {
  const double omega = wave.waveform.Omega();
  const Complex background = wave.Background().Permittivity(omega);
  for (size_t n = 0; n < block.eps.size(); ++n) {
    Complex eps = block.eps[n];
    if (!block.conductivity.empty()) eps += Complex(0, block.conductivity[n] / omega);
    for (const auto& part : block.dispersive) {
      const domain::Medium& medium = media[part.medium];
      eps += part.share[n] * (medium.Permittivity(omega) - medium.eps_inf -
                              Complex(0, medium.conductivity / omega));
    }
    found.lowest = std::min(found.lowest, eps.real());
    found.highest = std::max(found.highest, eps.real());
    found.deviation = std::max(found.deviation, std::abs(eps - background));
  }
}

FaceMedium MediumOn(MPI_Comm comm, const Lattice& lattice, const domain::MediumMap& media,
                    const PlaneWave& wave, const LaunchPlane& face) {
  FaceMedium found;
  base::AgreeOnFailure(comm, [&] {
    for (int d = 0; d < 3; ++d) {
      if (d == face.axis || !lattice.Has(domain::ElectricAlong(d))) continue;
      const IndexBox box = ShareOfFace(comm, lattice, face, domain::ElectricAlong(d));
      if (!box.Empty())
        AddMedia(media.sample(domain::ElectricAlong(d), box), media.media, wave, found);
    }
  });
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &found.lowest, 1, MPI_DOUBLE, MPI_MIN, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &found.highest, 1, MPI_DOUBLE, MPI_MAX, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &found.deviation, 1, MPI_DOUBLE, MPI_MAX, comm));
  return found;
}

}  // namespace

std::string PlaneWaveWarning(MPI_Comm comm, const Lattice& lattice, const domain::MediumMap& media,
                             const PlaneWave& wave) {
  Check(lattice, wave);
  const NodeBox box = SnapBox(lattice, wave);
  const double eps = wave.Background().Permittivity(wave.waveform.Omega()).real();
  for (int d = 0; d < 3; ++d) {
    for (int side = 0; side < 2; ++side) {
      if (!box.face[d][side]) continue;
      const FaceMedium found = MediumOn(comm, lattice, media, wave, box.Face(d, side));
      if (found.deviation <= 1e-6 * eps) continue;
      return fmt::format(
          "plane wave: the face of its box at {} = {:.4g} um holds media of permittivity {:.4g} to "
          "{:.4g}, off the {:.4g} that it runs in by up to {:.2g}, and leaks there: let the plane "
          "or "
          "the box lie in one medium without loss, a box in `background`",
          "xyz"[d], lattice.Node(d, side == 0 ? box.first[d] : box.last[d]), found.lowest,
          found.highest, eps, found.deviation);
    }
  }
  return "";
}

Complex IncidentTransform(const Lattice& lattice, double dt, const PlaneWave& wave,
                          Component component, int index, double omega) {
  Check(lattice, wave);
  if (wave.waveform.IsContinuous()) {
    base::Fail("plane wave: the transform of a continuous wave does not converge; use a pulse");
  }
  const int entry = EntryNode(lattice, wave);
  const int first = std::min(entry, index - 1), last = std::max(entry, index + 1);
  const double delay =
      IncidentLead(lattice, dt, wave, PlaneWaveLine::SourceNode(wave, first, last));
  PlaneWave later = wave;
  later.waveform = wave.waveform.Delayed(delay);
  LineSignals signals(lattice, dt, later, first, last);
  if (!signals.Carries(component)) return 0;
  std::vector<double> values(signals.Count());
  const double shift = domain::IsElectric(component) ? 0.0 : 0.5;
  const size_t number = signals.Number(component, index);
  Complex sum = 0;
  for (long n = 0; n < signals.EndStep(); ++n) {
    signals.Evaluate(n, values.data());
    const Complex value(values[number], signals.Parts() == 2 ? values[number + 1] : 0.0);
    sum += value * std::polar(1.0, omega * (static_cast<double>(n) + shift) * dt);
  }
  return dt * sum * std::polar(1.0, -omega * delay);
}

}  // namespace symwave::solvers::fdtd
