#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "io/field_series.hpp"
#include "io/insitu/plane_picture.hpp"
#include "io/insitu/plane_sampling.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/throughput/calibration.hpp"
#include "jobs/throughput/median_seconds.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::jobs::throughput {

namespace {

using domain::Component;
using domain::Lattice;
using run::Machine;
using run::Operation;

constexpr double kFrameCell = 0.05;  // um
constexpr int kFrameEdge = 56, kPictureWidth = 400, kFiles = 5;

/// Of a field in time domain at the moment, brought to the nodes.
double PointSeconds(double seconds) {
  const domain::Axis axis = domain::Axis::Uniform(kFrameCell, kFrameEdge);
  const domain::AxisEnd end{domain::Wall::Pec, 0};
  const Lattice lattice({axis, axis, axis}, {{{end, end}, {end, end}, {end, end}}});
  const auto engine = solvers::fdtd::MakeEngine(MPI_COMM_SELF, lattice,
                                                domain::UniformMedium({"glass", 2.25, 0, {}}), {});
  const domain::IndexBox nodes = lattice.InsidePml();
  const double time =
      MedianSeconds(seconds, [&] { simulate::time::MomentOnNodes(*engine, Component::Ez, nodes); });
  return time / static_cast<double>(nodes.Count());
}

/// A wave on a plane of the sample.
io::FieldFrame SampleFrame() {
  io::FieldFrame frame;
  frame.mesh = fmt::format("symwave_bench_{}", getpid());
  frame.number = 1;
  frame.time_unit = "um";
  for (int axis = 0; axis < 3; ++axis) {
    for (int k = 0; k < (axis < 2 ? kFrameEdge : 1); ++k) {
      frame.coordinates[axis].push_back(kFrameCell * k);
    }
  }
  frame.part.count = {kFrameEdge, kFrameEdge, 1};
  io::FieldArray wave{"Ez", "1", {}};
  for (int k = 0; k < kFrameEdge * kFrameEdge; ++k) {
    wave.values.push_back(std::sin(0.3F * static_cast<float>(k % kFrameEdge)));
  }
  frame.arrays.push_back(std::move(wave));
  return frame;
}

/// From the values of a plane to the bytes of a PNG.
double PixelSeconds(double seconds) {
  const io::FieldFrame frame = SampleFrame();
  const io::insitu::PictureLayout layout(kPictureWidth, 1, 1);
  io::insitu::ColourScale scale(false, true);
  scale.Note(1);
  const double time = MedianSeconds(seconds, [&] {
    const io::insitu::PlaneSampling sampling(frame.coordinates, 2, 0, layout.width, layout.height);
    const io::insitu::PlaneContent content{
        sampling.Collect(MPI_COMM_SELF, frame.part, {frame.part}, frame.arrays[0].values),
        {},
        {0, 1, 0, 1},
        {'x', 'y'},
        "",
        ""};
    DrawPlane(layout, content, scale).Png();
  });
  return time / (static_cast<double>(layout.picture_width) * layout.picture_height);
}

}  // namespace

void CalibrateFrames(Machine& machine, double seconds) {
  machine.Of(Operation::FramePoint) = PointSeconds(seconds);
  machine.Of(Operation::PicturePixel) = PixelSeconds(seconds);
  machine.Of(Operation::FieldFile) = run::InfoOf(Operation::FieldFile).common;
}

void CalibrateFieldFiles(Machine& machine) {
  io::FieldFrame frame = SampleFrame();
  double seconds = 0;
  {
    io::FieldSeries series({".", "", true, 0});
    const double start = MPI_Wtime();
    for (frame.number = 1; frame.number <= kFiles; ++frame.number) {
      series.Show(MPI_COMM_SELF, frame);
    }
    seconds = (MPI_Wtime() - start) / kFiles;
  }
  for (int k = 1; k <= kFiles; ++k) {
    std::remove(fmt::format("{}_{:06}.hdf", frame.mesh, k).c_str());
  }
  for (const char* ending : {".hdf.series", ".xmf"}) std::remove((frame.mesh + ending).c_str());
  machine.Of(Operation::FieldFile) = std::max(kLeastSeconds, seconds);
}

}  // namespace symwave::jobs::throughput
