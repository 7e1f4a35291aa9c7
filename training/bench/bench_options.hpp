// A free-space bench and its hardware errors, as a deck describes them. Lengths in um.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace symwave::training::bench {

/// Smooth or rough phase in one plane, unknown to whoever drives the bench. Zernike polynomials
/// (Noll) on the circle through the corners of the plane. In the central plane all of them, coma
/// too, keep the path symmetric; coma that breaks the symmetry is in AlignmentErrors.
struct ScreenOptions {
  double rms = 0;          ///< rad; 0: no random part
  double correlation = 0;  ///< um, 1/e radius of the Gaussian correlation
  double defocus = 0;      ///< rad, coefficient of Z4
  double spherical = 0;    ///< Z11
  double coma = 0;         ///< Z8 (along x)
  std::uint64_t seed = 1;

  bool Empty() const { return rms == 0 && defocus == 0 && spherical == 0 && coma == 0; }
};

/// Medium of the same mean index as its surroundings.
struct ThickMediumOptions {
  double thickness = 0;    ///< um; 0: none
  int slices = 16;         ///< of the split step, mirror-symmetric about the middle
  double index_rms = 0;    ///< of the fluctuations
  double correlation = 0;  ///< um
  std::uint64_t seed = 1;

  bool Empty() const { return thickness == 0 || index_rms == 0; }
};

enum class MaskPlace { Input, Centre };

/// The design, known to the user.
struct BenchGeometry {
  double wavelength = 0.532;
  int pixels_x = 64, pixels_y = 64;  ///< pixels_y = 1: one transverse dimension
  double pitch = 8;
  double distance = 388000;  ///< mask to camera (Input); input to mask and mask to camera (Centre)
  MaskPlace mask = MaskPlace::Input;
  double padding = 2;
};

/// What is between the planes beside free space; part of the design in a `focus` job, where it is
/// to be overcome, and unknown to the model.
struct ScatterOptions {
  ScreenOptions screen;       ///< thin, in the central plane of the path from mask to camera
  ThickMediumOptions medium;  ///< centred in the path
  double aperture = 0;        ///< um, diameter of a stop in the central plane; 0: none
  /// Off-centre scatterer: shift of the screen along the axis [um]; breaks the symmetry. With the
  /// mask in the centre, the scatterers stand in both halves, mirrored, and only the screen behind
  /// the mask is shifted.
  double screen_shift = 0;
};

/// Phase modulators.
struct ModulatorErrors {
  int bits = 0;             ///< phase steps 2^bits over 2 pi; 0: continuous
  double zero_order = 0;    ///< share of the amplitude that passes unmodulated
  double gain_sigma = 0;    ///< relative error of the phase per command, per pixel
  double offset_range = 0;  ///< uniform unknown phase per pixel, +- rad
  double lookup_error = 0;  ///< rad, amplitude of a sin(2 theta) error common to all pixels
  double crosstalk = 0;     ///< um, 1/e radius of the Gaussian blur between neighbours
  std::uint64_t seed = 1;

  bool Empty() const {
    return bits == 0 && zero_order == 0 && gain_sigma == 0 && offset_range == 0 &&
           lookup_error == 0 && crosstalk == 0;
  }
};

/// Amplitude modulators.
struct AmplitudeErrors {
  int bits = 0;             ///< 2^bits levels from dark to bright, evenly spaced; 0: continuous
  double dark_level = 0;    ///< amplitude of the darkest pixel over that of the brightest
  double gain_sigma = 0;    ///< relative error of the amplitude, per pixel
  double lookup_error = 0;  ///< amplitude of a sin(2 pi level) error common to all pixels
  std::uint64_t seed = 1;

  bool Empty() const {
    return bits == 0 && dark_level == 0 && gain_sigma == 0 && lookup_error == 0;
  }
};

/// The modulators that make the launched fields: one of amplitude and one of phase in each plane
/// from which light is launched. Their errors are not those of the mask.
struct LaunchErrors {
  AmplitudeErrors amplitude;
  ModulatorErrors phase;
  /// What comes from them: data (images, re-encoded fields), and error fields with calibrations.
  /// Not of the hardware but of the job: light of a hidden object passes none.
  bool data = true, error = true;

  bool Empty() const { return amplitude.Empty() && phase.Empty(); }
};

/// Misfit of the output plane against the input plane; odd: breaks the symmetry.
struct AlignmentErrors {
  double shift_x = 0, shift_y = 0;  ///< um
  double rotation = 0;              ///< rad
  /// rad, Z8 along x in the pupil of the optics that image the output plane on the camera, on the
  /// circle through the corners of the pupil, which holds the frequencies along each axis up to
  /// width / (wavelength distance).
  double coma = 0;
};

/// Camera with coherent detection by interference. 0 switches an error off.
struct DetectionErrors {
  double field_noise =
      0;               ///< rms of additive noise over the rms of each measured field (-20 dB: 0.1)
  double photons = 0;  ///< mean signal photons per pixel and frame; 0: noiseless
  /// Of the reference wave, per pixel in each of the four frames of a field.
  double reference_photons = 1000;
  double quantum_efficiency = 0.6399;
  double read_noise = 2.47;    ///< electrons rms
  int bits = 0;                ///< of the converter, full scale 4 times the mean count; 0: none
  double phase_reference = 0;  ///< rad, unknown common phase of error passes
  std::uint64_t seed = 1;
};

struct BenchErrors {
  ScatterOptions scatter;
  ModulatorErrors modulator;
  LaunchErrors launch;
  AlignmentErrors alignment;
  DetectionErrors detection;
};

/// How images become light and light becomes classes, layer by layer on the same bench. All planes
/// have the grid of the bench.
enum class ImageEncoding { Amplitude, Phase };
/// Between layers the measured field y is launched again as x = s f(|s y|^2) y, s normalising the
/// power: none f = 1; saturable f = 1 / (1 + |.|^2); relu keeps what exceeds a threshold,
/// f = max(0, 1 - threshold / |.|); intensity x = |y|^2 (a camera without interference).
enum class PlaneActivation { None, Saturable, Relu, Intensity };

struct PlaneNetworkOptions {
  int layers = 4;
  ImageEncoding encoding = ImageEncoding::Amplitude;
  double phase_range = 3.14159265358979;  ///< rad for a feature of 1
  double image_share = 0.6;               ///< width of the image over that of the plane
  PlaneActivation activation = PlaneActivation::None;
  double threshold = 0.1;  ///< relu, over the rms amplitude
  bool skip = false;       ///< the encoded image is added to the launched field of every layer
  /// Detector regions: squares on a grid, this part of the cell of that grid is detected.
  double detector_share = 0.5;
  double detector_width = 0.6;  ///< width of that grid over that of the plane
};

/// How a laboratory launches error fields.
struct ErrorLaunchOptions {
  /// Launches of even light per mask and step that measure the mask's transmission, for the error
  /// of forward mode to enter behind a mask in the input plane.
  int calibrations = 1;
  /// Every error field is launched as g and as -g, and half the difference of what is measured is
  /// taken: light that the modulators do not control cancels.
  bool differential = false;

  int LaunchesPerError() const { return differential ? 2 : 1; }
};

struct ComputeOptions {
  bool float64 = false;
  int threads = 1;
  int ranks_per_plane = 1;  ///< 1: samples over ranks; P: P ranks share every plane
  int tile = 8;             ///< planes of a rank in work at a time
};

}  // namespace symwave::training::bench
