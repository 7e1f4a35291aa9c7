#include "solvers/diffraction/band.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::diffraction {

int FastLength(int at_least) {
  for (int length = std::max(1, at_least);; ++length) {
    int rest = length;
    for (const int prime : {2, 3, 5, 7}) {
      while (rest % prime == 0) rest /= prime;
    }
    if (rest == 1) return length;
  }
}

int PaddedLength(int n, double padding) {
  return n == 1 ? 1 : FastLength(static_cast<int>(std::ceil(padding * n - 1e-9)));
}

Band::Band(int axis_length, double pitch, double limit) : length(axis_length) {
  if (length > 1) {
    step = 1 / (length * pitch);
    half = std::min(length / 2, static_cast<int>(std::floor(limit / step * (1 + 1e-12))));
  }
  index.push_back(0);
  for (int m = 1; m <= half; ++m) {
    index.push_back(m);
    if (length - m != m) index.push_back(length - m);
  }
}

}  // namespace symwave::solvers::diffraction
