// A small object on its way over the positions of a hidden plane.
#pragma once

#include <Eigen/Dense>
#include <vector>

namespace symwave::jobs::spots {

/// A cross, an angle and a ring of 3 x 3 positions, one after another, each in `frames` frames on a
/// serpentine way over `side` x `side` positions; 1 where it shines, else 0.
std::vector<Eigen::ArrayXXd> MovingShapes(int side, int frames);

/// Part of the pixels of all frames on the right side of 1/2.
double BitAccuracy(const std::vector<Eigen::ArrayXXd>& truth,
                   const std::vector<Eigen::ArrayXXd>& read);

}  // namespace symwave::jobs::spots
