#include "training/bench/bench_paths.hpp"

#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/diffraction/misalignment.hpp"
#include "solvers/diffraction/thin_element.hpp"
#include "solvers/diffraction/thin_optics.hpp"
#include "training/bench/screens.hpp"

namespace symwave::training::bench {

namespace diffraction = solvers::diffraction;

namespace {

template <class Real>
using Layers = std::vector<diffraction::Layer<Real>>;

template <class Real>
class PathMaker {
 public:
  PathMaker(const diffraction::PlaneShare& share, const BenchGeometry& geometry)
      : share_(share), geometry_(geometry) {}

  std::shared_ptr<const diffraction::Element<Real>> Thin(const Eigen::ArrayXd& phase) {
    return Kept(diffraction::FromPhase<Real>(phase));
  }

  std::shared_ptr<const diffraction::Element<Real>> Aperture(double diameter) {
    return Kept(
        diffraction::CircularAperture(share_, diameter).template cast<std::complex<Real>>());
  }

  Layers<Real> Medium(const ThickMediumOptions& medium) {
    Layers<Real> layers;
    const std::vector<Eigen::ArrayXd> phases = MediumPhases(share_, geometry_.wavelength, medium);
    const double width = medium.thickness / medium.slices;
    const auto place = [&](int s) {
      return 0.5 * geometry_.distance + (s - 0.5 * (medium.slices - 1)) * width;
    };
    for (int s = 0; s < static_cast<int>(phases.size()); ++s) {
      const auto slice = Thin(phases[s]);
      layers.push_back({place(s), slice});
      const int mirror = medium.slices - 1 - s;
      if (mirror != s) layers.push_back({place(mirror), slice});
    }
    return layers;
  }

  double Bytes() const { return bytes_; }

 private:
  std::shared_ptr<const diffraction::Element<Real>> Kept(
      const diffraction::Transmissions<Real>& transmission) {
    bytes_ += sizeof(std::complex<Real>) * static_cast<double>(transmission.size());
    return std::make_shared<const diffraction::ThinElement<Real>>(transmission);
  }

  const diffraction::PlaneShare& share_;
  const BenchGeometry& geometry_;
  double bytes_ = 0;
};

template <class Real>
std::shared_ptr<const diffraction::Pupil<Real>> MakePupil(const diffraction::PlaneShare& share,
                                                          const BenchGeometry& geometry,
                                                          double coma, int threads) {
  diffraction::PupilOptions options;
  options.aberrations.coma = coma;
  const double per_pixel = geometry.pitch / (geometry.wavelength * geometry.distance);
  options.half_width_x = geometry.pixels_x * per_pixel;
  options.half_width_y = geometry.pixels_y > 1 ? geometry.pixels_y * per_pixel : 0;
  options.padding = geometry.padding;
  options.threads = threads;
  return std::make_shared<const diffraction::Pupil<Real>>(share, options);
}

diffraction::MisalignmentOptions MisalignmentOf(const AlignmentErrors& alignment, int threads) {
  return {alignment.shift_x, alignment.shift_y, alignment.rotation, threads};
}

}  // namespace

void CheckScatter(const BenchGeometry& geometry, const ScatterOptions& scatter) {
  if (!scatter.screen.Empty() && !(std::abs(scatter.screen_shift) <= 0.5 * geometry.distance)) {
    base::Fail(
        "a screen {} um off the centre of a path of {} um stands outside it: give a shift of at "
        "most {} um",
        scatter.screen_shift, geometry.distance, 0.5 * geometry.distance);
  }
  if (scatter.aperture > 0 && scatter.aperture < 2 * geometry.pitch) {
    base::Fail("an aperture of {} um is hardly a pixel of {} um wide: give at least {} um",
               scatter.aperture, geometry.pitch, 2 * geometry.pitch);
  }
  if (scatter.medium.Empty()) return;
  CheckMedium(scatter.medium);
  if (scatter.medium.thickness > geometry.distance) {
    base::Fail("a medium {} um thick does not fit into a path of {} um: give at most the distance",
               scatter.medium.thickness, geometry.distance);
  }
}

void CheckAlignment(const BenchGeometry& geometry, const AlignmentErrors& alignment) {
  diffraction::CheckMisalignment({geometry.pixels_x, geometry.pixels_y, geometry.pitch},
                                 MisalignmentOf(alignment, 1));
}

diffraction::PropagationOptions PropagationOf(const BenchGeometry& geometry,
                                              const ComputeOptions& compute) {
  diffraction::PropagationOptions options;
  options.wavelength = geometry.wavelength;
  options.distance = geometry.distance;
  options.padding = geometry.padding;
  options.threads = compute.threads;
  return options;
}

template <class Real>
BenchPaths<Real> MakeBenchPaths(const diffraction::PlaneShare& share,
                                diffraction::Propagations<Real>& propagations,
                                const BenchGeometry& geometry, const BenchErrors& errors,
                                int threads) {
  const ScatterOptions& scatter = errors.scatter;
  CheckScatter(geometry, scatter);
  PathMaker<Real> make(share, geometry);
  Layers<Real> designed, real;
  if (!scatter.medium.Empty()) designed = real = make.Medium(scatter.medium);
  if (!scatter.screen.Empty()) {
    const auto screen = make.Thin(ScreenPhase(share, scatter.screen));
    designed.push_back({0.5 * geometry.distance, screen});
    real.push_back({0.5 * geometry.distance + scatter.screen_shift, screen});
  }
  if (scatter.aperture > 0) {
    const auto stop = make.Aperture(scatter.aperture);
    designed.push_back({0.5 * geometry.distance, stop});
    real.push_back({0.5 * geometry.distance, stop});
  }
  BenchPaths<Real> paths;
  auto back = std::make_shared<diffraction::OpticalPath<Real>>();
  back->Add(diffraction::LayeredPath<Real>(propagations, geometry.distance, real));
  const AlignmentErrors& alignment = errors.alignment;
  if (alignment.coma != 0) {
    paths.pupil = MakePupil<Real>(share, geometry, alignment.coma, threads);
    back->Add(paths.pupil);
  }
  paths.bytes = make.Bytes();
  if (alignment.shift_x != 0 || alignment.shift_y != 0 || alignment.rotation != 0) {
    const auto misfit = std::make_shared<const diffraction::Misalignment<Real>>(
        share, MisalignmentOf(alignment, threads));
    paths.bytes += misfit->Bytes();
    back->Add(misfit);
  }
  paths.back = back;
  paths.front =
      geometry.mask == MaskPlace::Centre
          ? diffraction::LayeredPath<Real>(propagations, geometry.distance,
                                           diffraction::Mirrored(designed, geometry.distance))
          : std::make_shared<const diffraction::OpticalPath<Real>>();
  return paths;
}

template BenchPaths<float> MakeBenchPaths(const diffraction::PlaneShare&,
                                          diffraction::Propagations<float>&, const BenchGeometry&,
                                          const BenchErrors&, int);
template BenchPaths<double> MakeBenchPaths(const diffraction::PlaneShare&,
                                           diffraction::Propagations<double>&, const BenchGeometry&,
                                           const BenchErrors&, int);

}  // namespace symwave::training::bench
