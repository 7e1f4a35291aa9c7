// Plane waves of the time domain in problems that vary along one axis only: layered media, a sheet
// of current, and the amplitudes of the two waves that a line of points sees.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <memory>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::verification {

using domain::Component;
using domain::FieldSet;
using domain::IndexBox;
using domain::Lattice;
using domain::Medium;
using domain::MediumMap;
using domain::Wall;
using solvers::fdtd::Complex;
using solvers::fdtd::Engine;
using solvers::fdtd::EngineOptions;
using solvers::fdtd::Precision;

/// Homogeneous from `begin` [um] to the next layer; the first one reaches back to the lattice's
/// end.
struct Layer {
  double begin = 0;
  Medium medium;
};

/// A lattice that is `transverse` cells thick and periodic across `axis`.
struct Line {
  FieldSet fields = FieldSet::Ez;
  int axis = 0;
  std::vector<double> nodes;  ///< along the axis, um
  std::array<domain::AxisEnd, 2> ends{domain::AxisEnd{Wall::Pec, 20},
                                      domain::AxisEnd{Wall::Pec, 20}};
  int transverse = 2;
  double transverse_cell = 0.05;
  double transverse_wavenumber = 0;  ///< along the other axis of a 2D lattice, 1/um
  std::vector<Layer> layers;
  bool averaged = true;  ///< nodes next to an interface get the mean of the media in their volume

  Lattice MakeLattice() const;
  /// The component that a sheet across the axis drives; it lies on the nodes.
  Component Field() const;
  MediumMap Media() const;
};

/// Prints a line from rank 0: the measured errors that solvers/fdtd/README.md tabulates.
template <class... Values>
void Report(const char* format, Values... values) {
  if (base::Communicator::RankIn(MPI_COMM_WORLD) != 0) return;
  std::printf(format, values...);
  std::printf("\n");
}

inline std::vector<double> UniformNodes(double begin, double cell, int cells) {
  std::vector<double> nodes;
  for (int i = 0; i <= cells; ++i) nodes.push_back(begin + i * cell);
  return nodes;
}

inline Lattice Line::MakeLattice() const {
  const domain::Axis along(nodes);
  const domain::Axis across(UniformNodes(0, transverse_cell, transverse));
  const std::array<domain::AxisEnd, 2> periodic{domain::AxisEnd{Wall::Periodic, 0},
                                                domain::AxisEnd{Wall::Periodic, 0}};
  if (fields == FieldSet::All) {
    std::array<domain::Axis, 3> axes{across, across, across};
    std::array<std::array<domain::AxisEnd, 2>, 3> all_ends{periodic, periodic, periodic};
    axes[axis] = along;
    all_ends[axis] = ends;
    return Lattice(axes, all_ends);
  }
  std::array<domain::Axis, 2> axes{across, across};
  std::array<std::array<domain::AxisEnd, 2>, 2> all_ends{periodic, periodic};
  std::array<double, 2> bloch{0, 0};
  axes[axis] = along;
  all_ends[axis] = ends;
  bloch[1 - axis] = transverse_wavenumber * transverse * transverse_cell;
  return Lattice(fields, axes, all_ends, bloch);
}

inline Component Line::Field() const {
  if (fields == FieldSet::Ez) return Component::Ez;
  if (fields == FieldSet::Hz) return axis == 0 ? Component::Ey : Component::Ex;
  return static_cast<Component>((axis + 1) % 3);
}

/// Share of [lo, hi] that each layer fills; for lo = hi the layer there.
inline std::vector<double> Shares(const std::vector<Layer>& layers, double lo, double hi) {
  std::vector<double> shares(layers.size(), 0);
  for (size_t n = 0; n < layers.size(); ++n) {
    const double begin = n == 0 ? -1e9 : layers[n].begin;
    const double end = n + 1 < layers.size() ? layers[n + 1].begin : 1e9;
    if (hi > lo) {
      shares[n] = std::max(0.0, std::min(hi, end) - std::max(lo, begin)) / (hi - lo);
    } else {
      shares[n] = lo >= begin && lo < end ? 1 : 0;
    }
  }
  return shares;
}

/// For the components across the axis the mean of eps(w) over the control volume is exact (the
/// field is continuous); the component along the axis carries no field here.
inline MediumMap Line::Media() const {
  MediumMap map;
  for (const Layer& layer : layers) map.media.push_back(layer.medium);
  const Lattice lattice = MakeLattice();
  map.sample = [line = *this, lattice](Component c, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    for (size_t n = 0; n < line.layers.size(); ++n) {
      if (!line.layers[n].medium.poles.empty())
        block.dispersive.push_back({static_cast<int>(n), {}});
    }
    const int a = line.axis;
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          const int p = std::array<int, 3>{i, j, k}[a];
          const bool mean = line.averaged && lattice.StaggerOf(c, a) == domain::Stagger::Face;
          const double x = lattice.Position(c, a, p);
          const auto shares = Shares(line.layers, mean ? lattice.HalfNode(a, p - 1) : x,
                                     mean ? lattice.HalfNode(a, p) : x);
          double eps = 0, conductivity = 0;
          size_t dispersive = 0;
          for (size_t n = 0; n < shares.size(); ++n) {
            eps += shares[n] * line.layers[n].medium.eps_inf;
            conductivity += shares[n] * line.layers[n].medium.conductivity;
            if (!line.layers[n].medium.poles.empty()) {
              block.dispersive[dispersive++].share.push_back(shares[n]);
            }
          }
          block.eps.push_back(eps);
          block.conductivity.push_back(conductivity);
        }
      }
    }
    return block;
  };
  return map;
}

