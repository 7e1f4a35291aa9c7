// Effective index of a silicon slab in glass, by the libraries of an installed symwave.
#include <cstdio>

#include "io/run_state.hpp"
#include "solvers/modes/slab.hpp"

int main() {
  using namespace symwave::solvers::modes;
  const auto n_eff =
      SlabEffectiveIndices(1.55, 1.444, {{3.476, 0.22}}, 1.444, SlabPolarization::TE);
  std::printf("%.4f, %s\n", n_eff.at(0), symwave::io::StateOfRun("nowhere").state.c_str());
  return 0;
}
