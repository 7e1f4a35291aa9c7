// Small benches and images for tests.
#pragma once

#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "training/bench/plane_engine.hpp"
#include "training/random.hpp"

namespace symwave::training::bench::testing {

/// Random images of `rows` x `columns`, the classes in turn.
inline ImageDataset RandomImages(int samples, int classes, int rows = 6, int columns = 6) {
  ImageDataset images;
  images.rows = rows;
  images.columns = columns;
  images.classes = classes;
  for (int s = 0; s < samples; ++s) {
    images.labels.push_back(s % classes);
    for (int p = 0; p < rows * columns; ++p) {
      const double value = 128 + 60 * Gaussians(17, static_cast<std::uint64_t>(s * 1000 + p)).a;
      images.pixels.push_back(static_cast<std::uint8_t>(std::min(255.0, std::max(0.0, value))));
    }
  }
  return images;
}

inline BenchGeometry SmallGeometry(MaskPlace mask, bool line = false) {
  BenchGeometry geometry;
  geometry.pixels_x = line ? 48 : 16;
  geometry.pixels_y = line ? 1 : 14;
  geometry.distance = line ? 4000 : 800;
  geometry.mask = mask;
  return geometry;
}

/// Random phases of this rank's pixels of every mask; a pixel's phase does not depend on the ranks.
inline Eigen::VectorXd RandomCommands(const PixelRange& layout, int layers, double spread,
                                      std::uint64_t seed = 5) {
  Eigen::VectorXd commands(layers * layout.count);
  for (Eigen::Index c = 0; c < commands.size(); ++c) {
    const Eigen::Index number = c / layout.count * layout.All() + layout.first + c % layout.count;
    commands(c) = spread * Gaussians(seed, static_cast<std::uint64_t>(number)).a;
  }
  return commands;
}

/// Ranks, bench, error-free model and engine.
template <class Real>
struct TestBench {
  TestBench(MPI_Comm world, int ranks_per_plane, const BenchGeometry& geometry,
            const PlaneEngineOptions& options, const ImageDataset& images,
            const BenchErrors& errors = {}, bool model_for_errors = false)
      : ranks(world, ranks_per_plane),
        bench(ranks.Plane(), geometry, errors, {}),
        model(ranks.Plane(), geometry, {}, {}),
        engine(ranks, options, images, bench, model_for_errors ? model : bench) {}

  BenchRanks ranks;
  BenchSystem<Real> bench, model;
  PlaneEngine<Real> engine;
};

}  // namespace symwave::training::bench::testing
