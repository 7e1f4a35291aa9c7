#include "domain/base/processor.hpp"

#include <unistd.h>

namespace symwave::base {

namespace {

long CacheBytes(int name, long otherwise) {
  const long bytes = sysconf(name);
  return bytes > 0 ? bytes : otherwise;
}

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

long SecondLevelCacheBytes() {
  return CacheBytes(_SC_LEVEL2_CACHE_SIZE, 1L << 20);
}

long LastLevelCacheBytes() {
  return CacheBytes(_SC_LEVEL3_CACHE_SIZE, 32L << 20);
}

}  // namespace symwave::base
