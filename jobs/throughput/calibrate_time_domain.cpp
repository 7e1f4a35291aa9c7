#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "domain/pole_media.hpp"
#include "jobs/run/stepped_work.hpp"
#include "jobs/throughput/calibration.hpp"
#include "jobs/throughput/cost_line.hpp"
#include "jobs/throughput/median_seconds.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/pole_profile.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::jobs::throughput {

namespace {

using domain::AxisEnd;
using domain::Component;
using domain::Lattice;
using domain::Wall;
using run::Machine;
using run::Operation;
using solvers::fdtd::Engine;
using solvers::fdtd::EngineOptions;
using solvers::fdtd::Precision;

constexpr double kSampleCell = 0.05, kCoreEps = 12.1, kGlassEps = 2.09;  // um
constexpr int kFlatEdge = 280, kLayerCells = 10;
/// Lattices of guides as users draw them: long rows, fields beyond the second-level cache.
constexpr std::array<int, 3> kBoxEdges{112, 48, 56};

/// Cells of a transform's plane, and its frequencies.
constexpr int kFewFrequencies = 2, kManyFrequencies = 20;

Lattice Sample(bool flat, bool pml) {
  const AxisEnd end{Wall::Pec, pml ? kLayerCells : 0};
  if (flat) {
    const domain::Axis axis = domain::Axis::Uniform(kSampleCell, kFlatEdge);
    return Lattice(domain::FieldSet::Ez, {axis, axis}, {{{end, end}, {end, end}}});
  }
  const auto axis = [](int number) {
    return domain::Axis::Uniform(kSampleCell, kBoxEdges[number]);
  };
  return Lattice({axis(0), axis(1), axis(2)}, {{{end, end}, {end, end}, {end, end}}});
}

/// Half widths of the strip's cross-section over y and z [cells].
constexpr std::array<int, 2> kStrip{5, 3};

/// Part of a point's cell that is strip: one in it, half on its faces.
double StripShare(const Lattice& lattice, int j, int k) {
  const std::array<int, 2> at{j, k};
  double share = 1;
  for (size_t across = 0; across < (lattice.TwoDimensional() ? 1 : 2); ++across) {
    const int off = std::abs(at[across] - lattice.Cells(static_cast<int>(across) + 1) / 2);
    if (off > kStrip[across]) return 0;
    if (off == kStrip[across]) share *= 0.5;
  }
  return share;
}

/// A strip of `core` in `cladding` along x.
domain::MediumMap Guide(const Lattice& lattice, const domain::Medium& core,
                        const domain::Medium& cladding) {
  domain::MediumMap media;
  media.media = {core, cladding};
  media.sample = [lattice, core, cladding](Component, const domain::IndexBox& box) {
    const auto count = static_cast<size_t>(box.Count());
    std::vector<double> inside(count), outside(count);
    domain::MediumBlock block;
    block.box = box;
    block.eps.resize(count);
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const double share = StripShare(lattice, j, k);
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          const auto point = static_cast<size_t>(box.Offset(i, j, k));
          inside[point] = share;
          outside[point] = 1 - share;
          block.eps[point] = share * core.eps_inf + (1 - share) * cladding.eps_inf;
        }
      }
    }
    if (!core.poles.empty()) block.dispersive = {{0, inside}, {1, outside}};
    return block;
  };
  return media;
}

domain::MediumMap PlainGuide(const Lattice& lattice) {
  return Guide(lattice, {"core", kCoreEps, 0, {}}, {"cladding", kGlassEps, 0, {}});
}

domain::MediumMap DispersiveGuide(const Lattice& lattice) {
  const auto medium = [&](const char* name) {
    return domain::SimplifyPoles(domain::BuiltInMedium(name, {1.5, 1.6}),
                                 {2 * M_PI / 1.6, 2 * M_PI / 1.5},
                                 EngineOptions{}.courant * lattice.CourantLimit());
  };
  return Guide(lattice, medium("Si"), medium("SiO2"));
}

