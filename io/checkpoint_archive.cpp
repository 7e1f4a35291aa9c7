#include "io/checkpoint_archive.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/array_rows.hpp"
#include "io/box_sum.hpp"
#include "io/hdf5_error.hpp"
#include "io/hdf5_types.hpp"

namespace symwave::io {

using base::ArrayPart;
using base::Communicator;
using Sizes = std::vector<std::uint64_t>;

namespace {

constexpr std::uint64_t kPiece = 64 << 20;  // bytes of a block that are read at once
// Bytes per call: ranks that write one file take turns in the kernel, long turns stall the others.
constexpr std::uint64_t kWrite = 4 << 20;

std::string PathOf(const std::string& name) {
  return "/state/" + name;
}

/// Contiguous, with its place in the file from the start and nothing written into it.
Hdf5Handle MakeFlat(hid_t file, const std::string& path, hid_t type, hsize_t elements) {
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.Get(), 1);
  const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_alloc_time(creation.Get(), H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(creation.Get(), H5D_FILL_TIME_NEVER);
  const Hdf5Handle space = SpaceOf({elements});
  return {
      H5Dcreate2(file, path.c_str(), type, space.Get(), links.Get(), creation.Get(), H5P_DEFAULT),
      H5Dclose};
}

/// By this rank alone: elements first .. first + count of a flat dataset. False: see HDF5's stack.
template <class Transfer>
bool MoveRange(hid_t dataset, hsize_t first, hsize_t count, std::size_t size, Transfer&& transfer) {
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  const hsize_t step = std::max<hsize_t>(1, kWrite / size);
  for (hsize_t done = 0; done < count; done += step) {
    const hsize_t start = first + done;
    const hsize_t length = std::min(step, count - done);
    const Hdf5Handle memory = SpaceOf({length});
    const bool ok =
        H5Sselect_hyperslab(space.Get(), H5S_SELECT_SET, &start, nullptr, &length, nullptr) >= 0 &&
        transfer(memory.Get(), space.Get(), done * size) >= 0;
    if (!ok) return false;
  }
  return true;
}

/// What two boxes of one array share, as a box of it; empty counts where nothing.
ArrayPart Intersection(const ArrayPart& a, const ArrayPart& b) {
  ArrayPart both = a;
  for (std::size_t d = 0; d < a.global.size(); ++d) {
    const std::uint64_t begin = std::max(a.offset[d], b.offset[d]);
    const std::uint64_t end = std::min(a.offset[d] + a.count[d], b.offset[d] + b.count[d]);
    both.offset[d] = begin;
    both.count[d] = end > begin ? end - begin : 0;
  }
  return both;
}

/// The box `inner` seen from `outer`, as a box of an array of the shape outer.count.
ArrayPart Within(const ArrayPart& inner, const ArrayPart& outer) {
  ArrayPart box{outer.count, inner.offset, inner.count};
  for (std::size_t d = 0; d < box.offset.size(); ++d) box.offset[d] -= outer.offset[d];
  return box;
}

/// Copies the rows of `shared` from the values of the box `from` into those of the box `to`.
void CopyRows(const ArrayPart& shared, const char* source, const ArrayPart& from, char* target,
              const ArrayPart& to, std::size_t size) {
  // Runs are cut to rows of the last dimension, which both boxes have in common.
  const std::uint64_t row = shared.count.back();
  const auto starts = [row](const ArrayPart& box) {
    Sizes first;
    ForEachRow(box, [&](std::uint64_t start, std::uint64_t, std::uint64_t length) {
      for (std::uint64_t k = 0; k < length; k += row) first.push_back(start + k);
    });
    return first;
  };
  const Sizes read = starts(Within(shared, from)), write = starts(Within(shared, to));
  for (std::size_t k = 0; k < read.size(); ++k) {
    std::memcpy(target + write[k] * size, source + read[k] * size, row * size);
  }
}

bool SameBox(const ArrayPart& a, const ArrayPart& b) {
  return a.offset == b.offset && a.count == b.count;
}

/// By this rank alone: what block and part share goes from the block at element `start` of the
/// dataset into `values`.
bool ReadShared(hid_t dataset, hid_t type, std::uint64_t start, const ArrayPart& block,
                char* values, const ArrayPart& part) {
  const std::size_t size = H5Tget_size(type);
  const ArrayPart shared = Intersection(block, part);
  if (Elements(shared) == 0) return true;
  const auto read_to = [&](char* target) {
    return [=](hid_t memory, hid_t space, hsize_t bytes) {
      return H5Dread(dataset, type, memory, space, H5P_DEFAULT, target + bytes);
    };
  };
  if (SameBox(block, part)) {
    return MoveRange(dataset, start, Elements(block), size, read_to(values));
  }
  const std::uint64_t plane = Elements(block) / block.count[0];
  const std::uint64_t step = std::max<std::uint64_t>(1, kPiece / (plane * size));
  std::vector<char> buffer;
  const std::uint64_t end = shared.offset[0] + shared.count[0];
  for (std::uint64_t at = shared.offset[0]; at < end; at += step) {
    ArrayPart piece = block, wanted = shared;
    piece.offset[0] = wanted.offset[0] = at;
    piece.count[0] = wanted.count[0] = std::min(step, end - at);
    buffer.resize(Elements(piece) * size);
    const std::uint64_t first = start + (at - block.offset[0]) * plane;
    if (!MoveRange(dataset, first, Elements(piece), size, read_to(buffer.data()))) return false;
    CopyRows(wanted, buffer.data(), piece, values, part, size);
  }
  return true;
}

void RequirePart(const ArrayPart& part) {
  const std::size_t dimensions = part.global.size();
  bool fits = dimensions > 0 && part.offset.size() == dimensions && part.count.size() == dimensions;
  for (std::size_t d = 0; fits && d < dimensions; ++d) {
    fits = part.offset[d] + part.count[d] <= part.global[d];
  }
  base::Require(fits, "the part of an array lies within it");
}

}  // namespace

ArrayBlocks ReadArrayBlocks(const Hdf5File& file, const std::string& name) {
  const Hdf5Handle dataset(H5Dopen2(file.Id(), name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.Valid() || H5Aexists(dataset.Get(), "layout") <= 0) return {};
  ArrayBlocks layout;
  layout.global = file.ReadAttribute<std::uint64_t>(name, "shape");
  const std::size_t dimensions = layout.global.size();
  const auto number = file.ReadAttribute<std::int64_t>(name, "layout");
  const std::string table_name = "/layouts/" + std::to_string(number.empty() ? -1 : number[0]);
  const Sizes table = file.Read<std::uint64_t>(table_name);
  bool good = dimensions > 0 && table.size() % (2 * dimensions) == 0;
  for (std::size_t k = 0; good && k < table.size(); k += 2 * dimensions) {
    const auto begin = table.begin() + static_cast<std::ptrdiff_t>(k);
    const auto middle = begin + static_cast<std::ptrdiff_t>(dimensions);
    layout.offset.emplace_back(begin, middle);
    layout.count.emplace_back(middle, middle + static_cast<std::ptrdiff_t>(dimensions));
    for (std::size_t d = 0; d < dimensions; ++d) {
      good = good && layout.count.back()[d] <= layout.global[d] &&
             layout.offset.back()[d] <= layout.global[d] - layout.count.back()[d];
    }
  }
  if (!good) base::Fail("{}: is damaged, {} does not fit {}", file.Path(), table_name, name);
  return layout;
}

CheckpointArchive::CheckpointArchive(Hdf5File& file, bool restoring)
    : file_(file), restoring_(restoring) {
  if (!restoring) write_back_.emplace(file.Path());
}

template <class T>
void CheckpointArchive::ExchangeValue(const std::string& name, T& value) {
  if (restoring_) {
    value = file_.ReadScalar<T>(PathOf(name));
  } else {
    file_.WriteScalar(PathOf(name), value);
  }
}

template <class T>
void CheckpointArchive::ExchangeValues(const std::string& name, std::vector<T>& values) {
  if (restoring_) {
    values = file_.Read<T>(PathOf(name));
  } else {
    file_.Write(PathOf(name), values);
  }
}

template <class T>
void CheckpointArchive::ExchangeArray(const std::string& name, T* values, const ArrayPart& part) {
  RequirePart(part);
  const Hdf5Handle type = Hdf5TypeOf<T>();
  if (restoring_) {
    ReadBlocks(PathOf(name), type.Get(), values, part);
  } else {
    WriteBlocks(PathOf(name), type.Get(), values, part);
  }
}

void CheckpointArchive::Value(const std::string& name, std::int64_t& value) {
  ExchangeValue(name, value);
}

void CheckpointArchive::Value(const std::string& name, double& value) {
  ExchangeValue(name, value);
}

void CheckpointArchive::Value(const std::string& name, std::string& value) {
  if (restoring_) {
    value = file_.ReadText(PathOf(name));
  } else {
    base::Require(value.find('\0') == std::string::npos, "a text has no zero bytes");
    file_.WriteText(PathOf(name), value);
  }
}

void CheckpointArchive::Values(const std::string& name, std::vector<std::int64_t>& values) {
  ExchangeValues(name, values);
}

void CheckpointArchive::Values(const std::string& name, std::vector<double>& values) {
  ExchangeValues(name, values);
}

void CheckpointArchive::Values(const std::string& name, std::vector<std::complex<double>>& values) {
  ExchangeValues(name, values);
}

void CheckpointArchive::Array(const std::string& name, float* values, const ArrayPart& part) {
  ExchangeArray(name, values, part);
}

void CheckpointArchive::Array(const std::string& name, double* values, const ArrayPart& part) {
  ExchangeArray(name, values, part);
}

void CheckpointArchive::Array(const std::string& name, std::complex<double>* values,
                              const ArrayPart& part) {
  ExchangeArray(name, values, part);
}

std::pair<std::int64_t, std::uint64_t> CheckpointArchive::LayoutOf(const ArrayPart& part) {
  const std::size_t width = 2 * part.global.size();
  Sizes mine = part.offset;
  mine.insert(mine.end(), part.count.begin(), part.count.end());
  Sizes all(width * static_cast<std::size_t>(Communicator::SizeOf(Comm())));
  base::Mpi(MPI_Allgather(mine.data(), static_cast<int>(width), MPI_UINT64_T, all.data(),
                          static_cast<int>(width), MPI_UINT64_T, Comm()));
  Sizes table, key = part.global;
  std::uint64_t elements = 0, first = 0;
  for (std::size_t rank = 0; rank * width < all.size(); ++rank) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(rank * width);
    const auto end = begin + static_cast<std::ptrdiff_t>(width);
    const std::uint64_t block = std::accumulate(begin + static_cast<std::ptrdiff_t>(width / 2), end,
                                                std::uint64_t{1}, std::multiplies<>());
    if (static_cast<int>(rank) == Communicator::RankIn(Comm())) first = elements;
    if (block > 0) table.insert(table.end(), begin, end);
    elements += block;
  }
  base::Require(elements == GlobalElements(part), "the parts of all ranks make the whole array");
  key.insert(key.end(), table.begin(), table.end());
  const auto [found, added] = layouts_.emplace(key, static_cast<std::int64_t>(layouts_.size()));
  if (added) {
    file_.Write("/layouts/" + std::to_string(found->second), table,
                {table.size() / width, 2, width / 2}, {"", "offset and count of every block"});
  }
  return {found->second, first};
}

void CheckpointArchive::WriteBlocks(const std::string& path, hid_t type, const void* values,
                                    const ArrayPart& part) {
  std::int64_t layout = 0;
  std::uint64_t first = 0;
  std::tie(layout, first) = LayoutOf(part);
  const std::size_t size = H5Tget_size(type);
  const std::uint64_t elements = GlobalElements(part);
  Hdf5Handle dataset = MakeFlat(file_.Id(), path, type, elements);
  const auto check = [&](bool ok) {
    base::ThrowIfAnyFailed(
        Comm(), ok ? "" : fmt::format("{}: cannot write {}: {}", file_.Path(), path, Hdf5Reason()));
  };
  check(dataset.Valid());
  const hsize_t place = elements > 0 ? H5Dget_offset(dataset.Get()) : HADDR_UNDEF;
  base::ThrowIfAnyFailed(Comm(), Communicator::RankIn(Comm()) == 0
                                     ? WhyNotReserved(file_.Path(), place, size * elements)
                                     : "");
  const auto* bytes = static_cast<const char*>(values);
  BoxSum sum(size, part);
  const auto write = [&](hid_t memory, hid_t space, hsize_t done) {
    const herr_t written = H5Dwrite(dataset.Get(), type, memory, space, H5P_DEFAULT, bytes + done);
    const auto count = static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(memory));
    if (written >= 0) write_back_->Start(place + first * size + done, count * size);
    sum.Add(bytes + done, count);  // while the disk and the other ranks write
    return written;
  };
  check(MoveRange(dataset.Get(), first, Elements(part), size, write));
  check(dataset.Close());
  std::uint64_t checksum = sum.Value();
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &checksum, 1, MPI_UINT64_T, MPI_SUM, Comm()));
  file_.WriteAttribute(path, "checksum", checksum);
  file_.WriteAttribute(path, "shape", part.global);
  file_.WriteAttribute(path, "layout", layout);
}

