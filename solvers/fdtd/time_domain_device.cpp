#include "solvers/fdtd/time_domain_device.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/frequency_media.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdtd/run_control.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;

namespace {

using domain::kI;

/// A Gaussian pulse in two phases, exp(-(t - t0)^2 / 2 sigma^2) {cos, sin} w (t - t0), so that a
/// current of any complex amplitude at w can be driven. Starts and ends at 7 sigma, 2e-11.
class QuadraturePulse : public SignalSet {
 public:
  QuadraturePulse(double omega, double sigma, double dt)
      : omega_(omega), sigma_(sigma), dt_(dt), end_(std::lround(std::ceil(14 * sigma / dt))) {}

  int Count() const override { return 2; }
  void Evaluate(long step, double* values) override {
    const double t = (step + 0.5) * dt_ - 7 * sigma_;
    const double envelope = step < end_ ? std::exp(-0.5 * t * t / (sigma_ * sigma_)) : 0.0;
    values[0] = envelope * std::cos(omega_ * t);
    values[1] = envelope * std::sin(omega_ * t);
  }
  long EndStep() const override { return end_; }

  /// dt sum_n s(t_n) exp(i omega t_n) at t_n = (n + 1/2) dt.
  std::array<Complex, 2> Transform() {
    std::array<Complex, 2> sum{0, 0};
    std::array<double, 2> values{};
    for (long n = 0; n < end_; ++n) {
      Evaluate(n, values.data());
      const Complex phase = dt_ * std::exp(kI * (omega_ * (n + 0.5) * dt_));
      for (int s = 0; s < 2; ++s) sum[s] += values[s] * phase;
    }
    return sum;
  }

 private:
  double omega_, sigma_, dt_;
  long end_;
};

/// Real weights of the two signals whose transforms sum to `value`.
std::array<double, 2> QuadratureWeights(const std::array<Complex, 2>& transform, Complex value) {
  const double determinant = (std::conj(transform[0]) * transform[1]).imag();
  return {(std::conj(value) * transform[1]).imag() / determinant,
          (std::conj(transform[0]) * value).imag() / determinant};
}

/// Points [lo, hi) of one component.
struct PointBox {
  Component component = Component::Ez;
  IndexBox box;
};

/// Appends `next` to the last box that it continues along `axis`, being as large across.
void AppendAlong(int axis, const PointBox& next, std::vector<PointBox>& boxes) {
  for (auto known = boxes.rbegin(); known != boxes.rend(); ++known) {
    if (known->component != next.component || known->box.hi[axis] != next.box.lo[axis]) continue;
    bool equal = true;
    for (int d = 0; d < 3; ++d) {
      if (d == axis) continue;
      equal = equal && known->box.lo[d] == next.box.lo[d] && known->box.hi[d] == next.box.hi[d];
    }
    if (!equal) continue;
    known->box.hi[axis] = next.box.hi[axis];
    return;
  }
  boxes.push_back(next);
}

/// Disjoint boxes that hold all `points`: rows of neighbours along x, equal rows along y, equal
/// plates along z.
std::vector<PointBox> CoverWithBoxes(std::vector<ElementPoint> points) {
  std::sort(points.begin(), points.end(), [](const ElementPoint& a, const ElementPoint& b) {
    return std::tie(a.component, a.at[2], a.at[1], a.at[0]) <
           std::tie(b.component, b.at[2], b.at[1], b.at[0]);
  });
  std::vector<PointBox> boxes;
  for (const ElementPoint& point : points) {
    const auto [i, j, k] = point.at;
    const PointBox one{point.component, {{i, j, k}, {i + 1, j + 1, k + 1}}};
    const bool known = !boxes.empty() && boxes.back().component == one.component &&
                       boxes.back().box.Contains(i, j, k);
    if (!known) AppendAlong(0, one, boxes);
  }
  for (const int axis : {1, 2}) {
    std::vector<PointBox> merged;
    for (const PointBox& box : boxes) AppendAlong(axis, box, merged);
    boxes = std::move(merged);
  }
  return boxes;
}

/// w' with 2 sin(w' dt / 2) / dt = w.
double TransformFrequencyOf(double omega, double dt) {
  return 2 / dt * std::asin(0.5 * omega * dt);
}

/// What the conductivities of an absorbing medium must refer to: in the leapfrog, which takes the
/// mean of E before and after, sigma stands for eps'' = sigma dt / (2 tan(w' dt / 2)).
double ConductivityFrequency(double transform_omega, double dt) {
  return 2 / dt * std::tan(0.5 * transform_omega * dt);
}

}  // namespace

TimeDomainDevice::TimeDomainDevice(const FixedOptics& optics, const TimeDomainOptions& options)
    : optics_(optics),
      options_(options),
      lattice_(*optics_.lattice),
      sheets_(SolveSheets(optics_)) {
  dt_ = options_.courant * lattice_.CourantLimit();
  transform_omega_ = TransformFrequencyOf(optics_.omega, dt_);
  Program(std::vector<Complex>(optics_.points.size(), 0.0));
}

void TimeDomainDevice::Program(const std::vector<Complex>& eps_change) {
  base::FaultPoint("time_domain/program");
  base::Require(eps_change.size() == optics_.points.size(), "one change per point");
  std::vector<domain::PointChange> changes;
  for (size_t p = 0; p < eps_change.size(); ++p) {
    changes.push_back({optics_.points[p].component, optics_.points[p].at, eps_change[p]});
  }
  engine_.reset();
  media_ = domain::MakeMediumMap(domain::WithChanges(optics_.media, std::move(changes)),
                                 ConductivityFrequency(transform_omega_, dt_));
  answers_.assign(sheets_.size(), {});
}

