# shellcheck shell=bash
# What symwave is built and run with on a cluster; an example to be copied to ~/symwave-modules.sh, changed,
# and sourced before cmake, on the login node and in batch scripts.

# Modules: the MPI with which PETSc, SLEPc and HDF5 of the others were built. Names differ from cluster to
# cluster: module spider petsc.
if command -v module >/dev/null; then
  module load gcc/12 openmpi/4.1 petsc/3.18-complex slepc/3.18-complex hdf5/1.12-mpi fftw/3.3 openblas
fi

# Or all of them from the environment in spack.yaml:
#   spack env activate /path/to/jobs/slurm

# cmake finds PETSc, SLEPc, FFTW, harminv and polyclipping by pkg-config, the others by their prefix:
#   export PKG_CONFIG_PATH=$PETSC_DIR/lib/pkgconfig:$SLEPC_DIR/lib/pkgconfig:$PKG_CONFIG_PATH
#   export CMAKE_PREFIX_PATH=$HDF5_DIR:$CMAKE_PREFIX_PATH

# Where `cmake --install build/release --prefix DIR` has put symwave.
export PATH="${SYMWAVE_PREFIX:-$HOME/symwave}/bin:$PATH"

# One thread of BLAS per rank: the ranks fill the cores.
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