void CheckpointArchive::ReadBlocks(const std::string& path, hid_t type, void* values,
                                   const ArrayPart& part) {
  if (!file_.Has(path)) base::Fail("{}: has no array {}", file_.Path(), path);
  const ArrayBlocks layout = ReadArrayBlocks(file_, path);
  if (layout.global != part.global) {
    base::Fail("{}: {} has another shape than this run needs", file_.Path(), path);
  }
  const Hdf5Handle dataset(H5Dopen2(file_.Id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  const Hdf5Handle stored(H5Dget_type(dataset.Get()), H5Tclose);
  base::ThrowIfAnyFailed(
      Comm(),
      H5Tequal(stored.Get(), type) > 0
          ? ""
          : fmt::format("{}: {} has another precision than this run needs", file_.Path(), path));
  std::uint64_t start = 0;
  bool ok = true;
  for (std::size_t b = 0; ok && b < layout.Blocks(); ++b) {
    ok = ReadShared(dataset.Get(), type, start, layout.Block(b), static_cast<char*>(values), part);
    start += Elements(layout.Block(b));
  }
  base::ThrowIfAnyFailed(
      Comm(), ok ? "" : fmt::format("{}: cannot read {}: {}", file_.Path(), path, Hdf5Reason()));
}

}  // namespace symwave::io
