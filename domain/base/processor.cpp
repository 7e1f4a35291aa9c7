#include "domain/base/processor.hpp"

#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace symwave::base {

namespace {

long CacheBytes(int name, long otherwise) {
  const long bytes = sysconf(name);
  return bytes > 0 ? bytes : otherwise;
}

#if defined(__x86_64__)
/// From cpuid leaf 1: base family plus extended family, extended and base model.
bool SplitsWideVectors() {
  unsigned version = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &version, &b, &c, &d) == 0) return false;
  const unsigned base = (version >> 8) & 15;
  const unsigned family = base == 15 ? base + ((version >> 20) & 255) : base;
  const unsigned model = ((version >> 12) & 0xf0) | ((version >> 4) & 15);
  const bool zen = __builtin_cpu_is("amd") && family == 0x17 && model < 0x30;
  return zen || family == 0x18;
}
#endif

}  // namespace

int InstructionSetLevel() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 1;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512cd");
  return wide ? 4 : 3;
#else
  return 1;
#endif
}

int VectorBytes() {
  const int level = InstructionSetLevel();
  if (level >= 4) return 64;
#if defined(__x86_64__)
  if (level == 3 && !SplitsWideVectors()) return 32;
#endif
  return 16;
}

long SecondLevelCacheBytes() {
  return CacheBytes(_SC_LEVEL2_CACHE_SIZE, 1L << 20);
}

long LastLevelCacheBytes() {
  return CacheBytes(_SC_LEVEL3_CACHE_SIZE, 32L << 20);
}

}  // namespace symwave::base
