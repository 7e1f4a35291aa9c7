// How well the media of the time domain follow the materials of the deck.
#pragma once

#include <complex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "domain/medium.hpp"
#include "io/hdf5.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// A medium of the time domain beside the index that the deck gives, which the frequency domain
/// takes as it is.
struct MediumFit {
  std::string name;
  std::string source;  ///< "table data/si.csv"
  size_t poles = 0;
  double error = 0;       ///< largest |n + i k - wanted| between the deck's outermost wavelengths
  double wavelength = 0;  ///< where it is [um]
  bool as_asked = false;  ///< made a constant by constant_within
  /// Im eps where it is off most, relative to what the deck gives.
  struct Loss {
    double error =
        0;  ///< share of the wanted Im eps; one of 0.001 dB per 100 um where that is less
    double wavelength = 0;     ///< um
    std::complex<double> eps;  ///< of the medium
    std::complex<double> wanted;
  } loss;
};

/// One for every material of which the time domain integrates something else than a lossless
/// constant. `media` are those of the problem, for its time step.
std::vector<MediumFit> MediaFits(const deck::DeviceOptions& options,
                                 const std::vector<domain::Medium>& media);

/// UserError for a table, pole-residue pairs or a constant whose medium errs by more than
/// fit_tolerance.
void RequireFits(const deck::DeviceOptions& options, const std::vector<MediumFit>& fits);

/// "Si: table data/si.csv, 2 poles, n + i k within 1.4e-04 (at 1.5 um)".
std::string MediumFitText(const MediumFit& fit);

/// A sentence for each medium that errs by more than 0.001 in n + i k, or by 2 % in its loss.
std::vector<std::string> MediaFitWarnings(const deck::DeviceOptions& options,
                                          const std::vector<MediumFit>& fits);

/// Collective: /media of the results, the key `media` of the summary and lines of the log.
void RecordMediaFits(io::Hdf5File& file, const std::vector<MediumFit>& fits);
nlohmann::ordered_json MediaFitSummary(const std::vector<MediumFit>& fits);

}  // namespace symwave::jobs::device
