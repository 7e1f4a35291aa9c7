// results.h5 and the field files of a run: what is written where (README of jobs/ has the table).
#pragma once

#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/device/device.hpp"
#include "jobs/simulate/scattering/scattering_results.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs::simulate::frequency {

/// Everything below is collective on the file's communicator.

/// S-parameters (WriteScattering) and residuals of a wavelength sweep under `group` ("" or
/// "/block").
void WriteSweep(io::Hdf5File& file, const std::string& group, const device::Device& device,
                const std::vector<solvers::fdfd::Scattering>& sweep);

/// Pictures under `group`/view: index and fields of the last solve of `simulation`, thinned to at
/// most half a million points.
void WriteView(io::Hdf5File& file, const std::string& group, const domain::PermittivityMap& media,
               const solvers::fdfd::Simulation& simulation, int inputs);

/// One ParaView file per input: u, its modulus and the index.
void WriteFieldFiles(MPI_Comm comm, const std::string& directory,
                     const domain::PermittivityMap& media,
                     const solvers::fdfd::Simulation& simulation,
                     const std::vector<std::string>& input_names);

}  // namespace symwave::jobs::simulate::frequency
