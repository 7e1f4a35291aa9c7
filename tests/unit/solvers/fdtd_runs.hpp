// Runs of the engine with everything in them, and their comparison.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/random.hpp"
#include "domain/node_coupling.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::fdtd_runs {

using namespace symwave::solvers::fdtd;
using domain::Axis;
using domain::AxisEnd;
using domain::Component;
using domain::FieldSet;
using domain::IndexBox;
using domain::Lattice;
using domain::Wall;

constexpr std::array<Component, 6> kComponents{Component::Ex, Component::Ey, Component::Ez,
                                               Component::Hx, Component::Hy, Component::Hz};

inline Axis Graded(int cells, double cell, double growth) {
  std::vector<double> nodes{0};
  for (int i = 0; i < cells; ++i) {
    nodes.push_back(nodes.back() + cell * (1 + growth * std::sin(0.7 * i)));
  }
  return Axis(nodes);
}

inline std::array<AxisEnd, 2> Both(Wall wall, int pml) {
  return {AxisEnd{wall, pml}, AxisEnd{wall, pml}};
}

/// PML on x and on one side of y (a magnetic wall on the other), z as given.
inline Lattice MixedLattice(const std::array<AxisEnd, 2>& z, double bloch_z = 0) {
  return Lattice({Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
                 {Both(Wall::Pec, 6), {AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 5}}, z},
                 {0, 0, bloch_z});
}

/// A value in 0..1 that depends on the point alone.
inline double Noise(int seed, int i, int j, int k) {
  return base::ToUniform(base::MixSeed(static_cast<std::uint64_t>(seed),
                                       static_cast<std::uint64_t>((k * 1009 + j) * 1013 + i)));
}

/// Glass with an absorbing and a dispersive part, rough on the scale of a cell; periodic
/// along x, y and z with 31, 29 and 26 cells.
inline domain::MediumMap MixedMedia() {
  domain::MediumMap map;
  domain::Medium lorentz;
  lorentz.name = "lorentz";
  lorentz.poles = {{30, 6, 0.5}, {5, 0, 0.2}};
  map.media = {domain::Medium{"glass", 2.1, 0, {}}, lorentz};
  map.sample = [](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    block.dispersive.push_back({1, {}});
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const int jj = (j + 29) % 29, kk = (k + 26) % 26;
        for (int x = box.lo[0]; x < box.hi[0]; ++x) {
          const int i = (x + 31) % 31;
          block.eps.push_back(1 + 2 * Noise(static_cast<int>(c), i, jj, kk));
          block.conductivity.push_back(jj > 12 && jj < 18 ? 0.3 : 0.0);
          block.dispersive[0].share.push_back(i > 14 && i < 24 && (kk < 9 || kk > 22) ? 0.7 : 0.0);
        }
      }
    }
    return block;
  };
  return map;
}

/// Every kind of wall, with and without PML.
inline std::vector<Lattice> Lattices() {
  return {MixedLattice(Both(Wall::Pec, 5)),
          MixedLattice(Both(Wall::Periodic, 0)),
          MixedLattice(Both(Wall::Periodic, 0), 0.9),
          Lattice({Graded(31, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
                  {Both(Wall::Periodic, 0), Both(Wall::Pec, 6), Both(Wall::Periodic, 0)}),
          Lattice({Graded(31, 0.05, 0.1), Graded(29, 0.05, 0.2), Graded(26, 0.05, 0)},
                  {Both(Wall::Periodic, 0), Both(Wall::Pec, 6), Both(Wall::Pec, 5)}, {0.7, 0, 0}),
          Lattice(FieldSet::Ez, {Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2)},
                  {Both(Wall::Pec, 6), Both(Wall::Periodic, 0)}),
          Lattice(FieldSet::Hz, {Graded(37, 0.05, 0.1), Graded(29, 0.05, 0.2)},
                  {Both(Wall::Pec, 6), {AxisEnd{Wall::Pmc, 0}, AxisEnd{Wall::Pec, 4}}})};
}

/// The mixed media, two thirds of the nodes coupled as strongly as the limit allows or less. Where
/// an axis is periodic, its points repeat.
inline domain::MediumMap CoupledMedia(const Lattice& lattice,
                                      domain::MediumMap media = MixedMedia()) {
  media.media[0].eps_inf = 1;
  media.couple = [lattice, sample = media.sample, materials = media.media](const IndexBox& box) {
    std::vector<domain::NodeCoupling> couplings;
    if (!lattice.Has(Component::Ex) || !lattice.Has(Component::Ey)) return couplings;
    const auto own = [&](int axis, int i) {
      const int n = lattice.Cells(axis);
      return lattice.Periodic(axis) ? (i + n) % n : i;
    };
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          const double noise = Noise(77, own(0, i), own(1, j), own(2, k)) - 0.5;
          if (std::abs(noise) > 0.16) couplings.push_back({{i, j, k}, 2 * noise});
        }
      }
    }
    return LimitedCouplings(lattice, materials, sample, couplings);
  };
  return media;
}

