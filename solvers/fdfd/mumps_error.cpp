#include "solvers/fdfd/mumps_error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace symwave::solvers::fdfd {

namespace {

const char* const kSmaller =
    "use more ranks on more nodes, larger cells, a smaller grid, or the time domain "
    "(solver.method)";

/// A negative count is in millions.
double Entries(int detail) {
  return detail < 0 ? -1e6 * detail : detail;
}

std::string Memory(int code, int detail) {
  const double entries = Entries(detail);
  if (IsWorkspaceShort(code)) {
    return fmt::format(
        "its workspace, enlarged several times, is still short by {:.0f} entries, since pivoting "
        "needs far more than was estimated: {}",
        entries, kSmaller);
  }
  if (code == -19) {
    return fmt::format("its limit of memory is short by {:.0f} entries: {}", entries, kSmaller);
  }
  return fmt::format("the system refused memory for {:.0f} entries, up to {:.3g} MB: {}", entries,
                     16e-6 * entries, kSmaller);
}

std::string Singular(int code, int detail) {
  return fmt::format(
      "the operator is singular ({} {}), which more memory does not change. Something rings at "
      "this very wavelength without loss, such as a cavity closed by walls or metal, or a medium "
      "has permittivity 0: change the wavelength a little, give the media absorption, or open the "
      "walls (grid.pml)",
      code == -6 ? "structural rank" : "zero pivot after unknown", detail);
}

std::string Cause(int code, int detail) {
  switch (code) {
    case -6:
    case -10:
    case -40:
      return Singular(code, detail);
    case -5:
    case -7:
    case -8:
    case -9:
    case -11:
    case -12:
    case -13:
    case -14:
    case -15:
    case -17:
    case -19:
    case -20:
      return Memory(code, detail);
    case -1:
      return fmt::format("rank {} failed first; the reason is in its own output", detail);
    case -2:
      return fmt::format("the number of entries, {}, is out of range: {}", detail, kSmaller);
    case -16:
      return fmt::format("the number of unknowns, {}, is out of range: make the grid larger",
                         detail);
    case -51:
    case -52:
    case -53:
      return fmt::format("the ordering does not take so large a matrix: {}", kSmaller);
    case -90:
      return "the files of an out-of-core factorization cannot be written: free some disk space";
    case -3:
      return "it was called out of order, a fault of symwave: please report the deck";
    default:
      return "a code without a sentence of its own (MUMPS users' guide, section on INFOG): please "
             "report the deck";
  }
}

}  // namespace

bool IsWorkspaceShort(int code) {
  constexpr std::array<int, 8> kShort{-8, -9, -11, -12, -14, -15, -17, -20};
  return std::find(kShort.begin(), kShort.end(), code) != kShort.end();
}

std::string MumpsSentence(int code, int detail) {
  return fmt::format("MUMPS could not factorize the operator: {} [INFOG(1) = {}, INFOG(2) = {}]",
                     Cause(code, detail), code, detail);
}

}  // namespace symwave::solvers::fdfd
