#include "io/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/array_checksum.hpp"
#include "io/array_rows.hpp"
#include "io/box_sum.hpp"
#include "io/checkpoint_archive.hpp"
#include "io/file_seal.hpp"
#include "io/hdf5.hpp"
#include "io/hdf5_error.hpp"

namespace symwave::io {

namespace {

// Bytes that are read at once: what the second-level cache holds until they are summed.
constexpr std::uint64_t kReadAtOnce = 1 << 20;

/// The bytes of a file as they are, without HDF5.
class RawFile {
 public:
  explicit RawFile(const std::string& path)
      : path_(path), file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ < 0) base::Fail("{}: cannot be read: {}", path, std::strerror(errno));
  }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  ~RawFile() { close(file_); }

  void Read(char* bytes, std::uint64_t count, std::uint64_t offset) const {
    while (count > 0) {
      const ssize_t got = pread(file_, bytes, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) base::Fail("{}: cannot be read: {}", path_, std::strerror(errno));
      if (got == 0) base::Fail("{}: the file is truncated", path_);
      bytes += got;
      count -= static_cast<std::uint64_t>(got);
      offset += static_cast<std::uint64_t>(got);
    }
  }

 private:
  std::string path_;
  int file_;
};

/// A dataset with its checksum and where its values lie.
struct Stored {
  std::string name;
  std::uint64_t place = 0, elements = 0;
  std::size_t size = 0;
  bool has_sum = false;
  std::uint64_t sum = 0;
  ArrayBlocks layout;
};

Stored Describe(const Hdf5File& file, const std::string& name) {
  Stored stored;
  stored.name = name;
  const Hdf5Handle dataset(H5Dopen2(file.Id(), name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.Valid()) base::Fail("{}: {} is damaged: {}", file.Path(), name, Hdf5Reason());
  const Hdf5Handle type(H5Dget_type(dataset.Get()), H5Tclose);
  const Hdf5Handle space(H5Dget_space(dataset.Get()), H5Sclose);
  const haddr_t place = H5Dget_offset(dataset.Get());
  const hssize_t elements = H5Sget_simple_extent_npoints(space.Get());
  if (elements < 0) base::Fail("{}: {} is damaged: {}", file.Path(), name, Hdf5Reason());
  stored.elements = static_cast<std::uint64_t>(elements);
  stored.size = H5Tget_size(type.Get());
  stored.place = place;
  if (stored.elements == 0) return stored;
  stored.has_sum = place != HADDR_UNDEF && H5Aexists(dataset.Get(), "checksum") > 0;
  if (!stored.has_sum) return stored;
  const auto sum = file.ReadAttribute<std::uint64_t>(name, "checksum");
  stored.layout = ReadArrayBlocks(file, name);
  std::uint64_t in_blocks = 0;
  for (std::size_t b = 0; b < stored.layout.Blocks(); ++b) {
    in_blocks += Elements(stored.layout.Block(b));
  }
  if (sum.size() != 1 || (stored.layout.Blocks() > 0 && in_blocks != stored.elements)) {
    base::Fail("{}: is damaged, {} is not complete", file.Path(), name);
  }
  stored.sum = sum[0];
  return stored;
}

/// Of all datasets, by this rank alone.
std::vector<Stored> ListDatasets(const std::string& path) {
  const Hdf5File file = Hdf5File::OpenRead(MPI_COMM_SELF, path);
  std::vector<Stored> datasets;
  for (const std::string& name : file.Datasets()) datasets.push_back(Describe(file, name));
  return datasets;
}

/// Of the elements first .. first + count of a dataset without blocks.
std::uint64_t RangeSum(const RawFile& file, const Stored& stored, std::uint64_t first,
                       std::uint64_t count) {
  std::vector<char> buffer;
  std::uint64_t sum = 0;
  const std::uint64_t step = std::max<std::uint64_t>(1, kReadAtOnce / stored.size);
  for (std::uint64_t done = 0; done < count; done += step) {
    const std::uint64_t length = std::min(step, count - done);
    buffer.resize(length * stored.size);
    file.Read(buffer.data(), buffer.size(), stored.place + (first + done) * stored.size);
    sum += ArraySum(buffer.data(), stored.size, first + done, length);
  }
  return sum;
}

/// Of the block that begins at element `start` of the dataset.
std::uint64_t BlockSum(const RawFile& file, const Stored& stored, const base::ArrayPart& block,
                       std::uint64_t start) {
  std::vector<char> buffer;
  BoxSum sum(stored.size, block);
  const std::uint64_t count = Elements(block);
  const std::uint64_t step = std::max<std::uint64_t>(1, kReadAtOnce / stored.size);
  for (std::uint64_t done = 0; done < count; done += step) {
    const std::uint64_t length = std::min(step, count - done);
    buffer.resize(length * stored.size);
    file.Read(buffer.data(), buffer.size(), stored.place + (start + done) * stored.size);
    sum.Add(buffer.data(), length);
  }
  return sum.Value();
}

/// This rank's share of the sum: blocks in turn, the values of a plain dataset in ranges.
std::uint64_t ShareOfSum(const RawFile& file, const Stored& stored, std::uint64_t rank,
                         std::uint64_t ranks) {
  if (stored.layout.Blocks() == 0) {
    const std::uint64_t first = stored.elements * rank / ranks;
    const std::uint64_t end = stored.elements * (rank + 1) / ranks;
    return RangeSum(file, stored, first, end - first);
  }
  std::uint64_t sum = 0, start = 0;
  for (std::size_t b = 0; b < stored.layout.Blocks(); ++b) {
    const base::ArrayPart block = stored.layout.Block(b);
    // One further than the rank that wrote it, which may have what it wrote in its memory.
    if ((b + 1) % ranks == rank) sum += BlockSum(file, stored, block, start);
    start += Elements(block);
  }
  return sum;
}

}  // namespace

void SealFile(const std::string& path) {
  std::vector<ByteRange> values;
  for (const Stored& stored : ListDatasets(path)) {
    if (!stored.has_sum) continue;
    values.push_back({stored.place, stored.place + stored.elements * stored.size});
  }
  WriteSeal(path, std::move(values));
}

FileCheck CheckFile(MPI_Comm comm, const std::string& path) {
  FileCheck check;
  std::vector<Stored> datasets;
  std::vector<std::uint64_t> sums;
  const auto rank = static_cast<std::uint64_t>(base::Communicator::RankIn(comm));
  const auto ranks = static_cast<std::uint64_t>(base::Communicator::SizeOf(comm));
  try {
    base::AgreeOnFailure(comm, [&] {
      try {
        check.sealed = IsSealed(path);
        datasets = ListDatasets(path);
        const RawFile file(path);
        for (const Stored& stored : datasets) {
          sums.push_back(stored.has_sum ? ShareOfSum(file, stored, rank, ranks) : 0);
        }
      } catch (const std::bad_alloc&) {
        base::Fail("{}: is damaged, it announces more than fits into memory", path);
      }
    });
  } catch (const base::UserError& error) {
    check.fault = error.what();
    return check;
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_UINT64_T,
                          MPI_SUM, comm));
  for (std::size_t k = 0; k < datasets.size(); ++k) {
    const Stored& stored = datasets[k];
    if (stored.elements == 0) continue;
    ++(stored.has_sum ? check.with_checksum : check.without);
    if (check.fault.empty() && stored.has_sum && sums[k] != stored.sum) {
      check.fault =
          fmt::format("{}: is damaged, the checksum of {} does not match", path, stored.name);
    }
  }
  return check;
}

}  // namespace symwave::io
