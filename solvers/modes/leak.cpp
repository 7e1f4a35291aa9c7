#include "solvers/modes/leak.hpp"

#include <fmt/core.h>

namespace symwave::solvers::modes {

std::string LeakReason(double n_eff, double edge_index, const std::string& edge) {
  if (edge.empty() || n_eff > edge_index) return "";
  return fmt::format(
      "the mode of index {:.4f} leaks into the medium at the {} edge of the port's window, which "
      "carries waves of index {:.4f}. Where that is a substrate, slab or guide as dense as the "
      "guide itself, end the window at least one cell before it; else ",
      n_eff, edge, edge_index);
}

}  // namespace symwave::solvers::modes
