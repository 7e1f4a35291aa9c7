#include "domain/base/blas_kernels.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "domain/base/processor.hpp"

namespace symwave::base {

namespace {

/// The kernels that OpenBLAS has chosen; empty where another BLAS is linked.
std::string CoreOfOpenBlas() {
  using CoreName = char* (*)();
  const auto core = reinterpret_cast<CoreName>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return core != nullptr ? core() : "";
}

}  // namespace

void ChooseBlasKernels(char** argv) {
  constexpr const char* kVariable = "OPENBLAS_CORETYPE";
  const int level = InstructionSetLevel();
  if (level < 3 || std::getenv(kVariable) != nullptr || CoreOfOpenBlas() != "Prescott") return;
  setenv(kVariable, level >= 4 ? "SKYLAKEX" : "HASWELL", 1);
  // By its own path, so that ps, top and pkill know the process by its name.
  std::error_code unknown;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  execv(unknown ? "/proc/self/exe" : program.c_str(), argv);
  unsetenv(kVariable);  // not started again: the slow kernels are right as well
}

}  // namespace symwave::base
