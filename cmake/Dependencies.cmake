# Every third-party library of the libraries of symwave, found once: by the build, and by
# symwaveConfig.cmake for those who link them. What is missing or too old ends in one sentence with
# its remedy. On Debian jobs/install-deps installs all of them; on a cluster they come as modules
# (jobs/slurm/modules.sh) or from Spack (jobs/slurm/spack.yaml).

# symwave_needs(<what> <version that was found, or nothing> <least version> <remedy>)
function(symwave_needs what found least remedy)
  if("${found}" STREQUAL "")
    set(found "none")
  elseif(NOT found VERSION_LESS least)
    return()
  endif()
  message(FATAL_ERROR "symwave needs ${what} ${least} or later, found: ${found}; ${remedy}")
endfunction()

find_package(PkgConfig)
symwave_needs("pkg-config" "${PKG_CONFIG_VERSION_STRING}" 0.29 "apt-get install pkg-config")

# symwave_pkg_config(<prefix> <what> <least version> <remedy> <names that it may have>)
# Makes the target PkgConfig::<prefix>.
macro(symwave_pkg_config prefix what least remedy)
  pkg_search_module(${prefix} QUIET IMPORTED_TARGET ${ARGN})
  if(${prefix}_FOUND AND "${${prefix}_VERSION}" STREQUAL "")
    set(${prefix}_VERSION ${least})  # Debian leaves that of polyclipping empty
  endif()
  symwave_needs("${what}" "${${prefix}_VERSION}" ${least}
    "${remedy}, or put the folder of its .pc file into PKG_CONFIG_PATH")
endmacro()

find_package(OpenMP REQUIRED COMPONENTS CXX)

find_package(MPI COMPONENTS C)
symwave_needs("MPI of the standard" "${MPI_C_VERSION}" 3.1
  "load the module of an MPI library (or apt-get install libopenmpi-dev), or give -DMPI_C_COMPILER=PATH of its mpicc")
# The C interface of MPI is all that symwave uses.
target_compile_definitions(MPI::MPI_C INTERFACE OMPI_SKIP_MPICXX=1 MPICH_SKIP_MPICXX=1)

symwave_pkg_config(PETSC "PETSc" 3.18
  "load a PETSc module built with complex scalars and MUMPS (or apt-get install libpetsc-complex-dev)" PETSc petsc)
set(petsc_settings "")
foreach(folder IN LISTS PETSC_INCLUDE_DIRS ITEMS /usr/include)
  if(EXISTS ${folder}/petscconf.h)
    file(STRINGS ${folder}/petscconf.h settings REGEX "^#define PETSC_(USE|HAVE)_")
    list(APPEND petsc_settings ${settings})
  endif()
endforeach()
foreach(setting COMPLEX REAL_DOUBLE MUMPS)
  if(NOT petsc_settings MATCHES "PETSC_(USE|HAVE)_${setting}[ ;]")
    pkg_get_variable(petsc_folder ${PETSC_MODULE_NAME} pcfiledir)
    message(FATAL_ERROR
      "symwave needs PETSc with complex scalars in double precision and MUMPS, and the PETSc "
      "${PETSC_VERSION} of ${petsc_folder} has no ${setting}; choose another module, or build one "
      "with --with-scalar-type=complex --download-mumps, and put its lib/pkgconfig first into "
      "PKG_CONFIG_PATH")
  endif()
endforeach()
symwave_pkg_config(SLEPC "SLEPc" 3.18
  "load the SLEPc module that belongs to the PETSc (or apt-get install libslepc-complex-dev)" SLEPc slepc)

symwave_pkg_config(HARMINV "harminv" 1.4 "apt-get install libharminv-dev" harminv)
symwave_pkg_config(FFTW3 "FFTW" 3.3 "load an FFTW module (or apt-get install libfftw3-dev)" fftw3)
symwave_pkg_config(FFTW3F "FFTW in single precision" 3.3
  "load an FFTW module (or apt-get install libfftw3-dev)" fftw3f)
symwave_pkg_config(POLYCLIPPING "polyclipping" 6.2 "apt-get install libpolyclipping-dev" polyclipping)

set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 COMPONENTS C)
set(hdf5_remedy "load a module of HDF5 built with the same MPI (or apt-get install libhdf5-openmpi-dev), or give -DHDF5_ROOT=PATH")
symwave_needs("HDF5" "${HDF5_VERSION}" 1.10 "${hdf5_remedy}")
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR
    "symwave needs HDF5 with MPI, and the HDF5 ${HDF5_VERSION} in ${HDF5_INCLUDE_DIRS} is without; "
    "${hdf5_remedy}")
endif()

find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
