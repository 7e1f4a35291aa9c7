#include "jobs/device/media_fit.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/device/device.hpp"

namespace symwave::jobs::device {

namespace {

constexpr double kWorthAWarning = 1e-3;  // of n + i k
constexpr double kLossWorthAWarning = 0.02;
constexpr double kLeastLoss = 1e-3;  // dB per 100 um
constexpr int kSamples = 17;

/// What a plane wave loses [dB per 100 um].
double Decibels(std::complex<double> eps, double wavelength) {
  return 100 * 20 * std::log10(std::exp(1.0)) * 2 * M_PI / wavelength * std::sqrt(eps).imag();
}

void Judge(std::complex<double> eps, std::complex<double> wanted, double wavelength,
           MediumFit& fit) {
  const double index = std::abs(std::sqrt(eps) - std::sqrt(wanted));
  if (index > fit.error) {
    fit.error = index;
    fit.wavelength = wavelength;
  }
  // Im eps = 2 n k of a weak loss k.
  const double least =
      2 * std::sqrt(wanted).real() * kLeastLoss / Decibels(std::complex<double>(-1, 0), wavelength);
  const double loss = std::abs(eps.imag() - wanted.imag());
  const double share = loss / std::max({wanted.imag(), least, 1e-300});
  if (share > fit.loss.error) fit.loss = {share, wavelength, eps, wanted};
}

std::string SourceOf(const deck::MaterialOptions& material) {
  if (!material.table.file.empty()) return "table " + material.table.file;
  if (material.pole_residue) return "pole-residue pairs";
  if (material.slab) return "slab";
  if (material.poles) return "poles";
  return material.model.empty() ? "constant index" : "built-in " + material.model;
}

/// The deck's wavelengths and steps between the outermost.
std::vector<double> SampledWavelengths(const std::vector<double>& wavelengths) {
  std::vector<double> samples = wavelengths;
  const auto [least, most] = std::minmax_element(wavelengths.begin(), wavelengths.end());
  for (int k = 1; k + 1 < kSamples && *most > *least; ++k) {
    samples.push_back(*least + (*most - *least) * k / (kSamples - 1));
  }
  return samples;
}

/// Why a medium errs and what helps.
std::string Reason(const deck::DeviceOptions& options, const deck::MaterialOptions& material,
                   const MediumFit& fit) {
  if (fit.as_asked) {
    return fmt::format(
        "by constant_within its loss is a conductivity, exact at {:.6g} um only; leave out "
        "materials.{}.constant_within",
        options.MiddleWavelength(), fit.name);
  }
  if (!material.model.empty() || material.slab) {
    return "its poles do not follow the index over so wide a band; narrow wavelength";
  }
  if (material.Fitted()) {
    return "no passive poles were found that follow it closer; narrow wavelength, or smooth the "
           "table";
  }
  return "no passive poles were found that have so constant an index with loss; narrow wavelength, "
         "or give the material by table or poles";
}

std::string LossText(const MediumFit::Loss& loss) {
  return fmt::format(
      "its loss is off at {:.6g} um: Im eps {:.3g} instead of {:.3g}, that is {:.3g} instead of "
      "{:.3g} dB per 100 um of a plane wave in it",
      loss.wavelength, loss.eps.imag(), loss.wanted.imag(), Decibels(loss.eps, loss.wavelength),
      Decibels(loss.wanted, loss.wavelength));
}

}  // namespace

std::vector<MediumFit> MediaFits(const deck::DeviceOptions& options,
                                 const std::vector<domain::Medium>& media) {
  std::vector<MediumFit> fits;
  for (const domain::Medium& medium : media) {
    const auto found = options.materials.find(medium.name);
    if (found == options.materials.end()) continue;
    const deck::MaterialOptions& material = found->second;
    const bool plain = !material.Fitted() && !material.slab && material.model.empty();
    if (plain && medium.poles.empty() && medium.conductivity == 0) continue;
    MediumFit fit{medium.name, SourceOf(material), medium.poles.size(), 0, 0, false, {}};
    fit.wavelength = fit.loss.wavelength = options.MiddleWavelength();
    fit.as_asked = material.constant_within && medium.poles.empty();
    fits.push_back(fit);
  }
  if (fits.empty()) return fits;
  for (const double wavelength : SampledWavelengths(options.wavelengths)) {
    const auto wanted = MaterialTable(options, wavelength, options.fabrication.thickness_bias);
    for (MediumFit& fit : fits) {
      const auto medium = std::find_if(media.begin(), media.end(),
                                       [&fit](const auto& m) { return m.name == fit.name; });
      Judge(medium->Permittivity(2 * M_PI / wavelength), wanted.at(fit.name), wavelength, fit);
    }
  }
  return fits;
}

void RequireFits(const deck::DeviceOptions& options, const std::vector<MediumFit>& fits) {
  for (const MediumFit& fit : fits) {
    const deck::MaterialOptions& material = options.materials.at(fit.name);
    const bool given = material.Fitted() || material.index || material.epsilon;
    if (!given || fit.as_asked || fit.error <= material.fit_tolerance) continue;
    base::Fail(
        "{0}: materials.{1}: {2} as {3} passive poles is off by {4:.2g} in n + i k at {5:.6g} um, "
        "more than materials.{1}.fit_tolerance = {6:g}; narrow wavelength, raise "
        "materials.{1}.fit_tolerance, or take the frequency domain, which needs no poles",
        material.where, fit.name, fit.source, fit.poles, fit.error, fit.wavelength,
        material.fit_tolerance);
  }
}

std::string MediumFitText(const MediumFit& fit) {
  const std::string form = fit.as_asked
                               ? "a constant by constant_within, which group indices "
                                 "show as well"
                               : fmt::format("{} pole{}", fit.poles, fit.poles == 1 ? "" : "s");
  const std::string loss = fit.loss.error > 1e-6
                               ? fmt::format(", loss within {:.2g} % (at {:.6g} um)",
                                             100 * fit.loss.error, fit.loss.wavelength)
                               : "";
  return fmt::format("{}: {}, {}, n + i k within {:.1e} (at {:.6g} um){}", fit.name, fit.source,
                     form, fit.error, fit.wavelength, loss);
}

std::vector<std::string> MediaFitWarnings(const deck::DeviceOptions& options,
                                          const std::vector<MediumFit>& fits) {
  std::vector<std::string> warnings;
  for (const MediumFit& fit : fits) {
    const deck::MaterialOptions& material = options.materials.at(fit.name);
    std::string what;
    if (fit.error > kWorthAWarning && !fit.as_asked) {
      what = fmt::format("the medium is off by {:.2g} in n + i k at {:.6g} um", fit.error,
                         fit.wavelength);
    }
    if (fit.loss.error > kLossWorthAWarning) {
      what += (what.empty() ? "" : ", and ") + LossText(fit.loss);
    }
    if (what.empty()) continue;
    warnings.push_back(fmt::format("{}: materials.{}: {}: {}", material.where, fit.name, what,
                                   Reason(options, material, fit)));
  }
  return warnings;
}

void RecordMediaFits(io::Hdf5File& file, const std::vector<MediumFit>& fits) {
  if (fits.empty()) return;
  std::vector<std::string> names, sources;
  std::vector<double> errors, wavelengths, losses;
  for (const MediumFit& fit : fits) {
    base::Info("medium {}", MediumFitText(fit));
    names.push_back(fit.name);
    sources.push_back(fit.source);
    errors.push_back(fit.error);
    wavelengths.push_back(fit.wavelength);
    losses.push_back(fit.loss.error);
  }
  file.WriteTexts("/media/name", names, {"", "materials that the time domain had to represent"});
  file.WriteTexts("/media/source", sources, {"", "what the deck gives"});
  file.Write("/media/index_error", errors, {}, {"1", "largest error of n + i k in the band"});
  file.Write("/media/wavelength", wavelengths, {}, {"um", "where it is"});
  file.Write("/media/loss_error", losses, {},
             {"1", "largest error of Im eps in the band, as a share of it"});
}

nlohmann::ordered_json MediaFitSummary(const std::vector<MediumFit>& fits) {
  auto media = nlohmann::ordered_json::object();
  for (const MediumFit& fit : fits) {
    media[fit.name] = {{"index_error", fit.error},
                       {"wavelength_um", fit.wavelength},
                       {"loss_error", fit.loss.error},
                       {"poles", fit.poles},
                       {"source", fit.source}};
  }
  return media;
}

}  // namespace symwave::jobs::device
