#include "solvers/modes/plane_digest.hpp"

#include <cmath>
#include <cstring>

#include "domain/base/random.hpp"

namespace symwave::solvers::modes {

namespace {

/// `value` to 40 bits.
double Rounded(double value) {
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  // + 0.0: one zero.
  return std::ldexp(std::round(std::ldexp(mantissa, 40)), exponent - 40) + 0.0;
}

/// Two running checksums of 64 bits.
class Digest {
 public:
  void Add(double value) {
    const double rounded = Rounded(value);
    std::uint64_t bits = 0;
    std::memcpy(&bits, &rounded, sizeof(bits));
    for (std::uint64_t k = 0; k < 2; ++k) sums_[k] = base::MixSeed(sums_[k] ^ bits, k + 1);
  }
  void Add(Complex value) {
    Add(value.real());
    Add(value.imag());
  }
  template <class T>
  void Add(const std::vector<T>& values) {
    Add(static_cast<double>(values.size()));
    for (const T& value : values) Add(value);
  }
  void Add(const PlaneLine& line) {
    Add(line.width);
    Add(line.node_weight);
    Add(line.way_at_node);
    Add(line.way_at_half);
    for (const bool is : {line.periodic, line.open_begin, line.open_end}) Add(is ? 1.0 : 0.0);
  }
  const PlaneDigest& Sums() const { return sums_; }

 private:
  PlaneDigest sums_{1, 2};
};

}  // namespace

PlaneDigest DigestOf(const PlaneOperator& op, const ModeRequest& request, double cell) {
  Digest digest;
  for (const PlaneLine* line : {&op.U(), &op.V()}) digest.Add(*line);
  for (int k = 0; k < 3; ++k) {
    digest.Add(op.Medium().eps[k]);
    digest.Add(op.Medium().slope[k]);
  }
  digest.Add(op.Medium().coupling);
  for (const double number : {request.omega, request.dt, static_cast<double>(request.count),
                              static_cast<double>(request.plane.axis), cell}) {
    digest.Add(number);
  }
  return digest.Sums();
}

}  // namespace symwave::solvers::modes
