// The first block of a trained network as a whole, at the first wavelength: what shows the fields
// of a training, which knows them at outputs and elements alone, and what its S-matrix is measured
// by at the end.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/field_frame.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/checks/sweep_defects.hpp"
#include "jobs/device/device.hpp"
#include "jobs/run/frames.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/run/work.hpp"
#include "training/optical_system.hpp"

namespace symwave::jobs::train::chip {

/// A block that was solved.
struct SolvedBlock {
  Eigen::MatrixXcd s;  ///< of all ports
  checks::SweepDefects defects;
  nlohmann::ordered_json judged;  ///< limits of the defects
  training::Effort effort;
  double memory_mb = 0;           ///< of the factorization, all ranks
  double memory_mb_per_rank = 0;  ///< on the fullest rank
  long retries = 0;               ///< of a factorization, with more workspace
};

/// All members but Work are collective on the communicator given to MakeWholeBlock.
class WholeBlock {
 public:
  virtual ~WholeBlock() = default;
  virtual checks::MeshError EstimateMeshError() = 0;
  /// What the user should know of the deck, and what a run would refuse.
  virtual std::vector<std::string> Warnings() = 0;
  /// Lines of `symwave check` on lattice, memory and modes. `fits`: the memory suffices.
  virtual std::string Plan(bool fits) = 0;
  /// Of a training, as long as it solves whole devices, and of the block.
  virtual run::MemoryNeed Memory() = 0;
  virtual run::Work Work() = 0;
  /// The fields of every input in these media, with the arrays `asked`; numbered by `epoch`.
  virtual std::vector<io::FieldFrame> Frames(const domain::PermittivityMap& media,
                                             const std::string& trainer, long epoch,
                                             const run::FieldRequest& asked) = 0;
  /// Amplitudes that leave through every port with these media, when `launched` [port] come in.
  virtual Eigen::VectorXcd Launch(const domain::PermittivityMap& media,
                                  const Eigen::VectorXcd& launched) = 0;
  /// Solves the block with these media; group /block, and field files where the deck asks for them.
  virtual SolvedBlock Solve(run::RunContext& context, const domain::PermittivityMap& media) = 0;
};

/// In frequency domain in two dimensions, whatever the training takes; in time domain in three.
/// References must outlive the block.
std::unique_ptr<WholeBlock> MakeWholeBlock(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                                           const device::Device& device);

}  // namespace symwave::jobs::train::chip
