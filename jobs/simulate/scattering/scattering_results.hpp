// S-parameters in results.h5 and in the log, from either solver.
#pragma once

#include <string>
#include <vector>

#include "domain/plane_port.hpp"
#include "io/hdf5.hpp"
#include "solvers/yee/scattering_matrix.hpp"

namespace symwave::jobs::simulate {

/// The device that a matrix is of.
struct ScatteringDevice {
  const std::vector<domain::PlanePort>& ports;
  bool flat = false;      ///< two-dimensional
  bool lossless = false;  ///< no medium absorbs
};

/// Ports, S-matrix, effective indices and power under `group` ("" or "/block") and, where they are
/// known, group index, TE fraction and effective area. Collective on the file's communicator.
void WriteScattering(io::Hdf5File& file, const std::string& group, const ScatteringDevice& device,
                     const solvers::yee::ScatteringMatrix& matrix);

/// The middle wavelength: a row per input, and |S|^2 in dB.
void PrintScattering(const ScatteringDevice& device, const solvers::yee::ScatteringMatrix& matrix);

}  // namespace symwave::jobs::simulate
