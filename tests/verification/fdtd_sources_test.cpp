// Plane waves of the time domain in the engine: leakage of total-field boxes, Fresnel reflection
// under an angle.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::AxisEnd;
using domain::AxisName;
using domain::Component;
using domain::FieldSet;
using domain::IndexBox;
using domain::Lattice;
using domain::Medium;
using domain::MediumMap;
using domain::Wall;
using namespace solvers::fdtd;
using Ends = std::array<AxisEnd, 2>;

constexpr Ends kPml{AxisEnd{Wall::Pec, 10}, AxisEnd{Wall::Pec, 10}};
constexpr Ends kPeriodic{AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}};
const Medium kVacuum{"vacuum", 1, 0, {}};

std::vector<Component> ComponentsOf(const Lattice& lattice) {
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  return components;
}

/// eps(x, y, z) at the points themselves.
MediumMap SampledMedium(const Lattice& lattice,
                        std::function<double(Component, double, double, double)> eps) {
  MediumMap map;
  map.media = {kVacuum};
  map.sample = [=](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          block.eps.push_back(eps(c, lattice.Position(c, 0, i), lattice.Position(c, 1, j),
                                  lattice.Position(c, 2, k)));
        }
      }
    }
    return block;
  };
  return map;
}

double MaxOverRanks(double value) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  return value;
}

Complex SumOverRanks(Complex value) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_C_DOUBLE_COMPLEX, MPI_SUM, MPI_COMM_WORLD));
  return value;
}

// ------------------------------------------------------------------------------------------------
// Leakage of plane-wave boxes

struct Extremes {
  double inside = 0;
  double outside = 0;
};

/// Largest |field| in and out of the box at this instant.
Extremes FieldAround(const Engine& engine, const std::array<double, 3>& lo,
                     const std::array<double, 3>& hi) {
  Extremes largest;
  const Lattice& lattice = engine.Lattice();
  const IndexBox box = domain::Intersect(engine.Owned(), lattice.AllPoints());
  const int parts = lattice.HasBlochPhase() ? 2 : 1;
  for (Component c : ComponentsOf(lattice)) {
    for (int part = 0; part < parts; ++part) {
      const std::vector<double> values = engine.Field(c, box, part);
      for (int k = box.lo[2]; k < box.hi[2]; ++k) {
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
          for (int i = box.lo[0]; i < box.hi[0]; ++i) {
            const std::array<int, 3> p{i, j, k};
            bool inside = true;
            for (int d = 0; d < 3; ++d) {
              const double x = lattice.Position(c, d, p[d]);
              inside = inside && x > lo[d] - 1e-9 && x < hi[d] + 1e-9;
            }
            double& target = inside ? largest.inside : largest.outside;
            target = std::max(target, std::abs(values[box.Offset(i, j, k)]));
          }
        }
      }
    }
  }
  return {MaxOverRanks(largest.inside), MaxOverRanks(largest.outside)};
}

struct Leak {
  double during = 0;  ///< while the line drives the faces
  double after = 0;   ///< once it has stopped, at the waveform's cutoff
};

/// Largest field outside the box over the largest inside, until the light has left.
Leak Leakage(const Lattice& lattice, const MediumMap& media, PlaneWave wave, Precision precision) {
  EngineOptions options;
  options.precision = precision;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, options);
  wave.waveform = wave.waveform.Delayed(PlaneWaveLead(lattice, engine->TimeStep(), wave));
  const Current current = PlaneWaveCurrent(lattice, engine->TimeStep(), engine->Held(), wave);
  engine->AddCurrent(current);
  double inside = 0;
  Leak leak;
  while (static_cast<double>(engine->Step()) * engine->TimeStep() < wave.waveform.EndTime() + 5) {
    engine->Advance(29);
    const Extremes now = FieldAround(*engine, wave.lo, wave.hi);
    inside = std::max(inside, now.inside);
    double& target = engine->Step() < current.signals->EndStep() ? leak.during : leak.after;
    target = std::max(target, now.outside);
  }
  EXPECT_GT(inside, 0.5);
  return {leak.during / inside, leak.after / inside};
}

