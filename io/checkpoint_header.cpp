#include "io/checkpoint_header.hpp"

#include "domain/base/error.hpp"
#include "io/fingerprint.hpp"

namespace symwave::io {

void WriteCheckpointHeader(Hdf5File& file, const CheckpointHeader& header) {
  file.WriteText("/meta/format", header.format);
  file.WriteScalar("/meta/format_version", header.version);
  file.WriteText("/meta/fingerprint", header.fingerprint);
}

CheckpointHeader ReadCheckpointHeader(const Hdf5File& file) {
  if (!file.Has("/meta/format")) return {};
  return {file.ReadText("/meta/format"), file.ReadScalar<std::int64_t>("/meta/format_version"),
          file.ReadText("/meta/fingerprint")};
}

void CheckCheckpointHeader(const std::string& path, const CheckpointHeader& found,
                           const CheckpointHeader& expected) {
  if (found.format != expected.format) {
    base::Fail("{}: this is no {}; give the folder of the run to resume", path, expected.format);
  }
  if (found.version != expected.version) {
    base::Fail(
        "{}: the checkpoint has format {}, this program reads format {}; start again without "
        "--resume",
        path, found.version, expected.version);
  }
  const std::string different =
      Fingerprint::FromText(expected.fingerprint, path)
          .WhyNotFrom(Fingerprint::FromText(found.fingerprint, path), path);
  if (!different.empty()) base::Fail("{}", different);
}

}  // namespace symwave::io
