#include "domain/pole_media.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/materials.hpp"

namespace symwave::domain {

namespace {

constexpr double kPerElectronvolt = 5.0677307;  // 1/um, e / (hbar c)
constexpr double kSiliconPole = 0.32;           // um
constexpr int kErrorSamples = 65;               // of a band, to find the error of a replacement
constexpr double kLossTolerance = 1e-3;         // relative, of what a constant replaces

double Omega(double wavelength_um) {
  return 2 * M_PI / wavelength_um;
}

/// The two points of [low, high] where interpolation by two parameters errs least.
std::array<double, 2> ChebyshevPoints(double low, double high) {
  const double middle = 0.5 * (low + high);
  const double offset = 0.5 * (high - low) * std::sqrt(0.5);
  return {middle - offset, middle + offset};
}

/// One term f, frequency, damping of a Lorentz-Drude fit, energies in eV.
struct Oscillator {
  double strength;
  double energy;
  double damping;
};

struct Metal {
  PoleFit fit;
  double plasma_energy;  // eV
  std::vector<Oscillator> oscillators;
};

const std::vector<Metal>& Metals() {
  static const std::string kSource = "A. D. Rakic et al., Appl. Opt. 37, 5271 (1998), ";
  static const std::vector<Metal> metals{{{"Au", kSource + "Lorentz-Drude", {0.248, 6.2}},
                                          9.03,
                                          {{0.760, 0, 0.053},
                                           {0.024, 0.415, 0.241},
                                           {0.010, 0.830, 0.345},
                                           {0.071, 2.969, 0.870},
                                           {0.601, 4.304, 2.494},
                                           {4.384, 13.32, 2.214}}},
                                         {{"Ag", kSource + "Lorentz-Drude", {0.248, 12.4}},
                                          9.01,
                                          {{0.845, 0, 0.048},
                                           {0.065, 0.816, 3.886},
                                           {0.124, 4.481, 0.452},
                                           {0.011, 8.185, 0.065},
                                           {0.840, 9.083, 0.916},
                                           {5.646, 20.29, 2.419}}}};
  return metals;
}

/// eps = 1 + sum f w_p^2 / (w_j^2 - w^2 - i w damping_j), eqs. (1) to (4) there.
Medium LorentzDrude(const Metal& metal) {
  Medium medium;
  medium.name = metal.fit.name;
  const double plasma = metal.plasma_energy * kPerElectronvolt;
  for (const Oscillator& o : metal.oscillators) {
    medium.poles.push_back(
        {o.strength * plasma * plasma, o.energy * kPerElectronvolt, o.damping * kPerElectronvolt});
  }
  return medium;
}

/// b lambda^2 / (lambda^2 - c^2) = b w0^2 / (w0^2 - w^2), w0 = 2 pi / c.
Medium FromSellmeier(const DispersionFit& fit) {
  Medium medium;
  medium.name = fit.name;
  for (const SellmeierTerm& term : fit.terms) {
    const double frequency = Omega(term.c_um);
    medium.poles.push_back({term.b * frequency * frequency, frequency, 0});
  }
  return medium;
}

/// eps_inf and the strength of a pole at w0 that give eps_a and eps_b at u = w^2 of the two points.
Medium OnePole(double frequency, std::array<double, 2> u, std::array<double, 2> eps) {
  const double w2 = frequency * frequency;
  Medium medium;
  const double strength = (eps[1] - eps[0]) / (1 / (w2 - u[1]) - 1 / (w2 - u[0]));
  medium.eps_inf = eps[0] - strength / (w2 - u[0]);
  medium.poles.push_back({strength, frequency, 0});
  return medium;
}

Medium Silicon(const DispersionFit& fit, std::array<double, 2> band_um) {
  // A band of one wavelength still needs two points for the slope.
  const double high = std::min(band_um[1] * 1.0001, fit.range_um[1]);
  const double low = std::max(band_um[0] / 1.0001, fit.range_um[0]);
  const auto u = ChebyshevPoints(std::pow(Omega(high), 2), std::pow(Omega(low), 2));
  std::array<double, 2> eps;
  for (int k = 0; k < 2; ++k) eps[k] = std::pow(fit.index(2 * M_PI / std::sqrt(u[k])), 2);
  Medium medium = OnePole(Omega(kSiliconPole), u, eps);
  medium.name = fit.name;
  return medium;
}

void CheckBand(const PoleFit& fit, std::array<double, 2> band_um) {
  const auto [low, high] = fit.range_um;
  if (!(band_um[0] > 0 && band_um[0] <= band_um[1])) {
    base::Fail(
        "{:.6g} to {:.6g} um is no band of wavelengths; give two positive lengths, the smaller "
        "first",
        band_um[0], band_um[1]);
  }
  // Rounding of a limit computed from a frequency is no reason to refuse.
  if (band_um[0] < low * (1 - 1e-12) || band_um[1] > high * (1 + 1e-12)) {
    base::Fail(
        "the fit of {} holds from {:.6g} to {:.6g} um, not from {:.6g} to {:.6g} um ({}): narrow "
        "the "
        "band or give the medium as a constant index, table or poles",
        fit.name, low, high, band_um[0], band_um[1], fit.source);
  }
}

/// Largest |a - b| / max(1, |a|) in the band.
double Difference(const Medium& a, const Medium& b, std::array<double, 2> omega_band) {
  double worst = 0;
  for (int k = 0; k < kErrorSamples; ++k) {
    const double omega =
        omega_band[0] + (omega_band[1] - omega_band[0]) * k / (kErrorSamples - 1.0);
    const std::complex<double> exact = a.Permittivity(omega);
    worst =
        std::max(worst, std::abs(b.Permittivity(omega) - exact) / std::max(1.0, std::abs(exact)));
  }
  return worst;
}

/// Largest |Im a - Im b| / Im a in the band; loss below 1e-5 counts as that.
double LossDifference(const Medium& a, const Medium& b, std::array<double, 2> omega_band) {
  double worst = 0;
  for (int k = 0; k < kErrorSamples; ++k) {
    const double omega =
        omega_band[0] + (omega_band[1] - omega_band[0]) * k / (kErrorSamples - 1.0);
    const double exact = a.Permittivity(omega).imag();
    const double error = std::abs(b.Permittivity(omega).imag() - exact);
    worst = std::max(worst, error / std::max(1e-5, exact));
  }
  return worst;
}

Medium OnlyPole(const Pole& pole) {
  Medium medium;
  medium.eps_inf = 0;
  medium.poles = {pole};
  return medium;
}

/// `medium` without pole `number`, whose mean in the band joins eps_inf.
Medium WithConstant(const Medium& medium, size_t number, std::array<double, 2> band) {
  const Medium single = OnlyPole(medium.poles[number]);
  Medium result = medium;
  result.poles.erase(result.poles.begin() + static_cast<long>(number));
  result.eps_inf +=
      0.5 * (single.Permittivity(band[0]).real() + single.Permittivity(band[1]).real());
  return result;
}

/// `medium` whose poles that hardly change in the band and absorb hardly anything of its loss are
/// constants, within `tolerance`.
Medium WithoutFlatPoles(const Medium& medium, std::array<double, 2> band, double tolerance) {
  Medium simple = medium;
  for (size_t k = simple.poles.size(); k-- > 0;) {
    const Medium trial = WithConstant(simple, k, band);
    if (trial.eps_inf >= std::min(1.0, medium.eps_inf) &&
        Difference(medium, trial, band) <= tolerance &&
        LossDifference(medium, trial, band) <= kLossTolerance) {
      simple = trial;
    }
  }
  return simple;
}

/// `medium` with pole `number` moved to `frequency`; its loss is kept in the middle of the band.
Medium WithSlowerPole(const Medium& medium, size_t number, double frequency,
                      std::array<double, 2> band) {
  const Medium single = OnlyPole(medium.poles[number]);
  const auto u = ChebyshevPoints(band[0] * band[0], std::pow(band[1], 2) * (1 + 1e-9));
  std::array<double, 2> chi;
  for (int k = 0; k < 2; ++k) chi[k] = single.Permittivity(std::sqrt(u[k])).real();
  const Medium moved = OnePole(frequency, u, chi);
  Pole pole = moved.poles[0];
  const double middle = 0.5 * (band[0] + band[1]);
  const double detuning = frequency * frequency - middle * middle;
  pole.damping =
      single.Permittivity(middle).imag() * detuning * detuning / (pole.strength * middle);
  Medium result = medium;
  result.poles[number] = pole;
  result.eps_inf += moved.eps_inf;
  return result;
}

/// `medium` with one lossless pole at `frequency` in place of all its lossless poles, which agrees
/// with it at the two Chebyshev points of the band.
Medium WithOneLosslessPole(const Medium& medium, double frequency, std::array<double, 2> band) {
  Medium lossless, result = medium;
  lossless.eps_inf = medium.eps_inf;
  result.poles.clear();
  for (const Pole& pole : medium.poles) {
    (pole.damping == 0 ? lossless : result).poles.push_back(pole);
  }
  const auto u = ChebyshevPoints(band[0] * band[0], std::pow(band[1], 2) * (1 + 1e-9));
  std::array<double, 2> eps;
  for (int k = 0; k < 2; ++k) eps[k] = lossless.Permittivity(std::sqrt(u[k])).real();
  const Medium one = OnePole(frequency, u, eps);
  result.eps_inf = one.eps_inf;
  result.poles.push_back(one.poles[0]);
  return result;
}

long LosslessPoles(const Medium& medium) {
  return std::count_if(medium.poles.begin(), medium.poles.end(),
                       [](const Pole& pole) { return pole.damping == 0; });
}

/// Several lossless poles replaced by one, or `medium` where no such pole is within `tolerance`,
/// passive and no faster than the time step allows. A slow pole leaves more to eps_inf and thereby
/// the time step as it is: the slowest one within half the tolerance, else the best.
Medium MergeLosslessPoles(const Medium& medium, std::array<double, 2> band, double dt,
                          double tolerance) {
  Medium best = medium;
  double least = tolerance;
  constexpr int kTrials = 60;
  const double lowest = 1.2 * band[1], highest = 1 / dt;
  for (int trial = 0; trial <= kTrials && lowest < highest; ++trial) {
    const double frequency = lowest * std::pow(highest / lowest, trial / double{kTrials});
    const Medium merged = WithOneLosslessPole(medium, frequency, band);
    const bool passive =
        merged.poles.back().strength >= 0 && merged.eps_inf >= std::min(1.0, medium.eps_inf);
    const double error = passive ? Difference(medium, merged, band) : tolerance;
    if (error >= least) continue;
    least = error;
    best = merged;
    if (error <= 0.5 * tolerance) break;
  }
  return best;
}

}  // namespace

const std::vector<PoleFit>& BuiltInMedia() {
  static const std::vector<PoleFit> fits = [] {
    std::vector<PoleFit> all;
    for (const DispersionFit& fit : BuiltInMaterials()) {
      all.push_back({fit.name, fit.source, fit.range_um});
    }
    for (const Metal& metal : Metals()) all.push_back(metal.fit);
    return all;
  }();
  return fits;
}

Medium BuiltInMedium(const std::string& name, std::array<double, 2> band_um) {
  for (const DispersionFit& fit : BuiltInMaterials()) {
    if (fit.name != name) continue;
    CheckBand({fit.name, fit.source, fit.range_um}, band_um);
    return fit.terms.empty() ? Silicon(fit, band_um) : FromSellmeier(fit);
  }
  for (const Metal& metal : Metals()) {
    if (metal.fit.name != name) continue;
    CheckBand(metal.fit, band_um);
    return LorentzDrude(metal);
  }
  std::vector<std::string> names;
  std::string list;
  for (const PoleFit& fit : BuiltInMedia()) {
    names.push_back(fit.name);
    list += (list.empty() ? "" : ", ") + fit.name;
  }
  const std::string nearest = base::Nearest(name, names);
  base::Fail("{} is not a built-in medium{}; built in are {}", name,
             nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), list);
}

