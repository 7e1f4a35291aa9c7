// A folder for the files of a test, shared by all ranks and removed at the end.
#pragma once

#include <mpi.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "domain/base/error.hpp"

namespace symwave::testing_files {

/// Collective on MPI_COMM_WORLD.
class TestFolder {
 public:
  TestFolder() {
    char name[64] = "/tmp/symwave-test-XXXXXX";
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    if (rank_ == 0 && !mkdtemp(name)) name[0] = '\0';
    MPI_Bcast(name, sizeof(name), MPI_CHAR, 0, MPI_COMM_WORLD);
    path_ = name;
  }
  ~TestFolder() {
    MPI_Barrier(MPI_COMM_WORLD);
    std::error_code ignored;
    if (rank_ == 0 && !path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  /// Collective: rank 0 writes.
  std::string Write(const std::string& name, const std::string& text) const {
    if (rank_ == 0) std::ofstream(*this / name, std::ios::binary) << text;
    MPI_Barrier(MPI_COMM_WORLD);
    return *this / name;
  }

 private:
  int rank_ = 0;
  std::string path_;
};

inline std::string Content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// The sentence of the UserError that `work` throws, "" when it throws none.
template <class Work>
std::string Sentence(Work&& work) {
  try {
    work();
  } catch (const base::UserError& e) {
    return e.what();
  }
  return "";
}

inline bool Says(const std::string& sentence, const std::string& part) {
  return sentence.find(part) != std::string::npos;
}

}  // namespace symwave::testing_files