class Pulse : public SignalSet {
 public:
  explicit Pulse(double dt) : dt_(dt) {}
  int Count() const override { return 2; }
  void Evaluate(long step, double* values) override {
    EXPECT_EQ(step, expected_++);
    values[0] = At((static_cast<double>(step) + 0.5) * dt_);
    values[1] = At(static_cast<double>(step) * dt_);
  }
  long EndStep() const override { return 1000000; }
  void SaveOrRestore(base::StateArchive& archive, const std::string& name) override {
    archive.Value(name + "/expected", expected_);
  }

 private:
  static double At(double t) { return std::exp(-8 * (t - 0.8) * (t - 0.8)) * std::sin(9 * t); }
  double dt_;
  std::int64_t expected_ = 0;
};

struct Driven {
  std::unique_ptr<Engine> engine;
  int box = 0, plane = 0, probe = 0;
};

/// Adds a current, two transforms and a probe.
inline void RunDriven(Driven& run) {
  const Lattice& lattice = run.engine->Lattice();
  Current current;
  current.signals = std::make_shared<Pulse>(run.engine->TimeStep());
  const bool three = !lattice.TwoDimensional();
  if (lattice.Has(Component::Ez)) {
    current.entries.push_back({Component::Ez, {12, 11, three ? 1 : 0}, 0, {1.0, 0.5}});
  }
  if (lattice.Has(Component::Hz)) {
    current.entries.push_back({Component::Hz, {20, 0, three ? 25 : 0}, 1, {0.7, 0.0}});
  }
  run.engine->AddCurrent(current);
  std::vector<Component> electric, magnetic;
  for (const Component c : kComponents) {
    if (lattice.Has(c)) (domain::IsElectric(c) ? electric : magnetic).push_back(c);
  }
  IndexBox all = lattice.AllPoints();
  run.box = run.engine->AddDft({all, {electric[0], magnetic[0]}, {5.0, 9.0}, 2});
  all.lo[0] = 17;
  all.hi[0] = 18;
  run.plane = run.engine->AddDft({all, {electric.back(), magnetic.back()}, {5, 6, 7, 8, 9}, 1});
  run.probe = run.engine->AddProbe(electric.back(), {15, 13, three ? 20 : 0});
}

inline Driven Start(MPI_Comm comm, const Lattice& lattice, const EngineOptions& options,
                    const domain::MediumMap& media = MixedMedia()) {
  Driven run;
  run.engine = MakeEngine(comm, lattice, media, options);
  RunDriven(run);
  return run;
}

/// Largest difference of all fields, transforms and probes, relative to the largest value.
inline double Difference(const Driven& a, const Driven& b) {
  double difference = 0, largest = 0;
  const auto add = [&](double x, double y) {
    difference = std::max(difference, std::isfinite(x - y) ? std::abs(x - y) : 1e300);
    largest = std::max(largest, std::abs(x));
  };
  const Lattice& lattice = a.engine->Lattice();
  const IndexBox mine = Intersect(a.engine->Owned(), b.engine->Owned());
  for (const Component c : kComponents) {
    if (!lattice.Has(c)) continue;
    for (int part = 0; part < (lattice.HasBlochPhase() ? 2 : 1); ++part) {
      const auto x = a.engine->Field(c, mine, part);
      const auto y = b.engine->Field(c, mine, part);
      for (size_t n = 0; n < x.size(); ++n) add(x[n], y[n]);
    }
  }
  const auto record_a = a.engine->Probe(a.probe), record_b = b.engine->Probe(b.probe);
  EXPECT_EQ(record_a.size(), record_b.size());
  for (size_t n = 0; n < record_a.size(); ++n) add(record_a[n], record_b[n]);
  for (const auto& [number_a, number_b] : {std::array<int, 2>{a.box, b.box}, {a.plane, b.plane}}) {
    const DftBlock x = a.engine->Dft(number_a), y = b.engine->Dft(number_b);
    const IndexBox common = Intersect(x.box, y.box);
    for (size_t c = 0; c < x.components.size(); ++c) {
      for (int w = 0; w < static_cast<int>(x.omegas.size()); ++w) {
        for (int k = common.lo[2]; k < common.hi[2]; ++k) {
          for (int j = common.lo[1]; j < common.hi[1]; ++j) {
            for (int i = common.lo[0]; i < common.hi[0]; ++i) {
              const int ci = static_cast<int>(c);
              add(std::abs(x.At(ci, w, i, j, k) - y.At(ci, w, i, j, k)), 0);
              difference =
                  std::max(difference, std::abs(x.At(ci, w, i, j, k) - y.At(ci, w, i, j, k)));
            }
          }
        }
      }
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, &difference, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  EXPECT_GT(largest, 1e-3);
  return difference / largest;
}

inline EngineOptions Options(Precision precision, int block, int threads = 1, bool fused = true) {
  EngineOptions options;
  options.precision = precision;
  options.block = block;
  options.threads = threads;
  options.fused = fused;
  return options;
}

}  // namespace symwave::fdtd_runs
