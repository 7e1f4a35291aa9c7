#include <algorithm>
#include <cmath>

#include "domain/pole_media.hpp"
#include "jobs/run/stepped_work.hpp"
#include "jobs/throughput/calibration.hpp"
#include "jobs/throughput/median_seconds.hpp"
#include "solvers/fdtd/engine.hpp"
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

constexpr double kSampleCell = 0.05, kGlassIndex = 1.5;  // um
constexpr int kFlatEdge = 280, kCubeEdge = 56, kLayerCells = 10;

/// Cells of a transform's plane, and its frequencies.
constexpr int kFewFrequencies = 2, kManyFrequencies = 20;

Lattice Sample(bool flat, bool pml) {
  const domain::Axis axis = domain::Axis::Uniform(kSampleCell, flat ? kFlatEdge : kCubeEdge);
  const AxisEnd end{Wall::Pec, pml ? kLayerCells : 0};
  if (flat) return Lattice(domain::FieldSet::Ez, {axis, axis}, {{{end, end}, {end, end}}});
  return Lattice({axis, axis, axis}, {{{end, end}, {end, end}, {end, end}}});
}

domain::Medium Oxide(const Lattice& lattice) {
  return domain::SimplifyPoles(domain::BuiltInMedium("SiO2", {1.5, 1.6}),
                               {2 * M_PI / 1.6, 2 * M_PI / 1.5},
                               EngineOptions{}.courant * lattice.CourantLimit());
}

/// Seconds of a step; `frequencies` of a transform on all points of a plane, each step.
double StepSeconds(const Lattice& lattice, const domain::Medium& medium, Precision precision,
                   int frequencies, double seconds) {
  EngineOptions options;
  options.precision = precision;
  options.pml.index = kGlassIndex;
  const auto engine =
      solvers::fdtd::MakeEngine(MPI_COMM_SELF, lattice, domain::UniformMedium(medium), options);
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

void CalibrateTransforms(Machine& machine, const Lattice& lattice, const domain::Medium& glass,
                         double plain, double seconds) {
  const double few = StepSeconds(lattice, glass, Precision::Float32, kFewFrequencies, seconds);
  const double many = StepSeconds(lattice, glass, Precision::Float32, kManyFrequencies, seconds);
  const double values = Kept(lattice);
  const double each =
      std::max(kLeastSeconds, (many - few) / values / (kManyFrequencies - kFewFrequencies));
  machine.Of(Operation::Transform) = each;
  machine.Of(Operation::Sample) =
      std::max(kLeastSeconds, (few - plain) / values - kFewFrequencies * each);
}

/// A strip of 10 x 6 cells of silicon in oxide along x.
domain::MediumMap Guide() {
  domain::MediumMap media = domain::UniformMedium({"oxide", 2.09, 0, {}});
  const auto oxide = media.sample;
  media.sample = [oxide](Component component, const domain::IndexBox& box) {
    domain::MediumBlock block = oxide(component, box);
    const domain::IndexBox core{{box.lo[0], kCubeEdge / 2 - 5, kCubeEdge / 2 - 3},
                                {box.hi[0], kCubeEdge / 2 + 5, kCubeEdge / 2 + 3}};
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          if (core.Contains(i, j, k)) block.eps[static_cast<size_t>(box.Offset(i, j, k))] = 12.1;
        }
      }
    }
    return block;
  };
  return media;
}

}  // namespace

void CalibrateTimeDomain(Machine& machine, bool flat, double seconds) {
  const Lattice open = Sample(flat, false), absorbing = Sample(flat, true);
  const domain::Medium glass{"glass", kGlassIndex * kGlassIndex, 0, {}};
  const auto cells = static_cast<double>(open.CellCount());
  const double plain = StepSeconds(open, glass, Precision::Float32, 0, seconds);
  const double layers = StepSeconds(absorbing, glass, Precision::Float32, 0, seconds);
  machine.Of(flat ? Operation::Cell2d : Operation::Cell3d) = plain / cells;
  machine.Of(flat ? Operation::Pml2d : Operation::Pml3d) =
      std::max(kLeastSeconds, (layers - plain) / run::WeightedLayers(absorbing));
  machine.float64 = StepSeconds(open, glass, Precision::Float64, 0, seconds) / plain;
  CalibrateTransforms(machine, open, glass, plain, seconds);
  if (!flat) {
    const double poles = StepSeconds(open, Oxide(open), Precision::Float32, 0, seconds);
    machine.Of(Operation::Pole) = std::max(kLeastSeconds, (poles - plain) / cells);
  }
  machine.Of(Operation::Medium) =
      MedianSeconds(seconds,
                    [&] {
                      solvers::fdtd::MakeEngine(MPI_COMM_SELF, absorbing,
                                                domain::UniformMedium(glass), {});
                    }) /
      cells;
}

void CalibratePortModes(Machine& machine, double seconds) {
  constexpr int across = 40;
  const Lattice lattice = Sample(false, false);
  const domain::MediumMap media = Guide();
  solvers::modes::WaveguidePlane plane;
  plane.axis = 0;
  plane.node = kCubeEdge / 2;
  plane.box = lattice.AllPoints();
  plane.box.lo[0] = plane.node;
  plane.box.hi[0] = plane.node + 1;
  for (const int axis : {1, 2}) {
    plane.box.lo[axis] = (kCubeEdge - across) / 2;
    plane.box.hi[axis] = plane.box.lo[axis] + across;
  }
  const double time = MedianSeconds(seconds, [&] {
    solvers::modes::SolveWaveguide(MPI_COMM_SELF, lattice, media, plane, 2 * M_PI / 1.55, 0, 1);
  });
  machine.Of(Operation::ModePoint) = time / static_cast<double>(plane.box.Count());
}

}  // namespace symwave::jobs::throughput
