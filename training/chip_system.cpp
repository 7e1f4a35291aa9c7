#include "training/chip_system.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/random.hpp"
#include "solvers/fdfd/condensation.hpp"

namespace symwave::training {

namespace fdfd = solvers::fdfd;

namespace {

constexpr std::complex<double> kI(0, 1);

/// Columns of points whose cells reach into [low, high].
fdfd::ColumnRange ColumnsOf(const fdfd::PlanePoints& points,
                            const std::array<double, 2>& interval) {
  const double slack = 1e-6 * points.Width(0, 0);
  fdfd::ColumnRange range{points.Nx(), 0};
  for (int i = 0; i < points.Nx(); ++i) {
    if (points.Border(0, i + 1) > interval[0] + slack &&
        points.Border(0, i) < interval[1] - slack) {
      range.begin = std::min(range.begin, i);
      range.end = std::max(range.end, i + 1);
    }
  }
  return range;
}

/// d n_eff / d n when the index changes in the segment's width, on the lattice:
/// omega int n u^2 / (q int u^2) with q = sin(k h) / h, n_eff omega in the continuum.
double Confinement(const fdfd::PortMode& port, const fdfd::PlanePoints& points,
                   const domain::PermittivityMap& media, double omega, double segment_width) {
  const fdfd::PortLine& line = port.line;
  const fdfd::Coefficients eps(points, media, {line.plane, line.plane + 1});
  const double centre = 0.5 * (points.Border(1, line.begin) + points.Border(1, line.end));
  std::complex<double> changed = 0;
  std::complex<double> all = 0;
  for (int j = line.begin; j < line.end; ++j) {
    const std::complex<double> u = port.mode.profile[j - line.begin];
    const std::complex<double> weight = u * u * points.Width(1, j);
    all += weight;
    if (std::abs(points.Position(1, j) - centre) < 0.5 * segment_width) {
      changed += weight * std::sqrt(eps.MeanEps(line.plane, j));
    }
  }
  return (omega * changed / (port.mode.FluxFactor(0) * all)).real();
}

}  // namespace

ActuatorResponse IdealActuatorResponse(int elements) {
  return {Eigen::VectorXd::Ones(elements), Eigen::VectorXd::Zero(elements)};
}

ActuatorResponse DrawActuatorResponse(const ActuatorErrors& errors, int block, int phases,
                                      int elements) {
  std::mt19937_64 generator(base::MixSeed(errors.drive_seed, 1 + block));
  ActuatorResponse response = IdealActuatorResponse(elements);
  for (int e = 0; e < elements; ++e) {
    response.gain[e] += errors.gain_sigma * base::Gaussian(generator);
    const double uniform = 2 * base::Uniform(generator) - 1;
    if (e < phases) response.offset[e] = errors.offset_range * uniform;
  }
  return response;
}

ChipSystem::ChipSystem(const ChipOptions& options) : options_(options) {
  PlacePoints();
  FindMirrorImages();
  MakeDevice();
  const auto& optics = options_.device;
  const fdfd::PlanePoints points(*optics.lattice);
  confinement_ = Confinement(fdfd::SolvePorts(optics.comm, points, optics.media, optics.omega,
                                              {optics.ports.front()}, *optics.known)
                                 .front(),
                             points, optics.media, optics.omega, options_.segments.front().width);
  index_now_ = index_;
}

void ChipSystem::MakeDevice() {
  base::FaultPoint("chip/device");
  if (options_.solver == SolverKind::TimeDomain) {
    device_ =
        std::make_unique<solvers::fdtd::TimeDomainDevice>(options_.device, options_.time_domain);
  } else if (options_.condensation) {
    const fdfd::PlanePoints points(*options_.device.lattice);
    std::vector<fdfd::ColumnRange> strips;
    for (const auto& strip : options_.strips) strips.push_back(ColumnsOf(points, strip));
    device_ = std::make_unique<fdfd::CondensedDevice>(options_.device, strips);
  } else {
    device_ = std::make_unique<fdfd::MonolithicDevice>(options_.device);
  }
}

int ChipSystem::Outputs() const {
  return device_->PortModes() - options_.inputs;
}

void ChipSystem::PlacePoints() {
  const fdfd::PlanePoints points(*options_.device.lattice);
  auto& all = options_.device.points;
  all.clear();
  for (const domain::Segment& segment : options_.segments) {
    const fdfd::ColumnRange columns = ColumnsOf(
        points, {segment.centre.x - 0.5 * segment.length, segment.centre.x + 0.5 * segment.length});
    const fdfd::Coefficients eps(points, options_.device.media, columns);
    std::vector<int> mine;
    for (int j = 0; j < points.Ny(); ++j) {
      if (std::abs(points.Position(1, j) - segment.centre.y) >= 0.5 * segment.width) continue;
      for (int i = columns.begin; i < columns.end; ++i) {
        const double profile = segment.Profile(points.Position(0, i));
        if (profile == 0) continue;
        mine.push_back(static_cast<int>(all.size()));
        all.push_back({domain::Component::Ez, {points.First(0) + i, points.First(1) + j, 0}});
        profile_.push_back(profile);
        index_.push_back(std::sqrt(eps.MeanEps(i, j)));
        volume_.push_back(options_.device.VolumeOf(all.back()));
      }
    }
    base::Require(!mine.empty(), "a segment covers points of the lattice");
    segment_points_.push_back(std::move(mine));
  }
}

void ChipSystem::FindMirrorImages() {
  const int count = static_cast<int>(options_.segments.size());
  const double near = 1e-6;
  for (int s = 0; s < count; ++s) {
    const domain::Point& here = options_.segments[s].centre;
    int image = -1;
    for (int t = 0; t < count; ++t) {
      const domain::Point& there = options_.segments[t].centre;
      if (std::abs(there.x + here.x) < near && std::abs(there.y - here.y) < near) image = t;
    }
    base::Require(image >= 0, "every segment has a mirror image about x = 0");
    segment_mirror_.push_back(image);
    // Rows run along x: the mirror image of the k-th cell of a row is its k-th from the end.
    if (image >= s) continue;
    const auto& source = segment_points_[image];
    base::Require(source.size() == segment_points_[s].size(),
                  "mirrored segments have equal points");
    auto& points = segment_points_[s];
    const auto& all = options_.device.points;
    const domain::Lattice& lattice = *options_.device.lattice;
    std::vector<int> ordered;
    for (const int c : source) {
      const auto found = std::find_if(points.begin(), points.end(), [&](int d) {
        return all[d].at[1] == all[c].at[1] &&
               all[d].at[0] == lattice.MirrorImage(all[c].component, 0, all[c].at[0]);
      });
      base::Require(found != points.end(), "every point of a mirrored segment has a mirror image");
      ordered.push_back(*found);
    }
    points = std::move(ordered);
  }
  for (int pass = 0; pass < (options_.attenuators ? 2 : 1); ++pass) {
    for (int s = 0; s < count; ++s) {
      elements_.push_back({s, pass == 1, pass * count + segment_mirror_[s]});
    }
  }
}

std::vector<int> ChipSystem::MirrorImages() const {
  std::vector<int> images;
  for (const Element& element : elements_) images.push_back(element.mirror);
  return images;
}

ChipSystem::Complex ChipSystem::IndexPerUnit(int segment) const {
  return 1.0 /
         (options_.device.omega * options_.segments[segment].EffectiveLength() * confinement_);
}

ChipSystem::Complex ChipSystem::SegmentDrive(const Eigen::VectorXd& commands, int segment) const {
  const int count = static_cast<int>(options_.segments.size());
  const ActuatorResponse& drive = options_.drive;
  const double phase =
      std::remainder(drive.gain[segment] * commands[segment] + drive.offset[segment], 2 * M_PI);
  if (!options_.attenuators) return phase;
  const int attenuator = count + segment;
  return phase + kI * std::max(0.0, drive.gain[attenuator] * commands[attenuator]);
}

std::vector<ChipSystem::Complex> ChipSystem::EpsChange(const Eigen::VectorXd& commands) const {
  std::vector<Complex> change(index_.size());
  for (size_t s = 0; s < options_.segments.size(); ++s) {
    const int segment = static_cast<int>(s);
    const Complex step = IndexPerUnit(segment) * SegmentDrive(commands, segment);
    for (const int c : segment_points_[s]) {
      const Complex n = index_[c] + step * profile_[c];
      change[c] = n * n - index_[c] * index_[c];
    }
  }
  return change;
}

std::vector<domain::PointChange> ChipSystem::Changes(const Eigen::VectorXd& commands) const {
  const std::vector<Complex> eps = EpsChange(commands);
  std::vector<domain::PointChange> changes;
  for (size_t c = 0; c < eps.size(); ++c) {
    const solvers::ElementPoint& point = options_.device.points[c];
    changes.push_back({point.component, point.at, eps[c]});
  }
  return changes;
}

std::vector<bool> ChipSystem::Attenuators() const {
  std::vector<bool> attenuators;
  for (const Element& element : elements_) attenuators.push_back(element.attenuates);
  return attenuators;
}

void ChipSystem::Program(const Eigen::VectorXd& commands) {
  base::FaultPoint("chip/program");
  base::Require(commands.size() == Elements(), "one command per element");
  const std::vector<Complex> change = EpsChange(commands);
  for (size_t c = 0; c < change.size(); ++c) {
    index_now_[c] = std::sqrt(index_[c] * index_[c] + change[c]);
  }
  device_->Program(change);
}

Transmission ChipSystem::Transmit(const Eigen::MatrixXcd& launched, Side side) {
  base::FaultPoint("chip/transmit");
  const int ports = device_->PortModes();
  const bool input = side == Side::Input;
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Zero(ports, launched.cols());
  (input ? all.topRows(Inputs()) : all.bottomRows(Outputs())) = launched;
  const solvers::Response response = device_->Launch(all);

  Transmission result;
  result.outputs =
      input ? response.outgoing.bottomRows(Outputs()) : response.outgoing.topRows(Inputs());
  const int rank = base::Communicator::RankIn(Comm());
  const int size = base::Communicator::SizeOf(Comm());
  const auto& points = options_.device.points;
  const domain::Lattice& lattice = *options_.device.lattice;
  for (const Element& element : elements_) {
    const auto& mine = segment_points_[element.segment];
    const Complex per_unit =
        IndexPerUnit(element.segment) * (element.attenuates ? kI : Complex(1.0));
    // dS = (i w / 4) V d eps u u,  d eps = 2 n profile d n.
    const auto scaled = [&](int c) -> Eigen::RowVectorXcd {
      const Complex weight = kI * options_.device.omega / 4.0 * volume_[c] * 2.0 * index_now_[c] *
                             profile_[c] * per_unit;
      return std::sqrt(weight) * response.points.row(c);
    };
    const bool own_image = segment_mirror_[element.segment] == element.segment;
    Eigen::MatrixXcd rows((mine.size() + size - 1 - rank) / size, launched.cols());
    long row = 0;
    for (size_t k = rank; k < mine.size(); k += size) {
      const int c = mine[k];
      if (!own_image) {
        rows.row(row++) = scaled(c);
        continue;
      }
      // Partner of the k-th cell: same row of the lattice, mirrored column.
      const int i = points[c].at[0];
      const long shift = lattice.MirrorImage(points[c].component, 0, i) - static_cast<long>(i);
      const int partner = static_cast<int>(c + shift);
      if (shift > 0) {
        rows.row(row++) = M_SQRT1_2 * (scaled(c) + scaled(partner));
      } else if (shift < 0) {
        const double sign = input ? 1.0 : -1.0;
        rows.row(row++) = sign * M_SQRT1_2 * kI * (scaled(partner) - scaled(c));
      } else {
        rows.row(row++) = scaled(c);
      }
    }
    result.fields.push_back(std::move(rows));
  }
  return result;
}

Effort ChipSystem::Spent() const {
  return {device_->Statistics().solves, device_->Statistics().factorizations};
}

}  // namespace symwave::training
