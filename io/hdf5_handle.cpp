#include <utility>

#include "domain/base/agreement.hpp"
#include "io/hdf5.hpp"

namespace symwave::io {

Hdf5Handle::Hdf5Handle(Hdf5Handle&& other) noexcept
    : id_(std::exchange(other.id_, -1)), closer_(other.closer_), comm_(other.comm_) {}

Hdf5Handle& Hdf5Handle::operator=(Hdf5Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(closer_, other.closer_);
  std::swap(comm_, other.comm_);
  return *this;
}

Hdf5Handle::~Hdf5Handle() {
  if (id_ >= 0 && base::MayCommunicate(comm_)) Close();
}

bool Hdf5Handle::Close() {
  const hid_t id = std::exchange(id_, -1);
  return id < 0 || closer_(id) >= 0;
}

}  // namespace symwave::io
