// What a checkpoint is, and of which run.
#pragma once

#include <cstdint>
#include <string>

#include "io/hdf5.hpp"

namespace symwave::io {

struct CheckpointHeader {
  std::string format;        ///< such as "symwave training checkpoint"
  std::int64_t version = 0;  ///< of the format
  std::string fingerprint;   ///< of everything that decides the course of the run
};

/// Collective on the file's communicator, as all below.
void WriteCheckpointHeader(Hdf5File& file, const CheckpointHeader& header);
/// An empty one when the file has none.
CheckpointHeader ReadCheckpointHeader(const Hdf5File& file);
/// UserError unless `found`, from the file at `path`, is as `expected`.
void CheckCheckpointHeader(const std::string& path, const CheckpointHeader& found,
                           const CheckpointHeader& expected);

}  // namespace symwave::io
