// A target in the camera plane, imaged point by point with a focus.
#pragma once

#include <vector>

#include "jobs/deck/spot_layout.hpp"
#include "training/bench/spot_metrics.hpp"

namespace symwave::jobs::spots {

/// Transmission 0 or 1 of every pixel of a plane like that of `frame`: for each width of a bar a
/// group of three upright bars above three lying ones, as in the target USAF 1951 (bars five widths
/// long, one width apart, two between the triples); the groups side by side about the centre, the
/// widest first.
Eigen::ArrayXd BarTarget(const training::bench::Frame& frame, const std::vector<double>& bars);

/// What a detector behind the target collects: sum of transmission x intensity over the light that
/// arrives.
double Bucket(const training::bench::Frame& frame, const Eigen::ArrayXd& target);

/// What an ideal scan would see: the mean of the target over squares of `width` about each point
/// of a grid.
Eigen::ArrayXXd SampledTarget(const training::bench::Frame& frame, const Eigen::ArrayXd& target,
                              const std::vector<training::bench::Spot>& points, double width);

}  // namespace symwave::jobs::spots