Medium MediumFromIndex(const std::string& name, std::complex<double> index, double wavelength_um) {
  const std::complex<double> eps = index * index;
  if (!(wavelength_um > 0)) {
    base::Fail("the wavelength of medium {} is {:.6g} um, but must be positive", name,
               wavelength_um);
  }
  if (!(index.imag() >= 0)) {
    base::Fail(
        "medium {} has the index {:.6g} {:+.6g}i, which amplifies; the time domain takes n'' >= 0",
        name, index.real(), index.imag());
  }
  const double omega = Omega(wavelength_um);
  Medium medium;
  medium.name = name;
  if (eps.real() > 0) {
    medium.eps_inf = eps.real();
    medium.conductivity = eps.imag() * omega;
    return medium;
  }
  // eps = 1 - w_p^2 / (w^2 + i damping w).
  const double damping = omega * eps.imag() / (1 - eps.real());
  medium.poles = {{(1 - eps.real()) * (omega * omega + damping * damping), 0, damping}};
  return medium;
}

void CheckMedium(const Medium& medium) {
  if (!(medium.eps_inf > 0) || !std::isfinite(medium.eps_inf)) {
    base::Fail(
        "medium {} has eps_inf = {:.6g}, but it must be positive in the time domain: a negative "
        "eps "
        "comes from Drude or Lorentz poles",
        medium.name, medium.eps_inf);
  }
  if (!(medium.conductivity >= 0) || !std::isfinite(medium.conductivity)) {
    base::Fail("medium {} has a conductivity of {:.6g} / um, which must be 0 or positive",
               medium.name, medium.conductivity);
  }
  for (const Pole& p : medium.poles) {
    if (p.strength >= 0 && p.frequency >= 0 && p.damping >= 0 && std::isfinite(p.strength) &&
        std::isfinite(p.frequency) && std::isfinite(p.damping)) {
      continue;
    }
    base::Fail(
        "medium {} has a pole of strength {:.6g} / um^2, frequency {:.6g} / um, damping {:.6g} / "
        "um, none of "
        "which may be negative: such a pole amplifies",
        medium.name, p.strength, p.frequency, p.damping);
  }
}

