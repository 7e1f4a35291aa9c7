#include "jobs/run/version.hpp"

#include <dlfcn.h>
#include <fmt/core.h>
#include <hdf5.h>
#include <mpi.h>
#include <petscpkg_version.h>
#include <petscsys.h>
#include <slepcsys.h>
#include <spdlog/version.h>

#include <Eigen/Core>
#include <climits>
#include <cstdlib>

namespace symwave::jobs::run {

namespace {

std::string BlasFile() {
  // The routine that MUMPS really calls, wherever the system's alternatives point to.
  void* zgemm = dlsym(RTLD_DEFAULT, "zgemm_");
  Dl_info info{};
  if (!zgemm || dladdr(zgemm, &info) == 0 || !info.dli_fname) return "unknown";
  char resolved[PATH_MAX];
  return realpath(info.dli_fname, resolved) ? resolved : info.dli_fname;
}

std::string MpiVersion() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string whole(text, length);
  return whole.substr(0, whole.find(','));
}

}  // namespace

std::string Version() {
  return SYMWAVE_VERSION;
}

nlohmann::ordered_json LibraryVersions() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return {{"PETSc", fmt::format("{}.{}.{} complex", PETSC_VERSION_MAJOR, PETSC_VERSION_MINOR,
                                PETSC_VERSION_SUBMINOR)},
          {"SLEPc", fmt::format("{}.{}.{}", SLEPC_VERSION_MAJOR, SLEPC_VERSION_MINOR,
                                SLEPC_VERSION_SUBMINOR)},
          {"MUMPS", fmt::format("{}.{}.{}", PETSC_PKG_MUMPS_VERSION_MAJOR,
                                PETSC_PKG_MUMPS_VERSION_MINOR, PETSC_PKG_MUMPS_VERSION_SUBMINOR)},
          {"HDF5", fmt::format("{}.{}.{} parallel", major, minor, release)},
          {"MPI", MpiVersion()},
          {"Eigen",
           fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
          {"spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
          {"BLAS", BlasFile()}};
}

std::string VersionText() {
  std::string text = "symwave " + Version() + "\n";
  const nlohmann::ordered_json libraries = LibraryVersions();
  for (const auto& [name, version] : libraries.items()) {
    text += fmt::format("  {:<8} {}\n", name, version.get<std::string>());
  }
  return text;
}

}  // namespace symwave::jobs::run
