// Commands that another training has learnt, on the hardware of this one.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "domain/elements.hpp"
#include "io/hdf5.hpp"

namespace symwave::jobs::train::chip {

/// A network that was trained elsewhere.
struct ForeignTraining {
  std::string file, trainer;
  Eigen::VectorXd commands;  ///< of all blocks, one after another
  /// Of every block there, programmed so: [output, input]; empty where the file has none.
  std::vector<Eigen::MatrixXcd> transmissions;
};

/// All trainings of chips in results.h5 of other runs. `where`: the deck's place that names them.
/// Collective. UserError for files that cannot be read or have none, for commands that are not
/// finite, and for another number of blocks or elements of other kinds and commands; a warning of
/// other names.
std::vector<ForeignTraining> ReadForeignTrainings(MPI_Comm comm,
                                                  const std::vector<std::string>& files,
                                                  const std::string& where, int blocks,
                                                  const std::vector<domain::Element>& elements);

/// What such a network does on optics here.
struct DeployedOn {
  std::string optics;                           ///< "hardware", "model"
  double test_accuracy = 0;                     ///< at the first wavelength, as all here
  Eigen::MatrixXi confusion;                    ///< [true][predicted]
  std::vector<Eigen::MatrixXcd> transmissions;  ///< as those of the training

  /// norm(here - there) / norm(there) over the blocks after the phase that both have in common is
  /// taken out of each, which no detector sees; NaN where those of there are not known.
  double DistanceFrom(const ForeignTraining& training) const;
};

struct DeployedTraining {
  ForeignTraining training;
  std::vector<DeployedOn> here;
};

/// For summary.json.
nlohmann::ordered_json SummaryOf(const DeployedTraining& deployed);

/// /deployed/0, /deployed/1 ... Collective.
void WriteDeployed(io::Hdf5File& file, const std::vector<DeployedTraining>& deployed);

}  // namespace symwave::jobs::train::chip