/// Cells that grow by 2 % from the middle to both ends.
Axis GradedAxis(double cell, int half_count) {
  std::vector<double> faces{0};
  for (int i = 0; i < half_count; ++i) {
    const double width = cell * std::pow(1.02, i);
    faces.insert(faces.begin(), faces.front() - width);
    faces.push_back(faces.back() + width);
  }
  return Axis(faces);
}

Lattice Box3D(const Axis& x, const Axis& y, const Axis& z) {
  return Lattice({x, y, z}, {kPml, kPml, kPml});
}

PlaneWave BoxWave(const Lattice& lattice) {
  PlaneWave wave;
  for (int d = 0; d < 3; ++d) {
    wave.lo[d] = lattice.Node(d, 13);
    wave.hi[d] = lattice.Node(d, lattice.Cells(d) - 14);
  }
  // Ten cells per wavelength: the dispersion of the lattice is strong.
  wave.waveform = Waveform::Pulse(2 * M_PI, 0.15, 1e-13);
  return wave;
}

/// The same arithmetic in another order: rounding, and the cutoff of 1e-13 at the end.
void ExpectTight(const Leak& leak) {
  EXPECT_LT(leak.during, 1e-12);
  EXPECT_LT(leak.after, 1e-12);
}

TEST(PlaneWaveBox, NothingLeaksInDouble) {
  const Axis axis = Axis::Uniform(0.1, 40);
  const Lattice lattice = Box3D(axis, axis, axis);
  PlaneWave wave = BoxWave(lattice);
  wave.eps = 1.7;
  const MediumMap media = domain::UniformMedium({"liquid", 1.7, 0, {}});
  ExpectTight(Leakage(lattice, media, wave, Precision::Float64));
  wave.axis = AxisName::Z;
  wave.direction = -1;
  wave.electric = {0.6, Complex(0, 0.8), 0};
  ExpectTight(Leakage(lattice, media, wave, Precision::Float64));
}

TEST(PlaneWaveBox, NothingLeaksOnGradedCells) {
  const Lattice lattice = Box3D(GradedAxis(0.09, 18), GradedAxis(0.07, 20), GradedAxis(0.08, 19));
  PlaneWave wave = BoxWave(lattice);
  wave.axis = AxisName::Y;
  wave.electric = {0.3, 0, 0.9};
  ExpectTight(Leakage(lattice, domain::UniformMedium(kVacuum), wave, Precision::Float64));
}

TEST(PlaneWaveBox, LeaksAtRoundingInFloat) {
  const Axis axis = Axis::Uniform(0.1, 40);
  const Lattice lattice = Box3D(axis, axis, axis);
  const PlaneWave wave = BoxWave(lattice);
  const Leak leak = Leakage(lattice, domain::UniformMedium(kVacuum), wave, Precision::Float32);
  EXPECT_LT(std::max(leak.during, leak.after), 2e-6);
}

