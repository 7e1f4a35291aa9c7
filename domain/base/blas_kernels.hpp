// The dense kernels below MUMPS and SLEPc. OpenBLAS chooses them by the model of the processor when
// it is loaded; a version older than the processor (0.3.21 of Debian 12 on Emerald Rapids, for one)
// falls back to those of 2004 without vectors wider than 16 bytes, which makes factorizations
// several times slower.
#pragma once

namespace symwave::base {

/// To be called first of all, before MPI starts. Where OpenBLAS has fallen back on a processor with
/// AVX2 or AVX-512, sets OPENBLAS_CORETYPE and starts the program `argv` again; returns in all
/// other cases, and where the variable is set already.
void ChooseBlasKernels(char** argv);

}  // namespace symwave::base
