// Values of any kind as one string of bytes, for messages between ranks of one program.
#pragma once

#include <mpi.h>

#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"

namespace symwave::base {

class Packer {
 public:
  template <class T>
  void Add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>, "plain values only");
    Append(&value, sizeof(T));
  }
  template <class T>
  void Add(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>, "plain values only");
    Add(values.size());
    Append(values.data(), values.size() * sizeof(T));
  }
  void Add(const std::string& text) { Add(std::vector<char>(text.begin(), text.end())); }

  const std::vector<char>& Bytes() const { return bytes_; }

 private:
  void Append(const void* data, std::size_t size) {
    const char* first = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  std::vector<char> bytes_;
};

/// Takes values in the order in which they were packed; the bytes must outlive the object.
class Unpacker {
 public:
  explicit Unpacker(const std::vector<char>& bytes) : bytes_(bytes) {}

  template <class T>
  void Take(T& value) {
    static_assert(std::is_trivially_copyable_v<T>, "plain values only");
    Copy(&value, sizeof(T));
  }
  template <class T>
  void Take(std::vector<T>& values) {
    std::size_t count = 0;
    Take(count);
    values.resize(count);
    Copy(values.data(), count * sizeof(T));
  }
  void Take(std::string& text) {
    std::vector<char> letters;
    Take(letters);
    text.assign(letters.begin(), letters.end());
  }
  bool AtEnd() const { return at_ == bytes_.size(); }

 private:
  void Copy(void* to, std::size_t size) {
    Require(at_ + size <= bytes_.size(), "as much is taken as was packed");
    if (size > 0) std::memcpy(to, bytes_.data() + at_, size);
    at_ += size;
  }
  const std::vector<char>& bytes_;
  std::size_t at_ = 0;
};

/// Collective: for_rank[r] is sent to rank r; what came from every rank.
std::vector<std::vector<char>> Exchange(MPI_Comm comm,
                                        const std::vector<std::vector<char>>& for_rank,
                                        std::size_t most = kMostPerMessage);

/// Collective: the bytes of every rank on all ranks, by rank. More than `most` in all are sent rank
/// by rank.
std::vector<std::vector<char>> GatherFromAll(MPI_Comm comm, const std::vector<char>& mine,
                                             std::size_t most = kMostPerMessage);

}  // namespace symwave::base
