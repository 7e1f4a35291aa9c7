#include "jobs/simulate/time/resonances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/deck/time_domain_options.hpp"

namespace symwave::jobs::simulate::time {

using solvers::fdtd::Resonance;

nlohmann::ordered_json ResonanceTable(const std::vector<Resonance>& resonances) {
  auto table = nlohmann::ordered_json::array();
  for (const Resonance& r : resonances) {
    table.push_back({{"wavelength_um", 1 / r.frequency},
                     {"frequency", r.frequency},
                     {"quality", r.quality},
                     {"quality_error", r.quality_error},
                     {"resolved", r.resolved},
                     {"frequency_resolved", r.steady},
                     {"amplitude", std::abs(r.amplitude)},
                     {"error", r.error}});
  }
  return table;
}

void WarnOfResonances(const std::string& probe, const std::vector<double>& ringing,
                      const std::vector<Resonance>& resonances) {
  if (std::all_of(ringing.begin(), ringing.end(), [](double value) { return value == 0; })) {
    base::Warn(
        "probe {}: the field there is zero after the sources have ended, so no resonance shows; "
        "another place or component may see one",
        probe);
  }
  const auto list = [&resonances](bool steady) {
    std::vector<std::string> wavelengths;
    for (const Resonance& r : resonances) {
      if (r.resolved || r.steady != steady) continue;
      wavelengths.push_back(fmt::format("{:.6g}", 1 / r.frequency));
    }
    return fmt::format("{}", fmt::join(wavelengths, ", "));
  };
  if (const std::string undecayed = list(true); !undecayed.empty()) {
    base::Warn(
        "probe {}: resonances at {} um have a frequency, but no quality factor: the record is too "
        "short to see them decay, or they lose nothing. Let them ring longer (solver.stop: a "
        "larger max_time, a smaller decay)",
        probe, undecayed);
  }
  if (const std::string doubtful = list(false); !doubtful.empty()) {
    base::Warn(
        "probe {}: resonances at {} um are not resolved: the first three quarters of the record "
        "give them another frequency or quality; they may not exist. Let them ring longer "
        "(solver.stop: a larger max_time, a smaller decay) or narrow the band of wavelength",
        probe, doubtful);
  }
}

namespace {

const char* Mark(const Resonance& r) {
  if (r.resolved) return "yes";
  return r.steady ? "frequency" : "no";
}

}  // namespace

void WriteResonances(io::Hdf5File& file, const std::string& group, const std::string& probe,
                     const std::vector<Resonance>& resonances) {
  if (resonances.empty()) return base::Info("resonances of {}: none", probe);
  std::vector<double> wavelength, quality, quality_error, decay, amplitude, error;
  std::vector<std::int32_t> resolved, steady;
  base::Info("resonances of {}:", probe);
  base::Info("  {:>14} {:>12} {:>9} {:>10} {:>8} {:>10} {:>9}", "wavelength um", "frequency",
             "error", "Q", "error", "amplitude", "resolved");
  for (const Resonance& r : resonances) {
    wavelength.push_back(1 / r.frequency);
    quality.push_back(r.quality);
    quality_error.push_back(r.quality_error);
    decay.push_back(r.decay);
    amplitude.push_back(std::abs(r.amplitude));
    error.push_back(r.error);
    resolved.push_back(r.resolved ? 1 : 0);
    steady.push_back(r.steady ? 1 : 0);
    const bool known = r.quality_error < 1;
    base::Info("  {:>14.6f} {:>12.8f} {:>9.1e} {:>10} {:>8} {:>10.2e} {:>9}", 1 / r.frequency,
               r.frequency, r.error, known ? fmt::format("{:.1f}", r.quality) : "-",
               known ? fmt::format("{:.1g}%", 100 * r.quality_error) : "-", std::abs(r.amplitude),
               Mark(r));
  }
  file.Write(group + "/wavelength", wavelength, {}, {"um", "vacuum wavelength"});
  file.Write(group + "/quality", quality, {}, {"1", "quality factor"});
  file.Write(group + "/quality_error", quality_error, {},
             {"1", "relative; change of the line over the last quarter of the record"});
  file.Write(group + "/decay", decay, {}, {"1/um", "decay rate of the amplitude"});
  file.Write(group + "/amplitude", amplitude, {}, {"1", "of one of the conjugate parts"});
  file.Write(group + "/error", error, {}, {"1", "relative error of the frequency"});
  file.Write(group + "/resolved", resolved, {}, {"1", "1: quality_error is a tenth at most"});
  file.Write(group + "/frequency_resolved", steady, {},
             {"1", "1: three quarters of the record give the same frequency"});
}

}  // namespace symwave::jobs::simulate::time