void RequirePassive(const Medium& medium) {
  CheckMedium(medium);
  // Im eps changes on the scale of a pole's frequency and damping, and far from all of them by
  // powers of w: decades around each, and steps of its damping across it.
  std::vector<double> omegas;
  const auto decades = [&](double centre) {
    for (int k = -200; k <= 200; ++k) omegas.push_back(centre * std::pow(10, 0.02 * k));
  };
  decades(1);
  for (const Pole& pole : medium.poles) {
    if (pole.frequency > 0) decades(pole.frequency);
    if (pole.damping > 0) decades(pole.damping);
    for (int k = -200; k <= 200; ++k) {
      omegas.push_back(pole.frequency + 0.05 * k * std::max(pole.damping, 1e-6 * pole.frequency));
    }
  }
  for (const double omega : omegas) {
    if (!(omega > 0)) continue;
    const std::complex<double> eps = medium.Permittivity(omega);
    if (!std::isfinite(std::abs(eps)) || eps.imag() >= -1e-10 * (1 + std::abs(eps))) continue;
    base::Fail(
        "medium {} amplifies: Im eps = {:.4g} at a wavelength of {:.4g} um (allowed >= 0 at every "
        "wavelength, those outside the band too); fit it again with passive poles",
        medium.name, eps.imag(), 2 * M_PI / omega);
  }
}

