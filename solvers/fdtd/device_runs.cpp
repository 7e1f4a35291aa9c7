#include "solvers/fdtd/device_runs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "domain/base/agreement.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/waiting.hpp"
#include "domain/frequency_media.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdtd/run_control.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::kI;

namespace {

constexpr double kSameChange = 1e-9;  // of eps
constexpr double kSameLoss = 1e-3;    // of the imaginary part, which the time step alters a little

struct InOrder {
  bool operator()(const ElementPoint& a, const ElementPoint& b) const {
    return std::tie(a.component, a.at[2], a.at[1], a.at[0]) <
           std::tie(b.component, b.at[2], b.at[1], b.at[0]);
  }
};

/// w' with 2 sin(w' dt / 2) / dt = w.
double TransformFrequencyOf(double omega, double dt) {
  return 2 / dt * std::asin(0.5 * omega * dt);
}

/// A point of H and its weight in a component of curl H.
struct CurlTerm {
  ElementPoint where;
  double weight = 0;
};

/// curl H at a point of E: (curl H)_a = d_b H_c - d_c H_b with (a, b, c) cyclic.
std::vector<CurlTerm> CurlAt(const domain::Lattice& lattice, const ElementPoint& point) {
  std::vector<CurlTerm> terms;
  const int a = static_cast<int>(domain::DirectionOf(point.component));
  for (const int turn : {1, 2}) {
    const int along = (a + turn) % 3, of = (a + 3 - turn) % 3;
    const auto h = static_cast<Component>(static_cast<int>(Component::Hx) + of);
    if (!lattice.Has(h) || (lattice.TwoDimensional() && along == 2)) continue;
    std::array<int, 3> before = point.at;
    --before[static_cast<size_t>(along)];
    const double weight =
        (turn == 1 ? 1 : -1) / lattice.NodeSpacing(along, point.at[static_cast<size_t>(along)]);
    terms.push_back({{h, point.at}, weight});
    terms.push_back({{h, before}, -weight});
  }
  return terms;
}

/// The leapfrog's own medium at one of its frequencies.
FixedOptics WithMedia(FixedOptics optics, const domain::MediumMap& media, double transform_omega,
                      double dt) {
  optics.media = domain::PermittivityAt(media, domain::SteppedFrequency(transform_omega, dt));
  return optics;
}

}  // namespace

DeviceRuns::DeviceRuns(std::vector<FixedOptics> band, const std::optional<domain::MediumMap>& media,
                       const TimeDomainOptions& options)
    : world_(band.front().comm),
      band_(std::move(band)),
      options_(options),
      lattice_(*band_.front().lattice) {
  base::Require(band_.size() == 1 || media, "media of all frequencies");
  DealRanks();
  base::AgreeOnGroupFailure(world_, group_.Get(), [&] { Prepare(media); });
}

void DeviceRuns::DealRanks() {
  const int ranks = base::Communicator::SizeOf(world_);
  int modes = 0;
  for (const domain::PlanePort& port : band_.front().ports) {
    modes += static_cast<int>(port.modes.size());
  }
  groups_ = std::clamp(options_.groups, 1, std::min(ranks, modes));
  const long rank = base::Communicator::RankIn(world_);
  number_ = static_cast<int>(rank * groups_ / ranks);
  group_ = base::Communicator::Split(world_, number_);
  for (FixedOptics& optics : band_) optics.comm = group_.Get();
}

void DeviceRuns::Prepare(const std::optional<domain::MediumMap>& media) {
  dt_ = options_.courant * lattice_.CourantLimit();
  for (FixedOptics& optics : band_) {
    transform_omegas_.push_back(TransformFrequencyOf(optics.omega, dt_));
    if (media) optics = WithMedia(optics, *media, transform_omegas_.back(), dt_);
    sheets_.push_back(SolveSheets(optics));
    eps_changes_.emplace_back(optics.points.size(), 0.0);
  }
  pulses_ = std::make_shared<QuadraturePulses>(transform_omegas_, options_.pulse_periods, dt_);
  // The light of the band meets media in the PML as they are.
  options_.pml.damped_below =
      std::min(options_.pml.damped_below,
               *std::min_element(transform_omegas_.begin(), transform_omegas_.end()));
  MakeMedia(media);
  PlaceTransforms();
  answers_.resize(sheets_.front().size());
}

