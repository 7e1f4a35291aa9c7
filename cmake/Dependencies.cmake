# Every third-party library of symwave, found once. All of them are Debian packages
# (jobs/install-deps lists the names).
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(MPI REQUIRED COMPONENTS C)
# The C interface of MPI is all that symwave uses.
target_compile_definitions(MPI::MPI_C INTERFACE OMPI_SKIP_MPICXX=1 MPICH_SKIP_MPICXX=1)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PETSC REQUIRED IMPORTED_TARGET petsc>=3.18)
pkg_check_modules(SLEPC REQUIRED IMPORTED_TARGET slepc>=3.18)
pkg_check_modules(HARMINV REQUIRED IMPORTED_TARGET harminv>=1.4)
pkg_check_modules(FFTW3 REQUIRED IMPORTED_TARGET fftw3>=3.3)
pkg_check_modules(FFTW3F REQUIRED IMPORTED_TARGET fftw3f>=3.3)
pkg_check_modules(POLYCLIPPING REQUIRED IMPORTED_TARGET polyclipping)  # Debian leaves its version empty
set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "symwave needs parallel HDF5; on Debian: apt-get install libhdf5-openmpi-dev")
endif()
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
