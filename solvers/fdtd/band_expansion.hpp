// A profile that changes with frequency as a sum of few signals in time.
//
// Over a band, p(r; w) = sum_k c_k(r) g_k(w), g_k(w) = sum_m mix_mk exp(i w t_m): driven by sums of
// delayed copies of one pulse, every frequency has its own profile. Delays in steps of half of what
// the band resolves (a Fourier extension, fitted by a truncated pseudo-inverse) keep the g_k of the
// size of the profile outside the band, too, where polynomials would grow. Profiles that hardly
// change over the band take shorter steps: the sums are derivatives of the pulse, hardly longer
// than itself, and grow outside the band as the powers of a short Taylor series do. The g_k are the
// principal components of the profile at probing points, as few as the tolerance allows.
#pragma once

#include <Eigen/Dense>
#include <array>
#include <functional>
#include <vector>

namespace symwave::solvers::fdtd {

class BandExpansion {
 public:
  struct Options {
    std::array<double, 2> fitted{};  ///< angular frequencies of the fit [1/um], some way apart
    std::array<double, 2> judged{};  ///< within them: where the tolerance must hold
    double longest_delay = 0;        ///< of any point of the profile, either sign [um]
    double step = 0.5;               ///< between two delays, over 2 pi / width of the fitted band
    int delays_beyond = 4;           ///< the longest one of the profile, for what is no pure delay
    double smallest = 1e-6;          ///< singular values of the fit below this share are left out
    double tolerance = 3e-4;
    int most_delays = 201;
  };
  /// The profile at probing points, whatever their number and order.
  using Probes = std::function<Eigen::VectorXcd(double omega)>;

  /// Of a wave of one frequency: one term, no delay.
  explicit BandExpansion(double omega);
  /// Not collective. Where the tolerance is not met by delays up to `longest_delay`, up to three
  /// times as long ones are tried; see Error(). No terms where the first would be too many.
  BandExpansion(const Options& options, const Probes& probes);

  int Terms() const { return static_cast<int>(mix_.cols()); }
  const std::vector<double>& Delays() const { return delays_; }
  double LongestDelay() const { return delays_.back(); }
  /// [delay][term]
  const Eigen::MatrixXcd& Mix() const { return mix_; }
  /// g_k at a frequency, per term.
  Eigen::VectorXcd Signals(double omega) const;
  /// c_k(r) = sum_q Projection()(k, q) p(r; Frequencies()[q]).
  const std::vector<double>& Frequencies() const { return frequencies_; }
  const Eigen::MatrixXcd& Projection() const { return projection_; }
  /// Largest error over the judged band, over the root of the sum of squares of the probes at the
  /// same frequency.
  double Error() const { return error_; }

 private:
  /// False where it would take too many delays.
  bool Fit(const Options& options, double reach, const Probes& probes);
  /// Keeps as many principal components of `coefficients` as the probes at `tests` need.
  void Reduce(const Eigen::MatrixXcd& fit, const Eigen::MatrixXcd& coefficients,
              const std::vector<double>& tests, const Probes& probes, double tolerance);

  std::vector<double> delays_;
  std::vector<double> frequencies_;
  Eigen::MatrixXcd mix_;
  Eigen::MatrixXcd projection_;
  double error_ = 1;
};

}  // namespace symwave::solvers::fdtd
