#include "domain/base/log.hpp"

#include <mpi.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <memory>

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

void LogInfo(const std::string& message) {
  if (Speaks()) TheLoggers().info.info(message);
}

void LogWarning(const std::string& message) {
  std::vector<std::string>& given = TheWarnings();
  if (std::find(given.begin(), given.end(), message) != given.end()) return;
  given.push_back(message);
  if (Speaks()) TheLoggers().warning.warn(message);
}

const std::vector<std::string>& Warnings() {
  return TheWarnings();
}

void ClearWarnings() {
  TheWarnings().clear();
}

}  // namespace symwave::base