Current TimeDomainDevice::PortCurrent(const PortSheet& sheet) const {
  const double period = 2 * M_PI / transform_omega_;
  const auto pulse =
      std::make_shared<QuadraturePulse>(transform_omega_, options_.pulse_periods * period, dt_);
  const std::array<Complex, 2> transform = pulse->Transform();
  Current current{pulse, {}, {}};
  for (const auto& [where, b] : sheet.points) {
    // i w V J = b, and the engine's current drives E with the opposite sign.
    const Complex drive = kI * b / (optics_.omega * optics_.VolumeOf(where));
    const auto weights = QuadratureWeights(transform, drive);
    for (int s = 0; s < 2; ++s) {
      current.entries.push_back({where.component, where.at, s, weights[s]});
    }
  }
  return current;
}

void TimeDomainDevice::LetDecay(Engine& engine, long source_end) {
  RunControl control;
  control.decay = options_.residual * options_.residual;
  control.source_end = source_end;
  control.max_steps = options_.max_steps;
  control.media = &media_;
  const RunResult run = RunUntilDecayed(engine, control);
  const double left = std::sqrt(run.last.energy / run.peak_energy);
  if (!run.converged) {
    base::Fail(
        "the fields of the chip have fallen to {:.1e} of their peak after {} steps; wanted is "
        "{:.1e}: the chip stores light for long, allow more steps or a larger residual",
        left, run.last.step, options_.residual);
  }
  statistics_.max_relative_residual = std::max(statistics_.max_relative_residual, left);
}

void TimeDomainDevice::StartEngine() {
  if (engine_) {
    engine_->Reset();
    return;
  }
  EngineOptions engine_options;
  engine_options.precision = Precision::Float64;
  engine_options.courant = options_.courant;
  engine_options.pml = options_.pml;
  engine_options.threads = options_.threads;
  engine_ = MakeEngine(optics_.comm, lattice_, media_, engine_options);
  base::Require(std::abs(engine_->TimeStep() - dt_) < 1e-12 * dt_, "the engine's time step");
}

TimeDomainDevice::Answer TimeDomainDevice::Run(int port_mode) {
  StartEngine();
  const Current current = PortCurrent(sheets_[port_mode]);
  engine_->AddCurrent(current);
  // Eight samples of a period: the next spectrum that they fold onto this one is seven times
  // higher, where the pulse has less than its cut-off.
  const int every = StepsBetweenSamples(transform_omega_, dt_);
  std::vector<ElementPoint> points = optics_.points;
  for (const PortSheet& sheet : sheets_) {
    for (const PortSheet::Point& point : sheet.points) points.push_back(point.where);
  }
  std::vector<int> dfts;
  for (const PointBox& of : CoverWithBoxes(std::move(points))) {
    dfts.push_back(engine_->AddDft({of.box, {of.component}, {transform_omega_}, every}));
  }

  LetDecay(*engine_, current.signals->EndStep());
  ++statistics_.solves;
  steps_ += engine_->Step();
  return Collect(*engine_, dfts, port_mode);
}

TimeDomainDevice::Answer TimeDomainDevice::Collect(const Engine& engine,
                                                   const std::vector<int>& dfts,
                                                   int port_mode) const {
  base::FaultPoint("time_domain/collect");
  std::vector<DftBlock> blocks;
  blocks.reserve(dfts.size());
  for (const int number : dfts) blocks.push_back(engine.Dft(number));
  const auto value = [&](const ElementPoint& point) {
    const auto [i, j, k] = point.at;
    for (const DftBlock& block : blocks) {
      if (block.components.front() != point.component || !block.box.Contains(i, j, k)) continue;
      return block.At(0, 0, i, j, k);
    }
    return Complex(0);  // another rank has it
  };
  const long points = static_cast<long>(optics_.points.size());
  const long ports = static_cast<long>(sheets_.size());
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Zero(points + ports, 1);
  for (long c = 0; c < points; ++c) all(c) = value(optics_.points[static_cast<size_t>(c)]);
  for (long p = 0; p < ports; ++p) {
    for (const auto& [where, b] : sheets_[static_cast<size_t>(p)].points) {
      all(points + p) += kI / (4 * optics_.omega) * b * value(where);
    }
  }
  fdfd::SumOverRanks(optics_.comm, all);
  all(points + port_mode) -= sheets_[static_cast<size_t>(port_mode)].direct;
  all.col(0).tail(ports) *= optics_.AmplitudeSign();
  return {all.col(0).tail(ports), all.col(0).head(points)};
}

Response TimeDomainDevice::Launch(const Eigen::MatrixXcd& launched) {
  const long ports = static_cast<long>(sheets_.size());
  const long points = static_cast<long>(optics_.points.size());
  Response response;
  response.outgoing = Eigen::MatrixXcd::Zero(ports, launched.cols());
  response.points = Eigen::MatrixXcd::Zero(points, launched.cols());
  for (long p = 0; p < ports; ++p) {
    if (launched.row(p).isZero(0)) continue;
    Answer& answer = answers_[p];
    if (answer.outgoing.size() == 0) answer = Run(static_cast<int>(p));
    response.outgoing += answer.outgoing * launched.row(p);
    response.points += answer.points * launched.row(p);
  }
  return response;
}

}  // namespace symwave::solvers::fdtd
