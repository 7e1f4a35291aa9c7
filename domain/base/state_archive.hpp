// The seam between what computes and what keeps: an object hands its state to an archive in one
// function, which serves to save as well as to restore. Solvers know this interface, io/ implements
// it on HDF5.
#pragma once

#include <mpi.h>

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

namespace symwave::base {

/// The part of a distributed array that this rank hands over, row-major: `count` elements from
/// `offset` of `global` in each dimension. `count` may hold zeros. Parts of different ranks do not
/// overlap when saving; they may when restoring, and need not be those that were saved.
struct ArrayPart {
  std::vector<std::uint64_t> global, offset, count;
};

/// All members are collective on Comm() and called in the same order on every rank; the names are
/// paths such as "fields/Ez", unique in the archive. While saving, the archive copies what it is
/// given; while restoring, it overwrites it with what was saved, bit for bit.
/// UserError on every rank where the archive cannot be written or holds something else.
class StateArchive {
 public:
  virtual ~StateArchive() = default;

  virtual MPI_Comm Comm() const = 0;
  virtual bool Restoring() const = 0;

  // Values that are the same on every rank. Vectors and texts are resized when restoring.
  virtual void Value(const std::string& name, std::int64_t& value) = 0;
  virtual void Value(const std::string& name, double& value) = 0;
  virtual void Value(const std::string& name, std::string& value) = 0;
  virtual void Values(const std::string& name, std::vector<std::int64_t>& values) = 0;
  virtual void Values(const std::string& name, std::vector<double>& values) = 0;
  virtual void Values(const std::string& name, std::vector<std::complex<double>>& values) = 0;

  // Distributed arrays; `values` has the product of part.count elements, row-major.
  virtual void Array(const std::string& name, float* values, const ArrayPart& part) = 0;
  virtual void Array(const std::string& name, double* values, const ArrayPart& part) = 0;
  virtual void Array(const std::string& name, std::complex<double>* values,
                     const ArrayPart& part) = 0;
};

}  // namespace symwave::base
