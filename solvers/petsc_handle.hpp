// Owners of PETSc and SLEPc objects: destroyed with their scope, never copied.
#pragma once

#include <petscmat.h>
#include <slepceps.h>

#include <utility>

#include "domain/base/agreement.hpp"

namespace symwave::solvers {

template <class Object, PetscErrorCode (*Destroy)(Object*)>
class PetscHandle {
 public:
  PetscHandle() = default;
  explicit PetscHandle(Object object) : object_(object) {}
  PetscHandle(PetscHandle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  PetscHandle& operator=(PetscHandle&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  PetscHandle(const PetscHandle&) = delete;
  PetscHandle& operator=(const PetscHandle&) = delete;
  ~PetscHandle() {
    // Collective: a factor of MUMPS, for one, is freed by all ranks together.
    if (object_ && base::MayCommunicate(PetscObjectComm(reinterpret_cast<PetscObject>(object_)))) {
      Destroy(&object_);
    }
  }

  operator Object() const { return object_; }
  /// For calls that create the object.
  Object* Out() { return &object_; }

 private:
  Object object_ = nullptr;
};

using MatHandle = PetscHandle<Mat, MatDestroy>;
using VecHandle = PetscHandle<Vec, VecDestroy>;
using EpsHandle = PetscHandle<EPS, EPSDestroy>;

}  // namespace symwave::solvers
