#include "solvers/fdtd/resonance.hpp"

#include <harminv.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "domain/base/error.hpp"
#include "solvers/fdtd/band_record.hpp"
#include "solvers/fdtd/line_fit.hpp"

namespace symwave::solvers::fdtd {

namespace {

using Complex = std::complex<double>;

/// Work grows as samples * basis + basis^3, so wide bands are solved in parts.
/// Where lines are fitted afterwards, small parts do.
constexpr double kLargestBasis = 150;
constexpr double kLargestIsolatedBasis = 40;
constexpr int kSmallestBasis = 10;
/// Basis functions over bandwidth * duration.
constexpr double kDensity = 1.1;
/// Lines that are fitted together; the work grows as samples * lines^2.
constexpr size_t kMostFitted = 80;
/// Lines found in what a fit leaves over stay if they leave less over by this factor.
constexpr double kLessOver = 0.7;
constexpr int kRounds = 3;  ///< of looking for hidden lines
/// Oscillations between two frequencies, amplitudes as in `samples`.
std::vector<Resonance> Invert(const BandRecord& samples, double lowest, double highest) {
  const double dt = samples.time_step;
  const auto count = static_cast<int>(samples.values.size());
  const int basis =
      std::max(kSmallestBasis, static_cast<int>(kDensity * (highest - lowest) * dt * count));
  struct Destroy {
    void operator()(harminv_data_struct* data) const { harminv_data_destroy(data); }
  };
  const std::unique_ptr<harminv_data_struct, Destroy> data(
      harminv_data_create(count, samples.values.data(), (lowest - samples.centre) * dt,
                          (highest - samples.centre) * dt, basis));
  harminv_solve(data.get());
  std::vector<Resonance> found;
  for (int m = 0; m < harminv_get_num_freqs(data.get()); ++m) {
    Resonance mode;
    const double moved = harminv_get_freq(data.get(), m) / dt;
    mode.frequency = samples.centre + moved;
    mode.decay = harminv_get_decay(data.get(), m) / dt;
    mode.error = harminv_get_freq_error(data.get(), m) * std::abs(moved / mode.frequency);
    harminv_get_amplitude(&mode.amplitude, data.get(), m);
    found.push_back(mode);
  }
  return found;
}

/// Oscillations of the whole band, of wide ones in parts.
std::vector<Resonance> InvertInParts(const BandRecord& samples) {
  const double duration = samples.time_step * static_cast<double>(samples.values.size());
  const double band = samples.highest - samples.lowest;
  const double largest = samples.isolated ? kLargestIsolatedBasis : kLargestBasis;
  const int parts = std::max(1, static_cast<int>(std::ceil(kDensity * band * duration / largest)));
  const double width = band / parts;
  std::vector<Resonance> modes;
  for (int p = 0; p < parts; ++p) {
    const double begin = samples.lowest + p * width, end = begin + width;
    // Oscillations at the edge of a part are seen whole by parts that overlap.
    const double low = p > 0 ? 0.3 * width : 0, high = p + 1 < parts ? 0.3 * width : 0;
    for (const Resonance& mode : Invert(samples, begin - low, end + high)) {
      if (mode.frequency >= begin && mode.frequency < end) modes.push_back(mode);
    }
  }
  return modes;
}

void Drop(std::vector<Resonance>& modes, const std::function<bool(const Resonance&)>& unwanted) {
  modes.erase(std::remove_if(modes.begin(), modes.end(), unwanted), modes.end());
}

/// Drops what the method itself takes for noise, and what is small beside `largest`.
void DropNoise(std::vector<Resonance>& modes, const ResonanceOptions& options, double largest) {
  Drop(modes, [&](const Resonance& m) {
    const double size = std::abs(m.amplitude);
    return !(m.error <= options.error) || !(size >= options.amplitude * largest);
  });
}

double LargestAmplitude(const std::vector<Resonance>& modes) {
  double largest = 0;
  for (const Resonance& m : modes) {
    if (std::isfinite(std::abs(m.amplitude))) largest = std::max(largest, std::abs(m.amplitude));
  }
  return largest;
}

Eigen::VectorXcd RatesOf(const std::vector<Resonance>& modes, double centre) {
  Eigen::VectorXcd rates(static_cast<Eigen::Index>(modes.size()));
  for (size_t m = 0; m < modes.size(); ++m) {
    rates[static_cast<Eigen::Index>(m)] =
        Complex(modes[m].decay, 2 * M_PI * (modes[m].frequency - centre));
  }
  return rates;
}

/// Closest angular frequencies that a record tells apart, half of 2 pi / duration.
double Apart(const BandRecord& samples) {
  return M_PI / (samples.time_step * static_cast<double>(samples.values.size()));
}

bool Beside(const Resonance& mode, const LineFit& fit, const BandRecord& samples) {
  const double moved = 2 * M_PI * (mode.frequency - samples.centre);
  return ((fit.rates.imag().array() - moved).abs() < Apart(samples)).any();
}

/// Whether line k stands by itself: inside the band, not small, and not closer to a larger one than
/// the record can tell apart, where two lines would share what is one.
bool Stands(const LineFit& fit, Eigen::Index k, const BandRecord& samples, double smallest) {
  const double frequency = samples.centre + fit.rates[k].imag() / (2 * M_PI);
  const double size = std::abs(fit.amplitudes[k]);
  if (frequency < samples.lowest || frequency > samples.highest || !(size >= smallest))
    return false;
  const double apart = Apart(samples);
  for (Eigen::Index other = 0; other < fit.rates.size(); ++other) {
    const bool near = std::abs(fit.rates[other].imag() - fit.rates[k].imag()) < apart;
    if (other != k && near && std::abs(fit.amplitudes[other]) > size) return false;
  }
  return true;
}

/// Fits lines together; those that do not stand by themselves are left out.
LineFit FitTogether(const BandRecord& samples, Eigen::VectorXcd rates, double smallest) {
  for (;;) {
    LineFit fit = FitLines(samples.values, samples.time_step, rates);
    std::vector<Complex> kept;
    for (Eigen::Index k = 0; k < fit.rates.size(); ++k) {
      if (Stands(fit, k, samples, smallest)) kept.push_back(fit.rates[k]);
    }
    const auto count = static_cast<Eigen::Index>(kept.size());
    if (count == fit.rates.size() || count == 0) return fit;
    rates = Eigen::Map<const Eigen::VectorXcd>(kept.data(), count);
  }
}

/// All lines of a record. Harmonic inversion finds them one by one; the fit makes them right
/// together, and what it leaves over shows lines that were hidden beside stronger ones. Where lines
/// of other bands are in the record, there is no fit.
std::vector<Resonance> FindLines(const BandRecord& samples, const ResonanceOptions& options) {
  std::vector<Resonance> modes = InvertInParts(samples);
  const double largest = LargestAmplitude(modes), smallest = options.amplitude * largest;
  DropNoise(modes, options, largest);
  if (!samples.isolated || modes.empty() || modes.size() > kMostFitted) return modes;
  LineFit fit = FitTogether(samples, RatesOf(modes, samples.centre), smallest);
  for (int round = 0; round < kRounds; ++round) {
    BandRecord rest = samples;
    rest.values.assign(fit.rest.data(), fit.rest.data() + fit.rest.size());
    std::vector<Resonance> hidden = InvertInParts(rest);
    DropNoise(hidden, options, largest);
    Drop(hidden, [&](const Resonance& m) { return Beside(m, fit, samples); });
    const auto lines = static_cast<Eigen::Index>(hidden.size()) + fit.rates.size();
    if (hidden.empty() || lines > static_cast<Eigen::Index>(kMostFitted)) break;
    Eigen::VectorXcd rates(lines);
    rates << fit.rates, RatesOf(hidden, samples.centre);
    LineFit more = FitTogether(samples, rates, smallest);
    if (!(more.rest.norm() < kLessOver * fit.rest.norm())) break;
    fit = std::move(more);
  }
  modes.assign(static_cast<size_t>(fit.rates.size()), {});
  for (size_t m = 0; m < modes.size(); ++m) {
    const auto k = static_cast<Eigen::Index>(m);
    modes[m].decay = fit.rates[k].real();
    modes[m].frequency = samples.centre + fit.rates[k].imag() / (2 * M_PI);
    modes[m].amplitude = fit.amplitudes[k];
    modes[m].error = fit.errors[k] / (2 * M_PI * std::abs(modes[m].frequency));
  }
  return modes;
}

/// The quality of a resolved line is known to a tenth.
constexpr double kSteady = 0.1;

/// An oscillation that is really there has the same complex frequency in a part of the record; one
/// that the method needs to describe noise, sources or other modes has not.
void Compare(std::vector<Resonance>& modes, const std::vector<Resonance>& of_part,
             double duration) {
  for (Resonance& mode : modes) {
    double change = INFINITY, moved = INFINITY;
    for (const Resonance& other : of_part) {
      const double shift = std::abs(other.frequency - mode.frequency);
      moved = std::min(moved, shift);
      change = std::min(change, std::hypot(2 * M_PI * shift, other.decay - mode.decay));
    }
    mode.steady = std::max(moved, mode.frequency * mode.error) <= kSteady / duration;
    const double error = std::max(change, 2 * M_PI * mode.frequency * mode.error);
    mode.quality = mode.decay > 0 ? M_PI * std::abs(mode.frequency) / mode.decay : INFINITY;
    mode.quality_error = mode.decay > 0 ? error / mode.decay : INFINITY;
    mode.resolved = mode.quality_error <= kSteady;
  }
}

void CheckBand(const std::vector<double>& record, double time_step, double lowest, double highest) {
  if (!(lowest > 0 && highest > lowest)) {
    base::Fail("the band of resonances is {} to {} 1/um; it must rise and begin above 0", lowest,
               highest);
  }
  if (highest * time_step >= 0.5) {
    base::Fail(
        "the band of resonances ends at {:.6g} 1/um, but the record is sampled every {:.6g} "
        "um and resolves only frequencies below {:.6g} 1/um",
        highest, time_step, 0.5 / time_step);
  }
  const double duration = time_step * static_cast<double>(record.size());
  if (duration * lowest < 2) {
    base::Fail(
        "the record of {:.6g} um is too short for resonances from {:.6g} 1/um on; it needs at "
        "least two periods, {:.6g} um: run longer after the sources have ended",
        duration, lowest, 2 / lowest);
  }
}

}  // namespace

std::vector<Resonance> FindResonances(const std::vector<double>& record, double time_step,
                                      double lowest, double highest,
                                      const ResonanceOptions& options) {
  CheckBand(record, time_step, lowest, highest);
  double peak = 0;
  for (const double value : record) {
    if (!std::isfinite(value)) base::Fail("the record of a probe holds values that are not finite");
    peak = std::max(peak, std::abs(value));
  }
  if (peak == 0) return {};

  BandRecord samples = CutBand(record, time_step, lowest, highest);
  for (Complex& value : samples.values) value /= peak;
  std::vector<Resonance> modes = FindLines(samples, options);
  BandRecord part = samples;
  part.values.resize(samples.values.size() * 3 / 4);
  Compare(modes, FindLines(part, options), time_step * static_cast<double>(record.size()));
  for (Resonance& mode : modes) {
    const double moved = 2 * M_PI * (mode.frequency - samples.centre);
    mode.amplitude *= peak / samples.Gain(Complex(mode.decay, moved));
  }
  Drop(modes, [&](const Resonance& m) {
    return m.frequency < lowest || m.frequency > highest || m.quality < options.quality;
  });
  DropNoise(modes, options, LargestAmplitude(modes));
  std::sort(modes.begin(), modes.end(),
            [](const Resonance& a, const Resonance& b) { return a.frequency < b.frequency; });
  return modes;
}

}  // namespace symwave::solvers::fdtd