// The same on all ranks, but a point that one rank cannot sample is an error of all.
void DeviceRuns::MakeMedia(const std::optional<domain::MediumMap>& media) {
  const FixedOptics& first = band_.front();
  base::AgreeOnFailure(first.comm, [&] {
    const domain::SteppedFrequency frequency(transform_omegas_.front(), dt_);
    media_ = std::make_unique<ChangeableMedia>(
        lattice_, media ? *media : domain::MakeMediumMap(lattice_, first.media, frequency),
        first.points);
  });
}

void DeviceRuns::PlaceTransforms() {
  std::vector<ElementPoint> points;
  for (size_t p = 0; p < band_.front().points.size(); ++p) {
    const ElementPoint& point = band_.front().points[p];
    if (!media_->Coupled(p)) {
      points.push_back(point);
      continue;
    }
    for (const CurlTerm& term : CurlAt(lattice_, point)) points.push_back(term.where);
  }
  for (const std::vector<PortSheet>& sheets : sheets_) {
    for (const PortSheet& sheet : sheets) {
      for (const PortSheet::Point& point : sheet.points) points.push_back(point.where);
    }
  }
  transforms_ = std::make_unique<PointTransforms>(std::move(points));
}

void DeviceRuns::Program(size_t frequency, const std::vector<Complex>& eps_change) {
  base::FaultPoint("time_domain/program");
  base::Require(eps_change.size() == band_[frequency].points.size(), "one change per point");
  eps_changes_[frequency] = eps_change;
  programmed_ = false;
  answers_.assign(sheets_.front().size(), {});
}

void DeviceRuns::CheckChanges() const {
  for (size_t k = 1; k < band_.size(); ++k) {
    const double share = band_[0].omega / band_[k].omega;
    for (size_t p = 0; p < eps_changes_[k].size(); ++p) {
      const Complex first = eps_changes_[0][p], other = eps_changes_[k][p];
      const Complex expected(first.real(), first.imag() * share);
      if (std::abs(other.real() - expected.real()) <= kSameChange &&
          std::abs(other.imag() - expected.imag()) <= kSameLoss * std::abs(expected.imag())) {
        continue;
      }
      base::Fail(
          "an element changes eps by {:.6g}{:+.6g}i at a wavelength of {:.6g} um and by "
          "{:.6g}{:+.6g}i at {:.6g} um; the time domain takes one change at all wavelengths, with "
          "losses of a conductivity, {:.6g}{:+.6g}i",
          first.real(), first.imag(), 2 * M_PI / band_[0].omega, other.real(), other.imag(),
          2 * M_PI / band_[k].omega, expected.real(), expected.imag());
    }
  }
}

Current DeviceRuns::CurrentOf(const Eigen::VectorXcd& launched) const {
  std::map<ElementPoint, std::vector<Complex>, InOrder> drives;
  for (size_t k = 0; k < band_.size(); ++k) {
    for (int p = 0; p < PortModes(); ++p) {
      if (launched(p) == 0.0) continue;
      for (const auto& [where, b] : sheets_[k][static_cast<size_t>(p)].points) {
        std::vector<Complex>& drive = drives[where];
        drive.resize(band_.size());
        // i w V J = b, and the engine's current drives E with the opposite sign.
        drive[k] += launched(p) * kI * b / (band_[k].omega * band_[k].VolumeOf(where));
      }
    }
  }
  Current current{pulses_, {}, {}};
  for (const auto& [where, drive] : drives) {
    const Eigen::VectorXd weights = pulses_->Weights(drive);
    for (int s = 0; s < pulses_->Count(); ++s) {
      current.entries.push_back({where.component, where.at, s, weights[s]});
    }
  }
  return current;
}

