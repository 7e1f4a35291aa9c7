#include "jobs/media_fit.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/device.hpp"

namespace symwave::jobs {

namespace {

constexpr double kWorthAWarning = 1e-3;
constexpr int kSamples = 17;

std::string SourceOf(const MaterialOptions& material) {
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
std::string Reason(const DeckOptions& options, const MaterialOptions& material) {
  if (!material.model.empty() || material.slab) {
    return "its poles do not follow the index over so wide a band; narrow wavelength";
  }
  if (material.Fitted()) {
    return "no passive poles were found that follow it closer; narrow wavelength, or smooth the "
           "table";
  }
  return fmt::format(
      "in time domain a constant index with loss is a conductivity, exact at {:.6g} um only; "
      "narrow wavelength, or give the material by table or poles",
      options.MiddleWavelength());
}

}  // namespace

std::vector<MediumFit> MediaFits(const DeckOptions& options,
                                 const std::vector<domain::Medium>& media) {
  std::vector<MediumFit> fits;
  for (const domain::Medium& medium : media) {
    const auto found = options.materials.find(medium.name);
    if (found == options.materials.end()) continue;
    const MaterialOptions& material = found->second;
    const bool plain = !material.Fitted() && !material.slab && material.model.empty();
    if (plain && medium.poles.empty() && medium.conductivity == 0) continue;
    MediumFit fit{medium.name, SourceOf(material), medium.poles.size(), 0, 0, false};
    fit.wavelength = options.MiddleWavelength();
    fit.as_asked = material.constant_within && medium.poles.empty();
    fits.push_back(fit);
  }
  if (fits.empty()) return fits;
  for (const double wavelength : SampledWavelengths(options.wavelengths)) {
    const auto wanted = MaterialTable(options, wavelength, options.fabrication.thickness_bias);
    for (MediumFit& fit : fits) {
      const auto medium = std::find_if(media.begin(), media.end(),
                                       [&fit](const auto& m) { return m.name == fit.name; });
      const double error = std::abs(std::sqrt(medium->Permittivity(2 * M_PI / wavelength)) -
                                    std::sqrt(wanted.at(fit.name)));
      if (error <= fit.error) continue;
      fit.error = error;
      fit.wavelength = wavelength;
    }
  }
  return fits;
}

void RequireFits(const DeckOptions& options, const std::vector<MediumFit>& fits) {
  for (const MediumFit& fit : fits) {
    const MaterialOptions& material = options.materials.at(fit.name);
    if (!material.Fitted() || fit.as_asked || fit.error <= material.fit_tolerance) continue;
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
  return fmt::format("{}: {}, {}, n + i k within {:.1e} (at {:.6g} um)", fit.name, fit.source, form,
                     fit.error, fit.wavelength);
}

std::vector<std::string> MediaFitWarnings(const DeckOptions& options,
                                          const std::vector<MediumFit>& fits) {
  std::vector<std::string> warnings;
  for (const MediumFit& fit : fits) {
    if (fit.error <= kWorthAWarning || fit.as_asked) continue;
    const MaterialOptions& material = options.materials.at(fit.name);
    warnings.push_back(fmt::format(
        "{}: materials.{}: the medium is off by {:.2g} in n + i k at "
        "{:.6g} um: {}",
        material.where, fit.name, fit.error, fit.wavelength, Reason(options, material)));
  }
  return warnings;
}

void RecordMediaFits(io::Hdf5File& file, const std::vector<MediumFit>& fits) {
  if (fits.empty()) return;
  std::vector<std::string> names, sources;
  std::vector<double> errors, wavelengths;
  for (const MediumFit& fit : fits) {
    base::Info("medium {}", MediumFitText(fit));
    names.push_back(fit.name);
    sources.push_back(fit.source);
    errors.push_back(fit.error);
    wavelengths.push_back(fit.wavelength);
  }
  file.WriteTexts("/media/name", names, {"", "materials that the time domain had to represent"});
  file.WriteTexts("/media/source", sources, {"", "what the deck gives"});
  file.Write("/media/index_error", errors, {}, {"1", "largest error of n + i k in the band"});
  file.Write("/media/wavelength", wavelengths, {}, {"um", "where it is"});
}

nlohmann::ordered_json MediaFitSummary(const std::vector<MediumFit>& fits) {
  auto media = nlohmann::ordered_json::object();
  for (const MediumFit& fit : fits) {
    media[fit.name] = {{"index_error", fit.error},
                       {"wavelength_um", fit.wavelength},
                       {"poles", fit.poles},
                       {"source", fit.source}};
  }
  return media;
}

}  // namespace symwave::jobs
