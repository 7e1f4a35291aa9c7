// The deck language of optical benches: geometry, hardware errors, images and layers.
#include "jobs/deck/schema_bench.hpp"

#include <cmath>

namespace symwave::jobs::deck {

using namespace symwave::io;
using base::Unit;
using namespace training::bench;

namespace {

/// Pixels along x and y: one number for both, or a pair.
Type<BenchGeometry> Pixels() {
  const auto pair = OneOrListOf(Integer<int>(1, 1 << 15), 2, 2);
  return {pair.info,
          [pair](const DeckNode& node, const Context& context, BenchGeometry& geometry) {
            std::vector<int> pixels;
            pair.read(node, context, pixels);
            geometry.pixels_x = pixels.front();
            geometry.pixels_y = pixels.back();
          },
          [pair](const BenchGeometry& geometry) {
            std::vector<int> pixels{geometry.pixels_x};
            if (geometry.pixels_y != geometry.pixels_x) pixels.push_back(geometry.pixels_y);
            return pair.write(pixels);
          }};
}

Section<ThickMediumOptions> MediumSection() {
  return Section<ThickMediumOptions>(
             "A thick medium in the middle of the path, mirror-symmetric about it.")
      .Key("thickness", &ThickMediumOptions::thickness, Length(AtLeast(0)), "Along the axis.")
      .Key("slices", &ThickMediumOptions::slices, Integer<int>(2, 1024),
           "Slices of the split step.")
      .Key("index_rms", &ThickMediumOptions::index_rms, Real(Unit::One, Between(0, 1)),
           "Of the fluctuations of the refractive index.")
      .Key("correlation", &ThickMediumOptions::correlation, Length(AtLeast(0)),
           "1/e radius of their correlation.")
      .Key("seed", &ThickMediumOptions::seed, Seed(), "Of the fluctuations.");
}

Section<ModulatorErrors> ModulatorSection() {
  return Section<ModulatorErrors>("What a phase modulator does beside its commands.")
      .Key("bits", &ModulatorErrors::bits, Integer<int>(0, 16),
           "Phase steps are 2 pi / 2^bits; 0: continuous.")
      .Key("zero_order", &ModulatorErrors::zero_order, Real(Unit::One, {0, 1, false, true}),
           "Part of the amplitude that passes unmodulated.")
      .Key("gain_sigma", &ModulatorErrors::gain_sigma, Real(Unit::One, Between(0, 1)),
           "Rms relative error of the phase per command, pixel by pixel.")
      .Key("offset_range", &ModulatorErrors::offset_range, Real(Unit::Radian, Between(0, 2 * M_PI)),
           "Unknown phase of every pixel, uniform within +- this.")
      .Key("lookup_error", &ModulatorErrors::lookup_error, Real(Unit::Radian, Between(-M_PI, M_PI)),
           "Amplitude of an error sin(2 theta) of the lookup table.")
      .Key("crosstalk", &ModulatorErrors::crosstalk, Length(AtLeast(0)),
           "Radius of the blur between neighbouring pixels.")
      .Key("seed", &ModulatorErrors::seed, Seed(), "Of gains and offsets.");
}

Section<LaunchErrors> LaunchSection() {
  using A = AmplitudeErrors;
  const auto amplitude =
      Section<A>("What an amplitude modulator does beside its commands.")
          .Key("bits", &A::bits, Integer<int>(0, 16),
               "2^bits even levels from dark to the brightest pixel of a plane; 0: continuous.")
          .Key("dark_level", &A::dark_level, Real(Unit::One, {0, 1, false, true}),
               "Amplitude of the darkest pixel over that of the brightest; 0.03 is a contrast of "
               "1000.")
          .Key("gain_sigma", &A::gain_sigma, Real(Unit::One, Between(0, 1)),
               "Rms relative error of the amplitude, pixel by pixel.")
          .Key("lookup_error", &A::lookup_error, Real(Unit::One, Between(-1, 1)),
               "Amplitude of an error sin(2 pi level) of the lookup table.")
          .Key("seed", &A::seed, Seed(), "Of the gains.");
  return Section<LaunchErrors>("The modulators that make images, re-encoded and error fields.")
      .Key("amplitude", &LaunchErrors::amplitude, amplitude.AsType(), "The amplitude modulator.")
      .Key("phase", &LaunchErrors::phase, ModulatorSection().AsType(),
           "The phase modulator behind it.");
}

Section<DetectionErrors> DetectionSection() {
  return Section<DetectionErrors>("Camera and interference.")
      .Key("field_noise", &DetectionErrors::field_noise, Real(Unit::One, AtLeast(0)),
           "Rms of additive noise over the rms of every measured field; 0.1 is -20 dB.")
      .Key("photons", &DetectionErrors::photons, Real(Unit::One, AtLeast(0)),
           "Mean signal photons per pixel and frame; 0: no photon and no read noise.")
      .Key("reference_photons", &DetectionErrors::reference_photons, Real(Unit::One, Positive()),
           "Of the reference wave, per pixel in each of the four frames of a field.")
      .Key("quantum_efficiency", &DetectionErrors::quantum_efficiency,
           Real(Unit::One, {0, 1, true, false}), "Electrons per photon.")
      .Key("read_noise", &DetectionErrors::read_noise, Real(Unit::One, AtLeast(0)),
           "Electrons, rms.")
      .Key("bits", &DetectionErrors::bits, Integer<int>(0, 24),
           "Of the converter, full scale at 4 times the mean count; 0: none.")
      .Key("phase_reference", &DetectionErrors::phase_reference, Real(Unit::Radian),
           "Unknown common phase of the error passes.")
      .Key("seed", &DetectionErrors::seed, Seed(), "Of all noise.");
}

}  // namespace

Section<ScreenOptions> ScreenSection() {
  return Section<ScreenOptions>("A thin phase screen across the path.")
      .Key("rms", &ScreenOptions::rms, Real(Unit::Radian, AtLeast(0)), "Of its random phase.")
      .Key("correlation", &ScreenOptions::correlation, Length(AtLeast(0)),
           "1/e radius of the correlation of the random phase.")
      .Key("defocus", &ScreenOptions::defocus, Real(Unit::Radian), "Zernike Z4 (Noll).")
      .Key("spherical", &ScreenOptions::spherical, Real(Unit::Radian), "Zernike Z11.")
      .Key("coma", &ScreenOptions::coma, Real(Unit::Radian), "Zernike Z8, along x.")
      .Key("seed", &ScreenOptions::seed, Seed(), "Of the random phase.");
}

Section<OpticalBenchOptions> BenchSection() {
  constexpr auto geometry = [](auto& bench) -> auto& {
    return bench.geometry;
  };
  const auto keys =
      Section<BenchGeometry>("Planes and the way between them.")
          .Key("pitch", &BenchGeometry::pitch, Length(Positive()), "Of the pixels.")
          .Key("distance", &BenchGeometry::distance, Length(Positive()),
               "From the mask to the camera; with mask: centre also from the input to the mask.")
          .Key("mask", &BenchGeometry::mask,
               Choice<MaskPlace>({{"input", MaskPlace::Input}, {"centre", MaskPlace::Centre}}),
               "Where the mask stands: in the input plane, or in the middle of two equal ways.")
          .Key("padding", &BenchGeometry::padding, Real(Unit::One, Between(1, 8)),
               "Width of the padded plane over that of the plane; 2 keeps light that leaves from "
               "coming back at the other side.");
  return Section<OpticalBenchOptions>("Planes of light, a phase mask, and the way between them.")
      .Key("pixels", geometry, Pixels(),
           "Of every plane, along x and y; [256, 1] is a bench with one transverse dimension.")
      .Embed(geometry, keys)
      .Where(&OpticalBenchOptions::where);
}

Section<ScatterOptions> ScatterSection() {
  return Section<ScatterOptions>("What stands in the path between mask and camera.")
      .Key("screen", &ScatterOptions::screen, ScreenSection().AsType(),
           "A thin screen in the central plane.")
      .Key("medium", &ScatterOptions::medium, MediumSection().AsType(),
           "A thick medium about the central plane.")
      .Key("aperture", &ScatterOptions::aperture, Length(AtLeast(0)),
           "Diameter of a round stop in the central plane; 0: none.")
      .Key("screen_shift", &ScatterOptions::screen_shift, Length(),
           "Of the screen along the axis, off the central plane; breaks the symmetry.");
}

Section<BenchErrors> BenchErrorsSection() {
  const auto alignment =
      Section<AlignmentErrors>("Misfit of the output plane against the input plane.")
          .Key("shift_x", &AlignmentErrors::shift_x, Length(), "Along x.")
          .Key("shift_y", &AlignmentErrors::shift_y, Length(), "Along y.")
          .Key("rotation", &AlignmentErrors::rotation, Real(Unit::Radian), "About the axis.")
          .Key("coma", &AlignmentErrors::coma, Real(Unit::Radian),
               "Zernike Z8 (Noll) of the optics between output plane and camera, in their pupil.");
  return Section<BenchErrors>("Errors of the hardware, unknown to the model.")
      .Key("modulator", &BenchErrors::modulator, ModulatorSection().AsType(),
           "The phase modulator of the masks.")
      .Key("launch", &BenchErrors::launch, LaunchSection().AsType(),
           "Amplitude and phase modulator in each plane from which light is launched.")
      .Key("alignment", &BenchErrors::alignment, alignment.AsType(),
           "Misfit of the output plane; breaks the symmetry.")
      .Key("detection", &BenchErrors::detection, DetectionSection().AsType(),
           "Camera and interference.");
}

Section<training::ImageDataOptions> ImageDataSection() {
  using training::ImageDataOptions;
  return Section<ImageDataOptions>("Labelled images in idx files, also compressed (.gz).")
      .Key("images", &ImageDataOptions::images, Path(), "To train; relative to the deck.",
           Need::Required)
      .Key("labels", &ImageDataOptions::labels, Path(), "Their classes from 0.", Need::Required)
      .Key("test_images", &ImageDataOptions::test_images, Path(), "To test.", Need::Required)
      .Key("test_labels", &ImageDataOptions::test_labels, Path(), "Their classes.", Need::Required)
      .Key("train_samples", &ImageDataOptions::train_samples, Integer<int>(0),
           "Images to train on; 0: all.")
      .Key("test_samples", &ImageDataOptions::test_samples, Integer<int>(0),
           "Images to test on; 0: all.")
      .Key("seed", &ImageDataOptions::seed, Seed(),
           "Of a random choice of these; 0: the first ones.")
      .Key("classes", &ImageDataOptions::classes, Integer<int>(0, 1000),
           "0: as many as the labels say.")
      .Where(&ImageDataOptions::where);
}

Section<PlaneNetworkOptions> PlaneNetworkSection() {
  const auto share = Real(Unit::One, {0, 1, true, false});
  return Section<PlaneNetworkOptions>(
             "Layers: the same bench with another mask each, light measured and launched again.")
      .Key("layers", &PlaneNetworkOptions::layers, Integer<int>(1, 64), "Masks in a row.")
      .Key("encoding", &PlaneNetworkOptions::encoding,
           Choice<ImageEncoding>(
               {{"amplitude", ImageEncoding::Amplitude}, {"phase", ImageEncoding::Phase}}),
           "What carries the image.")
      .Key("phase_range", &PlaneNetworkOptions::phase_range, Real(Unit::Radian, Positive()),
           "Phase of a white pixel; encoding: phase.")
      .Key("image_share", &PlaneNetworkOptions::image_share, share,
           "Width of the image over that of the plane.")
      .Key("activation", &PlaneNetworkOptions::activation,
           Choice<PlaneActivation>({{"none", PlaneActivation::None},
                                    {"saturable", PlaneActivation::Saturable},
                                    {"relu", PlaneActivation::Relu},
                                    {"intensity", PlaneActivation::Intensity}}),
           "What is launched again after a measurement.")
      .Key("threshold", &PlaneNetworkOptions::threshold, Real(Unit::One, AtLeast(0)),
           "Of relu, over the rms amplitude.")
      .Key("skip", &PlaneNetworkOptions::skip, Bool(),
           "The encoded image is added to the launched field of every layer.")
      .Key("detector_share", &PlaneNetworkOptions::detector_share, share,
           "Width of a detector over that of its cell.")
      .Key("detector_width", &PlaneNetworkOptions::detector_width, share,
           "Width of the grid of detectors over that of the plane.");
}

Section<ErrorLaunchOptions> ErrorLaunchSection() {
  return Section<ErrorLaunchOptions>("How error fields are launched on the bench.")
      .Key("calibrations", &ErrorLaunchOptions::calibrations, Integer<int>(1, 1000),
           "Launches of even light per mask and step that measure the mask; forward mode with the "
           "mask in the input plane.")
      .Key("differential", &ErrorLaunchOptions::differential, Bool(),
           "Every error field is launched with both signs, so that light that the modulators do "
           "not control cancels; twice the error passes.");
}

Section<ComputeOptions> ComputeSection() {
  // `precision: float32`, as in time domain.
  const auto precision = Choice<bool>({{"float32", false}, {"float64", true}});
  return Section<ComputeOptions>("How it is computed; the results do not depend on it.")
      .Key("precision", &ComputeOptions::float64, precision, "Of the fields.")
      .Key("threads", &ComputeOptions::threads, Integer<int>(1, 1024), "Of each rank.")
      .Key("ranks_per_plane", &ComputeOptions::ranks_per_plane, Integer<int>(1, 1 << 20),
           "1: samples are dealt to the ranks; P: P ranks share every plane.")
      .Key("tile", &ComputeOptions::tile, Integer<int>(1, 4096),
           "Planes of a rank in work at a time.");
}

Section<BenchSweepOptions> BenchSweepSection() {
  const auto phases = ListOf(Real(Unit::Radian));
  const auto lengths = ListOf(Length());
  const auto sizes = ListOf(Real(Unit::One, AtLeast(0)));
  return Section<BenchSweepOptions>("The same training at growing sizes of one error.")
      .Key("defocus", &BenchSweepOptions::defocus, phases, "Values of scatter.screen.defocus.")
      .Key("spherical", &BenchSweepOptions::spherical, phases,
           "Values of scatter.screen.spherical.")
      .Key("screen", &BenchSweepOptions::screen, ListOf(Real(Unit::Radian, AtLeast(0))),
           "Values of scatter.screen.rms.")
      .Key("coma", &BenchSweepOptions::coma, phases, "Values of errors.alignment.coma.")
      .Key("shift", &BenchSweepOptions::shift, lengths, "Values of errors.alignment.shift_x.")
      .Key("rotation", &BenchSweepOptions::rotation, phases, "Values of errors.alignment.rotation.")
      .Key("off_centre", &BenchSweepOptions::off_centre, lengths, "Values of scatter.screen_shift.")
      .Key("photons", &BenchSweepOptions::photons, ListOf(Real(Unit::One, Between(1e-6, 1e15))),
           "Values of errors.detection.photons.")
      .Key("noise", &BenchSweepOptions::noise, sizes, "Values of errors.detection.field_noise.")
      .Key("epochs", &BenchSweepOptions::epochs, Integer<int>(0),
           "Of each training; 0: those of training.")
      .Key("trainers", &BenchSweepOptions::trainers, TrainerList(),
           "Empty: those of training that learn on the bench, and in_silico.");
}

}  // namespace symwave::jobs::deck