/// Steps of light in the densest of usual media along all edges of the lattice and back.
long DeviceRuns::Transit() const {
  constexpr double kIndex = 4;
  double way = 0;
  for (int axis = 0; axis < (lattice_.TwoDimensional() ? 2 : 3); ++axis) {
    way += lattice_.Node(axis, lattice_.Cells(axis)) - lattice_.Node(axis, 0);
  }
  return std::lround(2 * kIndex * way / dt_);
}

void DeviceRuns::LetDecay(long source_end) {
  RunControl control;
  control.decay = options_.residual * options_.residual;
  control.source_end = source_end;
  control.max_steps = options_.max_steps;
  control.transit = Transit();
  control.media = &media_->Fixed();
  if (options_.goes_on) {
    control.progress = [this](const RunProgress&) { return options_.goes_on(); };
  }
  const RunResult run = RunUntilDecayed(*engine_, control);
  const double left = std::sqrt(run.last.energy / run.peak_energy);
  base::AgreeOnFailure(group_.Get(), [&] {
    if (run.converged) return;
    if (run.end == RunEnd::Stopped) throw base::Interrupted();
    base::Fail(
        "the fields of the chip have fallen to {:.1e} of their peak after {} steps; wanted is "
        "{:.1e}: the chip stores light for long, allow more time (solver.stop.max_time) or take a "
        "larger solver.stop.decay",
        left, run.last.step, options_.residual);
  });
  statistics_.max_relative_residual = std::max(statistics_.max_relative_residual, left);
}

void DeviceRuns::StartEngine() {
  if (engine_) {
    engine_->Reset();
  } else {
    EngineOptions engine_options;
    engine_options.precision = options_.precision;
    engine_options.courant = options_.courant;
    engine_options.pml = options_.pml;
    engine_options.threads = options_.threads;
    engine_ = MakeEngine(band_.front().comm, lattice_, media_->Fixed(), engine_options);
    base::Require(std::abs(engine_->TimeStep() - dt_) < 1e-12 * dt_, "the engine's time step");
  }
  if (programmed_) return;
  base::AgreeOnFailure(group_.Get(), [&] {
    CheckChanges();
    const domain::SteppedFrequency frequency(transform_omegas_.front(), dt_);
    now_ = media_->Changed(eps_changes_.front(), frequency.w / frequency.mean);
  });
  engine_->SetMedia(now_);
  programmed_ = true;
}

Eigen::MatrixXcd DeviceRuns::RunOne(const Eigen::VectorXcd& launched) {
  StartEngine();
  const Current current = CurrentOf(launched);
  engine_->AddCurrent(current);
  // Eight samples of a period: the next spectrum that they fold onto this one is seven times
  // higher, where the pulse has less than its cut-off.
  const double highest = *std::max_element(transform_omegas_.begin(), transform_omegas_.end());
  transforms_->AddTo(*engine_, transform_omegas_, StepsBetweenSamples(highest, dt_));
  LetDecay(current.signals->EndStep());
  const Eigen::MatrixXcd values = transforms_->Values(*engine_);
  std::vector<Eigen::VectorXcd> of_band;
  for (size_t k = 0; k < band_.size(); ++k) of_band.push_back(Collect(values, launched, k));
  Eigen::MatrixXcd answer(of_band.front().size(), static_cast<Eigen::Index>(band_.size()));
  for (size_t k = 0; k < band_.size(); ++k) answer.col(static_cast<Eigen::Index>(k)) = of_band[k];
  return answer;
}

DeviceRuns::Answer DeviceRuns::Together(const Eigen::VectorXcd& launched, size_t frequency) {
  base::Require(launched.size() == PortModes(), "an amplitude per port mode");
  const Eigen::MatrixXcd all = RunOne(launched);
  ++statistics_.solves;
  steps_ += engine_->Step();
  const auto column = all.col(static_cast<Eigen::Index>(frequency));
  return {column.head(PortModes()), column.tail(column.size() - PortModes())};
}

