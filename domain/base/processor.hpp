// What the processor offers to hand-compiled loops.
#pragma once

namespace symwave::base {

/// Level of the x86-64 instruction set that this processor has: 4 (AVX-512), 3 (AVX2 and FMA), else
/// 1; 1 on other architectures.
int InstructionSetLevel();

/// Bytes of the vectors in which this processor computes fastest: 64, 32 or 16. Some processors
/// with AVX2 carry out its 32-byte operations in two halves (AMD Zen and Zen+, family 17h, models
/// below 30h, and Hygon's, family 18h) and lose by them when loads limit a loop.
int VectorBytes();

/// Size of the second-level cache of one core in bytes, 1 MiB where the system does not tell.
long SecondLevelCacheBytes();
/// Size of the last-level cache in bytes, 32 MiB where the system does not tell.
long LastLevelCacheBytes();

}  // namespace symwave::base
