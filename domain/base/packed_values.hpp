// What an object hands to an archive, but for its distributed arrays, as bytes for other ranks.
#pragma once

#include <string>
#include <vector>

#include "domain/base/packing.hpp"
#include "domain/base/state_archive.hpp"

namespace symwave::base {

/// A group of ranks that holds an object packs its values, and the other ranks take them for an
/// object of which they have no part of any array: then all hand it to an archive together. Nothing
/// is collective.
class PackedValues final : public StateArchive {
 public:
  /// To pack.
  PackedValues() = default;
  /// To take from `bytes`, which must outlive the object.
  explicit PackedValues(const std::vector<char>& bytes) : packed_(bytes), restoring_(true) {}

  const std::vector<char>& Bytes() const { return packer_.Bytes(); }

  MPI_Comm Comm() const override { return MPI_COMM_SELF; }
  bool Restoring() const override { return restoring_; }
  void Value(const std::string&, std::int64_t& value) override { Exchange(value); }
  void Value(const std::string&, double& value) override { Exchange(value); }
  void Value(const std::string&, std::string& value) override { Exchange(value); }
  void Values(const std::string&, std::vector<std::int64_t>& values) override { Exchange(values); }
  void Values(const std::string&, std::vector<double>& values) override { Exchange(values); }
  void Values(const std::string&, std::vector<std::complex<double>>& values) override {
    Exchange(values);
  }
  void Array(const std::string&, float*, const ArrayPart&) override {}
  void Array(const std::string&, double*, const ArrayPart&) override {}
  void Array(const std::string&, std::complex<double>*, const ArrayPart&) override {}

 private:
  template <class T>
  void Exchange(T& value) {
    if (restoring_) {
      packed_.Take(value);
    } else {
      packer_.Add(value);
    }
  }

  Packer packer_;
  Unpacker packed_{packer_.Bytes()};
  bool restoring_ = false;
};

}  // namespace symwave::base
