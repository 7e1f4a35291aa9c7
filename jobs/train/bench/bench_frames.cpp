#include "jobs/train/bench/bench_frames.hpp"

#include <fmt/format.h>

#include "domain/base/communicator.hpp"

namespace symwave::jobs::train::bench {

namespace {

std::vector<double> Centred(int pixels, double pitch) {
  std::vector<double> at(static_cast<size_t>(pixels));
  for (int k = 0; k < pixels; ++k) at[static_cast<size_t>(k)] = (k - 0.5 * (pixels - 1)) * pitch;
  return at;
}

}  // namespace

std::vector<io::FieldFrame> FramesOf(MPI_Comm comm, const training::bench::BenchGeometry& geometry,
                                     const BenchTrace& trace, const std::vector<float>& masks,
                                     const PlaneFrames& asked) {
  const long ranks = base::Communicator::SizeOf(comm), rank = base::Communicator::RankIn(comm);
  const long rows = geometry.pixels_y, columns = geometry.pixels_x;
  const long first = rows * rank / ranks, end = rows * (rank + 1) / ranks;
  std::vector<io::FieldFrame> frames;
  for (int layer = 0; layer < trace.layers; ++layer) {
    io::FieldFrame frame;
    frame.mesh = fmt::format("field_{}_layer_{}", asked.trainer, layer + 1);
    frame.of = fmt::format("{}, epoch {}, layer {}", asked.trainer, asked.epoch, layer + 1);
    frame.number = asked.epoch;
    frame.time = static_cast<double>(asked.epoch);
    frame.time_unit = "epoch";
    frame.coordinates = {Centred(geometry.pixels_x, geometry.pitch),
                         Centred(geometry.pixels_y, geometry.pitch),
                         {0}};
    if (end > first) frame.part = {{0, first, 0}, {columns, end - first, 1}};
    for (const std::string& name : asked.fields.names) {
      const bool mask = name == "mask";
      const auto plane = (mask ? masks : trace.planes).begin() + layer * rows * columns;
      frame.arrays.push_back(io::MakeFieldArray(name, mask ? "rad" : "1",
                                                {plane + first * columns, plane + end * columns},
                                                asked.fields.float64));
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace symwave::jobs::train::bench
