#include "training/sincos.hpp"

namespace symwave::training {

namespace {

// Rounds to the nearest integer; |x| < 2^51.
inline double Nearest(double x) {
  constexpr double magic = 6755399441055744.0;  // 1.5 * 2^52
  return (x + magic) - magic;
}

// Taylor-Chebyshev polynomials of Cephes (S. Moshier) on [-pi/4, pi/4].
inline double SinPolynomial(double r, double z) {
  double p = 1.58962301576546568060e-10;
  p = p * z - 2.50507477628578072866e-8;
  p = p * z + 2.75573136213857245213e-6;
  p = p * z - 1.98412698295895385996e-4;
  p = p * z + 8.33333333332211858878e-3;
  p = p * z - 1.66666666666666307295e-1;
  return r + r * z * p;
}

inline double CosPolynomial(double z) {
  double p = -1.13585365213876817300e-11;
  p = p * z + 2.08757008419747316778e-9;
  p = p * z - 2.75573141792967388112e-7;
  p = p * z + 2.48015872888517045348e-5;
  p = p * z - 1.38888888888730564116e-3;
  p = p * z + 4.16666666666665929218e-2;
  return 1.0 - 0.5 * z + z * z * p;
}

}  // namespace

void SinCos(const double* angle, double* cosine, double* sine, std::size_t count) {
  constexpr double two_over_pi = 0.63661977236758134308;
  // pi/2 in three parts (Cody and Waite): products with the quadrant number are exact.
  constexpr double part1 = 1.57079625129699707031;
  constexpr double part2 = 7.54978941586159635336e-8;
  constexpr double part3 = 5.39030285815811905290e-15;
  for (std::size_t k = 0; k < count; ++k) {
    const double x = angle[k];
    const double quadrant = Nearest(x * two_over_pi);
    const double r = ((x - quadrant * part1) - quadrant * part2) - quadrant * part3;
    const double z = r * r;
    const double s = SinPolynomial(r, z);
    const double c = CosPolynomial(z);
    const double turn = quadrant - 4.0 * Nearest(0.25 * quadrant);  // -2, -1, 0, 1, 2
    // cos(x) = c, -s, -c, s and sin(x) = s, c, -s, -c for turn = 0, 1, +-2, -1; products instead of
    // comparisons, which do not vectorise.
    const double square = turn * turn;                                  // 0, 1, 4
    const double odd = turn * (square * (4.0 - square) * (1.0 / 3.0));  // turn if it is +-1
    const double even = (1.0 - 0.5 * square) * (1.0 - odd * odd);       // 1, 0, -1
    cosine[k] = even * c - odd * s;
    sine[k] = even * s + odd * c;
  }
}

}  // namespace symwave::training