/// Transforms of the driven component at every node of the line: [frequency][node].
struct LineSpectra {
  double dt = 0;
  std::vector<std::vector<Complex>> field;
};

/// Sums small arrays over the ranks of the engine.
inline void SumOverRanks(MPI_Comm comm, std::vector<Complex>& values) {
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()),
                          MPI_C_DOUBLE_COMPLEX, MPI_SUM, comm));
}

/// Every point of node `source` driven alike (times exp(i transverse wavenumber * position)).
inline solvers::fdtd::Current SheetCurrent(const Line& line, const Lattice& lattice, double dt,
                                           int source, const solvers::fdtd::Waveform& waveform) {
  solvers::fdtd::Current current;
  current.signals = std::make_shared<solvers::fdtd::WaveformSignals>(waveform, dt);
  const int real = solvers::fdtd::WaveformSignals::RealPart(solvers::fdtd::CurrentKind::Electric);
  const IndexBox all = lattice.AllPoints();
  const Component c = line.Field();
  for (int k = all.lo[2]; k < all.hi[2]; ++k) {
    for (int j = all.lo[1]; j < all.hi[1]; ++j) {
      for (int i = all.lo[0]; i < all.hi[0]; ++i) {
        std::array<int, 3> p{i, j, k};
        if (p[line.axis] != source) continue;
        double phase = 0;
        if (line.fields != FieldSet::All) {
          const int across = 1 - line.axis;
          phase = line.transverse_wavenumber * lattice.Position(c, across, p[across]);
        }
        current.entries.push_back({c, p, real, std::polar(1.0, phase)});
      }
    }
  }
  return current;
}

/// Runs one pulse from node `source` until the fields have left (energy below `residue` of its
/// largest value). Collective on `comm`.
inline LineSpectra RunPulse(MPI_Comm comm, const Line& line, int source,
                            const solvers::fdtd::Waveform& waveform,
                            const std::vector<double>& omegas, const EngineOptions& options,
                            double residue = 1e-18) {
  const Lattice lattice = line.MakeLattice();
  const auto engine = MakeEngine(comm, lattice, line.Media(), options);
  const double dt = engine->TimeStep();
  engine->AddCurrent(SheetCurrent(line, lattice, dt, source, waveform));
  IndexBox points = lattice.AllPoints();
  for (int d = 0; d < 3; ++d) {
    if (d != line.axis) points.hi[d] = 1;
  }
  const int transform = engine->AddDft({points, {line.Field()}, omegas, 1});
  double largest = 0, energy = 0;
  long steps = 0;
  do {
    engine->Advance(200);
    steps += 200;
    energy = engine->Energy();
    largest = std::max(largest, energy);
  } while ((steps * dt < waveform.EndTime() || energy > residue * largest) && steps < 200000);
  EXPECT_LE(energy, residue * largest) << "the pulse has not left after " << steps << " steps";

  const solvers::fdtd::DftBlock block = engine->Dft(transform);
  LineSpectra spectra;
  spectra.dt = dt;
  for (size_t w = 0; w < omegas.size(); ++w) {
    std::vector<Complex> field(static_cast<size_t>(lattice.Points(line.axis)), 0.0);
    for (int n = block.box.lo[line.axis]; n < block.box.hi[line.axis] && !block.box.Empty(); ++n) {
      std::array<int, 3> p{0, 0, 0};
      p[line.axis] = n;
      field[n] = block.At(0, static_cast<int>(w), p[0], p[1], p[2]);
    }
    SumOverRanks(comm, field);
    spectra.field.push_back(std::move(field));
  }
  return spectra;
}

/// Wavenumber along the axis that the leapfrog has at frequency `omega` on cells of width `cell`:
///   sin(k cell/2)^2 / cell^2 = eps sin(w dt/2)^2 / dt^2 - sin(k_t cell_t/2)^2 / cell_t^2.
inline double LatticeWavenumber(const Line& line, double omega, double dt, double cell,
                                double eps) {
  const double in_time = std::sin(0.5 * omega * dt) / dt;
  const double across =
      std::sin(0.5 * line.transverse_wavenumber * line.transverse_cell) / line.transverse_cell;
  return 2 / cell * std::asin(cell * std::sqrt(eps * in_time * in_time - across * across));
}

/// Amplitudes at position `origin` of the waves exp(+-i k x) in a uniform stretch of lossless
/// medium, from its nodes `first` and `second`.
struct TwoWaves {
  Complex forward, backward;
};
inline TwoWaves Separate(const Line& line, const std::vector<Complex>& field, double k, int first,
                         int second, double origin) {
  const Complex p = std::polar(1.0, k * (line.nodes[first] - origin));
  const Complex q = std::polar(1.0, k * (line.nodes[second] - origin));
  const Complex determinant = p / q - q / p;
  return {(field[first] / q - field[second] / p) / determinant,
          (field[second] * p - field[first] * q) / determinant};
}

}  // namespace symwave::verification
