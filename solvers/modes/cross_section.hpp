// Modes of a guide's cross-section on the lattice itself, so that a port launches exactly what the
// discrete guide carries.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <map>
#include <vector>

namespace symwave::solvers::modes {

using Complex = std::complex<double>;

/// Coefficients of -div(alpha grad u) - w^2 beta u on a line of m cells across a guide that is
/// uniform along its axis.
struct CrossSection {
  std::vector<double> width;            ///< m cells, um
  std::vector<double> spacing;          ///< m + 1 faces, distance of cell centres
  std::vector<Complex> alpha_along;     ///< m
  std::vector<Complex> alpha_across;    ///< m + 1
  std::vector<Complex> beta;            ///< m
  std::vector<Complex> stretch_centre;  ///< m, PML across
  std::vector<Complex> stretch_face;    ///< m + 1
  /// What holds at both ends: flux factor 2 (u = 0 on the face), 1 (u = 0 one cell further), 0 (no
  /// flux).
  double wall_begin = 1;
  double wall_end = 1;
  /// No wall there: the line is cut off inside the medium or ends in a PML.
  bool open_begin = true;
  bool open_end = true;
};

struct Mode {
  Complex n_eff;
  Complex wave_number;    ///< k of the lattice, u ~ exp(i k x): 4 sin^2(k h / 2) / h^2 = kappa^2
  Complex flux_factor;    ///< sin(k h) / h, k in the continuum
  double core_index = 1;  ///< largest on the line
  bool guided = false;    ///< decays towards both ends, or is held by walls
  std::vector<Complex> profile;  ///< m values, unit power:
                                 ///< sum_j alpha u^2 s w * flux_factor / (2 omega) = 1
};

/// The `count` modes of largest effective index, largest first, guided or leaky; fewer when the
/// line has fewer. h is the (uniform) cell size along the guide. Every rank computes the same
/// (SLEPc, shift and invert next to the largest index, complex-symmetric tridiagonal pencil). The
/// sign is that of SignOfProfile().
std::vector<Mode> SolveCrossSection(const CrossSection& line, double omega, double h, int count);

/// Remembers the modes of cross-sections, which ports often have in common and which the checks and
/// the run of a device ask for one after the other: those of lines that are equal to the last bit
/// are solved once. Every rank has an object of its own.
class CrossSectionModes {
 public:
  /// 128 bits of a checksum of all numbers of a request.
  using Key = std::array<std::uint64_t, 2>;

  static Key KeyOf(const CrossSection& line, double omega, double h, int count);

  bool Has(const Key& key) const { return known_.count(key) > 0; }
  const std::vector<Mode>& Of(const Key& key) const { return known_.at(key); }
  /// Modes that another rank has solved, perhaps.
  void Add(const Key& key, std::vector<Mode> modes);
  /// See SolveCrossSection; valid until Trim.
  const std::vector<Mode>& Solve(const CrossSection& line, double omega, double h, int count);
  /// Forgets all when they take much memory.
  void Trim();
  /// Lines that this object has solved.
  long Solved() const { return solved_; }

 private:
  std::map<Key, std::vector<Mode>> known_;
  size_t values_ = 0;  ///< complex ones of all profiles
  long solved_ = 0;
};

}  // namespace symwave::solvers::modes
