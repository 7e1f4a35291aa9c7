#include "jobs/device/media.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/materials.hpp"
#include "domain/pole_fit.hpp"
#include "domain/pole_media.hpp"
#include "jobs/deck/at_place.hpp"
#include "jobs/device/device.hpp"
#include "solvers/fdtd/stability.hpp"

namespace symwave::jobs::device {

namespace {

double Omega(double wavelength) {
  return 2 * M_PI / wavelength;
}

bool HasSellmeierFit(const std::string& name) {
  const auto& fits = domain::BuiltInMaterials();
  return std::any_of(fits.begin(), fits.end(), [&](const auto& fit) { return fit.name == name; });
}

/// Moves the band into the range of a material, as far as it is wider than the wavelengths.
void Narrow(std::array<double, 2>& band, const deck::MaterialOptions& material,
            const std::vector<double>& wavelengths) {
  const auto range = deck::RangeOf(material);
  if (!range) return;
  const auto [least, most] = std::minmax_element(wavelengths.begin(), wavelengths.end());
  band[0] = std::min(*least, std::max(band[0], (*range)[0]));
  band[1] = std::max(*most, std::min(band[1], (*range)[1]));
}

std::array<double, 2> BandOf(const deck::MaterialOptions& material,
                             const std::vector<double>& wavelengths) {
  std::array<double, 2> band = WavelengthBand(wavelengths);
  Narrow(band, material, wavelengths);
  return band;
}

/// eps = A + B w0^2 / (w0^2 - w^2) - C / w^2 with some of the terms, and the sum of squared errors;
/// infinite where it is no passive medium.
struct Trial {
  double constant = 0, lorentz = 0, drude = 0, error = 0;
};
Trial TryPoles(double w0, bool with_drude, const std::vector<double>& wavelengths,
               const std::vector<double>& epsilon) {
  const auto count = static_cast<Eigen::Index>(wavelengths.size());
  Eigen::MatrixXd terms(count, with_drude ? 3 : 2);
  Eigen::VectorXd wanted(count);
  for (Eigen::Index k = 0; k < count; ++k) {
    const double w = Omega(wavelengths[k]);
    terms(k, 0) = 1;
    terms(k, 1) = w0 * w0 / (w0 * w0 - w * w);
    if (with_drude) terms(k, 2) = -1 / (w * w);
    wanted[k] = epsilon[k];
  }
  const Eigen::VectorXd x = terms.colPivHouseholderQr().solve(wanted);
  Trial trial{x[0], x[1], with_drude ? x[2] : 0, (terms * x - wanted).squaredNorm()};
  const bool passive = trial.constant >= 1 && trial.lorentz >= 0 && trial.drude >= 0;
  if (!passive) trial.error = std::numeric_limits<double>::infinity();
  return trial;
}

/// The band of the wavelengths within the ranges of all materials of the deck, as far as it is
/// wider than the wavelengths.
std::array<double, 2> SampledBand(const deck::DeviceOptions& options) {
  std::array<double, 2> band = WavelengthBand(options.wavelengths);
  for (const auto& [name, material] : options.materials) {
    Narrow(band, material, options.wavelengths);
  }
  return band;
}

/// Its dispersion is that of the band, however many wavelengths the deck names in it.
domain::Medium SlabMedium(const deck::DeviceOptions& options, const std::string& name) {
  constexpr int kSamples = 5;
  const std::array<double, 2> band = SampledBand(options);
  std::vector<double> wavelengths, epsilon;
  for (int k = 0; k < kSamples; ++k) {
    const double wavelength = band[0] + (band[1] - band[0]) * k / (kSamples - 1);
    wavelengths.push_back(wavelength);
    epsilon.push_back(
        MaterialTable(options, wavelength, options.fabrication.thickness_bias).at(name).real());
  }
  return FitPoles(name, wavelengths, epsilon);
}

using Permittivity = std::function<std::complex<double>(double omega)>;

/// Whether a medium is stable in the time step of the lattice, with the poles that it gets there.
bool KeepsTimeStep(const domain::Medium& medium, std::array<double, 2> omega_band,
                   const TimeStepping& stepping) {
  try {
    const domain::Medium stepped = domain::SimplifyPoles(medium, omega_band, stepping.time_step);
    return solvers::fdtd::LargestAmplification(stepping.lattice, stepped, stepping.time_step) <=
           1 + 1e-9;
  } catch (const base::UserError&) {
    return false;  // a pole too fast to be slowed
  }
}

/// Passive poles through a permittivity. Where they would cost steps, slower ones that follow it
/// about as well.
domain::Medium FittedMedium(const std::string& name, const Permittivity& permittivity,
                            std::array<double, 2> band, const TimeStepping& stepping) {
  const std::array<double, 2> omegas{Omega(band[1]), Omega(band[0])};
  domain::Medium best = domain::FitPassivePoles(name, permittivity, omegas);
  if (KeepsTimeStep(best, omegas, stepping)) return best;
  const domain::FitError error = domain::ErrorOfFit(best, permittivity, omegas);
  for (const double share : {1.0, 0.7, 0.5, 0.35}) {
    const double highest = share / stepping.time_step;
    const domain::Medium slower = domain::FitPassivePoles(name, permittivity, omegas, highest);
    const domain::FitError other = domain::ErrorOfFit(slower, permittivity, omegas);
    const bool as_good = other.index <= std::max(2e-4, 1.5 * error.index) &&
                         other.loss <= std::max(5e-3, 1.5 * error.loss);
    if (as_good && KeepsTimeStep(slower, omegas, stepping)) return slower;
  }
  return best;
}

/// Poles through a table or through pole-residue pairs.
domain::Medium MediumThrough(const deck::DeviceOptions& options, const std::string& name,
                             const deck::MaterialOptions& material, const TimeStepping& stepping) {
  const Permittivity permittivity = [&](double omega) {
    const std::complex<double> n = deck::GivenIndex(name, material, 2 * M_PI / omega);
    return n * n;
  };
  return FittedMedium(name, permittivity, BandOf(material, options.wavelengths), stepping);
}

/// A conductivity, whose Im eps goes with the wavelength, serves where the band is so narrow that
/// this is a percent; over a wider one the loss needs poles.
domain::Medium MediumOfConstant(const deck::DeviceOptions& options, const std::string& name,
                                const deck::MaterialOptions& material,
                                const TimeStepping& stepping) {
  constexpr double kNarrow = 0.01;
  const std::complex<double> n = material.index ? *material.index : std::sqrt(*material.epsilon);
  const std::complex<double> eps = n * n;
  const double middle = options.MiddleWavelength();
  const std::array<double, 2> band = WavelengthBand(options.wavelengths);
  const bool narrow = band[1] - middle <= kNarrow * middle && middle - band[0] <= kNarrow * middle;
  if (!narrow && eps.real() <= 0) {
    base::Fail(
        "{}: materials.{} has n + i k = {:.6g} {:+.6g}i, that is eps = {:.6g} {:+.6g}i, from "
        "{:.6g} to {:.6g} um; in time domain a constant eps with a real part <= 0 is possible at "
        "one wavelength only, since a passive medium with such an eps changes over a band: give "
        "one wavelength, or the medium by table, poles, or model Au or Ag",
        material.where, name, n.real(), n.imag(), eps.real(), eps.imag(), band[0], band[1]);
  }
  const domain::Medium conductor = domain::MediumFromIndex(name, n, middle);
  if (narrow || eps.imag() == 0) return conductor;
  const Permittivity permittivity = [eps](double) { return eps; };
  const domain::Medium fitted = FittedMedium(name, permittivity, band, stepping);
  const std::array<double, 2> omegas{Omega(band[1]), Omega(band[0])};
  const auto error = [&](const domain::Medium& medium) {
    return domain::ErrorOfFit(medium, permittivity, omegas).index;
  };
  return error(fitted) <= std::max(1e-3, error(conductor)) ? fitted : conductor;
}

/// The constant of the middle wavelength where constant_within allows it, with its loss.
std::optional<domain::Medium> ConstantMedium(const deck::DeviceOptions& options,
                                             const std::string& name,
                                             const deck::MaterialOptions& material) {
  if (!material.constant_within) return std::nullopt;
  const auto index = [&](double wavelength) {
    return std::sqrt(
        MaterialTable(options, wavelength, options.fabrication.thickness_bias).at(name));
  };
  const std::complex<double> middle = index(options.MiddleWavelength());
  const domain::Medium medium = domain::MediumFromIndex(name, middle, options.MiddleWavelength());
  for (const double wavelength : BandOf(material, options.wavelengths)) {
    const double change =
        std::abs(index(wavelength) - std::sqrt(medium.Permittivity(Omega(wavelength))));
    if (change > *material.constant_within * std::abs(middle)) return std::nullopt;
  }
  return medium;
}

domain::Medium AnisotropicMedium(const std::string& name, const std::array<double, 3>& diagonal) {
  domain::Medium medium{name, *std::min_element(diagonal.begin(), diagonal.end()), 0, {}};
  for (size_t d = 0; d < 3; ++d) medium.anisotropy[d] = diagonal[d] / medium.eps_inf;
  return medium;
}

domain::Medium MediumOf(const deck::DeviceOptions& options, const std::string& name,
                        const deck::MaterialOptions& material, const TimeStepping& stepping) {
  if (material.diagonal) return AnisotropicMedium(name, *material.diagonal);
  if (const auto constant = ConstantMedium(options, name, material)) return *constant;
  if (material.Fitted()) return MediumThrough(options, name, material, stepping);
  if (material.poles) return PoleMedium(name, *material.poles);
  if (material.slab) return SlabMedium(options, name);
  if (material.model.empty()) return MediumOfConstant(options, name, material, stepping);
  domain::Medium medium =
      domain::BuiltInMedium(material.model, BandOf(material, options.wavelengths));
  medium.name = name;
  return medium;
}

}  // namespace

domain::Medium PoleMedium(const std::string& name, const deck::PoleMaterial& material) {
  domain::Medium medium{name, material.epsilon, material.conductivity, {}};
  for (const deck::LorentzOptions& pole : material.lorentz) {
    const double w0 = Omega(pole.wavelength);
    medium.poles.push_back({pole.strength * w0 * w0, w0, pole.damping});
  }
  for (const deck::DrudeOptions& pole : material.drude) {
    medium.poles.push_back({pole.plasma * pole.plasma, 0, pole.damping});
  }
  return medium;
}

std::complex<double> BuiltInIndexAt(const std::string& name, double wavelength) {
  const auto& media = domain::BuiltInMedia();
  const bool known =
      std::any_of(media.begin(), media.end(), [&](const auto& fit) { return fit.name == name; });
  if (HasSellmeierFit(name) || !known) return domain::BuiltInIndex(name, wavelength);
  deck::MaterialOptions material;
  material.model = name;
  const std::array<double, 2> band = BandOf(material, {wavelength});
  return std::sqrt(domain::BuiltInMedium(name, band).Permittivity(Omega(wavelength)));
}

std::array<double, 2> WavelengthBand(const std::vector<double>& wavelengths) {
  const auto [least, most] = std::minmax_element(wavelengths.begin(), wavelengths.end());
  if (*most > 1.01 * *least) return {*least, *most};
  const double middle = 0.5 * (*least + *most);
  return {0.995 * middle, 1.005 * middle};
}

domain::Medium FitPoles(const std::string& name, const std::vector<double>& wavelengths,
                        const std::vector<double>& epsilon) {
  const auto [least, most] = std::minmax_element(epsilon.begin(), epsilon.end());
  domain::Medium medium{name, epsilon[epsilon.size() / 2], 0, {}};
  if (*most - *least < 1e-9) return medium;
  const double shortest = *std::min_element(wavelengths.begin(), wavelengths.end());
  double smallest = std::numeric_limits<double>::infinity();
  for (int step = 0; step <= 220; ++step) {
    const double w0 = Omega((0.05 + 0.0025 * step) * shortest);
    for (const bool with_drude : {false, true}) {
      if (with_drude && wavelengths.size() < 3) continue;
      const Trial trial = TryPoles(w0, with_drude, wavelengths, epsilon);
      if (!(trial.error < smallest)) continue;
      smallest = trial.error;
      medium.eps_inf = trial.constant;
      medium.poles = {{trial.lorentz * w0 * w0, w0, 0}};
      if (trial.drude > 0) medium.poles.push_back({trial.drude, 0, 0});
    }
  }
  return medium;
}

std::vector<domain::Medium> MediaToLookAt(const deck::DeviceOptions& options,
                                          const TimeStepping& stepping) {
  const std::array<double, 2> band = WavelengthBand(options.wavelengths);
  deck::DeviceOptions middle = options;
  middle.wavelengths = {options.MiddleWavelength()};
  std::vector<domain::Medium> media;
  for (const auto& [name, material] : options.materials) {
    deck::AtPlace(material.where, [&] {
      try {
        const domain::Medium medium = MediumOf(options, name, material, stepping);
        domain::CheckMedium(medium);
        media.push_back(
            domain::SimplifyPoles(medium, {Omega(band[1]), Omega(band[0])}, stepping.time_step));
      } catch (const base::UserError&) {
        if (name == options.background) throw;
        media.push_back(MediumOf(middle, name, material, stepping));
      }
    });
  }
  return media;
}

std::vector<domain::Medium> TimeDomainMedia(const deck::DeviceOptions& options,
                                            const TimeStepping& stepping) {
  std::vector<domain::Medium> media;
  for (const auto& [name, material] : options.materials) {
    deck::AtPlace(material.where, [&] {
      media.push_back(MediumOf(options, name, material, stepping));
      domain::CheckMedium(media.back());
    });
  }
  return media;
}

}  // namespace symwave::jobs::device