Medium SimplifyPoles(const Medium& medium, std::array<double, 2> omega_band, double dt,
                     double tolerance) {
  base::Require(omega_band[0] > 0 && omega_band[0] <= omega_band[1], "a band of frequencies > 0");
  base::Require(dt > 0 && tolerance > 0, "dt > 0 and tolerance > 0");
  CheckMedium(medium);
  Medium simple = WithoutFlatPoles(medium, omega_band, tolerance);
  if (LosslessPoles(simple) > 1) {
    const Medium merged = MergeLosslessPoles(medium, omega_band, dt, tolerance);
    if (merged.poles.size() < simple.poles.size()) simple = merged;
  }
  const double limit = 1 / dt;
  for (size_t k = 0; k < simple.poles.size(); ++k) {
    if (simple.poles[k].frequency <= limit) continue;
    if (limit > 1.2 * omega_band[1]) {
      const Medium trial = WithSlowerPole(simple, k, limit, omega_band);
      if (Difference(medium, trial, omega_band) <= tolerance) {
        simple = trial;
        continue;
      }
    }
    base::Fail(
        "a pole of medium {} at {:.4g} / um is too fast for the time step of {:.4g} um, and no "
        "slower one is within {:g} of it for wavelengths of {:.4g} to {:.4g} um: take smaller "
        "cells or a narrower band",
        medium.name, simple.poles[k].frequency, dt, tolerance, 2 * M_PI / omega_band[1],
        2 * M_PI / omega_band[0]);
  }
  return simple;
}

}  // namespace symwave::domain
