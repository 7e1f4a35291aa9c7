#include "domain/base/log.hpp"

#include <mpi.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>

#include "domain/base/error.hpp"
#include "domain/base/log_file.hpp"
#include "domain/base/silence.hpp"

namespace symwave::base {

namespace {

struct Loggers {
  spdlog::logger info{"info", std::make_shared<spdlog::sinks::stdout_sink_mt>()};
  spdlog::logger warning{"warning", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  Loggers() {
    info.flush_on(spdlog::level::info);
    warning.flush_on(spdlog::level::info);
    info.set_pattern("%v");
    warning.set_pattern("warning: %v");
  }
};

Loggers& TheLoggers() {
  static Loggers loggers;
  return loggers;
}

std::vector<std::string>& TheWarnings() {
  static std::vector<std::string> warnings;
  return warnings;
}

/// What stands in the place of the screen.
struct Instead {
  std::mutex mutex;
  bool open = false;
  std::string path;
  std::ofstream file;
};

Instead& TheFile() {
  static Instead instead;
  return instead;
}

/// Whether the line went to a file or to nowhere, instead of the screen.
bool WentToFile(const std::string& line) {
  Instead& instead = TheFile();
  const std::lock_guard<std::mutex> lock(instead.mutex);
  if (!instead.open) return false;
  if (!instead.path.empty()) instead.file << line << std::endl;
  return true;
}

/// True on rank 0, and everywhere before MPI starts.
bool Speaks() {
  int initialized = 0;
  int finalized = 0;
  int rank = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  if (initialized && !finalized) MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank == 0;
}

}  // namespace

Silence::Silence() {
  TheLoggers().info.set_level(spdlog::level::off);
}

Silence::~Silence() {
  TheLoggers().info.set_level(spdlog::level::info);
}

LogFile::LogFile(const std::string& path) {
  Instead& instead = TheFile();
  const std::lock_guard<std::mutex> lock(instead.mutex);
  if (!path.empty()) {
    instead.file = std::ofstream(path, std::ios::app);
    if (!instead.file) Fail("{}: cannot be written: {}", path, std::strerror(errno));
  }
  instead.path = path;
  instead.open = true;
}

LogFile::~LogFile() {
  Instead& instead = TheFile();
  const std::lock_guard<std::mutex> lock(instead.mutex);
  instead.file = std::ofstream();
  instead.open = false;
}

bool LogFile::IsOpen() {
  Instead& instead = TheFile();
  const std::lock_guard<std::mutex> lock(instead.mutex);
  return instead.open;
}

std::string LogFile::Path() {
  Instead& instead = TheFile();
  const std::lock_guard<std::mutex> lock(instead.mutex);
  return instead.path.empty() ? "/dev/null" : instead.path;
}

void LogRemark(const std::string& line) {
  if (WentToFile(line)) return;
  std::fprintf(stderr, "%s\n", line.c_str());
  std::fflush(stderr);
}

void LogInfo(const std::string& message) {
  if (WentToFile(message)) return;
  if (Speaks()) TheLoggers().info.info(message);
}

void LogWarning(const std::string& message) {
  std::vector<std::string>& given = TheWarnings();
  if (std::find(given.begin(), given.end(), message) != given.end()) return;
  given.push_back(message);
  if (WentToFile("warning: " + message)) return;
  if (Speaks()) TheLoggers().warning.warn(message);
}

const std::vector<std::string>& Warnings() {
  return TheWarnings();
}

void ClearWarnings() {
  TheWarnings().clear();
}

}  // namespace symwave::base
