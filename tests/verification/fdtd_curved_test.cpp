// Resonances behind oblique and curved interfaces, H across the plane, against closed forms:
// without averages, with the diagonal of the averaged 1/eps, and with all of it.
#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/yee_media.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/resonance.hpp"

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
constexpr std::array<const char*, 3> kNames{"not averaged", "diagonal", "tensor"};
constexpr std::array<int, 3> kCells{12, 20, 32};  ///< per um

/// Relative errors of two modes by average and kCells.
using Errors = std::array<std::array<std::array<double, 2>, 3>, 3>;

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

/// f / expected - 1 for the frequencies within 15 % of `expected`, weighted by their strength: the
/// lattice may split a pair.
double ErrorOf(const std::vector<Resonance>& found, double expected) {
  double sum = 0, weight = 0;
  for (const Resonance& r : found) {
    if (std::abs(r.frequency / expected - 1) > 0.15) continue;
    sum += std::abs(r.amplitude) * (r.frequency / expected - 1);
    weight += std::abs(r.amplitude);
  }
  return sum / weight;
}

/// Calls measure(average, cells, offset of the interface in cells), which returns the errors of two
/// modes, for two offsets; every rank takes a share of the runs. Root mean square over the
/// offsets.
template <class Measure>
Errors ErrorsOver(Measure measure) {
  Errors errors{};
  int run = 0;
  for (int c = 2; c >= 0; --c) {
    for (int a = 0; a < 3; ++a) {
      for (const double offset : {0.1, 0.6}) {
        if (run++ % base::Communicator::SizeOf(MPI_COMM_WORLD) !=
            base::Communicator::RankIn(MPI_COMM_WORLD)) {
          continue;
        }
        const auto found = measure(static_cast<Average>(a), kCells[c], offset / kCells[c]);
        for (int m = 0; m < 2; ++m) errors[a][c][m] += found[m] * found[m] / 2;
      }
    }
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &errors[0][0][0], 18, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
  for (auto& of_average : errors) {
    for (auto& of_cells : of_average) {
      for (double& error : of_cells) error = std::sqrt(error);
    }
  }
  return errors;
}

double Order(const std::array<std::array<double, 2>, 3>& errors, int mode) {
  return std::log(errors[1][mode] / errors[2][mode]) /
         std::log(static_cast<double>(kCells[2]) / kCells[1]);
}

void Print(const char* what, const Errors& errors) {
  if (base::Communicator::RankIn(MPI_COMM_WORLD) != 0) return;
  for (int m = 0; m < 2; ++m) {
    for (int a = 0; a < 3; ++a) {
      std::printf("%s, mode %d, %s, 12 / 20 / 32 cells: %.1e / %.1e / %.1e, order %.2f\n", what, m,
                  kNames[a], errors[a][0][m], errors[a][1][m], errors[a][2][m],
                  Order(errors[a], m));
    }
  }
}

// ------------------------------------------------------------------------------------------------
// Stripes aslant in a periodic cell of 1 um

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

/// Lowest omega of a wave with wave number `along` in the direction of the stripes and Bloch wave
/// number `across` over their period d = 1 / sqrt(5):
///   cos(across d) = cos(k1 d1) cos(k2 d2) - (r + 1/r) / 2 sin(k1 d1) sin(k2 d2),
///   k^2 = eps omega^2 - along^2,   r = (k1 / eps1) / (k2 / eps2).
double StripeOmega(double along, double across) {
  const double d = 1 / std::sqrt(5.0);
  const auto mismatch = [&](double omega) {
    using std::cos, std::sin, std::sqrt;
    const Complex k1 = sqrt(Complex(kEps * omega * omega - along * along));
    const Complex k2 = sqrt(Complex(omega * omega - along * along));
    const Complex a = k1 * kFill * d, b = k2 * (1 - kFill) * d, r = k1 / (kEps * k2);
    return (cos(a) * cos(b) - 0.5 * (r + 1.0 / r) * sin(a) * sin(b)).real() - cos(across * d);
  };
  constexpr double kStep = 1e-3;
  double omega = 0.3 * std::abs(along);
  while (mismatch(omega) * mismatch(omega + kStep) > 0) omega += kStep;
  double high = omega + kStep;
  for (int n = 0; n < 60; ++n) {
    const double middle = 0.5 * (omega + high);
    (mismatch(omega) * mismatch(middle) > 0 ? omega : high) = middle;
  }
  return omega;
}

/// The modes are periodic like cos(2 pi y) and cos(2 pi x), with which they start.
std::array<double, 2> StripeErrors(Average average, int cells, double offset) {
  const AxisEnd end{Wall::Periodic, 0};
  std::vector<double> nodes;
  for (int i = 0; i <= cells; ++i) nodes.push_back(static_cast<double>(i) / cells);
  const Axis axis(nodes);
  const Lattice lattice(domain::FieldSet::Hz, {axis, axis}, {{{end, end}, {end, end}}});
  EngineOptions options;
  options.precision = Precision::Float64;
  const auto engine =
      MakeEngine(MPI_COMM_SELF, lattice, MediaOf(lattice, Stripes(offset), average), options);
  const double unit = 2 * M_PI / std::sqrt(5.0);
  std::array<double, 2> errors{};
  for (int m = 0; m < 2; ++m) {
    engine->Reset();
    engine->SetField(Component::Hz, [&](int i, int j, int) {
      return std::cos(2 * M_PI * (m == 0 ? lattice.HalfNode(1, j) : lattice.HalfNode(0, i)));
    });
    const int probe = engine->AddProbe(Component::Hz, {cells / 5, cells / 3, 0});
    engine->Advance(std::lround(60 / engine->TimeStep()));
    const double f = StripeOmega((1 + m) * unit, (m == 0 ? 2 : 1) * unit) / (2 * M_PI);
    errors[m] =
        ErrorOf(FindResonances(engine->Probe(probe), engine->TimeStep(), 0.8 * f, 1.2 * f), f);
  }
  return errors;
}

TEST(ObliqueInterfaces, StripesRingAtTheModesOfALayeredMedium) {
  const Errors errors = ErrorsOver(StripeErrors);
  Print("stripes", errors);
  // Neither is of second order on an aslant plane, where D is not continuous over a cell in any
  // component; what the off-diagonal elements leave is less than half of what the diagonal leaves.
  const auto& diagonal = errors[1][2];
  const auto& tensor = errors[2][2];
  for (int m = 0; m < 2; ++m) EXPECT_LT(tensor[m], 0.6 * diagonal[m]);
  EXPECT_LT(tensor[0], 4e-3);
  EXPECT_LT(tensor[1], 9e-3);
}

// ------------------------------------------------------------------------------------------------
// A disc of radius 1 um in vacuum

/// Roots of J_m'(n w) H_m(w) / n = J_m(n w) H_m'(w) for m = 3 and 4 (scipy), over 2 pi;
/// quality 91.0 and 473.4.
constexpr std::array<double, 2> kDisc{0.281880952640, 0.339358663760};

std::array<double, 2> DiscErrors(Average average, int cells, double offset) {
  const double cell = 1.0 / cells;
  const AxisEnd pml{Wall::Pec, 3 * cells / 4};
  const Axis axis = Axis::Uniform(cell, 9 * cells / 2);
  const Lattice lattice(domain::FieldSet::Hz, {axis, axis}, {{{pml, pml}, {pml, pml}}});
  EngineOptions options;
  options.precision = Precision::Float64;
  const domain::Circle disc{{offset, 0.37 * offset}, 1};
  const auto engine =
      MakeEngine(MPI_COMM_SELF, lattice, MediaOf(lattice, {disc}, average), options);
  Dipole dipole;
  dipole.component = Component::Hz;
  dipole.position = {0.7, 0.2, 0};
  dipole.waveform = Waveform::Pulse(2 * M_PI * 0.31, 0.3, 1e-6);
  const Current current = DipoleCurrent(lattice, engine->TimeStep(), engine->Held(), dipole);
  engine->AddCurrent(current);
  const int middle = lattice.Cells(0) / 2;
  const int probe =
      engine->AddProbe(Component::Hz, {middle + 7 * cells / 10, middle + cells / 3, 0});
  const long end = current.signals->EndStep();
  engine->Advance(end + std::lround(200 / engine->TimeStep()));
  const auto record = engine->Probe(probe);
  const auto found = FindResonances({record.begin() + end, record.end()}, engine->TimeStep(), 0.25,
                                    0.37, {1e-2, 30, 1e-3});
  return {ErrorOf(found, kDisc[0]), ErrorOf(found, kDisc[1])};
}

TEST(CurvedInterfaces, DiscRingsAtItsModes) {
  const Errors errors = ErrorsOver(DiscErrors);
  Print("disc", errors);
  for (int m = 0; m < 2; ++m) {
    EXPECT_LT(errors[2][2][m], 0.8 * errors[1][2][m]);
    EXPECT_LT(errors[2][2][m], 2.5e-3);
    EXPECT_GT(Order(errors[2], m), 1.4);
    EXPECT_LT(Order(errors[1], m), 1.2);  // what the elements are for
  }
}

}  // namespace
}  // namespace symwave::verification
