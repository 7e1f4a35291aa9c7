#include "jobs/spots/hidden_shapes.hpp"

namespace symwave::jobs::spots {

using Eigen::ArrayXXd;

namespace {

constexpr int kShape = 3;

std::vector<ArrayXXd> Shapes() {
  std::vector<ArrayXXd> shapes(3, ArrayXXd(kShape, kShape));
  shapes[0] << 0, 1, 0, 1, 1, 1, 0, 1, 0;
  shapes[1] << 1, 0, 0, 1, 0, 0, 1, 1, 1;
  shapes[2] << 1, 1, 1, 1, 0, 1, 1, 1, 1;
  return shapes;
}

}  // namespace

std::vector<ArrayXXd> MovingShapes(int side, int frames) {
  const int ways = side - kShape + 1;  // places along an axis
  std::vector<ArrayXXd> movie;
  for (const ArrayXXd& shape : Shapes()) {
    for (int f = 0; f < frames; ++f) {
      const int place = frames > 1 ? f * (ways * ways - 1) / (frames - 1) : 0;
      const int row = place / ways;
      const int column = row % 2 == 0 ? place % ways : ways - 1 - place % ways;
      ArrayXXd frame = ArrayXXd::Zero(side, side);
      frame.block(row, column, kShape, kShape) = shape;
      movie.push_back(frame);
    }
  }
  return movie;
}

double BitAccuracy(const std::vector<ArrayXXd>& truth, const std::vector<ArrayXXd>& read) {
  double right = 0, all = 0;
  for (std::size_t f = 0; f < truth.size(); ++f) {
    right += static_cast<double>(((truth[f] > 0.5) == (read[f] > 0.5)).count());
    all += static_cast<double>(truth[f].size());
  }
  return right / all;
}

}  // namespace symwave::jobs::spots