TEST(PlaneWaveBox, WallsAndPeriodicEndsNeedNoFaces) {
  // Ey between electric walls along y, open along x and z.
  const Axis axis = Axis::Uniform(0.1, 40);
  const Ends pec{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}};
  const Lattice plates({axis, Axis::Uniform(0.1, 6), axis}, {kPml, pec, kPml});
  PlaneWave wave;
  wave.electric = {0, 1, 0};
  wave.lo = {-0.7, -PlaneWave::kUnbounded, -0.6};
  wave.hi = {0.6, PlaneWave::kUnbounded, 0.7};
  wave.waveform = Waveform::Pulse(2 * M_PI, 0.15, 1e-13);
  const MediumMap vacuum = domain::UniformMedium(kVacuum);
  ExpectTight(Leakage(plates, vacuum, wave, Precision::Float64));
  // 2D, both polarizations, periodic along y under a Bloch phase.
  for (FieldSet fields : {FieldSet::Ez, FieldSet::Hz}) {
    const Lattice sheet(fields, {axis, Axis::Uniform(0.1, 16)}, {kPml, kPeriodic}, {0, 1.9});
    wave.electric = {0, fields == FieldSet::Hz ? 1.0 : 0.0, fields == FieldSet::Ez ? 1.0 : 0.0};
    wave.lo = {-0.7, -PlaneWave::kUnbounded, -PlaneWave::kUnbounded};
    wave.hi = {0.6, PlaneWave::kUnbounded, PlaneWave::kUnbounded};
    ExpectTight(Leakage(sheet, vacuum, wave, Precision::Float64));
  }
  // 3D under Bloch phases along both transverse axes, against the z axis.
  const Lattice column({Axis::Uniform(0.1, 16), Axis::Uniform(0.12, 16), axis},
                       {kPeriodic, kPeriodic, kPml}, {0.9, -1.3, 0});
  wave.axis = AxisName::Z;
  wave.direction = -1;
  wave.electric = {0.7, Complex(0.2, 0.5), 0};
  wave.lo = {-PlaneWave::kUnbounded, -PlaneWave::kUnbounded, -0.7};
  wave.hi = {PlaneWave::kUnbounded, PlaneWave::kUnbounded, 0.6};
  ExpectTight(Leakage(column, vacuum, wave, Precision::Float64));
}

TEST(PlaneWaveBox, ADielectricScatters) {
  const Axis axis = Axis::Uniform(0.1, 40);
  const Lattice lattice = Box3D(axis, axis, axis);
  const MediumMap ball = SampledMedium(lattice, [](Component, double x, double y, double z) {
    return x * x + y * y + z * z < 0.3 * 0.3 ? 4.0 : 1.0;
  });
  EXPECT_GT(Leakage(lattice, ball, BoxWave(lattice), Precision::Float32).during, 0.02);
}

// ------------------------------------------------------------------------------------------------
// Fresnel reflection of the sheet under Bloch walls

struct Interface {
  FieldSet fields = FieldSet::Hz;
  double n_front = 1;
  double n_back = 1;
  double degrees = 0;
};

/// Transform of a component at one point, which one rank owns.
Complex DftAt(const Engine& engine, int number, Component c, const std::array<int, 3>& p, int w) {
  const DftBlock block = engine.Dft(number);
  Complex value = 0;
  for (size_t n = 0; n < block.components.size(); ++n) {
    if (block.components[n] == c && block.box.Contains(p[0], p[1], p[2])) {
      value = block.At(static_cast<int>(n), w, p[0], p[1], p[2]);
    }
  }
  return SumOverRanks(value);
}

