// An archive in memory: whole arrays, gathered over the ranks that save and known to all of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/state_archive.hpp"

namespace symwave {

class MemoryArchive : public base::StateArchive {
 public:
  struct Entry {
    std::string type;
    std::vector<std::uint64_t> extent;
    std::vector<char> bytes;
  };

  /// Saves.
  explicit MemoryArchive(MPI_Comm comm) : comm_(comm) {}
  /// Restores what `saved` holds, on any ranks.
  MemoryArchive(MPI_Comm comm, const MemoryArchive& saved)
      : entries(saved.entries), comm_(comm), restoring_(true) {}

  std::map<std::string, Entry> entries;

  /// Collective on MPI_COMM_WORLD: the entries of rank 0 on every rank.
  void Share() {
    std::vector<char> packed;
    const auto append = [&packed](const void* data, std::uint64_t bytes) {
      const auto* size = reinterpret_cast<const char*>(&bytes);
      packed.insert(packed.end(), size, size + sizeof bytes);
      packed.insert(packed.end(), static_cast<const char*>(data),
                    static_cast<const char*>(data) + bytes);
    };
    for (const auto& [name, entry] : entries) {
      append(name.data(), name.size());
      append(entry.type.data(), entry.type.size());
      append(entry.extent.data(), 8 * entry.extent.size());
      append(entry.bytes.data(), entry.bytes.size());
    }
    std::uint64_t size = packed.size();
    base::Mpi(MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD));
    packed.resize(size);
    base::Mpi(MPI_Bcast(packed.data(), static_cast<int>(size), MPI_CHAR, 0, MPI_COMM_WORLD));
    entries.clear();
    const char* at = packed.data();
    const auto next = [&at] {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, at, sizeof bytes);
      at += sizeof bytes + bytes;
      return std::string(at - bytes, bytes);
    };
    while (at < packed.data() + packed.size()) {
      const std::string name = next();
      Entry& entry = entries[name];
      entry.type = next();
      const std::string extent = next(), bytes = next();
      entry.extent.resize(extent.size() / 8);
      std::memcpy(entry.extent.data(), extent.data(), extent.size());
      entry.bytes.assign(bytes.begin(), bytes.end());
    }
  }

  MPI_Comm Comm() const override { return comm_; }
  bool Restoring() const override { return restoring_; }

  void Value(const std::string& name, std::int64_t& value) override { One(name, "int", value); }
  void Value(const std::string& name, double& value) override { One(name, "double", value); }
  void Value(const std::string& name, std::string& value) override { Many(name, "text", value); }
  void Values(const std::string& name, std::vector<std::int64_t>& values) override {
    Many(name, "ints", values);
  }
  void Values(const std::string& name, std::vector<double>& values) override {
    Many(name, "doubles", values);
  }
  void Values(const std::string& name, std::vector<std::complex<double>>& values) override {
    Many(name, "complex", values);
  }
  void Array(const std::string& name, float* values, const base::ArrayPart& part) override {
    Gather(name, "float array", values, part);
  }
  void Array(const std::string& name, double* values, const base::ArrayPart& part) override {
    Gather(name, "double array", values, part);
  }
  void Array(const std::string& name, std::complex<double>* values,
             const base::ArrayPart& part) override {
    Gather(name, "complex array", values, part);
  }

 private:
  Entry& Find(const std::string& name, const std::string& type) {
    if (!restoring_) {
      EXPECT_EQ(entries.count(name), 0u) << name << " is saved twice";
      entries[name].type = type;
    } else if (entries.count(name) == 0 || entries[name].type != type) {
      base::Fail("the archive has no {} {}", type, name);
    }
    return entries[name];
  }

  template <class T>
  void One(const std::string& name, const char* type, T& value) {
    std::vector<T> values{value};
    Many(name, type, values);
    value = values.at(0);
  }

  template <class Container>
  void Many(const std::string& name, const char* type, Container& values) {
    Entry& entry = Find(name, type);
    if (!restoring_) {
      const auto* bytes = reinterpret_cast<const char*>(values.data());
      entry.bytes.assign(bytes, bytes + values.size() * sizeof(values[0]));
      std::vector<char> of_first = entry.bytes;
      std::uint64_t size = of_first.size();
      base::Mpi(MPI_Bcast(&size, 1, MPI_UINT64_T, 0, comm_));
      of_first.resize(size);
      base::Mpi(MPI_Bcast(of_first.data(), static_cast<int>(size), MPI_CHAR, 0, comm_));
      EXPECT_TRUE(of_first == entry.bytes) << name << " differs between the ranks";
      return;
    }
    values.resize(entry.bytes.size() / sizeof(values[0]));
    std::memcpy(values.data(), entry.bytes.data(), entry.bytes.size());
  }

  /// Calls visit(place in the whole, place in the part, elements) for every row of `part`.
  template <class Visit>
  static void ForEachRow(const base::ArrayPart& part, const Visit& visit) {
    std::uint64_t count = 1;
    for (const std::uint64_t n : part.count) count *= n;
    if (count == 0) return;
    const std::uint64_t length = part.count.back();
    for (std::uint64_t n = 0; n < count; n += length) {
      std::uint64_t rest = n, place = 0, stride = 1;
      for (size_t d = part.global.size(); d-- > 0;) {
        place += (part.offset[d] + rest % part.count[d]) * stride;
        rest /= part.count[d];
        stride *= part.global[d];
      }
      visit(place, n, length);
    }
  }

  template <class T>
  void Gather(const std::string& name, const char* type, T* values, const base::ArrayPart& part) {
    Entry& entry = Find(name, type);
    const std::uint64_t size = std::accumulate(part.global.begin(), part.global.end(),
                                               std::uint64_t{1}, std::multiplies<>());
    if (restoring_) {
      if (entry.extent != part.global) base::Fail("array {} has another extent", name);
      ForEachRow(part, [&](std::uint64_t whole, std::uint64_t n, std::uint64_t length) {
        std::memcpy(values + n, entry.bytes.data() + whole * sizeof(T), length * sizeof(T));
      });
      return;
    }
    entry.extent = part.global;
    entry.bytes.assign(size * sizeof(T), 0);
    std::vector<unsigned char> givers(size, 0);
    ForEachRow(part, [&](std::uint64_t whole, std::uint64_t n, std::uint64_t length) {
      std::memcpy(entry.bytes.data() + whole * sizeof(T), values + n, length * sizeof(T));
      for (std::uint64_t m = whole; m < whole + length; ++m) ++givers[m];
    });
    // Bytes of others are zero: their bitwise sum is the whole.
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, entry.bytes.data(), static_cast<int>(entry.bytes.size()),
                            MPI_UNSIGNED_CHAR, MPI_BOR, comm_));
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, givers.data(), static_cast<int>(size), MPI_UNSIGNED_CHAR,
                            MPI_SUM, comm_));
    const bool once = std::all_of(givers.begin(), givers.end(), [](auto n) { return n == 1; });
    EXPECT_TRUE(once) << name << ": some element is given by none or by several ranks";
  }

  MPI_Comm comm_;
  bool restoring_ = false;
};

/// Largest difference of two entries over the largest value of the first, NaN where they are of
/// different kinds.
inline double RelativeDifference(const MemoryArchive::Entry& a, const MemoryArchive::Entry& b) {
  if (a.type != b.type || a.bytes.size() != b.bytes.size()) return std::nan("");
  double largest = 0, difference = 0;
  const auto compare = [&](auto zero) {
    using T = decltype(zero);
    for (size_t n = 0; n < a.bytes.size(); n += sizeof(T)) {
      T x{}, y{};
      std::memcpy(&x, a.bytes.data() + n, sizeof(T));
      std::memcpy(&y, b.bytes.data() + n, sizeof(T));
      largest = std::max(largest, std::abs(static_cast<double>(x)));
      difference = std::max(difference, std::abs(static_cast<double>(x) - static_cast<double>(y)));
    }
  };
  if (a.type == "float array") {
    compare(float{});
  } else {
    compare(double{});
  }
  return largest > 0 ? difference / largest : difference;
}

}  // namespace symwave
