// Which of a guide's modes a port means: by number, or by polarization and number.
#pragma once

#include <string>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::domain {

/// "2" is the mode with the third largest effective index; "TE1" the second of those whose E lies
/// mostly along the first axis across the port, "TM1" of the others: along y for a port along x,
/// and along x for one along y or z. So TE of a port in the plane of a chip has E in that plane. In
/// 2D light of `Hz` is TE and light of `Ez` TM.
struct ModeChoice {
  enum class Kind { Any, TE, TM };
  Kind kind = Kind::Any;
  int order = 0;

  ModeChoice() = default;
  ModeChoice(int number) : order(number) {}  // NOLINT: a number is a choice
  ModeChoice(Kind k, int number) : kind(k), order(number) {}

  bool Named() const { return kind != Kind::Any; }
  /// "0", "TE1".
  std::string Text() const;
  /// One number for both.
  int Code() const { return 1000 * static_cast<int>(kind) + order; }
  /// Whether a mode with this share of E along the first axis across is of the kind.
  bool Takes(double te_fraction) const {
    return kind == Kind::Any || (te_fraction > 0.5) == (kind == Kind::TE);
  }
  bool operator==(const ModeChoice& other) const { return Code() == other.Code(); }
  bool operator<(const ModeChoice& other) const { return Code() < other.Code(); }
};

/// Reads what Text() writes, orders up to 99; false for anything else.
bool ParseModeChoice(const std::string& text, ModeChoice& choice);

/// Of a mode in results: "in" for number 0, else "in#1", "in#TE0".
std::string ModeName(const std::string& port, const ModeChoice& choice);

/// UserError, beginning with `who`, for TE in light of `Ez` and TM in light of `Hz`.
void RequirePossible(const Lattice& lattice, const std::vector<ModeChoice>& choices,
                     const std::string& who);

}  // namespace symwave::domain
