#include "solvers/diffraction/band.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

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

Band::Band(int pixels, int axis_length, double pitch, double limit) : length(axis_length) {
  if (length > 1) {
    step = 1 / (length * pitch);
    half = std::min(length / 2, static_cast<int>(std::floor(limit / step * (1 + 1e-12))));
  }
  if (length % 2 == 0 && length / 2 >= pixels) parts = 2;
  part_length = length / parts;
  for (int part = 0; part < parts; ++part) {
    bool open = false;
    for (int a = 0; a < part_length; ++a) {
      const int index = parts * a + part;
      const int m = 2 * index <= length ? index : index - length;
      const bool kept = std::abs(m) <= half;
      if (kept && !open) runs.push_back({part, a, 0, Count()});
      open = kept;
      if (!kept) continue;
      ++runs.back().count;
      order.push_back(m);
    }
  }
}

}  // namespace symwave::solvers::diffraction
