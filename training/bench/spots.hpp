// Spots on the camera into which light is to be brought, and the lens that would do it in air.
#pragma once

#include <string>
#include <vector>

#include "training/bench/plane_detectors.hpp"

namespace symwave::training::bench {

/// A disc on the camera; lengths in um from the centre of the plane.
struct Spot {
  double x = 0, y = 0;
  double radius = 0;
};

/// columns x rows spots, `width` and `height` between the centres of the outermost ones, row by
/// row; a single column or row stands in the centre.
std::vector<Spot> SpotGrid(int columns, int rows, double width, double height, double radius);

/// The pixels whose centres lie in each spot. UserError, `name` ("focus.positions") in its
/// sentence: a spot that is finer than a pixel, that leaves the plane or that meets another one.
DetectorRegions SpotRegions(const PixelRange& layout, double pitch, const std::vector<Spot>& spots,
                            const std::string& name);

/// Phase of a lens in the mask that focuses an even wave into (x, y) on the camera, without
/// aberrations: -k sqrt(distance^2 + r^2), r from (x, y). This rank's pixels.
Eigen::VectorXd LensPhase(const PixelRange& layout, const BenchGeometry& geometry, double x,
                          double y);

}  // namespace symwave::training::bench
