// The optics of a bench in front of and behind its mask, with the errors of a laboratory in them.
#pragma once

#include <memory>

#include "solvers/diffraction/layered_path.hpp"
#include "solvers/diffraction/pupil.hpp"
#include "training/bench/bench_options.hpp"

namespace symwave::training::bench {

/// The way from mask to camera as a propagation.
solvers::diffraction::PropagationOptions PropagationOf(const BenchGeometry& geometry,
                                                       const ComputeOptions& compute);

/// UserError for a screen outside the path, a medium that does not fit into it or is none.
void CheckScatter(const BenchGeometry& geometry, const ScatterOptions& scatter);
/// UserError for a shift or rotation too large for the plane.
void CheckAlignment(const BenchGeometry& geometry, const AlignmentErrors& alignment);

/// front | mask | back. A screen stands in the central plane of the path from mask to camera, moved
/// along the axis by screen_shift; a medium in its centre. With the mask in the centre of the bench
/// the front path is the mirror image of the back path as designed (screen_shift 0), so that the
/// whole bench is symmetric. Misfits of the output plane follow: pupil, shift, rotation.
template <class Real>
struct BenchPaths {
  using Path = std::shared_ptr<const solvers::diffraction::OpticalPath<Real>>;

  Path front, back;
  std::shared_ptr<const solvers::diffraction::Pupil<Real>> pupil;  ///< null without coma
  double bytes = 0;  ///< of elements; propagations count their own
};

/// Collective. UserError as the two checks above.
template <class Real>
BenchPaths<Real> MakeBenchPaths(const solvers::diffraction::PlaneShare& share,
                                solvers::diffraction::Propagations<Real>& propagations,
                                const BenchGeometry& geometry, const BenchErrors& errors,
                                int threads);

}  // namespace symwave::training::bench
