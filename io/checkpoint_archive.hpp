// A StateArchive in an HDF5 file, to save and to restore on any number of ranks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "io/hdf5.hpp"
#include "io/write_back.hpp"

namespace symwave::io {

/// Where the parts of an array lie in its dataset: block after block, each row-major.
struct ArrayBlocks {
  std::vector<std::uint64_t> global;
  std::vector<std::vector<std::uint64_t>> offset, count;  ///< of every block

  std::size_t Blocks() const { return offset.size(); }
  base::ArrayPart Block(std::size_t b) const { return {global, offset[b], count[b]}; }
};

/// The layout of the dataset `name`, empty where it is not stored in blocks. UserError: damaged.
ArrayBlocks ReadArrayBlocks(const Hdf5File& file, const std::string& name);

/// Stores everything below /state. An array is one dataset without dimensions, in which the part of
/// every rank is one contiguous block, as it lies in memory: each rank writes once, without a copy
/// and without waiting for another one, and the disk takes what is written while the next is. The
/// attributes `shape` (of the whole array), `layout` (of the table /layouts/<number>: offset and
/// count of every block) and `checksum` (io/array_checksum.hpp) make it readable on other ranks;
/// h5py reads it block by block.
class CheckpointArchive final : public base::StateArchive {
 public:
  /// `file` was made by Create (to save) or by OpenRead (to restore) and outlives the archive.
  CheckpointArchive(Hdf5File& file, bool restoring);

  MPI_Comm Comm() const override { return file_.Comm(); }
  bool Restoring() const override { return restoring_; }
  void Value(const std::string& name, std::int64_t& value) override;
  void Value(const std::string& name, double& value) override;
  void Value(const std::string& name, std::string& value) override;
  void Values(const std::string& name, std::vector<std::int64_t>& values) override;
  void Values(const std::string& name, std::vector<double>& values) override;
  void Values(const std::string& name, std::vector<std::complex<double>>& values) override;
  void Array(const std::string& name, float* values, const base::ArrayPart& part) override;
  void Array(const std::string& name, double* values, const base::ArrayPart& part) override;
  void Array(const std::string& name, std::complex<double>* values,
             const base::ArrayPart& part) override;

 private:
  template <class T>
  void ExchangeValue(const std::string& name, T& value);
  template <class T>
  void ExchangeValues(const std::string& name, std::vector<T>& values);
  template <class T>
  void ExchangeArray(const std::string& name, T* values, const base::ArrayPart& part);
  void WriteBlocks(const std::string& path, hid_t type, const void* values,
                   const base::ArrayPart& part);
  void ReadBlocks(const std::string& path, hid_t type, void* values, const base::ArrayPart& part);
  /// Number of the table that holds the parts of all ranks, written when it is new, and the first
  /// element of this rank's block.
  std::pair<std::int64_t, std::uint64_t> LayoutOf(const base::ArrayPart& part);

  Hdf5File& file_;
  bool restoring_;
  std::optional<WriteBack> write_back_;                         ///< while saving
  std::map<std::vector<std::uint64_t>, std::int64_t> layouts_;  ///< written: parts -> number
};

}  // namespace symwave::io