void DeviceRuns::Run(const std::vector<int>& port_modes) {
  std::vector<int> missing;
  for (const int mode : port_modes) {
    if (answers_[static_cast<size_t>(mode)].empty()) missing.push_back(mode);
  }
  if (missing.empty()) return;
  const Eigen::Index ports = PortModes();
  const auto points = static_cast<Eigen::Index>(band_.front().points.size());
  const auto frequencies = static_cast<Eigen::Index>(band_.size());
  const auto count = static_cast<Eigen::Index>(missing.size());
  const bool leads = group_.Rank() == 0;
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Zero(ports + points, frequencies * count);
  double steps = 0;
  base::AgreeOnGroupFailure(world_, group_.Get(), [&] {
    for (Eigen::Index m = number_; m < count; m += groups_) {
      const Eigen::MatrixXcd answer =
          RunOne(Eigen::VectorXcd::Unit(ports, missing[static_cast<size_t>(m)]));
      if (leads) all.middleCols(m * frequencies, frequencies) = answer;
      if (leads) steps += static_cast<double>(engine_->Step());
    }
  });
  fdfd::SumOverRanks(world_, all);
  base::SumOverRanks(world_, &steps, 1);
  steps_ += std::lround(steps);
  statistics_.solves += static_cast<long>(missing.size());
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &statistics_.max_relative_residual, 1, MPI_DOUBLE, MPI_MAX,
                          world_));
  for (Eigen::Index m = 0; m < count; ++m) {
    auto& answers = answers_[static_cast<size_t>(missing[static_cast<size_t>(m)])];
    for (Eigen::Index k = 0; k < frequencies; ++k) {
      const auto column = all.col(m * frequencies + k);
      answers.push_back({column.head(ports), column.tail(points)});
    }
  }
}

Complex DeviceRuns::FieldAt(size_t point, size_t frequency, const Eigen::VectorXcd& values) const {
  const auto at = [&](const ElementPoint& where) {
    return values[transforms_->Points().NumberOf(where)];
  };
  const ElementPoint& here = band_[frequency].points[point];
  if (!media_->Coupled(point)) return at(here);
  Complex curl = 0;
  for (const CurlTerm& term : CurlAt(lattice_, here)) curl += term.weight * at(term.where);
  return kI * curl / (band_[frequency].omega * now_[point].eps);
}

Eigen::VectorXcd DeviceRuns::Collect(const Eigen::MatrixXcd& values,
                                     const Eigen::VectorXcd& launched, size_t frequency) const {
  base::FaultPoint("time_domain/collect");
  const FixedOptics& optics = band_[frequency];
  const std::vector<PortSheet>& sheets = sheets_[frequency];
  const Eigen::VectorXcd mine = values.col(static_cast<Eigen::Index>(frequency));
  const auto points = static_cast<Eigen::Index>(optics.points.size());
  const auto ports = static_cast<Eigen::Index>(sheets.size());
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Zero(ports + points, 1);
  for (Eigen::Index p = 0; p < ports; ++p) {
    for (const auto& [where, b] : sheets[static_cast<size_t>(p)].points) {
      all(p) += kI / (4 * optics.omega) * b * mine[transforms_->Points().NumberOf(where)];
    }
  }
  for (Eigen::Index c = 0; c < points; ++c) {
    all(ports + c) = FieldAt(static_cast<size_t>(c), frequency, mine);
  }
  fdfd::SumOverRanks(optics.comm, all);
  for (Eigen::Index p = 0; p < ports; ++p) {
    all(p) -= launched(p) * sheets[static_cast<size_t>(p)].direct;
  }
  all.col(0).head(ports) *= optics.AmplitudeSign();
  return all.col(0);
}

}  // namespace symwave::solvers::fdtd
