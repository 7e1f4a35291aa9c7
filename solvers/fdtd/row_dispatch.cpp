#include "domain/base/processor.hpp"
#include "solvers/fdtd/row_kernels.hpp"

namespace symwave::solvers::fdtd {

// One namespace per compilation of row_kernels.cpp, see solvers/CMakeLists.txt.
namespace generic {
void FillKernels(RowKernels<float> (&sets)[kFieldSets]);
void FillKernels(RowKernels<double> (&sets)[kFieldSets]);
}  // namespace generic
namespace avx2_halves {
void FillKernels(RowKernels<float> (&sets)[kFieldSets]);
void FillKernels(RowKernels<double> (&sets)[kFieldSets]);
}  // namespace avx2_halves
namespace avx2 {
void FillKernels(RowKernels<float> (&sets)[kFieldSets]);
void FillKernels(RowKernels<double> (&sets)[kFieldSets]);
}  // namespace avx2
namespace avx512 {
void FillKernels(RowKernels<float> (&sets)[kFieldSets]);
void FillKernels(RowKernels<double> (&sets)[kFieldSets]);
}  // namespace avx512

namespace {

template <class Real>
struct KernelTable {
  RowKernels<Real> sets[kFieldSets];

  KernelTable() {
    const int level = base::InstructionSetLevel();
    const char* name = "generic";
    if (level >= 4) {
      avx512::FillKernels(sets);
      name = "AVX-512";
    } else if (level == 3 && base::VectorBytes() == 32) {
      avx2::FillKernels(sets);
      name = "AVX2";
    } else if (level == 3) {
      avx2_halves::FillKernels(sets);
      name = "AVX2, 16-byte vectors";
    } else {
      generic::FillKernels(sets);
    }
    for (auto& set : sets) set.instruction_set = name;
  }
};

}  // namespace

template <class Real>
const RowKernels<Real>& KernelsFor(int field_set) {
  static const KernelTable<Real> table;
  return table.sets[field_set];
}

template const RowKernels<float>& KernelsFor<float>(int field_set);
template const RowKernels<double>& KernelsFor<double>(int field_set);

}  // namespace symwave::solvers::fdtd
