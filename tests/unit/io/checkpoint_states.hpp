// A state of every kind of value, dealt to ranks in blocks, for the tests of checkpoints.
#pragma once

#include <complex>
#include <string>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/state_archive.hpp"

namespace symwave::testing_files {

/// The box of `rank` when an array of this shape is cut into px x py blocks along its last two
/// dimensions; ranks beyond hold nothing.
inline base::ArrayPart BlockOf(const std::vector<std::uint64_t>& shape, int rank, int px, int py) {
  base::ArrayPart part{shape, std::vector<std::uint64_t>(shape.size(), 0), shape};
  const std::size_t y = shape.size() - 2, x = shape.size() - 1;
  const auto cut = [&](std::size_t axis, int index, int parts) {
    const std::uint64_t n = shape[axis];
    part.offset[axis] = n * static_cast<std::uint64_t>(index) / parts;
    part.count[axis] = n * static_cast<std::uint64_t>(index + 1) / parts - part.offset[axis];
  };
  if (rank >= px * py) {
    part.count.assign(shape.size(), 0);
    return part;
  }
  cut(y, rank / px, py);
  cut(x, rank % px, px);
  return part;
}

struct TestState {
  base::ArrayPart box, plane;
  std::int64_t step = 0;
  double time = 0;
  std::string generator;
  std::vector<double> energies;
  std::vector<std::int64_t> empty;
  std::vector<std::complex<double>> sums;
  std::vector<float> field;
  std::vector<double> memory;
  std::vector<std::complex<double>> transform;

  /// Dealt to the ranks of `comm` in px x py blocks.
  TestState(MPI_Comm comm, int px, int py)
      : box(BlockOf({7, 9, 11}, base::Communicator::RankIn(comm), px, py)),
        plane(BlockOf({8, 10}, base::Communicator::RankIn(comm), px, py)),
        field(Size(box)),
        memory(Size(box)),
        transform(Size(plane)) {}

  static std::size_t Size(const base::ArrayPart& part) {
    std::size_t product = 1;
    for (const std::uint64_t n : part.count) product *= n;
    return product;
  }

  /// Every element is a function of its place in the whole array.
  template <class T>
  static void FillArray(std::vector<T>& values, const base::ArrayPart& part, double seed) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      std::size_t rest = k;
      double number = 0, stride = 1;
      for (std::size_t d = part.count.size(); d-- > 0;) {
        number += stride * static_cast<double>(part.offset[d] + rest % part.count[d]);
        stride *= static_cast<double>(part.global[d]);
        rest /= part.count[d];
      }
      values[k] = static_cast<T>(seed + 0.1 * number);
    }
  }

  void Fill(double seed) {
    step = static_cast<std::int64_t>(1000 * seed);
    time = seed / 3;
    generator = "1 2 3 " + std::to_string(seed);
    energies = {seed, 0.1, -0.0};
    sums = {{seed, 1}, {2, -seed}};
    FillArray(field, box, seed);
    FillArray(memory, box, seed + 0.5);
    FillArray(transform, plane, seed + 0.25);
  }

  void Exchange(base::StateArchive& archive) {
    archive.Value("step", step);
    archive.Value("time", time);
    archive.Value("generator", generator);
    archive.Values("energies", energies);
    archive.Values("empty", empty);
    archive.Values("monitor/sums", sums);
    archive.Array("fields/Ez", field.data(), box);
    archive.Array("fields/memory", memory.data(), box);
    archive.Array("transform", transform.data(), plane);
  }

  bool operator==(const TestState& o) const {
    return step == o.step && time == o.time && generator == o.generator && energies == o.energies &&
           empty == o.empty && sums == o.sums && field == o.field && memory == o.memory &&
           transform == o.transform;
  }
};

}  // namespace symwave::testing_files
