#include "solvers/fdtd/time_domain_device.hpp"

namespace symwave::solvers::fdtd {

TimeDomainDevice::TimeDomainDevice(const FixedOptics& optics, const TimeDomainOptions& options)
    : runs_(std::make_shared<DeviceRuns>(std::vector<FixedOptics>{optics}, std::nullopt, options)) {
}

TimeDomainDevice::TimeDomainDevice(std::shared_ptr<DeviceRuns> runs, size_t frequency)
    : runs_(std::move(runs)), frequency_(frequency) {}

void TimeDomainDevice::Program(const std::vector<Complex>& eps_change) {
  runs_->Program(frequency_, eps_change);
}

Response TimeDomainDevice::Launch(const Eigen::MatrixXcd& launched) {
  const auto points = static_cast<Eigen::Index>(runs_->Optics(frequency_).points.size());
  Response response;
  response.outgoing = Eigen::MatrixXcd::Zero(PortModes(), launched.cols());
  response.points = Eigen::MatrixXcd::Zero(points, launched.cols());
  std::vector<int> driven;
  for (int p = 0; p < PortModes(); ++p) {
    if (!launched.row(p).isZero(0)) driven.push_back(p);
  }
  runs_->Run(driven);
  for (const int p : driven) {
    const DeviceRuns::Answer& answer = runs_->Of(p, frequency_);
    response.outgoing += answer.outgoing * launched.row(p);
    response.points += answer.points * launched.row(p);
  }
  return response;
}

DeviceStatistics TimeDomainDevice::Statistics() const {
  DeviceStatistics statistics = runs_->Statistics();
  if (frequency_ > 0) statistics.solves = 0;
  return statistics;
}

std::vector<std::unique_ptr<ProgrammableDevice>> MakeTimeDomainDevices(
    const std::vector<FixedOptics>& band, const domain::MediumMap& media,
    const TimeDomainOptions& options) {
  const auto runs = std::make_shared<DeviceRuns>(band, media, options);
  std::vector<std::unique_ptr<ProgrammableDevice>> devices;
  for (size_t k = 0; k < band.size(); ++k) {
    devices.push_back(std::make_unique<TimeDomainDevice>(runs, k));
  }
  return devices;
}

}  // namespace symwave::solvers::fdtd
