// Frequencies of resonances behind oblique and curved interfaces, H across the plane, against
// closed forms: without averages, with the diagonal of the averaged 1/eps, and with all of it.
#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/yee_media.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/resonance.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::verification {
namespace {

using namespace solvers::fdtd;
using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Wall;

constexpr double kEps = 12;
const domain::Medium kVacuum{"vacuum", 1, 0, {}};
const domain::Medium kDense{"dense", kEps, 0, {}};

enum class Average { None, Diagonal, Tensor };
constexpr std::array<Average, 3> kAverages{Average::None, Average::Diagonal, Average::Tensor};
const std::array<const char*, 3> kNames{"not averaged", "diagonal", "tensor"};

bool Reports() {
  return base::Communicator::RankIn(MPI_COMM_WORLD) == 0;
}

domain::MediumMap MediaOf(const Lattice& lattice, const std::vector<domain::ShapeGeometry>& dense,
                          Average average) {
  std::vector<domain::ExtrudedShape> shapes;
  for (const auto& geometry : dense) shapes.push_back({{geometry, "dense", ""}});
  const domain::Structure structure("vacuum", {}, shapes);
  domain::MediumMap media = MakeMediumMap(lattice, structure, {kVacuum, kDense});
  if (average != Average::Tensor) media.couple = nullptr;
  if (average != Average::None) return media;
  media.sample = [=](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    for (int j = box.lo[1]; j < box.hi[1]; ++j) {
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        const double x = lattice.Position(c, 0, i), y = lattice.Position(c, 1, j);
        block.eps.push_back(structure.MaterialAt(x, y, 0) == "dense" ? kEps : 1.0);
      }
    }
    return block;
  };
  return media;
}

/// Mean of the frequencies found within 8 % of `expected`, weighted by their strength.
double FrequencyNear(const std::vector<Resonance>& found, double expected) {
  double sum = 0, weight = 0;
  for (const Resonance& r : found) {
    if (std::abs(r.frequency / expected - 1) > 0.08) continue;
    sum += std::abs(r.amplitude) * r.frequency;
    weight += std::abs(r.amplitude);
  }
  return sum / weight;
}

// ------------------------------------------------------------------------------------------------
// Stripes across the diagonal of a periodic cell

constexpr double kFill = 0.45;

/// Stripes 0 < x + 2 y - offset < kFill (modulo 1) that cover the unit cell and more.
std::vector<domain::ShapeGeometry> Stripes(double offset) {
  std::vector<domain::ShapeGeometry> stripes;
  for (int s = -3; s <= 5; ++s) {
    const double low = s + offset, high = low + kFill;
    stripes.push_back(domain::FreePolygon{{{-1.5, 0.5 * (low + 1.5)},
                                           {2.5, 0.5 * (low - 2.5)},
                                           {2.5, 0.5 * (high - 2.5)},
                                           {-1.5, 0.5 * (high + 1.5)}}});
  }
  return stripes;
}

/// Largest relative error of the two lowest modes at `cells` cells per period, root mean square
/// over offsets of the stripes.
TEST(TiltedStripes, Explore) {
  // cos(K a) = cos(k_1 d_1) cos(k_2 d_2) - (r + 1/r) / 2 sin(k_1 d_1) sin(k_2 d_2)
  for (int mode = 0; mode < 2; ++mode)
  for (size_t a = 0; a < 3; ++a) {
    const double exact = (mode == 0 ? 3.1402552000227164 : 3.8446630167800175) / (2 * M_PI);
    double before = 0;
    for (const int cells : {16, 32, 64}) {
      double sum = 0;
      for (int o = 0; o < 2; ++o) {
        const AxisEnd end{Wall::Periodic, 0};
        std::vector<double> nodes;
        for (int i = 0; i <= cells; ++i) nodes.push_back(static_cast<double>(i) / cells);
        const Axis axis(nodes);
        const Lattice lattice(domain::FieldSet::Hz, {axis, axis}, {{{end, end}, {end, end}}});
        EngineOptions options;
        options.precision = Precision::Float64;
        const auto engine = MakeEngine(
            MPI_COMM_WORLD, lattice,
            MediaOf(lattice, Stripes(0.31 * o / cells + 0.1 / cells), kAverages[a]), options);
        engine->SetField(Component::Hz, [&](int i, int j, int) {
          return std::cos(2 * M_PI * (mode == 0 ? lattice.Half(1, j) : lattice.Half(0, i))) ;
        });
        const int probe = engine->AddProbe(Component::Hz, {cells / 5, cells / 3, 0});
        engine->Advance(std::lround(120 / engine->TimeStep()));
        const auto found = FindResonances(engine->Probe(probe), engine->TimeStep(), 0.4, 0.9);
        const double f = FrequencyNear(found, exact);
        if (Reports()) { for (auto& r: found) std::printf(" %.5f(%.2g)", r.frequency, std::abs(r.amplitude)); std::printf("\n"); }
        sum += f / exact - 1;
      }
      const double error = sum / 2;
      if (Reports())
        std::printf("stripes, %s, %d cells: %.2e order %.2f\n", kNames[a], cells, error,
                    std::log2(std::abs(before / error)));
      before = error;
    }
  }
}

double DiscError(int per_um, double off, Average average, double exact, double q) {
  const double cell = 1.0 / per_um;
  const AxisEnd pml{Wall::Pec, static_cast<int>(std::lround(1.0 * per_um))};
  const Axis axis = Axis::Uniform(cell, static_cast<int>(std::lround(6.0 * per_um)));
  const Lattice lattice(domain::FieldSet::Hz, {axis, axis}, {{{pml, pml}, {pml, pml}}});
  const domain::Point centre{off * cell, 0.37 * off * cell};
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice,
                                 MediaOf(lattice, {domain::Circle{centre, 1}}, average), options);
  Dipole dipole;
  dipole.component = Component::Hz;
  dipole.position = {0.7, 0.2, 0};
  dipole.waveform = Waveform::Pulse(2 * M_PI * exact, 0.3, 1e-6);
  const Current current = DipoleCurrent(lattice, engine->TimeStep(), engine->Held(), dipole);
  engine->AddCurrent(current);
  const int middle = lattice.Cells(0) / 2;
  const int probe = engine->AddProbe(Component::Hz, {middle + per_um * 7 / 10, middle + per_um / 3, 0});
  engine->Advance(current.signals->EndStep() + std::lround(250 / engine->TimeStep()));
  const auto record = engine->Probe(probe);
  const auto found = FindResonances({record.begin() + current.signals->EndStep(), record.end()},
                                    engine->TimeStep(), 0.9*exact, 1.1*exact, {1e-3, q / 2, 1e-3});
  return FrequencyNear(found, exact) / exact - 1;
}

TEST(Disc, Explore) {
  const std::vector<std::array<double, 2>> modes{{0.281880952640, 90.996}, {0.339358663760, 473.40}};
  for (const auto& [f, q] : modes) {
    for (size_t a = 0; a < 3; ++a) {
      double before = 0;
      for (const int per_um : {10, 14, 20, 28, 40}) {
        double sum = 0;
        for (const double off : {0.0, 0.31}) sum += DiscError(per_um, off, kAverages[a], f, q);
        const double error = sum / 2;
        if (Reports())
          std::printf("disc f %.4f, %s, %d cells per um: %.2e order %.2f\n", f, kNames[a], per_um, error,
                      2*std::log2(std::abs(before / error)));
        before = error;
      }
    }
  }
}

}  // namespace
}  // namespace symwave::verification
