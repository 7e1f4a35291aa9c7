// S-parameters of a device at many wavelengths with what belongs to them, from either solver.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "domain/mode_choice.hpp"

namespace symwave::solvers::yee {

/// One mode of one port.
struct ScatteringMode {
  std::string name;  ///< "in", or "in#1" for mode 1, see domain::ModeName
  int port = 0;      ///< number in the list of ports
  domain::ModeChoice choice;
  std::vector<std::complex<double>> n_eff;  ///< per wavelength, of the lattice
  std::vector<double> group_index;          ///< per wavelength; empty in frequency domain
  double te_fraction = 0;                   ///< at the middle of the band, as the next two
  double effective_area = 0;                ///< um^2 (um in 2D); 0 in frequency domain
  double launch_error = 0;                  ///< see fdtd::ModeLaunch::Error
};

/// Shares of the incident power, each from fields of its own, so that the distance of their sum
/// from 1 measures their error. |S|^2 is power in lossless guides only.
struct PowerShares {
  double transmitted = 0;  ///< to other ports and modes
  double reflected = 0;    ///< back into the same mode
  double radiated = 0;     ///< flux out of the box inside ports and PML by what the port modes do
                           ///< not carry
  double absorbed = 0;     ///< in this box, and in guides on the way to it
  /// Where the flux of modes in absorbing guides is known, which |S|^2 is not: the distance from 1
  /// with it.
  std::optional<double> balance{};
  /// |1 - transmitted - reflected - radiated - absorbed|, absorbed being 0 where no medium absorbs.
  double BalanceError(bool lossless) const {
    if (balance) return *balance;
    return std::abs(1 - transmitted - reflected - radiated - (lossless ? 0.0 : absorbed));
  }
};

struct ScatteringMatrix {
  std::vector<double> wavelengths;  ///< um
  std::vector<ScatteringMode> modes;
  std::vector<Eigen::MatrixXcd> s;  ///< per wavelength, S[out, in] over modes
  /// Per wavelength, [mode, input]: amplitude that travels into the device at a port plane, per
  /// incident amplitude of the input. What is not on its diagonal came back from behind a port.
  std::vector<Eigen::MatrixXcd> incoming;
  std::vector<std::vector<PowerShares>> power;  ///< [wavelength][input]
  std::vector<double> reciprocity_defect;       ///< norm(S - S^T) / norm(S), per wavelength

  /// Of all wavelengths and inputs.
  double LargestBalanceError(bool lossless) const {
    double largest = 0;
    for (const auto& inputs : power) {
      for (const PowerShares& shares : inputs) {
        largest = std::max(largest, shares.BalanceError(lossless));
      }
    }
    return largest;
  }
};

}  // namespace symwave::solvers::yee
