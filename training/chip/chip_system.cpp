#include "training/chip/chip_system.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/condensation.hpp"

namespace symwave::training::chip {

namespace fdfd = solvers::fdfd;

using domain::Component;
using domain::kI;

namespace {

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

/// What the mirrored field along x is read with: the square root of -1.
std::complex<double> MirrorFactor(Component c) {
  return c == Component::Ex ? kI : std::complex<double>(1);
}

}  // namespace

ChipSystem::ChipSystem(const ChipOptions& options) : Chip(options) {
  options_.device.points = points_.All();
  for (size_t p = 0; p < points_.All().size(); ++p) {
    index_now_.push_back(points_.Index(p));
    volume_.push_back(options_.device.VolumeOf(points_.All()[p]));
  }
  MakeDevice();
  PlaceReadings();
  PairReadings();
}

std::vector<fdfd::ColumnRange> ChipSystem::CondensableStrips() const {
  const bool frequency = options_.solver == SolverKind::FrequencyDomain;
  if (!frequency || !options_.condensation) return {};
  const fdfd::PlanePoints points(*options_.device.lattice);
  const int beside = points.Ez() ? 0 : 1;  // both points of every face of Hz
  std::vector<fdfd::ColumnRange> strips;
  for (const auto& strip : domain::StripsOf(options_.elements)) {
    fdfd::ColumnRange columns = ColumnsOf(points, strip);
    columns = {columns.begin - beside, columns.end + beside};
    // Between two strips a fixed column stands.
    if (!strips.empty() && columns.begin <= strips.back().end) {
      strips.back().end = columns.end;
    } else {
      strips.push_back(columns);
    }
  }
  if (strips.front().begin <= 0 || strips.back().end >= points.Nx()) return {};
  for (const domain::PlanePort& port : options_.device.ports) {
    const fdfd::PortLine line = fdfd::LocateLine(points, port);
    // A port drives its line and the layer before it.
    const fdfd::ColumnRange columns = line.Normal() == 0
                                          ? fdfd::ColumnRange{line.plane - 2, line.plane + 3}
                                          : fdfd::ColumnRange{line.begin, line.end};
    for (const fdfd::ColumnRange& strip : strips) {
      if (columns.begin < strip.end && strip.begin < columns.end) return {};
    }
  }
  return strips;
}

void ChipSystem::MakeDevice() {
  base::FaultPoint("chip/device");
  const std::vector<fdfd::ColumnRange> strips = CondensableStrips();
  if (options_.solver == SolverKind::TimeDomain && options_.shared_runs) {
    device_ = options_.shared_runs->DeviceOf(options_.device);
  } else if (options_.solver == SolverKind::TimeDomain) {
    solvers::fdtd::TimeDomainOptions runs = options_.time_domain;
    runs.groups = std::min(options_.groups, options_.inputs);  // which a step launches at a time
    device_ = std::make_unique<solvers::fdtd::TimeDomainDevice>(options_.device, runs);
  } else if (!strips.empty()) {
    device_ = std::make_unique<fdfd::CondensedDevice>(options_.device, strips);
  } else {
    device_ = std::make_unique<fdfd::MonolithicDevice>(options_.device);
  }
}

int ChipSystem::Outputs() const {
  return device_->PortModes() - options_.inputs;
}

// Where elements of one command overlap, their changes add up.
void ChipSystem::PlaceReadings() {
  for (const domain::Command& command : commands_) {
    std::vector<Reading> mine;
    std::map<int, size_t> places;
    for (const int element : command.elements) {
      const auto e = static_cast<size_t>(element);
      const Complex per_unit = IndexPerUnit(e);
      for (const ElementPoints::Share& share : points_.Of(e)) {
        const auto [at, fresh] = places.emplace(share.point, mine.size());
        if (fresh) mine.push_back({share.point, share.point, 0});
        mine[at->second].index_per_unit += share.profile * per_unit;
      }
    }
    readings_.push_back(std::move(mine));
  }
}

void ChipSystem::PairOwn(std::vector<Reading>& readings) {
  for (Reading& reading : readings) {
    reading.partner = points_.ImageOf(reading.point);
    base::Require(reading.partner >= 0, "every point of a symmetric command has a mirror image");
  }
}

void ChipSystem::OrderAs(const std::vector<Reading>& source, std::vector<Reading>& readings) const {
  base::Require(source.size() == readings.size(), "mirrored commands have equal points");
  std::map<int, Reading> mine;
  for (const Reading& reading : readings) mine[reading.point] = reading;
  std::vector<Reading> ordered;
  for (const Reading& reading : source) {
    const auto found = mine.find(points_.ImageOf(reading.point));
    base::Require(found != mine.end(), "every point of a mirrored command has a mirror image");
    ordered.push_back(found->second);
  }
  readings = std::move(ordered);
}

void ChipSystem::PairReadings() {
  for (size_t c = 0; c < readings_.size(); ++c) {
    const int image = images_[c];
    if (IsOwnImage(c)) PairOwn(readings_[c]);
    if (image < 0 || image >= static_cast<int>(c)) continue;
    OrderAs(readings_[static_cast<size_t>(image)], readings_[c]);
  }
}

void ChipSystem::Program(const Eigen::VectorXd& commands) {
  base::FaultPoint("chip/program");
  base::Require(commands.size() == Elements(), "one value per command");
  const std::vector<Complex> change = points_.EpsChange(IndexChanges(commands));
  for (size_t p = 0; p < change.size(); ++p) {
    const Complex index = points_.Index(p);
    index_now_[p] = std::sqrt(index * index + change[p]);
  }
  device_->Program(change);
}

Eigen::MatrixXcd ChipSystem::FieldsOf(size_t command, const Eigen::MatrixXcd& points,
                                      Side side) const {
  const std::vector<Reading>& mine = readings_[command];
  const size_t rank = static_cast<size_t>(base::Communicator::RankIn(Comm()));
  const size_t size = static_cast<size_t>(base::Communicator::SizeOf(Comm()));
  const bool input = side == Side::Input;
  const double sign = input ? 1 : options_.device.AmplitudeSign();
  // dS = +- (i w / 4) V d eps E E,  d eps = 2 n d n.
  const auto scaled = [&](int c, const Complex& per_unit) -> Eigen::RowVectorXcd {
    const auto p = static_cast<size_t>(c);
    const Complex weight =
        kI * options_.device.omega / 4.0 * volume_[p] * 2.0 * index_now_[p] * per_unit;
    const Complex factor = MirrorFactor(options_.device.points[p].component);
    return sign * (input ? factor : std::conj(factor)) * std::sqrt(weight) * points.row(c);
  };
  const bool own_image = IsOwnImage(command);
  Eigen::MatrixXcd rows((mine.size() + size - 1 - rank) / size, points.cols());
  Eigen::Index row = 0;
  for (size_t k = rank; k < mine.size(); k += size) {
    const auto& [c, partner, per_unit] = mine[k];
    if (!own_image || partner == c) {
      rows.row(row++) = scaled(c, per_unit);
    } else if (c < partner) {
      rows.row(row++) = M_SQRT1_2 * (scaled(c, per_unit) + scaled(partner, per_unit));
    } else {
      rows.row(row++) =
          (input ? 1.0 : -1.0) * M_SQRT1_2 * kI * (scaled(c, per_unit) - scaled(partner, per_unit));
    }
  }
  return rows;
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
  for (size_t c = 0; c < readings_.size(); ++c) {
    result.fields.push_back(FieldsOf(c, response.points, side));
  }
  return result;
}

Effort ChipSystem::Spent() const {
  return {device_->Statistics().solves, device_->Statistics().factorizations};
}

}  // namespace symwave::training::chip