/// Seconds of a step; `frequencies` of a transform on all points of a plane, each step.
double StepSeconds(const Lattice& lattice, const domain::MediumMap& media, Precision precision,
                   int frequencies, double seconds) {
  EngineOptions options;
  options.precision = precision;
  options.pml.index = std::sqrt(kGlassEps);
  const auto engine = solvers::fdtd::MakeEngine(MPI_COMM_SELF, lattice, media, options);
  if (frequencies > 0) {
    solvers::fdtd::DftRequest request;
    request.box = lattice.AllPoints();
    if (!lattice.TwoDimensional()) request.box.hi[2] = request.box.lo[2] + 8;
    request.components = {Component::Ez};
    for (int w = 0; w < frequencies; ++w) request.omegas.push_back(2 * M_PI / (1.5 + 0.005 * w));
    request.every = 1;
    engine->AddDft(request);
  }
  // A smooth field of full numbers: zeros would be faster on some processors.
  engine->SetField(Component::Ez, [](int i, int j, int k) {
    return std::sin(0.3 * i) * std::cos(0.2 * j) * std::cos(0.1 * k);
  });
  constexpr int chunk = 16;
  return MedianSeconds(seconds, [&] { engine->Advance(chunk); }) / chunk;
}

/// Values of the transform above.
double Kept(const Lattice& lattice) {
  const auto points = static_cast<double>(lattice.AllPoints().Count());
  return lattice.TwoDimensional() ? points : points * 8 / lattice.Points(2);
}

void CalibrateTransforms(Machine& machine, const Lattice& lattice, double plain, double seconds) {
  const auto added = [&](int frequencies) {
    return StepSeconds(lattice, PlainGuide(lattice), Precision::Float32, frequencies, seconds) -
           plain;
  };
  const CostLine line = LineThrough({kFewFrequencies, added(kFewFrequencies)},
                                    {kManyFrequencies, added(kManyFrequencies)});
  machine.Of(Operation::Transform) = std::max(kLeastSeconds, line.slope / Kept(lattice));
  machine.Of(Operation::Sample) = std::max(kLeastSeconds, line.start / Kept(lattice));
}

/// Of a cell with one pole in all components that its lattice has, beside what its step takes
/// anyway.
double PoleSeconds(const Lattice& lattice, double without, double seconds) {
  const domain::MediumMap media = DispersiveGuide(lattice);
  const double with = StepSeconds(lattice, media, Precision::Float32, 0, seconds);
  const double components = lattice.TwoDimensional() ? 1 : 3;
  const double poles = solvers::fdtd::SamplePoles(MPI_COMM_SELF, lattice, media).mean / components;
  return (with - without) / poles / static_cast<double>(lattice.CellCount());
}

}  // namespace

void CalibrateTimeDomain(Machine& machine, bool flat, double seconds) {
  const Lattice open = Sample(flat, false), absorbing = Sample(flat, true);
  const auto cells = static_cast<double>(open.CellCount());
  const auto step = [&](const Lattice& lattice, Precision precision) {
    return StepSeconds(lattice, PlainGuide(lattice), precision, 0, seconds);
  };
  const double plain = step(open, Precision::Float32);
  const double layers = step(absorbing, Precision::Float32);
  machine.Of(flat ? Operation::Cell2d : Operation::Cell3d) = plain / cells;
  machine.Of(flat ? Operation::Pml2d : Operation::Pml3d) =
      std::max(kLeastSeconds, (layers - plain) / run::WeightedLayers(absorbing));
  machine.float64 = step(open, Precision::Float64) / plain;
  CalibrateTransforms(machine, open, plain, seconds);
  machine.Of(flat ? Operation::Pole2d : Operation::Pole3d) =
      std::max(kLeastSeconds, PoleSeconds(absorbing, layers, seconds));
  machine.Of(Operation::Medium) =
      MedianSeconds(
          seconds,
          [&] { solvers::fdtd::MakeEngine(MPI_COMM_SELF, absorbing, PlainGuide(absorbing), {}); }) /
      cells;
}

void CalibratePortModes(Machine& machine, double seconds) {
  constexpr int across = 40;
  const Lattice lattice = Sample(false, false);
  const domain::MediumMap media = PlainGuide(lattice);
  solvers::modes::WaveguidePlane plane;
  plane.axis = 0;
  plane.node = kBoxEdges[0] / 2;
  plane.box = lattice.AllPoints();
  plane.box.lo[0] = plane.node;
  plane.box.hi[0] = plane.node + 1;
  for (const int axis : {1, 2}) {
    plane.box.lo[axis] = (lattice.Cells(axis) - across) / 2;
    plane.box.hi[axis] = plane.box.lo[axis] + across;
  }
  const double time = MedianSeconds(seconds, [&] {
    solvers::modes::SolveWaveguide(MPI_COMM_SELF, lattice, media, plane, 2 * M_PI / 1.55, 0, 1);
  });
  machine.Of(Operation::ModePoint) = time / static_cast<double>(plane.box.Count());
}

}  // namespace symwave::jobs::throughput
