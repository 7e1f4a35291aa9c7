// The electronics between two blocks: measured amplitudes to new launched amplitudes, and back for
// the error.
#pragma once

#include "training/amplitudes.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// See ReencodingOptions. x is what the next block gets, y what the previous one delivered.
class Reencoder {
 public:
  Reencoder(const ReencodingOptions& options, int ports) : options_(options), ports_(ports) {}

  /// `encoded` holds the encoded features of the same samples; used when add_features is set.
  void Apply(const Amplitudes& y, const Amplitudes& encoded, Amplitudes& x) const;

  /// With error = dL/dx on entry (dL = 2 Re(g^T dx)), error = dL/dy on return. `x` is what Apply
  /// made of `y`:  dL/dI_p = 2 Re(g_p dx_p/dI_p),  dL/dy_p = dL/dI_p conj(y_p).
  void Backward(const Amplitudes& y, const Amplitudes& encoded, const Amplitudes& x,
                Amplitudes& error) const;

 private:
  ReencodingOptions options_;
  int ports_;
};

}  // namespace symwave::training
