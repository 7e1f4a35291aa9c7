#include "jobs/simulate/time/far_field_results.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/log.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using Complex = std::complex<double>;
using solvers::fdtd::NearToFar;

std::vector<solvers::fdtd::Direction> DirectionsOf(const deck::FarFieldOptions& far, bool flat) {
  std::vector<solvers::fdtd::Direction> directions;
  const int polar = flat ? 1 : far.polar_angles;
  for (int t = 0; t < polar; ++t) {
    const double theta = flat ? M_PI / 2 : M_PI * t / (polar - 1);
    for (int p = 0; p < far.angles; ++p) directions.push_back({theta, 2 * M_PI * p / far.angles});
  }
  return directions;
}

double LargestWidth(const domain::Lattice& lattice) {
  double largest = 0;
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    for (int i = 0; i < lattice.Cells(axis); ++i) {
      largest = std::max(largest, lattice.CellWidth(axis, i));
    }
  }
  return largest;
}

/// What far field and flux may differ by: the flux counts cos(k h / 2) of every plane wave, and the
/// sums over the faces have errors of the same order.
double Tolerance(const domain::Lattice& lattice, double index, double omega) {
  const double kh = index * omega * LargestWidth(lattice);
  return 0.02 + 0.2 * kh * kh;
}

struct Powers {
  std::vector<double> below, above, all, flux;
};

Powers PowersOf(const NearToFar& transform, const std::vector<double>& gains) {
  Powers powers;
  powers.flux = transform.Flux();
  const auto sides = transform.SidePowers();
  for (size_t w = 0; w < gains.size(); ++w) {
    powers.below.push_back(sides[w][0] * gains[w]);
    powers.above.push_back(sides[w][1] * gains[w]);
    powers.all.push_back(powers.below.back() + powers.above.back());
    powers.flux[w] *= gains[w];
  }
  return powers;
}

/// Compares what arrives far away with what leaves the box.
void Judge(const std::string& name, const NearToFar& transform, const domain::Lattice& lattice,
           const Powers& powers) {
  double worst = 0, elsewhere = 0;
  size_t at = 0;
  for (size_t w = 0; w < powers.all.size(); ++w) {
    const auto& layers = transform.Layers(w);
    const double omega = transform.Omegas()[w];
    const double difference = powers.all[w] / powers.flux[w] - 1;
    if (!std::isfinite(difference)) continue;
    if (difference < 0 && powers.flux[w] > 0 && layers.TakesLight()) {
      elsewhere = std::max(elsewhere, -difference);
      continue;
    }
    const double excess = std::abs(difference) / Tolerance(lattice, layers.LargestIndex(), omega);
    if (excess <= worst) continue;
    worst = excess;
    at = w;
  }
  if (elsewhere > 0.01) {
    base::Info(
        "far field {}: up to {:.1f} % of the power out of its box is guided along the layers or "
        "absorbed in them, and does not arrive far away",
        name, 100 * elsewhere);
  }
  if (worst <= 1) return;
  base::Warn(
      "far field {} holds {:.4g} times the power that leaves its box, at {:.4f} um; the difference "
      "should be a percent or two: where light comes back from the PML make grid.pml larger, else "
      "let the energy decay further (solver.stop.decay) or take a smaller grid.cell",
      name, powers.all[at] / powers.flux[at], 2 * M_PI / transform.Omegas()[at]);
}

void WritePowers(io::Hdf5File& file, const std::string& group, const NearToFar& transform,
                 const Powers& powers) {
  const auto& layers = transform.Layers(0);
  const std::string axis(1, "xyz"[layers.Axis()]);
  file.Write(group + "/power", powers.all, {}, {"1", "over all directions, per wavelength"});
  file.Write(group + "/power_below", powers.below, {},
             {"1", "into the half-space of smaller " + axis + ", per wavelength"});
  file.Write(group + "/power_above", powers.above, {},
             {"1", "into the half-space of larger " + axis + ", per wavelength"});
  file.Write(group + "/flux", powers.flux, {}, {"1", "out of the box, per wavelength"});
  std::vector<double> index;
  for (size_t w = 0; w < powers.all.size(); ++w) {
    for (const int side : {0, 1}) index.push_back(transform.Layers(w).Index(side));
  }
  file.Write(
      group + "/index", index, {powers.all.size(), 2},
      {"1", "of the half-space below and above along " + axis + "; 0 where no light arrives"});
  if (!layers.Interfaces().empty()) {
    file.Write(group + "/interfaces", layers.Interfaces(), {}, {"um", "of the layers"});
  }
  file.WriteAttribute(group, "axis", layers.Axis());
}

}  // namespace

void WriteFarField(io::Hdf5File& file, const std::string& group, const std::string& name,
                   const deck::FarFieldOptions& options, const NearToFar& transform,
                   const domain::Lattice& lattice,
                   const std::function<Complex(double omega)>& spectrum,
                   nlohmann::ordered_json& summary) {
  const auto directions = DirectionsOf(options, lattice.TwoDimensional());
  const auto fields = transform.Amplitudes(directions);
  std::vector<double> theta, phi, intensity, gains;
  std::vector<Complex> along_theta, along_phi;
  for (const auto& direction : directions) {
    theta.push_back(direction.theta);
    phi.push_back(direction.phi);
  }
  for (const double omega : transform.Omegas()) gains.push_back(1 / std::norm(spectrum(omega)));
  for (size_t k = 0; k < fields.size(); ++k) {
    const size_t w = k / directions.size();
    const Complex over = spectrum(transform.Omegas()[w]);
    intensity.push_back(fields[k].intensity * gains[w]);
    along_theta.push_back(fields[k].theta / over);
    along_phi.push_back(fields[k].phi / over);
  }
  const io::Shape shape{gains.size(), directions.size()};
  file.Write(group + "/theta", theta, {}, {"rad", "polar angle from z"});
  file.Write(group + "/phi", phi, {}, {"rad", "azimuth from x"});
  file.Write(group + "/intensity", intensity, shape,
             {"1",
              "power per solid angle (angle and um in 2D), [wavelength][direction], with the "
              "index of the half-space of the direction"});
  file.Write(group + "/amplitude_theta", along_theta, shape,
             {"1",
              "E along theta times r exp(-i k r) (2D: sqrt(r), along -z), phase from the "
              "origin, [wavelength][direction]"});
  file.Write(group + "/amplitude_phi", along_phi, shape, {"1", "E along phi, likewise"});
  const Powers powers = PowersOf(transform, gains);
  WritePowers(file, group, transform, powers);
  Judge(name, transform, lattice, powers);
  const size_t middle = gains.size() / 2;
  summary = {{"power_below", powers.below[middle]},
             {"power_above", powers.above[middle]},
             {"flux", powers.flux[middle]}};
}

}  // namespace symwave::jobs::simulate::time