/// |r|^2 of an interface in the plane x = 0 at wavelengths around 1 um; the angle is that of 1 um.
std::vector<double> Reflectivity(const Interface& setup, int cells_per_um,
                                 const std::vector<double>& omegas) {
  const double h = 1.0 / cells_per_um;
  const int pml = cells_per_um / 2;
  const Ends open{AxisEnd{Wall::Pec, pml}, AxisEnd{Wall::Pec, pml}};
  const double k_t = 2 * M_PI * setup.n_front * std::sin(setup.degrees * M_PI / 180);
  const Lattice lattice(setup.fields, {Axis::Uniform(h, 2 * cells_per_um), Axis::Uniform(h, 8)},
                        {open, kPeriodic}, {0, k_t * 8 * h});
  const double front = setup.n_front * setup.n_front;
  const double back = setup.n_back * setup.n_back;
  const MediumMap media = SampledMedium(lattice, [=](Component, double x, double, double) {
    return std::abs(x) < 1e-9 ? 0.5 * (front + back) : x < 0 ? front : back;
  });
  EngineOptions options;
  options.precision = Precision::Float64;
  options.pml.index = setup.n_back;
  const auto engine = MakeEngine(MPI_COMM_WORLD, lattice, media, options);
  PlaneWave wave;
  const Component tangential = setup.fields == FieldSet::Ez ? Component::Ez : Component::Ey;
  wave.electric = {0, setup.fields == FieldSet::Hz ? 1.0 : 0.0,
                   setup.fields == FieldSet::Ez ? 1.0 : 0.0};
  wave.eps = front;
  wave.lo[0] = -0.3;
  wave.waveform = Waveform::Pulse(2 * M_PI, 0.12);
  wave.waveform = wave.waveform.Delayed(PlaneWaveLead(lattice, engine->TimeStep(), wave));
  const Current current = PlaneWaveCurrent(lattice, engine->TimeStep(), engine->Held(), wave);
  engine->AddCurrent(current);
  const std::array<int, 3> behind{pml + cells_per_um / 20, 0, 0};
  const int monitor = engine->AddDft({{behind, {behind[0] + 1, 1, 1}}, {tangential}, omegas, 1});
  const double left = 20 / engine->TimeStep();
  engine->Advance(static_cast<long>(wave.waveform.EndTime() / engine->TimeStep() + left));
  std::vector<double> reflectivity;
  for (size_t w = 0; w < omegas.size(); ++w) {
    const Complex reflected = DftAt(*engine, monitor, tangential, behind, static_cast<int>(w));
    const Complex incident =
        IncidentTransform(lattice, engine->TimeStep(), wave, tangential, behind[0], omegas[w]);
    reflectivity.push_back(std::norm(reflected / incident));
  }
  return reflectivity;
}

double Fresnel(const Interface& setup, double omega) {
  const double sine = std::sin(setup.degrees * M_PI / 180) * 2 * M_PI / omega;
  const double cosine = std::sqrt(1 - sine * sine);
  const double ratio = setup.n_front / setup.n_back;
  const double transmitted = std::sqrt(1 - ratio * ratio * sine * sine);
  const double a = setup.fields == FieldSet::Ez ? setup.n_front : setup.n_back;
  const double b = setup.fields == FieldSet::Ez ? setup.n_back : setup.n_front;
  return std::pow((a * cosine - b * transmitted) / (a * cosine + b * transmitted), 2);
}

TEST(BlochSheet, FollowsFresnelAtSecondOrder) {
  const std::vector<double> omegas{0.95 * 2 * M_PI, 2 * M_PI, 1.05 * 2 * M_PI};
  const std::vector<std::pair<Interface, double>> cases{{{FieldSet::Ez, 1, 2, 0}, 1.0 / 9},
                                                        {{FieldSet::Hz, 1.4, 3.5, 0}, 0.183673},
                                                        {{FieldSet::Hz, 1.4, 3.5, 20.6}, 0.164359},
                                                        {{FieldSet::Hz, 1.4, 3.5, 35.7}, 0.124120},
                                                        {{FieldSet::Ez, 1.4, 3.5, 35.7}, -1}};
  for (const auto& [setup, published] : cases) {
    const auto coarse = Reflectivity(setup, 40, omegas);
    const auto fine = Reflectivity(setup, 80, omegas);
    for (size_t w = 0; w < omegas.size(); ++w) {
      const double exact = Fresnel(setup, omegas[w]);
      if (w == 1 && published > 0) {
        EXPECT_NEAR(exact, published, 1e-6);
      }
      // 23 cells per wavelength in index 3.5; the dispersion of the lattice is second order.
      EXPECT_NEAR(fine[w], exact, 4e-3) << setup.n_back << " at " << setup.degrees;
      EXPECT_NEAR((coarse[w] - exact) / (fine[w] - exact), 4, 0.6);
      EXPECT_NEAR((4 * fine[w] - coarse[w]) / 3, exact, 8e-4);
    }
  }
}

}  // namespace
}  // namespace symwave::verification
