// Layered media in the time domain against the closed forms of Fresnel and Airy, all wavelengths
// from one pulse.
#include "tests/verification/fdtd_line.hpp"

namespace symwave::verification {
namespace {

using solvers::fdtd::Waveform;

Medium Dielectric(double index) {
  return {"dielectric", index * index, 0, {}};
}

struct Amplitudes {
  std::vector<Complex> r, t;  ///< per frequency; r at x = 0, t from x = 0 to the last face
  std::vector<double> reflected, passed;  ///< shares of the power of the discrete waves
};

/// Light from vacuum at negative x meets line.layers, the second of which begins at x = 0, and
/// leaves to the last layer, of index `last_index`, or ends inside the second one where that is 0.
Amplitudes Scatter(Line line, const std::vector<double>& wavelengths, double cell,
                   double last_index, const Waveform& waveform,
                   Precision precision = Precision::Float64) {
  const double depth = line.layers.back().begin;
  const int before = static_cast<int>(std::ceil(1.2 / cell)) + 20;
  const int behind = static_cast<int>(std::ceil((depth + 0.8) / cell)) + 20;
  // The first face lies 0.31 cells beyond a node.
  line.nodes = UniformNodes(-(before + 0.31) * cell, cell, before + behind);
  line.transverse_cell = cell;
  if (last_index == 0) line.ends[1].pml_cells = 0;
  std::vector<double> omegas;
  for (const double wavelength : wavelengths) omegas.push_back(2 * M_PI / wavelength);
  EngineOptions options;
  options.precision = precision;
  const LineSpectra spectra = RunPulse(MPI_COMM_WORLD, line, 22, waveform, omegas, options,
                                       precision == Precision::Float64 ? 1e-18 : 1e-11);
  Amplitudes result;
  for (size_t w = 0; w < omegas.size(); ++w) {
    const int quarter = std::max(1, static_cast<int>(0.2 * wavelengths[w] / cell));
    const double k = LatticeWavenumber(line, omegas[w], spectra.dt, cell, 1);
    const TwoWaves in = Separate(line, spectra.field[w], k, before - 3 - quarter, before - 3, 0);
    result.r.push_back(in.backward / in.forward);
    result.reflected.push_back(std::norm(result.r.back()));
    if (last_index == 0) continue;
    const double k_out =
        LatticeWavenumber(line, omegas[w], spectra.dt, cell, last_index * last_index);
    const int out = before + static_cast<int>(std::ceil(depth / cell)) + 3;
    const TwoWaves through =
        Separate(line, spectra.field[w], k_out, out, out + std::max(1, quarter / 3), depth);
    result.t.push_back(through.forward / in.forward);
    // The flux of a wave of amplitude a is |a|^2 sin(k cell) / cell, up to a common factor.
    result.passed.push_back(std::norm(result.t.back()) * std::sin(k_out * cell) /
                            std::sin(k * cell));
  }
  return result;
}

/// A film of thickness d and permittivity eps in vacuum (Airy; Born and Wolf, section 1.6.4).
struct Film {
  Complex r, t;
  Film(Complex eps, double thickness, double omega) {
    const Complex n = std::sqrt(eps), face = (1.0 - n) / (1.0 + n);
    const Complex through = std::exp(Complex(0, 1) * omega * n * thickness);
    const Complex echoes = 1.0 - face * face * through * through;
    r = face * (1.0 - through * through) / echoes;
    t = (1.0 - face * face) * through / echoes;
  }
};

constexpr double kFilm = 0.22, kSilicon = 3.476;
const std::vector<double> kFilmWavelengths{1.31, 1.55, 1.60};
const double kFilmPasses[] = {0.609316, 0.995609, 0.953772};

/// A film whose thickness is cells_in_film + 1/2 cells.
Amplitudes SiliconFilm(FieldSet fields, int axis, int cells_in_film, bool averaged,
                       Precision precision = Precision::Float64) {
  Line line;
  line.fields = fields;
  line.axis = axis;
  line.averaged = averaged;
  line.layers = {{-1e9, Dielectric(1)}, {0, Dielectric(kSilicon)}, {kFilm, Dielectric(1)}};
  return Scatter(line, kFilmWavelengths, kFilm / (cells_in_film + 0.5), 1,
                 Waveform::Band(1.25, 1.7), precision);
}

double WorstError(const Amplitudes& film) {
  double worst = 0;
  for (int w = 0; w < 3; ++w) worst = std::max(worst, std::abs(film.passed[w] - kFilmPasses[w]));
  return worst;
}

// 44 cells in the film are 70 cells per wavelength in silicon, a phase error of (pi/70)^2 / 6 of
// 3.7 rad; sampling instead of averaging moves one face by half a cell.
TEST(FabryPerotInTime, TransmissionOfASiliconFilmFromOnePulse) {
  double averaged[3], sampled[3];
  const int cells[] = {21, 43, 87};
  for (int n = 0; n < 3; ++n) {
    const Amplitudes film = SiliconFilm(FieldSet::Ez, 0, cells[n], true);
    averaged[n] = WorstError(film);
    sampled[n] = WorstError(SiliconFilm(FieldSet::Ez, 0, cells[n], false));
    // Flux is conserved exactly by the discrete equations; the PML's reflection is below 1e-6.
    for (int w = 0; w < 3; ++w) EXPECT_NEAR(film.reflected[w] + film.passed[w], 1, 1e-5);
    if (n == 0) continue;
    EXPECT_NEAR(std::log2(averaged[n - 1] / averaged[n]), 2, 0.15) << "second order with averaging";
    EXPECT_NEAR(std::log2(sampled[n - 1] / sampled[n]), 1, 0.3) << "first order without";
  }
  EXPECT_LT(averaged[2], 2e-4);
  EXPECT_GT(sampled[2], 10 * averaged[2]);
  Report("film: T error averaged %.1e %.1e %.1e, sampled %.1e %.1e %.1e", averaged[0], averaged[1],
         averaged[2], sampled[0], sampled[1], sampled[2]);
}

TEST(FabryPerotInTime, TheSameAlongEveryAxisAndInBothPrecisions) {
  const Amplitudes reference = SiliconFilm(FieldSet::Ez, 0, 11, true);
  const auto compare = [&](const Amplitudes& other, double tolerance) {
    for (int w = 0; w < 3; ++w) EXPECT_NEAR(other.passed[w], reference.passed[w], tolerance);
  };
  compare(SiliconFilm(FieldSet::Ez, 1, 11, true), 1e-9);
  compare(SiliconFilm(FieldSet::Hz, 0, 11, true), 1e-9);
  compare(SiliconFilm(FieldSet::Hz, 1, 11, true), 1e-9);
  compare(SiliconFilm(FieldSet::Ez, 0, 11, true, Precision::Float32), 1e-4);
  // In 3D the time step is shorter, which changes the discretisation error.
  const Amplitudes along_x = SiliconFilm(FieldSet::All, 0, 11, true);
  for (int w = 0; w < 3; ++w) EXPECT_NEAR(along_x.passed[w], kFilmPasses[w], 1.2e-2);
  for (int axis = 1; axis < 3; ++axis) {
    const Amplitudes other = SiliconFilm(FieldSet::All, axis, 11, true);
    for (int w = 0; w < 3; ++w) EXPECT_NEAR(other.passed[w], along_x.passed[w], 1e-9);
  }
}

TEST(FresnelInTime, NormalIncidenceFromVacuumIntoIndexTwo) {
  double error[2];
  for (int n = 0; n < 2; ++n) {
    Line line;
    line.layers = {{-1e9, Dielectric(1)}, {0, Dielectric(2)}};
    const Amplitudes face =
        Scatter(line, {1.55}, n == 0 ? 0.02 : 0.01, 2, Waveform::Band(1.4, 1.7));
    error[n] = std::abs(face.reflected[0] - 1.0 / 9);
    EXPECT_NEAR(face.reflected[0] + face.passed[0], 1, 1e-5);
  }
  EXPECT_LT(error[1], 3e-4);
  EXPECT_NEAR(std::log2(error[0] / error[1]), 2, 0.2);
  Report("Fresnel: R error %.1e %.1e", error[0], error[1]);
}

/// Largest |r - exact| and |t - exact| of a film.
double FilmError(const Medium& medium, double thickness, double cell,
                 const std::vector<double>& wavelengths) {
  Line line;
  line.layers = {{-1e9, Dielectric(1)}, {0, medium}, {thickness, Dielectric(1)}};
  const Amplitudes film =
      Scatter(line, wavelengths, cell, 1, Waveform::Band(wavelengths.front(), wavelengths.back()));
  double worst = 0;
  for (size_t w = 0; w < wavelengths.size(); ++w) {
    const double omega = 2 * M_PI / wavelengths[w];
    const Film exact(medium.Permittivity(omega), thickness, omega);
    worst = std::max({worst, std::abs(film.r[w] - exact.r), std::abs(film.t[w] - exact.t)});
  }
  return worst;
}

// Phases enter as well: the error of r and t is that of the optical path, (w n h)^2 / 24 of it.
TEST(LossyFilm, ConductivityAgainstAiry) {
  const Medium medium{"lossy", 4, 3, {}};
  const std::vector<double> wavelengths{1.2, 1.4, 1.6, 1.8};
  const double coarse = FilmError(medium, 0.3, 0.02, wavelengths);
  const double fine = FilmError(medium, 0.3, 0.01, wavelengths);
  EXPECT_LT(fine, 2e-3);
  EXPECT_NEAR(std::log2(coarse / fine), 2, 0.3);
  Report("lossy film: %.1e %.1e", coarse, fine);
}

// A resonance at 1 um, strong enough for a stop band (eps' < 0 from 0.83 to 1 um).
TEST(DispersiveFilm, LorentzAgainstAiry) {
  const double resonance = 2 * M_PI;
  const Medium medium{"lorentz", 2, 0, {{0.9 * resonance * resonance, resonance, 0.6}}};
  const std::vector<double> wavelengths{0.7, 0.85, 0.95, 1.0, 1.1, 1.3};
  const double coarse = FilmError(medium, 0.25, 0.01, wavelengths);
  const double fine = FilmError(medium, 0.25, 0.005, wavelengths);
  EXPECT_LT(fine, 5e-3);
  EXPECT_NEAR(std::log2(coarse / fine), 2, 0.3);
  Report("Lorentz film: %.1e %.1e", coarse, fine);
}

// Gold-like: plasma wavelength 0.14 um, skin depth 22 nm; 2 um of it are a half space.
TEST(Metal, DrudeHalfSpaceAgainstFresnel) {
  const double plasma = 2 * M_PI / 0.14;
  const Medium gold{"gold", 1, 0, {{plasma * plasma, 0, 0.35}}};
  const std::vector<double> wavelengths{0.5, 0.7, 1.0, 1.5};
  double error[2];
  for (int n = 0; n < 2; ++n) {
    Line line;
    line.layers = {{-1e9, Dielectric(1)}, {0, gold}};
    const Amplitudes face =
        Scatter(line, wavelengths, n == 0 ? 0.004 : 0.002, 0, Waveform::Band(0.5, 1.5));
    error[n] = 0;
    for (size_t w = 0; w < wavelengths.size(); ++w) {
      const Complex index = std::sqrt(gold.Permittivity(2 * M_PI / wavelengths[w]));
      error[n] = std::max(error[n], std::abs(face.r[w] - (1.0 - index) / (1.0 + index)));
    }
  }
  EXPECT_LT(error[1], 5e-4);
  EXPECT_NEAR(std::log2(error[0] / error[1]), 2, 0.3);
  Report("Drude half space: %.1e %.1e", error[0], error[1]);
}

}  // namespace
}  // namespace symwave::verification
