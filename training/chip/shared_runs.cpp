#include "training/chip/shared_runs.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/error.hpp"
#include "solvers/fdtd/time_domain_device.hpp"

namespace symwave::training::chip {

namespace {

class SharedDevice final : public solvers::fdtd::TimeDomainDevice {
 public:
  SharedDevice(std::shared_ptr<SharedRuns> shared, std::shared_ptr<solvers::fdtd::DeviceRuns> runs,
               size_t frequency)
      : TimeDomainDevice(std::move(runs), frequency), shared_(std::move(shared)) {}
  void Program(const std::vector<solvers::Complex>& eps_change) override {
    shared_->Program(eps_change);
  }

 private:
  std::shared_ptr<SharedRuns> shared_;
};

}  // namespace

SharedRuns::SharedRuns(std::vector<double> omegas, const solvers::fdtd::TimeDomainOptions& options)
    : omegas_(std::move(omegas)), options_(options) {}

std::unique_ptr<solvers::ProgrammableDevice> SharedRuns::DeviceOf(
    const solvers::FixedOptics& optics) {
  if (!runs_) {
    std::vector<solvers::FixedOptics> band(omegas_.size(), optics);
    for (size_t k = 0; k < band.size(); ++k) band[k].omega = omegas_[k];
    // Media without dispersion and loss: the same at every frequency.
    const domain::MediumMap media = domain::MakeMediumMap(
        *optics.lattice, optics.media, domain::SteppedFrequency(optics.omega, 0));
    runs_ = std::make_shared<solvers::fdtd::DeviceRuns>(std::move(band), media, options_);
  }
  const auto at = std::find(omegas_.begin(), omegas_.end(), optics.omega);
  base::Require(at != omegas_.end(), "the runs have the frequency of the device");
  return std::make_unique<SharedDevice>(shared_from_this(), runs_,
                                        static_cast<size_t>(at - omegas_.begin()));
}

void SharedRuns::Program(const std::vector<solvers::Complex>& eps_change) {
  if (eps_change == programmed_) return;
  for (size_t k = 0; k < omegas_.size(); ++k) runs_->Program(k, eps_change);
  programmed_ = eps_change;
}

}  // namespace symwave::training::chip
