#include "io/output_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::io {

namespace fs = std::filesystem;

namespace {

void Prepare(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_directory(path, error)) {
    base::Fail("output folder {}: there is a file of this name; choose another --output", path);
  }
  fs::create_directories(path, error);
  if (error) {
    base::Fail("output folder {}: cannot be made: {}; choose another --output", path,
               error.message());
  }
  const std::string probe = (fs::path(path) / fmt::format(".write-test-{}", getpid())).string();
  const int file = open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) {
    base::Fail("output folder {}: cannot be written to: {}; choose another --output", path,
               std::strerror(errno));
  }
  close(file);
  unlink(probe.c_str());
}

}  // namespace

void PrepareOutputDirectory(MPI_Comm comm, const std::string& path) {
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) == 0) Prepare(path);
  });
}

std::string DefaultOutputDirectory(const std::string& deck_path) {
  return (fs::path("out") / fs::path(deck_path).stem()).string();
}

}  // namespace symwave::io
