#include "jobs/show/show.hpp"

#include <unistd.h>

#include <filesystem>

#include "domain/base/child_program.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/shared_files.hpp"
#include "io/atomic_file.hpp"
#include "jobs/show/device_sketch.hpp"

namespace symwave::jobs::show {

namespace {

namespace fs = std::filesystem;

int Draw(const deck::Deck& deck, const std::string& path) {
  const std::string data =
      (fs::temp_directory_path() / fmt::format("symwave-show-{}.json", getpid())).string();
  nlohmann::ordered_json sketch = DeviceSketch(deck.options);
  sketch["title"] =
      deck.options.title.empty() ? fs::path(deck.path).filename().string() : deck.options.title;
  io::WriteTextAtomically(MPI_COMM_SELF, data, sketch.dump());
  const int code = base::RunProgramUndisturbed({base::SharedFile("postproc/show"), data, path});
  std::error_code ignored;
  fs::remove(data, ignored);
  return code;
}

}  // namespace

int ShowDeck(MPI_Comm comm, const deck::Deck& deck, std::string path) {
  if (deck.options.bench.present) {
    base::Fail("{}: show draws chips and scatterers, but this deck has an optical bench",
               deck.path);
  }
  if (path.empty()) path = fs::path(deck.path).stem().string() + ".png";
  const std::string ending = fs::path(path).extension().string();
  if (ending != ".png" && ending != ".svg" && ending != ".pdf") {
    base::Fail("--output {}: a picture ends in .png, .svg or .pdf", path);
  }
  int code = 0;
  base::AgreeOnFailure(comm, [&] {
    if (base::Communicator::RankIn(comm) == 0) code = Draw(deck, path);
  });
  base::Mpi(MPI_Bcast(&code, 1, MPI_INT, 0, comm));
  return code;
}

}  // namespace symwave::jobs::show
