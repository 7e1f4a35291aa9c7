#include "io/insitu/shared_planes.hpp"

#include <algorithm>
#include <cstring>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/packing.hpp"

namespace symwave::io::insitu {

namespace {

using base::Communicator;

std::array<long, 3> SizeOf(const FieldFrame& frame) {
  std::array<long, 3> size{};
  for (size_t axis = 0; axis < 3; ++axis) {
    size[axis] = static_cast<long>(frame.coordinates[axis].size());
  }
  return size;
}

FieldPart Overlap(const FieldPart& a, const FieldPart& b) {
  FieldPart both;
  for (size_t axis = 0; axis < 3; ++axis) {
    both.offset[axis] = std::max(a.offset[axis], b.offset[axis]);
    const long end = std::min(a.offset[axis] + a.count[axis], b.offset[axis] + b.count[axis]);
    both.count[axis] = std::max(0L, end - both.offset[axis]);
  }
  return both;
}

/// Calls row(index of its first point in `box`, number of points) for each row of `some` along x,
/// which lies within `box`.
template <class Row>
void ForEachRow(const FieldPart& some, const FieldPart& box, Row&& row) {
  if (some.count[0] == 0) return;
  for (long k = 0; k < some.count[2]; ++k) {
    for (long j = 0; j < some.count[1]; ++j) {
      const long z = some.offset[2] + k - box.offset[2];
      const long y = some.offset[1] + j - box.offset[1];
      const long x = some.offset[0] - box.offset[0];
      row(static_cast<size_t>((z * box.count[1] + y) * box.count[0] + x),
          static_cast<size_t>(some.count[0]));
    }
  }
}

void Append(std::vector<char>& message, const std::vector<float>& values, const FieldPart& box,
            const FieldPart& some) {
  ForEachRow(some, box, [&](size_t first, size_t count) {
    const char* bytes = reinterpret_cast<const char*>(values.data() + first);
    message.insert(message.end(), bytes, bytes + count * sizeof(float));
  });
}

/// Returns the bytes behind those that were taken.
const char* Insert(const char* bytes, std::vector<float>& values, const FieldPart& box,
                   const FieldPart& some) {
  ForEachRow(some, box, [&](size_t first, size_t count) {
    std::memcpy(values.data() + first, bytes, count * sizeof(float));
    bytes += count * sizeof(float);
  });
  return bytes;
}

}  // namespace

std::vector<FieldPart> GatherParts(MPI_Comm comm, const FieldPart& part) {
  std::vector<FieldPart> parts(static_cast<size_t>(Communicator::SizeOf(comm)));
  static_assert(sizeof(FieldPart) == 6 * sizeof(long), "a part is its six numbers");
  base::Mpi(MPI_Allgather(&part, 6, MPI_LONG, parts.data(), 6, MPI_LONG, comm));
  return parts;
}

FieldPart WithSharedPlanes(const FieldPart& part, const std::array<long, 3>& size) {
  FieldPart larger = part;
  if (part.Points() == 0) return larger;
  for (size_t axis = 0; axis < 3; ++axis) {
    if (part.offset[axis] + part.count[axis] < size[axis]) ++larger.count[axis];
  }
  return larger;
}

std::vector<std::vector<float>> SharePlanes(MPI_Comm comm, const FieldFrame& frame) {
  const std::array<long, 3> size = SizeOf(frame);
  const std::vector<FieldPart> parts = GatherParts(comm, frame.part);
  const auto rank = static_cast<size_t>(Communicator::RankIn(comm));
  const FieldPart mine = WithSharedPlanes(frame.part, size);

  std::vector<std::vector<char>> for_rank(parts.size());
  for (size_t other = 0; other < parts.size(); ++other) {
    if (other == rank) continue;
    const FieldPart wanted = Overlap(WithSharedPlanes(parts[other], size), frame.part);
    for (const FieldArray& array : frame.arrays) {
      Append(for_rank[other], array.values, frame.part, wanted);
    }
  }
  const std::vector<std::vector<char>> from_rank = base::Exchange(comm, for_rank);
  if (mine.Points() == frame.part.Points()) return {};

  std::vector<std::vector<float>> larger(frame.arrays.size());
  for (size_t a = 0; a < larger.size(); ++a) {
    larger[a].resize(static_cast<size_t>(mine.Points()));
    Insert(reinterpret_cast<const char*>(frame.arrays[a].values.data()), larger[a], mine,
           frame.part);
  }
  for (size_t other = 0; other < parts.size(); ++other) {
    if (other == rank) continue;
    const FieldPart got = Overlap(mine, parts[other]);
    const char* bytes = from_rank[other].data();
    for (auto& values : larger) bytes = Insert(bytes, values, mine, got);
  }
  return larger;
}

}  // namespace symwave::io::insitu
