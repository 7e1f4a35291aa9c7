// Places where tests let one rank fail: SYMWAVE_TEST_FAULT="name:rank:count:kind"
// (tests/README.md).
#pragma once

namespace symwave::base {

/// Whether a fault was asked for.
extern const bool kFaultsArmed;

/// Fails when `name` is the point that was asked for, on the rank and at the pass asked for.
void HitFaultPoint(const char* name);

inline void FaultPoint(const char* name) {
  if (kFaultsArmed) HitFaultPoint(name);
}

}  // namespace symwave::base
